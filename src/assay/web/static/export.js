// The HTML export: filtering by status and by words, unfolding; the address remembers both.
(() => {
  const form = document.getElementById("seek");
  const field = form.elements.q;
  const shown = document.getElementById("shown");
  const unfold = document.getElementById("unfold");
  const buttons = [...form.querySelectorAll("[data-only]")];
  const sections = [...document.querySelectorAll("section.kind[id]")];
  const groups = [...document.querySelectorAll(".group")];
  const wasOpen = new Map(groups.map((group) => [group, group.open]));
  const rows = [];
  for (const section of sections) {
    for (const row of section.querySelectorAll(".row")) rows.push({ row, section, status: row.dataset.status });
    for (const group of section.querySelectorAll(".group"))
      for (const row of group.querySelectorAll("li")) rows.push({ row, section, group, status: "passed" });
  }
  const FEW = 500;
  let searched = false;

  // A passed test is found by its container, too. Texts are gathered at the first search.
  function gather() {
    if (searched) return;
    searched = true;
    for (const each of rows) {
      const above = each.group ? `${each.group.firstElementChild.textContent} ` : "";
      each.text = (above + each.row.textContent).toLowerCase();
    }
  }

  function filter() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const only = new Set(buttons.filter((each) => each.ariaPressed === "true").map((each) => each.dataset.only));
    if (words.length) gather();
    const holding = new Set();
    let count = 0;
    for (const { row, section, group, status, text } of rows) {
      const fits = (!only.size || only.has(status)) && words.every((word) => text.includes(word));
      if (row.hidden === fits) row.hidden = !fits;
      if (fits) holding.add(section).add(group);
      count += fits;
    }
    for (const part of [...groups, ...sections]) part.hidden = !holding.has(part);
    // Only what is seen is unfolded: laying out a thousand lists takes a browser minutes.
    const open = words.length && count <= FEW;
    for (const group of groups) if (!group.hidden) group.open = open || wasOpen.get(group);
    const some = only.size || words.length;
    shown.textContent = some ? `${count.toLocaleString("en")} of ${rows.length.toLocaleString("en")} shown` : "";
    remember(only);
  }

  function remember(only) {
    const kept = new URLSearchParams();
    if (field.value) kept.set("q", field.value);
    if (only.size) kept.set("only", [...only].join(","));
    const hash = String(kept);
    if (hash !== location.hash.slice(1)) history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  }

  function recall() {
    const kept = new URLSearchParams(location.hash.slice(1));
    const only = new Set((kept.get("only") || "").split(","));
    field.value = kept.get("q") || "";
    for (const button of buttons) button.ariaPressed = String(only.has(button.dataset.only));
    if (location.hash) filter();
  }

  let waiting = 0;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-only]");
    if (!button) return;
    button.ariaPressed = String(button.ariaPressed !== "true");
    filter();
  });
  unfold.addEventListener("click", () => {
    const open = unfold.textContent === "Unfold all";
    for (const row of document.querySelectorAll(".row:not([hidden])")) row.open = open;
    unfold.textContent = open ? "Fold all" : "Unfold all";
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target === field) return;
    event.preventDefault();
    field.focus();
  });
  field.hidden = false;
  unfold.hidden = !document.querySelector(".row");
  recall();
})();
