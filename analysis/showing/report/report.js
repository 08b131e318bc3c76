"use strict";
// The page is whole without this: it adds sorting and copying to tables, a choice of target,
// downloads to figures, the numbers of points where they are pointed at, and focus to sentences.
function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
for (const table of document.querySelectorAll("table")) {
  table.querySelectorAll("thead th").forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      table.querySelectorAll("th").forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const value = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent;
      const number = head.classList.contains("number");
      const rows = [...table.tBodies[0].rows].sort((a, b) => {
        const [x, y] = [value(a), value(b)];
        // Cells without a value stay at the foot, whichever way the others are sorted.
        if (x === "" || y === "") return (x === "") - (y === "");
        return (down ? -1 : 1) * (number ? x - y : x.localeCompare(y));
      });
      table.tBodies[0].append(...rows);
    });
  });
}
for (const tools of document.querySelectorAll("details > .tools")) {
  const table = tools.parentElement.querySelector("table");
  const said = (row) => [...row.cells].filter((cell) => !cell.classList.contains("link")).map((cell) => cell.textContent.trim());
  tools.append(button("copy", () => copy([...table.rows].filter((row) => !row.hidden).map((row) => said(row).join("\t")).join("\n"))));
}
const targets = [...new Set([...document.querySelectorAll("td[data-target]")].map((cell) => cell.dataset.target))];
const choices = [];
function choose(target) {
  for (const choice of choices) choice.value = target;
  for (const cell of document.querySelectorAll("td[data-target]")) {
    cell.parentElement.hidden = target !== "" && cell.dataset.target !== target;
  }
  for (const point of document.querySelectorAll("svg a[href]")) {
    const about = document.getElementById(point.getAttribute("href").slice(1))?.dataset.target;
    point.classList.toggle("chosen", target !== "" && about === target);
  }
}
for (const table of document.querySelectorAll("table:has(td[data-target])")) {
  const label = document.createElement("label"), choice = document.createElement("select");
  choice.append(new Option("all", ""), ...targets.map((name) => new Option(name, name)));
  choice.addEventListener("change", () => choose(choice.value));
  choices.push(choice);
  label.append("target ", choice);
  table.closest("details").querySelector(".tools").append(label);
}
const tip = document.getElementById("tip");
for (const figure of document.querySelectorAll("figure")) {
  const tools = document.createElement("p"), chart = figure.querySelector(".chart > svg");
  tools.className = "tools";
  tools.append(button("download SVG", () => {
    const link = document.createElement("a"), svg = chart.cloneNode(true);
    svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    link.href = URL.createObjectURL(new Blob([svg.outerHTML], { type: "image/svg+xml" }));
    link.download = `${figure.dataset.file}.svg`;
    link.click();
  }));
  figure.querySelector("figcaption").after(tools);
  for (const point of figure.querySelectorAll("svg a")) {
    const show = () => {
      tip.textContent = point.getAttribute("aria-label").replace(/: show sentences$/, "");
      const box = point.getBoundingClientRect();
      tip.style.left = `${Math.min(Math.max(4, box.x), innerWidth - tip.offsetWidth - 8) + scrollX}px`;
      tip.style.top = `${box.y + scrollY - tip.offsetHeight - 6}px`;
    };
    for (const name of ["pointerenter", "focus"]) point.addEventListener(name, show);
    for (const name of ["pointerleave", "blur"]) point.addEventListener(name, () => tip.replaceChildren());
  }
}
addEventListener("hashchange", () => document.querySelector(".evidence:target")?.focus());
