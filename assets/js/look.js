// Theme and sidebar; theme.js applies what is stored here.
import { all, one, store } from "./dom.js";

export const showLook = () => {
  const { theme, sidebar } = document.documentElement.dataset;
  for (const button of all("[data-theme-choice]")) {
    const pressed = String(button.dataset.themeChoice === theme);
    if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
  }
  for (const item of all("[data-tip]")) {
    const tip = sidebar === "collapsed" ? item.dataset.tip : "";
    if (item.title !== tip) item.title = tip;
  }
  for (const button of all("[data-sidebar-toggle]")) {
    const name = sidebar === "collapsed" ? "Expand sidebar" : "Collapse sidebar";
    if (button.title === name) continue;
    button.title = name;
    button.setAttribute("aria-label", name);
  }
};
const changeLook = (key, value) => {
  store(key, value);
  document.documentElement.dataset[key === "tj-theme" ? "theme" : "sidebar"] = value;
  dispatchEvent(new Event("tj:look"));
  showLook();
};
// A row that is wider than the screen starts where the part that it names is seen: the tab of this page, today.
const shown = new WeakMap();
export const showPart = (row) => {
  const part = one(row.dataset.shows, row);
  if (!part || shown.get(row) === part) return;
  shown.set(row, part);
  const [seen, wanted] = [row.getBoundingClientRect(), part.getBoundingClientRect()];
  if (wanted.left < seen.left || wanted.right > seen.right) row.scrollLeft += wanted.left - seen.left - (seen.width - wanted.width) / 2;
};
export const chooseTheme = (theme) => {
  store("theme", theme); // Reflex keeps its own copy
  changeLook("tj-theme", theme);
};
export const toggleSidebar = () =>
  changeLook("tj-sidebar", document.documentElement.dataset.sidebar === "collapsed" ? "open" : "collapsed");
