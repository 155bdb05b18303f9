// Forms with data-passkey: asks the browser for a passkey, or for a new one, and sends what it says.
// data-passkey="get" and "create" carry the desk's question in data-options; "sign-in" fetches a fresh one.

const question = async (form) => {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`the desk answered ${answer.status}`);
  return (await answer.json()).request_options;
};

const asksForNew = async (options, form) => {
  const alone = form.elements.passwordless?.checked ?? false;
  const selection = options.publicKey.authenticatorSelection;
  selection.residentKey = alone ? "required" : "discouraged";
  selection.requireResidentKey = alone;
  if (alone) selection.userVerification = "required";
  return window.webauthnJSON.create(options);
};

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-passkey]");
  if (!form || form.elements.credential.value) return;
  event.preventDefault();
  const trouble = form.querySelector("[data-passkey-trouble]");
  trouble.hidden = true;
  try {
    const options = await question(form);
    const said = form.dataset.passkey === "create" ? await asksForNew(options, form) : await window.webauthnJSON.get(options);
    form.elements.credential.value = JSON.stringify(said);
    form.submit();
  } catch {
    // Closed by the person, refused by the device, or none that fits: the browser does not tell which.
    trouble.hidden = false;
  }
});
