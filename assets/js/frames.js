// A frame that shows a document of ours is as tall as what is in it. Nothing in it runs, so the page measures it.
const MOST = 4000;
const fit = (frame) => {
  const root = frame.contentDocument?.documentElement;
  if (root) frame.style.setProperty("height", `${Math.min(root.scrollHeight + 2, MOST)}px`);
};
// A load is heard at the document on its way down, and never at the window.
document.addEventListener(
  "load",
  (event) => {
    if (!(event.target instanceof HTMLIFrameElement) || !("fit" in event.target.dataset)) return;
    fit(event.target);
    for (const picture of event.target.contentDocument?.images ?? []) picture.addEventListener("load", () => fit(event.target));
  },
  true,
);
