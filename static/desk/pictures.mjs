// The pictures: what is dark, held or behind the card, and how late the web comes.

import { h, say } from "../live/dom.mjs";

/** Show the panel; `act` sends an act of show control. */
export function picturePanel({ halt, outputs, single, web }, { config, act }) {
  let shown = "";
  let there = [];
  let last = null;

  function show(view, who) {
    const { isDirector, mayStop } = who;
    last = { view, who };
    showSingle();
    const { dark, card, held } = view.control;
    const { delay_s: delay, web_stands: stands, dumped } = view.desk;
    const key = JSON.stringify([dark, card, held, delay, stands, dumped, isDirector, mayStop]);
    if (key === shown || web.contains(document.activeElement)) return;
    shown = key;
    const all = dark.length === config.outputs.length;
    halt.replaceChildren(
      toggle("t", card ? "remove_card" : "card", Boolean(card), { isDirector, mayStop }, () => pauseCard(view)),
      toggle("h", held ? "resume" : "hold", held, { isDirector, mayStop }, () => hold(view)),
      toggle("b", all ? "light_all" : "dark_all", all, { isDirector, mayStop }, () => blackout(view)),
      h("button", { class: "btn btn-danger", type: "button", disabled: !mayStop, onclick: () => act("dump", { why: "" }) }, say("dump"), h("kbd", {}, "X")));
    outputs.replaceChildren(...config.outputs.map((output, i) => {
      const isDark = dark.includes(output);
      return h("li", {}, h("button", {
        class: isDark ? "btn is-on" : "btn", type: "button", "aria-pressed": String(isDark), disabled: isDark ? !isDirector : !mayStop,
        onclick: () => one(view, i),
      }, h("span", {}, say(`output_${output}`), isDark ? ` · ${say("is_dark")}` : ""), h("kbd", {}, String(i + 1))));
    }));
    web.replaceChildren(
      h("form", { onsubmit: (event) => { event.preventDefault(); document.activeElement.blur(); act("set_delay", { seconds: event.target.seconds.value }); } },
        h("label", { class: "row" }, say("delay"), h("input", { name: "seconds", type: "number", min: 0, max: 600, value: delay, disabled: !isDirector })),
        h("button", { class: "btn", disabled: !isDirector }, say("set"))),
      h("p", { class: "small muted" }, stands ? say("web_stands") : delay ? say("web_late", { s: delay }) : say("web_now")));
  }

  /** Screen by screen: those that are there, and those that are dark and away. */
  function showSingle() {
    if (!last) return;
    const { isDirector, mayStop } = last.who;
    const dark = last.view.desk.dark_screens;
    const same = (one) => (other) => one.kind === other.kind && one.name === other.name;
    const all = [...there, ...dark.filter((one) => !there.some(same(one)))];
    const key = JSON.stringify([all, dark, isDirector, mayStop]);
    if (single.dataset.now === key) return;
    single.dataset.now = key;
    single.hidden = all.length === 0;
    single.querySelector("summary").textContent = dark.length ? say("single_dark", { n: dark.length }) : say("single", { n: all.length });
    single.querySelector("ul").replaceChildren(...all.map((one) => {
      const isDark = dark.some(same(one));
      return h("li", {}, h("button", {
        class: isDark ? "btn is-on" : "btn", type: "button", "aria-pressed": String(isDark), disabled: isDark ? !isDirector : !mayStop,
        onclick: () => act(isDark ? "light_screen" : "darken_screen", one),
      }, h("span", {}, one.name, " ", h("small", {}, say(`screen_${one.kind}`)), isDark ? ` · ${say("is_dark")}` : "")));
    }));
  }

  /** Take note of the screens that are there now. */
  function screens(told) {
    there = told;
    showSingle();
  }

  function toggle(key, word, isOn, { isDirector, mayStop }, press) {
    return h("button", { class: isOn ? "btn is-on" : "btn", type: "button", "aria-pressed": String(isOn), disabled: isOn ? !isDirector : !mayStop, onclick: press },
      say(word), h("kbd", {}, key.toUpperCase()));
  }

  const pauseCard = (view) => act(view.control.card ? "remove_card" : "show_card", { words: "" });
  const hold = (view) => act(view.control.held ? "resume" : "hold");
  const blackout = (view) => act(view.control.dark.length === config.outputs.length ? "light" : "darken", { outputs: "all" });
  const one = (view, i) => config.outputs[i] && act(view.control.dark.includes(config.outputs[i]) ? "light" : "darken", { outputs: [config.outputs[i]] });

  return { show, screens, pauseCard, hold, blackout, one };
}
