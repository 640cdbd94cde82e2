// The responsibility map as a picture: one scale a cell, area by households, colour by the measure.
import { init } from "../vendor/echarts-6.1.0.esm.min.mjs";

const place = document.getElementById("map");
const key = document.getElementById("map-key");
const style = getComputedStyle(document.documentElement);
const ink = (name) => style.getPropertyValue(name).trim();
// From pale to dark: it reads without telling red from green.
const SHADES = ["#f3e3c3", "#e0b98a", "#c98560", "#a9514a", "#7a1f2b"];
const PLAIN = ink("--quiet-soft");

function draw({ scales }) {
  const values = scales.map((each) => each.value).filter((value) => value !== null);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const shade = (value) => {
    if (value === null) return PLAIN;
    const share = most > least ? (value - least) / (most - least) : 0.5;
    return SHADES[Math.min(SHADES.length - 1, Math.floor(share * SHADES.length))];
  };
  const isDark = (value) => value !== null && SHADES.indexOf(shade(value)) > 2;
  const data = scales.map((each) => ({
    name: each.name,
    value: Math.max(each.households, 0.5),
    scale: each,
    itemStyle: { color: shade(each.value) },
    label: { color: isDark(each.value) ? "#fffdf8" : "#1f1b19" },
  }));
  const chart = init(place, null, { renderer: "canvas" });
  chart.setOption({
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    tooltip: {
      renderMode: "richText",
      formatter: ({ data: { scale } }) => scale && [
        scale.name, scale.persons === scale.name ? "" : scale.persons || place.dataset.nobody,
        `${scale.households.toLocaleString()} ${place.dataset.households}`,
        `${place.dataset.measure} ${scale.shown}`,
      ].filter(Boolean).join("\n"),
    },
    series: [{
      type: "treemap", roam: false, nodeClick: false, breadcrumb: { show: false },
      width: "100%", height: "100%", left: 0, top: 0,
      itemStyle: { borderColor: ink("--surface"), borderWidth: 2, gapWidth: 2 },
      label: {
        fontFamily: ink("--font"), fontSize: 14, lineHeight: 19, overflow: "truncate",
        formatter: ({ data: { scale } }) =>
          [scale.name, scale.persons === scale.name ? "" : scale.persons, scale.shown].filter(Boolean).join("\n"),
      },
      data,
    }],
  });
  chart.on("click", ({ data: { scale } }) => {
    if (scale?.open) location.assign(scale.open);
  });
  new ResizeObserver(() => chart.resize()).observe(place);
  if (values.length) explain(scales, least, most);
  place.dataset.drawn = scales.length;
}

/** The key above the map: from the least to the most that its colours stand for. */
function explain(scales, least, most) {
  const shown = (value) => scales.find((each) => each.value === value).shown;
  const [from, to] = key.querySelectorAll("b");
  [from.textContent, to.textContent] = [shown(least), shown(most)];
  key.querySelector(".shades").append(...SHADES.map((shade) => {
    const step = document.createElement("i");
    step.style.background = shade;
    return step;
  }));
  key.hidden = false;
}

if (place) {
  await document.fonts.load(`14px ${ink("--font")}`, "户").catch(() => {});
  const answer = await fetch(place.dataset.scales, { headers: { Accept: "application/json" } });
  if (answer.ok) draw(await answer.json());
  else place.hidden = true; // the table below says the same
}
