// Drag to move in a calendar or a list: data-drag-id is carried to data-drop-at, and the page's state hears of "id|place".
import { one } from "./dom.js";

let carried = "";
const placeOf = (event) => (carried && event.target instanceof Element ? event.target.closest("[data-drop-at]") : null);
export const tell = (input, value) => {
  // React hears of a value that a script sets only through the prototype's setter.
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, value);
  input.dispatchEvent(new Event("input", { bubbles: true }));
};
export const carry = (id, place) => {
  const input = one("[data-dropped]");
  if (!input) return;
  input.value = ""; // through React's own setter: the same move made again, after an undo, is a change as well
  tell(input, `${id}|${place}`);
};
addEventListener("dragstart", (event) => {
  carried = event.target instanceof Element ? (event.target.closest("[data-drag-id]")?.dataset.dragId ?? "") : "";
  if (carried) event.dataTransfer.setData("text/plain", carried);
});
addEventListener("dragend", () => (carried = ""));
addEventListener("dragover", (event) => placeOf(event) && event.preventDefault());
addEventListener("dragenter", (event) => placeOf(event)?.classList.add("is-over"));
addEventListener("dragleave", (event) => {
  const place = placeOf(event);
  if (!place?.contains(event.relatedTarget)) place?.classList.remove("is-over"); // over a child it is still over the place
});
addEventListener("drop", (event) => {
  const place = placeOf(event);
  if (!place) return;
  event.preventDefault();
  place.classList.remove("is-over");
  const id = carried;
  setTimeout(() => {
    // React hears no change while the browser still drags
    dispatchEvent(new CustomEvent("carried", { detail: { id, place: place.dataset.dropAt } }));
    carry(id, place.dataset.dropAt);
  });
});
