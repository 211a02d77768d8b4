// Filling a tile with its chart, in the size the tile has.

const WORDS = { 401: "You are signed out.", 403: "You may not see this any more.", 404: "This is not there any more." };

function fault(body, words) {
  const line = Object.assign(document.createElement("p"), { className: "fault", textContent: words });
  if (!body.querySelector(".tile")) body.replaceChildren(line);
}

async function ask(tile, body) {
  const url = new URL(tile.dataset.part, location.href);
  const clamp = (px) => String(Math.min(2000, Math.max(160, Math.round(px))));
  url.searchParams.set("w", clamp(body.clientWidth - 24));
  url.searchParams.set("h", clamp(body.clientHeight - 12));
  const answer = await fetch(url, { headers: { accept: "text/html" } });
  if (answer.redirected) throw new Error(WORDS[401]);
  if (!answer.ok) throw new Error(WORDS[answer.status] || `The server did not manage it (${answer.status}).`);
  return answer.text();
}

// What is a little too high is made smaller; what is much too high is scrolled, to stay readable.
const MUCH = 1.2;

function stretch(body) {
  const box = body.querySelector(".tile");
  const view = box?.querySelector(".drawing")?.viewBox.baseVal;
  if (!view?.width) return;
  const long = (body.clientWidth - 24) * view.height / view.width > MUCH * box.clientHeight;
  box.classList.toggle("long", long);
  if (long) box.tabIndex = 0;
}

// Nothing when the tile has the newest there is; else what was in the way, and it keeps what it had.
export async function fill(tile) {
  const body = tile.querySelector(".tile-body");
  if (!tile.dataset.part) return "";
  const turn = (tile.turn = (tile.turn || 0) + 1);
  try {
    const html = await ask(tile, body);
    if (turn !== tile.turn) return "";
    const at = body.querySelector(".scroll, .long")?.scrollTop || 0;
    body.innerHTML = html;
    stretch(body);
    const scrolled = body.querySelector(".scroll, .long");
    if (scrolled) scrolled.scrollTop = at;
    tile.classList.remove("old");
    return "";
  } catch (error) {
    if (turn !== tile.turn) return "";
    const words = error instanceof TypeError ? "The server does not answer." : error.message;
    tile.classList.add("old");
    fault(body, words);
    return words;
  }
}
