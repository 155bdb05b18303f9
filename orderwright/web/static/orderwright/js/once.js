// A form marked data-once is sent once: a second press while the first is under way does nothing. One that waits long says so,
// and by then nothing is kept from happening by leaving: the button that leaves is called otherwise.

const PATIENCE_MS = 1500;
const waits = new WeakMap();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-once]")) return;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.setAttribute("aria-busy", "true");
  const words = form.querySelector("[data-waiting]");
  if (!words) return;
  const wait = () => {
    words.hidden = false;
    rename(form, "meanwhile");
  };
  waits.set(form, setTimeout(wait, PATIENCE_MS));
}, { capture: true });

const rename = (form, moment) => {
  const leave = form.querySelector("[data-meanwhile]");
  if (leave) leave.textContent = leave.dataset[moment];
};

const free = (form) => {
  if (!(form instanceof HTMLFormElement)) return;
  form.removeAttribute("aria-busy");
  clearTimeout(waits.get(form));
  form.querySelector("[data-waiting]")?.setAttribute("hidden", "");
  rename(form, "before");
};

document.addEventListener("htmx:afterRequest", (event) => free(event.detail.elt));
window.addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach(free));
