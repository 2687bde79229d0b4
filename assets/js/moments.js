// What time changes: relative times and toasts that leave.
import { all, one } from "./dom.js";

const TOAST_MS = 6000;
const TOAST_ERROR_MS = 12000;

const ago = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const wording = (date, now) => {
  const seconds = (date - now) / 1000;
  const size = Math.abs(seconds);
  if (size < 45) return "now";
  if (size < 3600) return ago.format(Math.round(seconds / 60), "minute");
  if (size < 79200) return ago.format(Math.round(seconds / 3600), "hour");
  if (size < 561600) return ago.format(Math.round(seconds / 86400) || Math.sign(seconds), "day");
  return (date.getFullYear() === now.getFullYear() ? day : dayOfYear).format(date);
};
export const freshen = () => {
  const now = new Date();
  for (const element of all("time[data-relative]")) {
    const date = new Date(element.dateTime);
    const text = element.firstChild; // React's own text node: change it, never replace it
    if (Number.isNaN(date.getTime()) || !text) continue;
    const words = wording(date, now);
    if (text.nodeValue !== words) text.nodeValue = words;
    element.title ||= full.format(date);
  }
};

const timed = new WeakSet();
export const watchToast = (toast) => {
  if (timed.has(toast)) return;
  timed.add(toast);
  let timer = 0;
  const leave = () => {
    toast.dataset.leaving = "";
    setTimeout(() => one("[data-toast-close]", toast)?.click(), 250);
  };
  const start = () => {
    clearTimeout(timer);
    timer = setTimeout(leave, toast.dataset.toast === "error" ? TOAST_ERROR_MS : TOAST_MS);
  };
  const hold = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("focusout", start);
  start();
};
