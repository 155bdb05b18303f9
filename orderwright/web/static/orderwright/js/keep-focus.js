// When an answer takes away what had the focus, the focus goes to what stands in its place and never to nowhere.

let was = null;

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target } = event.detail;
  const focused = document.activeElement;
  if (!target?.contains?.(focused) || focused === document.body || target.id === "dialog") return;
  const row = focused.closest("tbody tr");
  was = { id: focused.id, region: target.id, place: row ? [...row.parentElement.children].indexOf(row) : -1 };
});

// The same control if it is still there, else the first one of the row that moved up, else the page.
const successor = ({ id, region, place }) => {
  const same = id && document.getElementById(id);
  if (same) return same;
  const rows = place < 0 ? [] : [...(document.getElementById(region)?.querySelectorAll("tbody tr") ?? [])];
  return rows[Math.min(place, rows.length - 1)]?.querySelector("button, a[href]") ?? document.getElementById("page");
};

document.addEventListener("htmx:afterSettle", () => {
  if (!was || document.getElementById("dialog").open) return;
  const lost = !document.activeElement || document.activeElement === document.body;
  if (lost) successor(was)?.focus({ preventScroll: true });
  was = null;
});
