// Single keys: / search, J and K move, S state, N note, I invoice, T tracking, C capture, ? the list of keys.

const places = {
  s: "#order-state",
  n: "#note",
  i: "#invoice-number",
  t: '.track input:not([aria-disabled="true"]):placeholder-shown, .track input:not([aria-disabled="true"])',
  c: '.capture input:not([aria-disabled="true"])',
};

const isTyping = (element) => element.isContentEditable || element.matches('textarea, select, input:not([type="checkbox"], [type="radio"])');

const goTo = (selector) => {
  const empty = selector.split(", ").map((part) => document.querySelector(part)).find(Boolean);
  if (!empty) return false;
  empty.focus();
  if (empty instanceof HTMLSelectElement && empty.getAttribute("aria-disabled") !== "true") empty.showPicker?.();
  else empty.select?.();
  return true;
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.getElementById("dialog").open) return;
  if (event.target instanceof Element && isTyping(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const key = event.key.toLowerCase();
  let isDone = true;
  if (key === "/") isDone = goTo("#search");
  else if (key === "?") document.getElementById("keys-help")?.click();
  else if (key === "j" || key === "k") document.dispatchEvent(new CustomEvent("desk:move", { detail: key === "j" ? 1 : -1 }));
  else if (places[key]) isDone = goTo(places[key]);
  else isDone = false;
  if (isDone) event.preventDefault();
});
