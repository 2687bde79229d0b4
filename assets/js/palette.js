// The command palette: fixed commands are narrowed here, found records come from the state.
import { all, one, stop } from "./dom.js";

const options = () => all("#palette .palette-option").filter((option) => !option.hidden);
const select = (option) => {
  for (const other of all("#palette .palette-option")) other.setAttribute("aria-selected", String(other === option));
  const input = one("#palette-input");
  if (!option) return input?.removeAttribute("aria-activedescendant");
  option.id ||= `palette-${Math.random().toString(36).slice(2)}`;
  input?.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
};
export const narrow = () => {
  const input = one("#palette-input");
  if (!input) return;
  const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  for (const option of all("#palette .palette-option[data-fixed]")) {
    const text = option.textContent.toLowerCase();
    const hidden = !words.every((word) => text.includes(word));
    if (option.hidden !== hidden) option.hidden = hidden;
  }
  const left = options();
  const none = one("[data-palette-none]");
  if (none && none.hidden !== left.length > 0) none.hidden = left.length > 0;
  if (!left.some((option) => option.getAttribute("aria-selected") === "true")) select(left[0]);
};
export const startPalette = () => {
  const input = one("#palette-input");
  input?.focus();
  input?.select();
  narrow();
  select(options()[0]);
};
export const paletteKey = (event) => {
  const left = options();
  const at = left.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && left.length) {
    stop(event);
    select(left[(at + step + left.length) % left.length]);
  } else if (event.key === "Enter" && left[at]) {
    stop(event);
    one("#palette").close();
    left[at].click();
  }
};
