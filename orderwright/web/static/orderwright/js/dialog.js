// What arrives in #dialog opens as a modal dialog; data-close closes it; so does an answer that says so.

const dialog = document.getElementById("dialog");
const isDialog = (event) => event.detail.target === dialog;

let opener = "";
const open = () => {
  if (!dialog.firstElementChild || dialog.open) return;
  opener = document.activeElement?.id ?? "";
  dialog.showModal();
};

// The page behind may have been renewed meanwhile: its button is another one then, with the same name.
const returnFocus = () => {
  if (document.activeElement && document.activeElement !== document.body) return;
  (document.getElementById(opener) ?? document.getElementById("page"))?.focus({ preventScroll: true });
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
dialog.addEventListener("close", () => {
  dialog.replaceChildren();
  returnFocus();
});

open();
