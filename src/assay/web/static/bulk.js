// Selecting rows of a list: all, a range with shift, the row in focus with x; how many there are.
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const form = document.querySelector("form.bulk");
let last = null;

const boxes = () => all('input[name="ids"]', form);

function tell() {
  const known = boxes();
  const chosen = known.filter((box) => box.checked).length;
  const whole = form.querySelector("[data-all]");
  const said = form.querySelector("[data-said]");
  whole.checked = chosen > 0 && chosen === known.length;
  whole.indeterminate = chosen > 0 && chosen < known.length;
  said.textContent = chosen ? `${chosen} selected` : said.dataset.none;
  form.toggleAttribute("data-some", chosen > 0);
  for (const box of known) box.closest("li").classList.toggle("on-row", box.checked);
  for (const part of all("[data-least]", form)) {
    const idle = chosen < Number(part.dataset.least);
    if (part.matches("button")) part.disabled = idle;
    else part.setAttribute("aria-disabled", idle);
    if (idle && part.parentElement.matches("details")) part.parentElement.open = false;
  }
}

function pick(box, ranged) {
  const known = boxes();
  const [from, to] = [known.indexOf(last), known.indexOf(box)].sort((a, b) => a - b);
  if (ranged && last && from >= 0) for (const each of known.slice(from, to + 1)) each.checked = box.checked;
  last = box;
}

if (form) {
  form.addEventListener("click", (event) => {
    if (event.target.matches('input[name="ids"]')) pick(event.target, event.shiftKey);
    if (event.target.closest('summary[aria-disabled="true"]')) event.preventDefault();
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) for (const box of boxes()) box.checked = event.target.checked;
    tell();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "x" || event.ctrlKey || event.metaKey || event.altKey) return;
    const box = document.activeElement.closest("[data-row]")?.querySelector('input[name="ids"]');
    if (!box) return;
    event.preventDefault();
    box.checked = !box.checked;
    pick(box, event.shiftKey);
    tell();
  });
  document.addEventListener("htmx:load", tell);
  addEventListener("pageshow", tell);
  tell();
}
