// A dashboard that is looked at: its tiles are filled, and filled anew; the whole screen.
import { fill } from "./tiles.js";

const board = document.querySelector(".board");
const page = document.querySelector(".dashboard");
const fresh = document.querySelector("[data-fresh]");
const tiles = [...document.querySelectorAll(".board-tile")];
const every = Number(board?.dataset.reload || 0) * 1000;
let seen = 0; // when all tiles were filled last
let tried = 0;
let failed = "";

function since(at) {
  const seconds = Math.max(0, Math.round((Date.now() - at) / 1000));
  if (seconds < 90) return `${seconds}\u00a0s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)}\u00a0min` : `${Math.round(seconds / 3600)}\u00a0h`;
}

function tell() {
  if (!fresh || !tried) return;
  fresh.toggleAttribute("data-failed", Boolean(failed));
  if (failed) fresh.textContent = seen ? `${failed} This is from ${since(seen)} ago.` : failed;
  else if (every) fresh.textContent = seen ? `updated ${since(seen)} ago` : "";
}

// A dashboard that was changed meanwhile is another page.
async function changed() {
  const answer = await fetch(board.dataset.stampUrl, { headers: { accept: "application/json" } });
  if (!answer.ok || answer.redirected) return false;
  return (await answer.json()).stamp !== board.dataset.stamp;
}

async function look() {
  tried = Date.now();
  const ends = await Promise.all(tiles.map(fill));
  failed = ends.find((words) => words) || "";
  if (!failed) seen = Date.now();
  tell();
}

async function again() {
  tried = Date.now();
  try {
    if (await changed()) return void location.reload();
  } catch { /* the tiles say that the server does not answer */ }
  await look();
}

function due() {
  return every && !document.hidden && tried && Date.now() - tried >= every;
}

if (board) {
  look();
  setInterval(() => { if (due()) again(); else tell(); }, 1000);
  document.addEventListener("visibilitychange", () => { if (due()) again(); });
}

// Another size, another drawing.
let settling = 0;
addEventListener("resize", () => { clearTimeout(settling); settling = setTimeout(look, 300); });

// The whole screen: an address of its own, so that a screen on a wall can be sent there.
function show(full) {
  if (!page || page.classList.contains("full") === full) return;
  page.classList.toggle("full", full);
  const url = new URL(location.href);
  if (full) url.searchParams.set("full", "1");
  else url.searchParams.delete("full");
  history.replaceState(history.state, "", url);
  look();
}

document.addEventListener("click", async (event) => {
  if (!event.target.closest("[data-full]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(true);
  try { await document.documentElement.requestFullscreen(); } catch { /* the window will do */ }
});
document.addEventListener("fullscreenchange", () => { if (!document.fullscreenElement) show(false); });
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && page?.classList.contains("full")) show(false);
});
