// What somebody is typing elsewhere on the page survives when an answer renews the page's content.

const kept = new Map();
const fields = 'textarea[id], input[id]:not([type="hidden"], [type="checkbox"], [type="radio"])';

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, requestConfig, isError } = event.detail;
  const sent = isError ? null : requestConfig?.elt;
  target?.querySelectorAll?.(fields).forEach((field) => {
    if (field.value !== field.defaultValue && !sent?.contains?.(field)) kept.set(field.id, field.value);
  });
});

document.addEventListener("htmx:afterSwap", () => {
  for (const [id, value] of kept) {
    const field = document.getElementById(id);
    if (field && !field.readOnly && field.getAttribute("aria-invalid") !== "true") field.value = value;
  }
  kept.clear();
});
