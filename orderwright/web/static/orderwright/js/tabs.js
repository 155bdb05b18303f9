// Tabs whose panels are both on the page change without a request; the address keeps which one is shown.

const show = (tab) => {
  for (const other of tab.closest('[role="tablist"]').querySelectorAll('[role="tab"]')) {
    const isShown = other === tab;
    other.setAttribute("aria-selected", String(isShown));
    other.tabIndex = isShown ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).hidden = !isShown;
  }
  const place = new URL(location.href);
  for (const [name, value] of new URL(tab.href).searchParams) place.searchParams.set(name, value);
  history.replaceState(history.state, "", place);
};

document.addEventListener("click", (event) => {
  const tab = event.target.closest?.('[role="tab"]');
  if (!tab || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(tab);
});

document.addEventListener("keydown", (event) => {
  const tab = event.target.closest?.('[role="tab"]');
  if (!tab || !["ArrowLeft", "ArrowRight", "Home", "End", " "].includes(event.key)) return;
  event.preventDefault();
  const all = [...tab.closest('[role="tablist"]').querySelectorAll('[role="tab"]')];
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
  const next = { Home: all[0], End: all.at(-1) }[event.key] ?? all.at((all.indexOf(tab) + step) % all.length);
  show(next);
  next.focus();
});
