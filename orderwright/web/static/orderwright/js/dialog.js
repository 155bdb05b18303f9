// What arrives in #dialog opens as a modal dialog; data-close closes it; so does an answer that says so.

const dialog = document.getElementById("dialog");
const isDialog = (event) => event.detail.target === dialog;

const open = () => {
  if (dialog.firstElementChild && !dialog.open) dialog.showModal();
};
const close = () => {
  if (dialog.open) dialog.close();
};

document.addEventListener("htmx:afterSwap", (event) => isDialog(event) && open());
document.addEventListener("htmx:oobAfterSwap", (event) => isDialog(event) && open());
document.addEventListener("dialog:close", close);

dialog.addEventListener("click", (event) => {
  if (event.target === dialog || event.target.closest("[data-close]")) {
    event.preventDefault();
    close();
  }
});
dialog.addEventListener("close", () => dialog.replaceChildren());

open();
