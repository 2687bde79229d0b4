// Dialogs and menus; a dialog with data-open follows the page's state.
import { all, one } from "./dom.js";
import { startPalette } from "./palette.js";

// A dialog that asks something begins at what it asks, not at its cross.
const FIELD = "input:not([type=hidden], [type=checkbox], [type=radio], [tabindex='-1']), textarea, select";

export const open = (dialog) => {
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return;
  for (const menu of all("details[data-menu][open]")) menu.open = false;
  dialog.showModal();
  one(FIELD, dialog)?.focus();
  if (dialog.id === "palette") startPalette();
};
export const followState = (dialog) => {
  if (dialog.dataset.open !== "true") {
    delete dialog.dataset.dismissed;
    if (dialog.open) dialog.close();
  } else if (!("dismissed" in dialog.dataset)) open(dialog);
};
// Closed by the person: the state hears of it through the hidden button, and must not reopen it meanwhile.
export const dismissed = (dialog) => {
  if (dialog.dataset.open === "true") dialog.dataset.dismissed = "";
  dialog.querySelector(":scope > [data-closed]")?.click();
};
export const closeMenus = (except) => {
  for (const menu of all("details[data-menu][open]")) if (menu !== except) menu.open = false;
};
