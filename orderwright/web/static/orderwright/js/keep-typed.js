// What somebody is typing elsewhere on the page survives when an answer renews the page's content.

const kept = new Map();
const fields = 'textarea[id], input[id]:not([type="hidden"], [type="checkbox"], [type="radio"])';

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, requestConfig, isError } = event.detail;
  // Only a form that was taken has had its fields; a page that looks again by itself has sent none.
  const sent = !isError && requestConfig?.elt instanceof HTMLFormElement ? requestConfig.elt : null;
  // A dialog sends what was typed into the form behind it, which has the same address.
  const isSent = (field) => sent?.contains?.(field) || (sent && field.form?.getAttribute("action") === requestConfig.path);
  target?.querySelectorAll?.(fields).forEach((field) => {
    if (field.value !== field.defaultValue && !isSent(field)) kept.set(field.id, field.value);
  });
});

document.addEventListener("htmx:afterSwap", () => {
  for (const [id, value] of kept) {
    const field = document.getElementById(id);
    if (field && !field.readOnly && field.getAttribute("aria-invalid") !== "true") {
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
  kept.clear();
});
