// Toasts go away by themselves, unless they tell of trouble; an unreachable desk is told too.

const toasts = document.getElementById("toasts");
const STAY_MS = 6000;
const MOST = 3;

const watch = (toast) => {
  [...toasts.children].slice(0, -MOST).forEach((old) => old.remove());
  if (toast.classList.contains("bad")) return;
  const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, 1500) : toast.remove());
  // Whoever can undo something needs the time to notice that it was wrong.
  setTimeout(leave, toast.querySelector("form") ? 3 * STAY_MS : STAY_MS);
};

toasts.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest("[data-toast]").remove());
toasts.querySelectorAll("[data-toast]").forEach(watch);
new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) if (node instanceof Element) watch(node);
}).observe(toasts, { childList: true });

// What was not known yet is known as soon as the order no longer looks again by itself.
document.addEventListener("htmx:afterSwap", () => {
  const order = document.getElementById("order");
  if (order && !order.hasAttribute("hx-trigger")) toasts.querySelectorAll("[data-passing]").forEach((toast) => toast.remove());
});

const tell = () => {
  if (toasts.querySelector("[data-unreachable]")) return;
  toasts.append(document.getElementById("toast-unreachable").content.cloneNode(true));
};
for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, tell);
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status >= 500 && !event.detail.shouldSwap) tell();
});
document.addEventListener("htmx:afterRequest", (event) => event.detail.successful && toasts.querySelector("[data-unreachable]")?.remove());
