// In the Update Shipment dialog: "Select all items" and the single boxes follow each other; a quantity picks its item.

const boxes = (form) => [...form.querySelectorAll('input[name="item"]')];

const follow = (form) => {
  const all = form.querySelector("[data-pick-all]");
  const picked = boxes(form).filter((box) => box.checked).length;
  all.checked = picked > 0 && picked === boxes(form).length;
  all.indeterminate = picked > 0 && !all.checked;
};

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-pick]");
  if (!form) return;
  const all = form.querySelector("[data-pick-all]");
  if (event.target === all) boxes(form).forEach((box) => { box.checked = all.checked; });
  if (event.target.name?.startsWith("quantity-")) event.target.closest("li").querySelector('input[name="item"]').checked = true;
  follow(form);
}, { capture: true });

// A dialog that comes again after a refusal brings what was ticked.
document.addEventListener("htmx:afterSwap", () => document.querySelectorAll("form[data-pick]").forEach(follow));
