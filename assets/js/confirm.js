// "Are you sure?" before a form is sent or a button is pressed: data-confirm="question".
import { stop } from "./dom.js";

let allowed = null;
const ask = (question, proceed) => {
  const box = document.createElement("dialog");
  box.className = "dialog dialog-small";
  box.setAttribute("aria-label", question);
  const say = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text });
  const body = say("div", "dialog-body", "");
  const actions = say("div", "dialog-actions", "");
  const yes = say("button", "btn btn-danger", "Yes, go on");
  const no = say("button", "btn btn-ghost", "Go back");
  body.append(say("p", "", question));
  actions.append(no, yes);
  box.append(body, actions);
  box.addEventListener("close", () => box.remove());
  no.addEventListener("click", () => box.close());
  yes.addEventListener("click", () => {
    box.close();
    proceed();
  });
  document.body.append(box);
  box.showModal();
  no.focus();
};
export const confirmSubmit = (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (!question || allowed === form) {
    allowed = null;
    return;
  }
  stop(event);
  const { submitter } = event;
  ask(question, () => {
    allowed = form;
    form.requestSubmit(submitter);
  });
};

export const confirmFirst = (event, button) => {
  if (button.type === "submit" && button.form) return false; // its form asks
  if (allowed === button) {
    allowed = null;
    return false;
  }
  stop(event);
  ask(button.dataset.confirm, () => {
    allowed = button;
    button.click();
  });
  return true;
};
