// The profile's trend chart, drawn over the server's own drawing: hover, drag to zoom, click to open.

const BAD = ["failed", "broken"];
const CALM = ["passed", "flaky", "skipped", "unknown"];
const figure = document.querySelector("[data-trend]");
const LEAST = 5; // failures that the lane below has room for at least: one alone is small
const SOFT = { passed: 0.55, skipped: 0.4, unknown: 0.8, flaky: 0.9 };

// A canvas knows no `oklch` from a stylesheet by name: let the browser paint it and read the pixel.
const brush = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });

function colour(name, alpha = 1) {
  const probe = document.createElement("i");
  probe.className = name.startsWith("--") ? "" : name;
  document.body.append(probe);
  const style = getComputedStyle(probe);
  probe.style.color = `var(${name.startsWith("--") ? name : "--tone"})`;
  brush.clearRect(0, 0, 1, 1);
  brush.fillStyle = style.color;
  brush.fillRect(0, 0, 1, 1);
  probe.remove();
  const [r, g, b] = brush.getImageData(0, 0, 1, 1).data;
  return `rgba(${r},${g},${b},${alpha})`;
}

function took(seconds) {
  if (seconds == null) return "";
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 2 : 1)}\u00a0s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}\u00a0min ${String(Math.round(seconds % 60)).padStart(2, "0")}\u00a0s`;
  return `${Math.floor(seconds / 3600)}\u00a0h ${String(Math.round((seconds % 3600) / 60)).padStart(2, "0")}\u00a0min`;
}

// The same on an axis, where the figures are round.
function mark(seconds) {
  if (seconds < 1) return seconds ? `${Math.round(seconds * 1000)}\u00a0ms` : "0";
  if (seconds < 60) return `${+seconds.toFixed(1)}\u00a0s`;
  if (seconds < 3600) return `${+(seconds / 60).toFixed(1)}\u00a0min`;
  return `${+(seconds / 3600).toFixed(1)}\u00a0h`;
}

const date = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

function tip(data, at) {
  const box = document.createElement("div");
  const part = (tag, text, name = "") => box.append(Object.assign(document.createElement(tag), { textContent: text, className: name }));
  box.className = "tip";
  part("strong", moment.format(data.date[at]));
  for (const status of [...BAD, ...CALM]) {
    if (!data[status][at]) continue;
    part("span", status);
    part("span", data[status][at].toLocaleString(), "num");
  }
  if (data.duration[at] != null) {
    part("span", "duration");
    part("span", took(data.duration[at]), "num");
  }
  return box;
}

function bars(data, status, lane) {
  return {
    name: status, type: "bar", stack: `lane${lane}`, xAxisIndex: lane, yAxisIndex: lane,
    data: data[status].map((n) => n || null),
    barMaxWidth: 24, barCategoryGap: "20%", barMinHeight: lane ? 3 : 0, animation: false,
    itemStyle: { color: colour(status, SOFT[status] || 1) },
    emphasis: { disabled: true },
  };
}

function options(data) {
  const mute = colour("--mute");
  const text = { color: mute, fontSize: 11, fontFamily: getComputedStyle(document.body).fontFamily };
  const line = { lineStyle: { color: colour("--line") } };
  const days = { type: "category", data: data.date, axisTick: { show: false }, axisLine: line };
  return {
    animation: false,
    textStyle: { fontFamily: text.fontFamily },
    grid: [{ left: 44, right: 60, top: 8, height: 94 }, { left: 44, right: 60, top: 104, height: 46 }],
    xAxis: [
      { ...days, axisLabel: { show: false } },
      { ...days, gridIndex: 1, position: "bottom", axisLine: { show: false }, axisLabel: { ...text, margin: 11, hideOverlap: true, interval: (at) => !at || date.format(data.date[at]) !== date.format(data.date[at - 1]), formatter: (value) => date.format(Number(value)) } },
    ],
    yAxis: [
      { type: "value", splitNumber: 2, axisLabel: { ...text, formatter: (value) => value.toLocaleString() }, splitLine: line },
      { type: "value", gridIndex: 1, inverse: true, min: 0, max: Math.max(LEAST, ...data.report.map((_, at) => data.failed[at] + data.broken[at])), interval: 1e9, axisLabel: { ...text, showMinLabel: false, showMaxLabel: true, verticalAlign: "bottom" }, splitLine: { show: false } },
      { type: "value", splitNumber: 2, axisLabel: { ...text, formatter: mark }, splitLine: { show: false } },
    ],
    axisPointer: { link: [{ xAxisIndex: "all" }], lineStyle: { color: mute } },
    tooltip: {
      trigger: "axis", transitionDuration: 0, confine: true, backgroundColor: colour("--raised"), borderColor: colour("--line"), borderWidth: 1,
      padding: [6, 10], formatter: (found) => tip(data, found[0].dataIndex),
    },
    toolbox: { show: true, itemSize: 0, top: -40, feature: { dataZoom: { yAxisIndex: false, brushStyle: { color: colour("--accent", 0.12) } } } },
    dataZoom: [{ type: "inside", xAxisIndex: [0, 1], zoomOnMouseWheel: false, moveOnMouseMove: false, moveOnMouseWheel: false }],
    series: [
      ...CALM.map((status) => bars(data, status, 0)),
      ...BAD.map((status) => bars(data, status, 1)),
      { name: "duration", type: "line", yAxisIndex: 2, data: data.duration, symbol: "none", connectNulls: false, lineStyle: { width: 1.4, color: colour("--ink", 0.7) }, emphasis: { disabled: true } },
    ],
  };
}

// The address remembers the zoom, as the ids of the first and last report in sight.
function remembered(data) {
  const [from, to] = (new URLSearchParams(location.search).get("zoom") || "").split("-").map((id) => data.report.indexOf(Number(id)));
  return from >= 0 && to >= from ? [from, to] : null;
}

function remember(range, data) {
  const url = new URL(location.href);
  if (range) url.searchParams.set("zoom", `${data.report[range[0]]}-${data.report[range[1]]}`);
  else url.searchParams.delete("zoom");
  history.replaceState(history.state, "", url);
  figure.querySelector("[data-unzoom]").hidden = !range;
}

function range(chart, data) {
  const { startValue, endValue } = chart.getOption().dataZoom[0];
  return startValue > 0 || endValue < data.report.length - 1 ? [startValue, endValue] : null;
}

function draw(chart, data) {
  chart.setOption(options(data), true);
  const kept = remembered(data);
  if (kept) chart.dispatchAction({ type: "dataZoom", startValue: kept[0], endValue: kept[1] });
  chart.dispatchAction({ type: "takeGlobalCursor", key: "dataZoomSelect", dataZoomSelectActive: true });
}

async function begin() {
  const answer = await fetch(figure.dataset.trend, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const data = await answer.json();
  const place = figure.querySelector(".plot");
  place.replaceChildren();
  const chart = window.echarts.init(place, null, { renderer: "canvas" });
  draw(chart, data);
  chart.on("datazoom", () => remember(range(chart, data), data));
  let pressed = 0;
  chart.getZr().on("mousedown", (event) => { pressed = event.offsetX; });
  chart.getZr().on("click", (event) => {
    if (Math.abs(event.offsetX - pressed) > 3) return;
    const [at] = chart.convertFromPixel({ gridIndex: 0 }, [event.offsetX, event.offsetY]);
    if (data.url[at]) location.assign(data.url[at]);
  });
  figure.querySelector("[data-unzoom]").addEventListener("click", () => chart.dispatchAction({ type: "dataZoom", start: 0, end: 100 }));
  figure.querySelector("[data-unzoom]").hidden = !remembered(data);
  new ResizeObserver(() => chart.resize()).observe(place);
  for (const event of ["assay:theme"]) document.addEventListener(event, () => draw(chart, data));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw(chart, data));
}

if (figure && window.echarts) begin();
