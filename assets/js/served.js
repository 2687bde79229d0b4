// What the server showed before the page answered: a press that comes too early is repeated when it does.
let wanted = "";
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
  const live = wanted && document.querySelector(wanted);
  if (!live) return;
  wanted = "";
  live.click();
};
