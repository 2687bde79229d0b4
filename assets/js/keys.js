// Keys: Ctrl/⌘-K, g and a letter, /, ?, j and k, arrows in lists, menus and tabs.
import { open } from "./dialogs.js";
import { all, one, stop } from "./dom.js";
import { paletteKey } from "./palette.js";

const CHORD_MS = 1200;

let chord = 0;
const typing = (target) => target instanceof Element && target.closest("input, textarea, select, [contenteditable]");
// A dialog that has just closed keeps the focus until the next frame: what is typed then is for the page.
const heard = (target) => (target instanceof Element && !target.closest("dialog:not([open])") ? target : document.body);
const focusSearch = () => {
  const box = one("[data-search]");
  if (box) box.focus();
  else open(one("#palette"));
};
const moveInList = (event, step) => {
  const inside = document.activeElement?.closest("[data-nav-list]");
  if (!inside && event.key.startsWith("Arrow")) return; // the arrows scroll the page
  const items = all("[data-nav-item]", inside ?? one("main [data-nav-list]") ?? document.createElement("i"));
  if (!items.length) return;
  stop(event);
  const focused = items.indexOf(document.activeElement);
  const at = focused < 0 ? items.findIndex((item) => item.getAttribute("aria-current") === "true") : focused;
  const item = items[Math.min(Math.max(at + step, 0), items.length - 1)];
  item.focus();
  item.scrollIntoView({ block: "nearest" });
  // Where a list stands beside what it opens, moving opens.
  if (item.closest("[data-nav-follow]") && one("#open-message")?.checkVisibility()) item.click();
};
const moveAmong = (event, items, keys) => {
  const at = items.indexOf(document.activeElement);
  const to = { [keys[0]]: at - 1, [keys[1]]: at + 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined || !items.length) return false;
  stop(event);
  items[(to + items.length) % items.length].focus();
  return true;
};
// A key that the page itself names: first in the row that has the focus, then anywhere in sight.
const named = (event) => {
  const key = CSS.escape(event.key);
  const row = document.activeElement?.closest("[data-nav-list] > *");
  const element = (row && one(`[data-row-key="${key}"]`, row)) ?? all(`[data-key="${key}"]`).find((found) => found.checkVisibility());
  if (!element) return false;
  stop(event);
  if (element.matches("select")) element.focus();
  else element.click();
  return true;
};
const plainKey = (event) => {
  const now = event.timeStamp; // when the key was pressed, however busy the page is
  if (chord && now - chord < CHORD_MS) {
    chord = 0;
    const place = one(`[data-go="${CSS.escape(event.key)}"]`);
    if (place) {
      stop(event);
      place.click();
    }
    return;
  }
  if (named(event)) return;
  const actions = {
    g: () => (chord = now),
    "/": () => (stop(event), focusSearch()),
    "?": () => (stop(event), open(one("#keys"))),
    j: () => moveInList(event, 1),
    k: () => moveInList(event, -1),
    ArrowDown: () => moveInList(event, 1),
    ArrowUp: () => moveInList(event, -1),
  };
  actions[event.key]?.();
};
// Alt with an arrow moves the row that has the focus, by its own button; what had the focus keeps it.
const moveRow = (event, target) => {
  const row = target.closest("[data-moves]");
  const button = row && one(`[data-move="${CSS.escape(event.key)}"]`, row);
  if (!button) return;
  stop(event);
  button.click();
  const until = Date.now() + 1500;
  const hold = () => {
    if (document.activeElement === document.body && target.isConnected) target.focus();
    if (Date.now() < until) requestAnimationFrame(hold);
  };
  hold();
};
export const onKey = (event) => {
  if (event.isComposing) return;
  const target = heard(event.target);
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && one("#palette")) {
    stop(event);
    const palette = one("#palette");
    return palette.open ? palette.close() : open(palette);
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && target.matches("[data-submits]")) {
    stop(event);
    return target.form.requestSubmit();
  }
  if (event.altKey && !event.ctrlKey && !event.metaKey) return moveRow(event, target);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (target.closest("#palette")) return paletteKey(event);
  const menu = target.closest("details[data-menu]");
  if (menu?.open) {
    if (event.key === "Escape") {
      menu.open = false;
      one("summary", menu).focus();
      return stop(event);
    }
    const items = all("summary, .menu-panel a, .menu-panel button", menu);
    if (moveAmong(event, items, ["ArrowUp", "ArrowDown"])) return;
  }
  const tabs = target.closest("[data-tabs]");
  if (tabs && moveAmong(event, all("[role=tab]", tabs), ["ArrowLeft", "ArrowRight"])) {
    return document.activeElement.click();
  }
  if (event.key === "Escape" && target.matches("[data-search]")) target.blur();
  if (!typing(target) && !one("dialog[open]")) plainKey(event);
};
