// A board as a picture: one bar a line, cut by how its requests stand.
import { init } from "../vendor/echarts-6.1.0.esm.min.mjs";

const MOST = 40; // more bars than that nobody reads; the list below has all of them
const place = document.getElementById("board");
const style = getComputedStyle(document.documentElement);
const ink = (name) => style.getPropertyValue(name).trim();
// Each part differs in lightness too, so that it reads without colours.
const PARTS = ["#2f6b4a", "#8aa894", "#e0b98a", "#8f1d22"];

function draw(lines) {
  const shown = [...lines]
    .sort((a, b) => sum(b.counts) - sum(a.counts)).slice(0, MOST).filter((each) => sum(each.counts));
  const names = JSON.parse(place.dataset.names);
  place.style.height = `${Math.max(10, shown.length * 1.7 + 5)}rem`;
  const chart = init(place, null, { renderer: "canvas" });
  const text = { fontFamily: ink("--font"), color: ink("--ink") };
  chart.setOption({
    textStyle: text,
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    color: PARTS,
    legend: { top: 0, left: 0, textStyle: text },
    grid: { left: 8, right: 40, top: 40, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, renderMode: "richText" },
    xAxis: { type: "value", minInterval: 1, axisLabel: text, splitLine: { lineStyle: { color: ink("--line") } } },
    yAxis: {
      type: "category", inverse: true, data: shown.map((each) => each.name),
      axisLabel: { ...text, width: 150, overflow: "truncate" }, triggerEvent: true,
    },
    series: names.map((name, at) => ({
      name, type: "bar", stack: "all", barMaxWidth: 20, data: shown.map((each) => each.counts[at]),
    })),
  });
  chart.on("click", ({ dataIndex, value, componentType }) => {
    const line = componentType === "yAxis" ? shown.find((each) => each.name === value) : shown[dataIndex];
    if (line?.open) location.assign(line.open);
  });
  new ResizeObserver(() => chart.resize()).observe(place);
  place.dataset.drawn = shown.length;
}

function sum(counts) {
  return counts.reduce((a, b) => a + b, 0);
}

if (place) {
  await document.fonts.load(`14px ${ink("--font")}`, "户").catch(() => {});
  const answer = await fetch(place.dataset.lines, { headers: { Accept: "application/json" } });
  if (answer.ok) draw((await answer.json()).lines);
  else place.hidden = true; // the list below says the same
}
