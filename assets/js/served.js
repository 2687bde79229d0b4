// What the server showed before the page answered: a press that comes too early is repeated when it does.
let wanted = "";
let since = 0;
const PATIENCE_MS = 5000; // from the page's own answer on: a press that comes true much later would surprise
addEventListener(
  "click",
  (event) => {
    const early = event.target instanceof Element ? event.target.closest(".served [data-served]") : null;
    if (!early) return;
    event.preventDefault();
    for (const other of document.querySelectorAll(".served .is-wanted")) other.classList.remove("is-wanted");
    early.classList.add("is-wanted");
    early.setAttribute("aria-busy", "true");
    wanted = early.dataset.served;
  },
  true,
);
export const replay = () => {
  if (!document.querySelector(".book-ready")) return;
  document.querySelector("body > .served")?.remove();
  since ||= performance.now();
  const live = wanted && document.querySelector(wanted);
  if (!live && performance.now() - since < PATIENCE_MS) return;
  wanted = "";
  if (!live) return;
  live.click();
};
