// A form[data-posts] goes out without leaving the page, so that it works in a frame of another site, where browsers keep
// our cookies back. The answer is JSON: 201, and the page is opened once more with ?sent=1; else {error, field} is shown
// where it belongs. Without this script the form is posted as forms always were.
import { one } from "./dom.js";

const LOST = "The connection was lost. Your message is still here: try again.";
const TOO_LARGE = "The files are too large to send together.";

const show = (form, text, field) => {
  const control = field ? form.elements[field] : null;
  const place = (control && one(`[id="${control.id}-error"]`, form)) || one("[data-post-error]", form);
  place.textContent = text;
  control?.setAttribute?.("aria-invalid", "true");
  (control ?? place).focus?.();
};
const tidy = (form) => {
  for (const place of form.querySelectorAll(".field-error, [data-post-error]")) place.textContent = "";
  for (const control of form.querySelectorAll("[aria-invalid='true']")) control.setAttribute("aria-invalid", "false");
};
const post = async (form) => {
  const button = one("button[type='submit']", form);
  tidy(form);
  button.disabled = true;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
    });
    if (answer.status === 201) return location.assign(`${location.pathname}?sent=1`);
    const said = await answer.json().catch(() => ({}));
    show(form, said.error ?? (answer.status === 413 ? TOO_LARGE : LOST), said.field);
  } catch {
    show(form, LOST);
  }
  button.disabled = false;
};

addEventListener("submit", (event) => {
  if (!event.target.matches?.("form[data-posts]")) return;
  event.preventDefault();
  post(event.target);
});
