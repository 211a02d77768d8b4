// The upload dialog: files dropped anywhere, progress while they travel, what the server said.

const form = () => document.querySelector("dialog [data-upload]") || document.querySelector("[data-upload]");
const size = (n) => (n < 1e6 ? `${Math.max(1, Math.round(n / 1e3))} kB` : `${(n / 1e6).toFixed(1)} MB`);

export function dialog(id) {
  const box = document.getElementById(id);
  if (!box) return false;
  if (!box.open) box.showModal();
  return true;
}

function list(at) {
  const place = at.querySelector("[data-picked]");
  const rows = [...at.elements["file[]"].files].map((file) => {
    const row = document.createElement("li");
    const name = document.createElement("span");
    const much = document.createElement("span");
    name.textContent = name.title = file.name;
    much.textContent = size(file.size);
    much.className = "mute";
    row.append(name, much);
    return row;
  });
  place.replaceChildren(...rows);
}

function address(at) {
  const formatter = at.elements.formatter.value;
  const base = `/api/v2/profile/${encodeURIComponent(at.elements.profile.value)}/import`;
  return formatter ? `${base}/${encodeURIComponent(formatter)}` : base;
}

function body(at) {
  const data = new FormData();
  for (const file of at.elements["file[]"].files) data.append("file[]", file, file.name);
  const tags = [...at.querySelectorAll('[name="tag[]"]')].flatMap((field) => field.value.split(","));
  for (const tag of tags) if (tag.trim()) data.append("tag[]", tag.trim());
  if (at.elements.date.value) data.append("date", new Date(at.elements.date.value).toISOString());
  return data;
}

function say(at, words, bad = false) {
  const place = at.querySelector("[data-said]");
  place.textContent = words;
  place.classList.toggle("bad", bad);
}

function answer(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}

function settle(at, request) {
  const said = answer(request);
  at.querySelector("[data-progress]").hidden = true;
  at.querySelector("button.first").disabled = false;
  if (request.status >= 200 && request.status < 300) {
    say(at, said.message || "Received.");
    location.assign(`/reports/${said.report_id}`);
  } else {
    say(at, said.message || `The server answered ${request.status || "nothing"}. Nothing was kept.`, true);
  }
}

function send(at) {
  const bar = at.querySelector("[data-progress]");
  const request = new XMLHttpRequest();
  request.open("POST", address(at));
  request.setRequestHeader("Accept", "application/json");
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.value = (100 * event.loaded) / event.total;
    say(at, event.loaded < event.total ? `${Math.floor(bar.value)} % sent` : "Sent; the server is writing it down …");
  });
  request.addEventListener("loadend", () => settle(at, request));
  bar.hidden = false;
  at.querySelector("button.first").disabled = true;
  say(at, "Sending …");
  request.send(body(at));
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-upload]")) return;
  event.preventDefault();
  send(event.target);
});

document.addEventListener("change", (event) => {
  const at = event.target.closest("[data-upload]");
  if (!at) return;
  if (event.target.type === "file") list(at);
  if (event.target.name === "profile") command(at.closest(".choice"), event.target.value);
});

function command(choice, profile) {
  const code = choice.querySelector("[data-curl]");
  code.textContent = code.dataset.curl.replace("{profile}", profile);
  code.parentElement.querySelector("[data-copy]").dataset.copy = code.textContent;
  choice.querySelector("[data-profile-id]").textContent = profile;
}

// Files may be dropped anywhere on any page.
const carries = (event) => [...(event.dataTransfer?.types || [])].includes("Files");

function over(on) {
  const at = form();
  if (!at) return;
  const chosen = at.elements.profile.selectedOptions?.[0];
  document.body.dataset.drop = `Drop to upload to ${chosen ? chosen.textContent : "this profile"}`;
  document.body.classList.toggle("dropping", on);
}

document.addEventListener("dragover", (event) => {
  if (!carries(event) || !form()) return;
  event.preventDefault();
  over(true);
});
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) over(false); });
document.addEventListener("drop", (event) => {
  const at = event.target.closest?.("[data-upload]") || form();
  if (!carries(event) || !at) return;
  event.preventDefault();
  over(false);
  at.elements["file[]"].files = event.dataTransfer.files;
  list(at);
  if (at.closest("dialog")) dialog(at.closest("dialog").id);
});
