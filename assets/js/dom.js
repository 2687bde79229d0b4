// Small helpers that every part uses.
export const one = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

export const stop = (event) => {
  event.preventDefault();
  event.stopImmediatePropagation();
};

export const store = (key, value) => {
  try {
    localStorage.setItem(key, value);
  } catch {
    // storage is off: the choice lasts until the page is left
  }
};
