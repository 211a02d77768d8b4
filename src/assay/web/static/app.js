// What a script adds to pages that work without one: keys, copying, unfolding in place, uploading.
import { dialog } from "./upload.js";

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// Times: the reader's own clock in the tooltip, the distance kept fresh.
const zoned = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

function ago(at) {
  const minutes = Math.round((Date.now() - at) / 60000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes}\u00a0min ago`;
  return null;
}

function tell(within = document) {
  for (const time of all("time[datetime]", within)) {
    const at = new Date(time.dateTime);
    time.title = zoned.format(at);
    const words = ago(at);
    if (words && Date.now() >= at && !("fixed" in time.dataset)) time.textContent = words;
  }
}

// Copying.
async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  button.setAttribute("data-done", "");
  toast("Copied");
  setTimeout(() => button.removeAttribute("data-done"), 1500);
}

function toast(words) {
  one(".toast")?.remove();
  const box = Object.assign(document.createElement("div"), { className: "toast", textContent: words });
  box.setAttribute("role", "status");
  document.body.append(box);
  setTimeout(() => box.remove(), 1800);
}

// Rows unfold in place, and the address remembers which.
function remember(key, open) {
  const url = new URL(location.href);
  const keys = new Set((url.searchParams.get("open") || "").split(",").filter(Boolean));
  if (open) keys.add(key);
  else keys.delete(key);
  if (keys.size) url.searchParams.set("open", [...keys].join(","));
  else url.searchParams.delete("open");
  history.replaceState(history.state, "", url);
}

async function unfold(line) {
  const row = line.parentElement;
  const inside = one(".unfolds", row);
  const open = line.getAttribute("aria-expanded") !== "true";
  line.setAttribute("aria-expanded", open);
  remember(line.dataset.key, open);
  if (inside) inside.hidden = !open;
  else if (open) await window.htmx.ajax("GET", line.dataset.fold, { target: row, swap: "beforeend" });
}

// Keys.
function step(by) {
  const rows = all("[data-row]").filter((row) => row.offsetParent);
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const row = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
  const link = row && one("a, summary", row);
  link?.focus();
  link?.scrollIntoView({ block: "nearest" });
}

const KEYS = {
  "/": () => { const field = one("#find") || one('input[type="search"]'); field?.focus(); field?.select(); },
  u: () => dialog("upload-dialog"),
  j: () => step(1),
  k: () => step(-1),
  "[": () => one('a[rel="prev"]')?.click(),
  "]": () => one('a[rel="next"]')?.click(),
  "?": () => dialog("keys-dialog"),
};

// Whether a key belongs to what is in focus. A dialog that was just closed may still have it.
function typing(target) {
  const field = target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog, .swagger-ui");
  return field && field.getClientRects().length > 0;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") all("details.menu[open]").forEach((menu) => { menu.open = false; });
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// The theme, at once and without asking the server.
function paint(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  document.cookie = `assay_theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  all(".themes button").forEach((button) => button.setAttribute("aria-pressed", button.value === theme));
  document.dispatchEvent(new Event("assay:theme"));
}

document.addEventListener("click", (event) => {
  const target = event.target;
  for (const menu of all("details.menu[open]")) if (!menu.contains(target)) menu.open = false;
  const copier = target.closest("[data-copy]");
  if (copier) return void copy(copier);
  const opener = target.closest("[data-dialog]");
  if (opener && dialog(opener.dataset.dialog)) return void event.preventDefault();
  const themer = target.closest(".themes button");
  if (themer) { event.preventDefault(); paint(themer.value); return; }
  const line = target.closest("a[data-fold]");
  if (line && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); unfold(line); }
});

// A select in a form of filters acts at once.
document.addEventListener("change", (event) => {
  if (event.target.matches(".filters select")) event.target.form.requestSubmit();
});

// What comes in by itself waits while somebody writes, or marks words, where it would be put.
document.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.target;
  if (part.id !== "running") return;
  const field = document.activeElement?.closest("input, select, textarea");
  const marked = getSelection();
  if (part.contains(field) || (!marked.isCollapsed && part.contains(marked.anchorNode))) event.preventDefault();
});

function ready(within) {
  tell(within);
  if (navigator.clipboard) all(".copy", within).forEach((button) => button.setAttribute("data-ready", ""));
  all(".scripted", within).forEach((part) => { part.hidden = false; });
}

document.addEventListener("htmx:load", (event) => ready(event.detail.elt.parentElement || event.detail.elt));
ready(document);
setInterval(tell, 30000);
