// The row cursor of a list: J and K move, Enter opens, a click on a row opens it. The order page's J and K follow the last list.

const KEY = "orderwright.list";
const link = (row) => row.querySelector("a[href]");
// A row that leads nowhere, such as a change of the configuration, is passed over.
const rows = () => [...document.querySelectorAll("[data-cursor] tbody tr")].filter(link);

if (document.querySelector("[data-cursor]")) {
  sessionStorage.setItem(KEY, JSON.stringify(rows().map((row) => link(row).getAttribute("href"))));
}

document.addEventListener("click", (event) => {
  const row = event.target.closest?.("[data-cursor] tbody tr");
  if (!row || !link(row) || event.target.closest("a, button, input, select, summary") || getSelection().toString()) return;
  if (event.ctrlKey || event.metaKey) window.open(link(row).href, "_blank", "noopener");
  else link(row).click();
});

const moveInList = (step) => {
  const all = rows();
  const now = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
  if (!next) return;
  link(next).focus();
  next.scrollIntoView({ block: "nearest" });
};

const moveFromOrder = (step) => {
  const all = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
  const now = all.indexOf(location.pathname);
  const next = now < 0 ? undefined : all[now + step];
  location.assign(next ?? `${location.pathname}/${step > 0 ? "next" : "previous"}`);
};

document.addEventListener("desk:move", (event) => {
  if (document.querySelector("[data-cursor]")) moveInList(event.detail);
  else if (document.getElementById("order")) moveFromOrder(event.detail);
});
