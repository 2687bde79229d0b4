// The board: a card is dragged (or moved with the arrow keys while Alt is held) to another place. It stands there at
// once, faded until the server has answered; then React draws what is true, a refusal included.
import { all, one, stop } from "./dom.js";

const GIVE_UP_MS = 8000;
let dragged = null;
let count = 0;

const cardsOf = (column) => all("[data-card]", column).filter((card) => card !== dragged);
const cardBelow = (column, y) =>
  cardsOf(column).find((card) => {
    const box = card.getBoundingClientRect();
    return y < box.top + box.height / 2;
  }) ?? null;
const clear = () => {
  for (const element of all(".is-drop-target, .is-drop-before")) element.classList.remove("is-drop-target", "is-drop-before");
};
const tell = (card, column, below) => {
  const cards = all("[data-card]", column).filter((other) => other !== card);
  const at = below ? cards.indexOf(below) : cards.length;
  const above = cards[at - 1];
  card.classList.add("is-moving");
  setTimeout(() => card.classList.remove("is-moving"), GIVE_UP_MS);
  const input = one("[data-board-move]");
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  count += 1;
  set.call(input, [card.dataset.card, column.dataset.column, above?.dataset.card ?? "-", below?.dataset.card ?? "-", count].join(" "));
  input.dispatchEvent(new Event("input", { bubbles: true }));
};

addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-card]") ?? null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.card);
});
addEventListener("dragover", (event) => {
  const column = dragged && event.target.closest?.("[data-column]");
  clear();
  if (!column) return;
  event.preventDefault();
  column.classList.add("is-drop-target");
  cardBelow(column, event.clientY)?.classList.add("is-drop-before");
});
addEventListener("drop", (event) => {
  const column = dragged && event.target.closest?.("[data-column]");
  clear();
  if (!column) return;
  event.preventDefault();
  const card = dragged;
  const below = cardBelow(column, event.clientY);
  setTimeout(() => tell(card, column, below)); // React hears no change while the browser still drags
  dragged = null;
});
addEventListener("dragend", () => {
  clear();
  dragged = null;
});
// Alt and an arrow: left and right between columns, up and down inside one.
addEventListener("keydown", (event) => {
  const card = event.altKey && event.target.closest?.("[data-card]");
  if (!card || !event.key.startsWith("Arrow")) return;
  stop(event);
  const columns = all("[data-column]");
  const column = card.closest("[data-column]");
  const cards = all("[data-card]", column);
  const at = cards.indexOf(card);
  const to = columns[columns.indexOf(column) + { ArrowLeft: -1, ArrowRight: 1 }[event.key]];
  if (to) tell(card, to, cardsOf(to)[0] ?? null);
  else if (event.key === "ArrowUp" && at > 0) tell(card, column, cards[at - 1]);
  else if (event.key === "ArrowDown" && at < cards.length - 1) tell(card, column, cards[at + 2] ?? null);
}, true);
