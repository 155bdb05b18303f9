// A dropdown marked data-submit-on-change sends its form as soon as another entry is chosen.

const isChooser = (element) => element instanceof HTMLSelectElement && element.matches("[data-submit-on-change]");

document.addEventListener("change", (event) => {
  if (isChooser(event.target)) event.target.form.requestSubmit();
});

// In a closed dropdown some browsers choose with every arrow key; open the list instead, so that only a decision is sent.
document.addEventListener("keydown", (event) => {
  if (!isChooser(event.target) || !["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"].includes(event.key)) return;
  if (CSS.supports("selector(:open)") && event.target.matches(":open")) return;
  event.preventDefault();
  event.target.showPicker?.();
});

// When the answer is a question (a dialog) or no answer at all, nothing has been chosen yet.
const takeBack = (event) => {
  const { elt, target } = event.detail;
  const chooser = event.detail.requestConfig?.elt?.querySelector?.("[data-submit-on-change]") ?? elt?.querySelector?.("[data-submit-on-change]");
  if (chooser && (event.type !== "htmx:afterSwap" || target?.id === "dialog")) chooser.form?.reset();
};

for (const name of ["htmx:afterSwap", "htmx:sendError", "htmx:timeout"]) document.addEventListener(name, takeBack);
