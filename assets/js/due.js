// The calendar of due dates: a task shows on its new day at once, as a copy, until the server has answered
// (data-due-answers changes); refused, it is back where it was. With Alt held, arrows move the focused task: by a day, or
// by a week up and down.
import { all, one, stop } from "./dom.js";
import { carry } from "./drag.js";

const GIVE_UP_MS = 8000;
const DAYS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
let timer = 0;
let focused = "";
let aim = "";

const taskOf = (id) => one(`[data-due-answers] [data-drag-id="${CSS.escape(id)}"]`);
const settle = () => {
  clearTimeout(timer);
  for (const copy of all("[data-due-copy]")) copy.remove();
  for (const task of all(".due-task.is-away")) task.classList.remove("is-away");
  if (focused) (taskOf(focused)?.querySelector("a") ?? one(`[data-drop-at="${aim}"] button`))?.focus();
  focused = "";
};
const show = (id, day) => {
  const task = taskOf(id);
  const list = one(`[data-due-answers] [data-drop-at="${day}"] ul`);
  if (!task) return;
  clearTimeout(timer);
  timer = setTimeout(settle, GIVE_UP_MS);
  if (!list || list.contains(task)) return;
  const copy = task.cloneNode(true);
  delete copy.dataset.dragId;
  copy.dataset.dueCopy = "";
  copy.inert = true;
  copy.classList.add("is-moving");
  list.append(copy);
  task.classList.add("is-away");
};
const daysLater = (day, days) => {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
};

addEventListener("carried", (event) => show(event.detail.id, event.detail.place));
addEventListener("keydown", (event) => {
  const task = event.altKey && DAYS[event.key] && event.target instanceof Element && event.target.closest("[data-due-answers] [data-drag-id]");
  if (!task) return;
  stop(event);
  focused = task.dataset.dragId;
  aim = daysLater(task.closest("[data-drop-at]").dataset.dropAt, DAYS[event.key]);
  show(focused, aim);
  carry(focused, aim);
}, true);
new MutationObserver(settle).observe(document.documentElement, { subtree: true, attributeFilter: ["data-due-answers"] });
