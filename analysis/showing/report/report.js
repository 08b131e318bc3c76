"use strict";
// The page is whole without this: it adds sorting to tables, and focus to sentences just opened.
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
addEventListener("hashchange", () => document.querySelector(".evidence:target")?.focus());
