// A form marked data-once is sent once: a second press while the first is under way does nothing.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-once]")) return;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.setAttribute("aria-busy", "true");
}, { capture: true });

const free = (form) => form instanceof HTMLFormElement && form.removeAttribute("aria-busy");

document.addEventListener("htmx:afterRequest", (event) => free(event.detail.elt));
window.addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach(free));
