// The pictures of one issue: where it is asked as a map of areas, when as bars.
import { init } from "../vendor/echarts-6.1.0.esm.min.mjs";

const places = document.getElementById("places");
const months = document.getElementById("months");
const style = getComputedStyle(document.documentElement);
const ink = (name) => style.getPropertyValue(name).trim();
// From pale to dark: it reads without telling red from green.
const SHADES = ["#f3e3c3", "#e0b98a", "#c98560", "#a9514a", "#7a1f2b"];
const animation = !matchMedia("(prefers-reduced-motion: reduce)").matches;

function shown(place, options) {
  const chart = init(place, null, { renderer: "canvas" });
  chart.setOption({ animation, textStyle: { fontFamily: ink("--font") }, ...options });
  new ResizeObserver(() => chart.resize()).observe(place);
  place.dataset.drawn = "yes";
}

function drawPlaces(towns) {
  const most = Math.max(...towns.map((town) => town.value));
  const shade = (value) => Math.min(SHADES.length - 1, Math.floor((value / most) * SHADES.length));
  const data = towns.map((town) => ({
    ...town,
    itemStyle: { color: SHADES[shade(town.value)] },
    label: { color: shade(town.value) > 2 ? "#fffdf8" : "#1f1b19" },
    children: undefined,
  }));
  shown(places, {
    tooltip: {
      renderMode: "richText",
      formatter: ({ dataIndex, name, value }) => {
        const below = towns.find((town) => town.name === name)?.children ?? [];
        const lines = below.slice(0, 8).map((one) => `${one.name} ${one.value}`);
        return dataIndex === undefined ? "" : [`${name} ${value}`, ...lines].join("\n");
      },
    },
    series: [{
      type: "treemap", roam: false, nodeClick: false, breadcrumb: { show: false },
      width: "100%", height: "100%", left: 0, top: 0,
      itemStyle: { borderColor: ink("--surface"), borderWidth: 2, gapWidth: 2 },
      label: { fontSize: 14, lineHeight: 19, overflow: "truncate", formatter: ({ name, value }) => `${name}\n${value}` },
      data,
    }],
  });
}

function drawMonths(counts) {
  const axis = { axisLine: { lineStyle: { color: ink("--line-strong") } }, axisLabel: { color: ink("--ink-2") } };
  shown(months, {
    grid: { left: 8, right: 8, top: 16, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: { renderMode: "richText", trigger: "axis" },
    xAxis: { type: "category", data: counts.map(([month]) => month), ...axis },
    yAxis: { type: "value", minInterval: 1, splitLine: { lineStyle: { color: ink("--line") } }, ...axis },
    series: [{ type: "bar", barMaxWidth: 36, itemStyle: { color: SHADES[4] }, data: counts.map(([, count]) => count) }],
  });
}

if (places) {
  await document.fonts.load(`14px ${ink("--font")}`, "件").catch(() => {});
  const answer = await fetch(places.dataset.figures, { headers: { Accept: "application/json" } });
  if (answer.ok) {
    const figures = await answer.json();
    drawPlaces(figures.towns);
    drawMonths(figures.months);
  } else {
    places.hidden = months.hidden = true; // the tables below say the same
  }
}
