// What the page does by itself, without the server. Everything is delegated from the window, because React
// replaces elements as it likes. Markup asks for behaviour with data attributes; nothing here knows a page.
import { followAddress, followWorkspace, leaveForTill, nameTab } from "./address.js";
import { confirmFirst, confirmSubmit } from "./confirm.js";
import { closeMenus, dismissed, followState, open } from "./dialogs.js";
import { all, one } from "./dom.js";
import { tell } from "./drag.js";
import { onKey } from "./keys.js";
import { chooseTheme, showLook, showPart, toggleSidebar } from "./look.js";
import { freshen, watchToast } from "./moments.js";
import { narrow } from "./palette.js";
import { replay } from "./served.js";
import "./board.js";
import "./due.js";
import "./frames.js";
import "./posts.js";
import "./uploads.js";

const REFRESH_MS = 30000;

const copy = async (button) => {
  const label = one("[data-copy-label]", button) ?? button;
  const before = label.firstChild?.nodeValue ?? "";
  let said = "Copied";
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    said = "Press Ctrl-C";
  }
  if (!label.firstChild) return;
  label.firstChild.nodeValue = said;
  setTimeout(() => label.firstChild && (label.firstChild.nodeValue = before), 1600);
};
const reveal = (button) => {
  const input = document.getElementById(button.dataset.reveal);
  if (!input) return;
  const shown = input.type === "password";
  input.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
  input.focus();
};
const onPress = (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (!target) return;
  const near = (selector) => target.closest(selector);
  const asks = near("button[data-confirm], a[data-confirm]");
  if (asks && confirmFirst(event, asks)) return;
  closeMenus(near("details[data-menu]"));
  if (near(".menu-panel a, .menu-panel [data-opens]")) closeMenus(null);
  if (target instanceof HTMLDialogElement && target.open && !target.dataset.keep) target.close(); // the backdrop
  if (near("dialog a[href]")) near("dialog").close();
  if (near("[data-opens]")) open(one(near("[data-opens]").dataset.opens));
  if (near("[data-closes]")) near("dialog")?.close();
  if (near("[data-theme-choice]")) chooseTheme(near("[data-theme-choice]").dataset.themeChoice);
  if (near("[data-sidebar-toggle]")) toggleSidebar();
  if (near("[data-copy]")) copy(near("[data-copy]"));
  if (near("[data-reveal]")) reveal(near("[data-reveal]"));
};

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
const macKeys = () => {
  if (isMac) for (const key of all("kbd")) if (key.textContent === "Ctrl") key.firstChild.nodeValue = "⌘";
};
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const tellZone = (input) => {
  if (input.dataset.told || !zone) return;
  input.dataset.told = "yes";
  tell(input, zone);
};
const refresh = () => {
  all("input[data-zone-live]").forEach(tellZone);
  showLook();
  all("[data-shows]").forEach(showPart);
  all("[data-toast]").forEach(watchToast);
  all("dialog[data-open]").forEach(followState);
  for (const input of all("input[data-timezone]")) if (!input.value && zone) input.value = zone;
  if (one("#palette")?.open) narrow();
  macKeys();
  nameTab();
  followAddress();
  leaveForTill();
  followWorkspace();
  freshen();
  replay();
};
let queued = false;
const later = () => {
  if (queued) return;
  queued = true;
  requestAnimationFrame(() => {
    queued = false;
    refresh();
  });
};

addEventListener("keydown", onKey, true);
addEventListener("click", onPress, true);
addEventListener("submit", confirmSubmit, true);
addEventListener("submit", (event) => event.target.closest("[data-closes-on-submit]")?.closest("dialog")?.close());
addEventListener("input", (event) => event.target.id === "palette-input" && narrow(), true);
addEventListener(
  "close",
  (event) => event.target instanceof HTMLDialogElement && dismissed(event.target),
  true,
);
const begin = () => {
  // React first takes over the served document: leave it as it is until then
  refresh();
  const changes = { childList: true, subtree: true, attributes: true, attributeFilter: ["datetime", "data-open", "data-address", "data-workspace"] };
  new MutationObserver(later).observe(document.documentElement, changes);
  setInterval(freshen, REFRESH_MS);
};
if (document.readyState === "complete") setTimeout(begin, 200);
else addEventListener("load", () => setTimeout(begin, 200));
