// Tables of notebooks can be scrolled by keyboard, and have no headings without a text.
addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll("table.dataframe")) {
    const box = document.createElement("div");
    box.className = "scroll";
    box.tabIndex = 0;
    table.replaceWith(box);
    box.append(table);
    for (const head of table.querySelectorAll("th:empty")) head.replaceWith(document.createElement("td"));
  }
});
