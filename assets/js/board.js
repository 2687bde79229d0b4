// The board: a card is dragged (or moved with the arrow keys while Alt is held) to another place. A copy of it stands
// there at once, and the card itself is hidden, until the server has answered (data-board-answers changes): then the copy
// goes, and React shows the card where it truly is. Refused, that is where it was. Nothing of React's is moved by hand.
import { all, one, stop } from "./dom.js";
import { tell } from "./drag.js";

const GIVE_UP_MS = 8000;
let dragged = null;
let count = 0;
let timer = 0;
let focused = "";

const isThere = (card) => card !== dragged && !card.classList.contains("is-away");
const cardsOf = (column) => all("[data-card]", column).filter(isThere);
const cardBelow = (column, y) =>
  cardsOf(column).find((card) => {
    const box = card.getBoundingClientRect();
    return y < box.top + box.height / 2;
  }) ?? null;
const clear = () => {
  for (const element of all(".is-drop-target, .is-drop-before")) element.classList.remove("is-drop-target", "is-drop-before");
};
const settle = () => {
  clearTimeout(timer);
  for (const copy of all("[data-board-copy]")) copy.remove();
  for (const card of all(".board-card.is-away")) card.classList.remove("is-away");
  if (focused) one(`[data-card="${CSS.escape(focused)}"] a`)?.focus();
  focused = "";
};
const move = (card, column, below) => {
  const cards = all("[data-card]", column).filter((other) => other !== card && !other.classList.contains("is-away"));
  const at = below ? cards.indexOf(below) : cards.length;
  const above = cards[at - 1];
  const copy = card.cloneNode(true);
  delete copy.dataset.card;
  copy.dataset.boardCopy = "";
  copy.inert = true;
  copy.classList.add("is-moving");
  card.classList.add("is-away");
  const list = one(".board-cards", column);
  list.insertBefore(copy, below);
  clearTimeout(timer);
  timer = setTimeout(settle, GIVE_UP_MS);
  count += 1;
  const said = [card.dataset.card, column.dataset.column, above?.dataset.card ?? "-", below?.dataset.card ?? "-", count];
  tell(one("[data-board-move]"), said.join(" "));
};

addEventListener("dragstart", (event) => {
  dragged = event.target instanceof Element ? event.target.closest("[data-card]") : null;
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
  dragged = null;
  setTimeout(() => move(card, column, below)); // React hears no change while the browser still drags
});
addEventListener("dragend", () => {
  clear();
  dragged = null;
});
// Alt and an arrow: left and right between columns, up and down inside one.
addEventListener("keydown", (event) => {
  const card = event.altKey && event.target instanceof Element && event.target.closest("[data-card]");
  if (!card || !event.key.startsWith("Arrow")) return;
  stop(event);
  const columns = all("[data-column]");
  const column = card.closest("[data-column]");
  const cards = cardsOf(column);
  const at = cards.indexOf(card);
  const to = columns[columns.indexOf(column) + { ArrowLeft: -1, ArrowRight: 1 }[event.key]];
  focused = card.dataset.card;
  if (to) move(card, to, cardsOf(to)[0] ?? null);
  else if (event.key === "ArrowUp" && at > 0) move(card, column, cards[at - 1]);
  else if (event.key === "ArrowDown" && at < cards.length - 1) move(card, column, cards[at + 2] ?? null);
}, true);
new MutationObserver(settle).observe(document.documentElement, { subtree: true, attributeFilter: ["data-board-answers"] });
