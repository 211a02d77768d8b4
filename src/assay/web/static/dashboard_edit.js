// A dashboard that is changed: tiles are dragged, resized, put there, taken away and had back. What
// the form holds is what will be saved; here it is only written into.
import { fill } from "./tiles.js";

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const form = one(".editing");
const board = one(".board", form);
const blank = one("#blank-tile");
const chooser = one("#add-tile");
const WIDE = matchMedia("(min-width: 761px)").matches;
const SIDES = ["x", "y", "w", "h"];
const KEYS = { ArrowLeft: ["x", "w", -1], ArrowRight: ["x", "w", 1], ArrowUp: ["y", "h", -1], ArrowDown: ["y", "h", 1] };
let dirty = false;

const field = (tile, name) => one(`[name="${name}"]`, tile);
const named = (tile) => one(".shown", tile).textContent;

function ready(within) {
  all(".unscripted", within).forEach((part) => { part.hidden = true; });
  all(".scripted", within).forEach((part) => { part.hidden = false; });
}

// What the grid says, into the form; and the form's rows in the order of the tiles.
function write() {
  for (const node of grid.engine.nodes) {
    for (const side of SIDES) field(node.el, side).value = node[side];
    node.el.dataset.side = 2 * node.x + node.w <= 12 ? "left" : "right";
  }
  one(".vacant", form).hidden = grid.engine.nodes.length > 0;
}

function say(tile) {
  const at = tile.gridstackNode;
  one("#moved").textContent = `${named(tile)}: column ${at.x + 1}, row ${at.y + 1}, ${at.w} wide, ${at.h} high`;
}

function begin() {
  all(".board-tile", board).forEach((tile) => {
    for (const side of SIDES) tile.setAttribute(`gs-${side}`, field(tile, side).value);
  });
  board.classList.remove("placed");
  board.classList.add("grid-stack");
  return window.GridStack.init({
    column: 12, cellHeight: 80, margin: 6, float: false, handle: ".grip", minRow: 2,
    animate: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    alwaysShowResizeHandle: true, resizable: { handles: "e,se,s" },
    draggable: { handle: ".grip", scroll: true, cancel: "input,textarea,select,option,summary" },
  }, board);
}

// The address of what a tile shows, as its fields stand.
function part(tile) {
  const value = (name) => field(tile, name).value.trim();
  if (!value("profile") || !value("chart")) return "";
  const asked = new URLSearchParams();
  for (const name of ["range", "branch"]) if (value(name)) asked.set(name, value(name));
  for (const tag of value("tag").split(",")) if (tag.trim()) asked.append("tag", tag.trim());
  for (const line of field(tile, "path").value.split("\n")) if (line.trim()) asked.append("path", line.trim());
  return `/profiles/${value("profile")}/charts/${encodeURIComponent(value("chart"))}/tile?${asked}`;
}

async function charts(profile) {
  const answer = await fetch(`/api/v3/profiles/${profile}/charts`);
  return answer.ok ? (await answer.json()).items : [];
}

async function offer(tile) {
  const select = field(tile, "chart");
  const before = select.value;
  const found = await charts(field(tile, "profile").value);
  select.replaceChildren(...found.map((it) => new Option(it.title, it.name, false, it.name === before)));
}

function rename(tile) {
  const chart = field(tile, "chart").selectedOptions[0]?.textContent || "";
  all(".shown bdi", tile).forEach((part) => { part.textContent = field(tile, "title").value.trim() || chart; });
  field(tile, "title").placeholder = chart;
  one(".of bdi", tile).textContent = field(tile, "profile").selectedOptions[0]?.textContent || "";
}

async function changed(event) {
  const tile = event.target.closest(".board-tile");
  dirty = true;
  if (!tile) return;
  const name = event.target.name;
  if (SIDES.includes(name)) { if (grid) grid.update(tile, { [name]: Number(event.target.value) }); return; }
  if (name === "profile") await offer(tile);
  rename(tile);
  tile.dataset.part = part(tile);
  fill(tile);
}

// Keys: the arrows move a tile whose name has the focus, with Shift they make it larger or smaller.
function steer(event) {
  const grip = event.target.closest(".grip");
  const key = KEYS[event.key];
  if (!grid || !grip || !key || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const tile = grip.closest(".board-tile");
  const node = tile.gridstackNode;
  const [place, length, by] = key;
  const side = event.shiftKey ? length : place;
  const step = !event.shiftKey && side === "y" && by > 0 ? under(node) : by;
  grid.update(tile, { [side]: Math.max(event.shiftKey ? 2 : 0, node[side] + step) });
  write();
  dirty = true;
  say(tile);
  tile.scrollIntoView({ block: "nearest" });
  grip.focus();
}

// How far down there is another place: past what stands below, as all rise to the top.
function under(node) {
  const below = grid.engine.nodes.filter((it) => it.y >= node.y + node.h && it.x < node.x + node.w && node.x < it.x + it.w);
  return below.length ? Math.min(...below.map((it) => it.y + it.h)) - node.y : 1;
}

function drop(tile) {
  const kept = Object.fromEntries(SIDES.map((side) => [side, tile.gridstackNode?.[side] ?? Number(field(tile, side).value)]));
  if (grid) grid.removeWidget(tile, true);
  else tile.remove();
  if (grid) write();
  dirty = true;
  one(".toast")?.remove();
  const box = Object.assign(document.createElement("div"), { className: "toast undo", textContent: `Removed ${named(tile)}` });
  const back = Object.assign(document.createElement("button"), { type: "button", textContent: "Undo" });
  back.addEventListener("click", () => { box.remove(); put(tile, kept); one(".grip", tile)?.focus(); });
  box.setAttribute("role", "status");
  box.append(back);
  document.body.append(box);
  back.focus();
  setTimeout(() => box.remove(), 15000);
}

function put(tile, at) {
  for (const side of SIDES) if (side in at) field(tile, side).value = at[side];
  board.append(tile);
  if (grid) {
    for (const side of SIDES) tile.setAttribute(`gs-${side}`, at[side]);
    grid.makeWidget(tile);
    write();
  } else one(".vacant", form).hidden = true;
  ready(tile);
  dirty = true;
  fill(tile);
}

// Adding: first the profile, then a chart that fits it.
async function choose() {
  const found = await charts(one("#add-profile").value);
  const list = one("#add-charts");
  const item = (it) => {
    const row = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", value: it.name });
    button.append(Object.assign(document.createElement("strong"), { textContent: it.title }), Object.assign(document.createElement("span"), { textContent: it.about }));
    button.addEventListener("click", () => add(it, found));
    row.append(button);
    return row;
  };
  list.replaceChildren(...found.map(item));
}

function add(chart, found) {
  const tile = blank.content.firstElementChild.cloneNode(true);
  field(tile, "profile").value = one("#add-profile").value;
  field(tile, "chart").replaceChildren(...found.map((it) => new Option(it.title, it.name, false, it.name === chart.name)));
  rename(tile);
  tile.dataset.part = part(tile);
  chooser.close();
  const bottom = Math.max(0, ...all(".board-tile", board).map((it) => Number(field(it, "y").value) + Number(field(it, "h").value)));
  put(tile, { x: 0, y: bottom, w: 6, h: 4 });
  tile.scrollIntoView({ block: "nearest" });
  (one(".grip", tile) || tile).focus();
}

ready(form);
const grid = WIDE && window.GridStack ? begin() : null;
if (grid) {
  write();
  grid.on("change", () => { write(); dirty = true; });
  grid.on("dragstop resizestop", (_event, tile) => { write(); say(tile); });
  grid.on("resizestop", (_event, tile) => setTimeout(() => fill(tile), 200));
} else {
  all(".grip").forEach((grip) => grip.removeAttribute("tabindex"));
  all(".how").forEach((part) => { part.hidden = part.id === "how-to-move"; });
}
all(".board-tile", board).forEach(fill);

form.addEventListener("change", changed);
form.addEventListener("keydown", steer);
form.addEventListener("submit", () => { if (grid) write(); dirty = false; });
addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
one("#add-profile").addEventListener("change", choose);
document.addEventListener("click", (event) => {
  const target = event.target;
  for (const open of all(".tile-fields[open]")) if (!open.contains(target)) open.open = false;
  if (target.closest("[data-drop]")) return drop(target.closest(".board-tile"));
  if (target.closest("[data-add]")) { event.preventDefault(); chooser.showModal(); choose(); }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of all(".tile-fields[open]")) { open.open = false; one("summary", open).focus(); }
});
form.querySelectorAll(`.title a[href="${form.getAttribute("action")}"]`).forEach((link) => link.addEventListener("click", () => { dirty = false; }));
