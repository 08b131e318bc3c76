// A figure whose points are links: choosing one, by mouse or keyboard, tells the kernel which.
function render({ model, el }) {
  const draw = () => {
    el.innerHTML = model.get("svg");
    const svg = el.querySelector("svg");
    if (svg) svg.style.maxWidth = "100%";
  };
  const choose = (event) => {
    const point = event.target.closest("a[href]");
    if (!point) return;
    event.preventDefault();
    event.stopPropagation();
    model.set("chosen", point.getAttribute("href").slice(1));
    model.save_changes();
  };
  el.addEventListener("click", choose);
  model.on("change:svg", draw);
  draw();
}
export default { render };
