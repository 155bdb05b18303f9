// A button with data-copy puts the value of the named field on the clipboard, and says so in data-copied's words.

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    return; // not allowed here: it is selected, and the keyboard copies
  }
  button.querySelector("span").textContent = button.dataset.copied;
});
