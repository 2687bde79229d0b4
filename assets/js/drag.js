// Drag to move in the calendar: data-drag-id is carried to data-drop-at, and the page's state hears of "id|place".
import { one } from "./dom.js";

let carried = "";
const placeOf = (event) => (carried && event.target instanceof Element ? event.target.closest("[data-drop-at]") : null);
export const tell = (input, value) => {
  // React hears of a value that a script sets only through the prototype's setter.
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, value);
  input.dispatchEvent(new Event("input", { bubbles: true }));
};
addEventListener("dragstart", (event) => {
  carried = event.target instanceof Element ? (event.target.closest("[data-drag-id]")?.dataset.dragId ?? "") : "";
  if (carried) event.dataTransfer.setData("text/plain", carried);
});
addEventListener("dragend", () => (carried = ""));
addEventListener("dragover", (event) => placeOf(event) && event.preventDefault());
addEventListener("dragenter", (event) => placeOf(event)?.classList.add("is-over"));
addEventListener("dragleave", (event) => placeOf(event)?.classList.remove("is-over"));
addEventListener("drop", (event) => {
  const place = placeOf(event);
  const input = one("[data-dropped]");
  if (!place || !input) return;
  event.preventDefault();
  place.classList.remove("is-over");
  tell(input, `${carried}|${place.dataset.dropAt}`);
});
