// An error goes as soon as what it was about is changed: that of a field with the field, any other with its form.

const belongs = (error, form) => form.querySelector(`[aria-describedby~="${CSS.escape(error.id)}"]`);

document.addEventListener("input", (event) => {
  const field = event.target;
  document.getElementById(`${field.id}-error`)?.remove();
  field.removeAttribute("aria-invalid");
  const form = field.form;
  if (!form) return;
  for (const error of form.querySelectorAll(".error[id]")) {
    const owner = belongs(error, form);
    if (!owner || owner === field) error.remove();
  }
});
