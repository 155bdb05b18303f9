// A form marked data-fills-frame is sent as soon as it stands there: what was typed fills the frame that it names.

// A form's own submit() says nothing to anybody, so it is neither sent in place nor counted as sent once.
const fill = (part) => part.querySelectorAll("form[data-fills-frame]").forEach((form) => form.submit());

document.addEventListener("htmx:afterSwap", (event) => fill(event.detail.target));
fill(document);
