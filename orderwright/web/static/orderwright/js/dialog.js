// What arrives in #dialog opens as a modal dialog; data-close closes it; so does an answer that says so.

const dialog = document.getElementById("dialog");
const isDialog = (event) => event.detail.target === dialog;

// One content may follow another in the open dialog; what had the focus is gone then. What is wrong comes first.
const startAnew = () => {
  const title = document.getElementById("dialog-title");
  if (!title || dialog.contains(document.activeElement)) return;
  const wrong = dialog.querySelector("[aria-invalid='true']");
  title.tabIndex = -1;
  (wrong ?? title).focus();
};

let opener = "";
const open = () => {
  if (dialog.open) startAnew();
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
// What was sent and is left before its answer waits out of sight: the answer finds its way by the form that asked.
const underWay = document.createElement("div");
underWay.hidden = true;
document.body.append(underWay);
document.addEventListener("htmx:afterRequest", (event) => {
  if (underWay.contains(event.detail.elt)) underWay.replaceChildren();
});

dialog.addEventListener("close", () => {
  if (dialog.querySelector("form[aria-busy='true']")) underWay.replaceChildren(...dialog.childNodes);
  dialog.replaceChildren();
  returnFocus();
});

open();
