// Tracking numbers: the plus leads into the field that it opens; a number that was typed and not sent says so.

document.addEventListener("toggle", (event) => {
  if (event.target.matches?.(".track .more") && event.target.open) event.target.closest(".track").querySelector(".extra input:not([type=hidden])")?.focus();
}, { capture: true });

document.addEventListener("input", (event) => {
  const parcel = event.target.closest?.(".track .parcel");
  const words = parcel?.querySelector("[data-unsaved]");
  if (words) words.hidden = event.target.value === event.target.defaultValue;
});
