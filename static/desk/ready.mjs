// The checklist before the show: each line with its reason, its remedy, and who saw it.

import { h, say, write } from "../live/dom.mjs";

const MARKS = { ok: "✓", warn: "!", bad: "×" };
const EVERY_MS = 5000;

/** Keep the list fresh; `act` confirms what only people can see. */
export function checkList({ list, state }, { config, act, onScreens }) {
  async function look() {
    try {
      const answer = await fetch(config.ready_url, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { checks, bars, screens } = await answer.json();
      onScreens(screens);
      const bad = checks.filter((one) => one.grade === "bad" && !(bars && one.waiver?.second)).length;
      state.className = `lamp lamp-${bad ? "red" : "green"}`;
      write(state, bad ? say(bars ? "barred" : "not_ready", { n: bad }) : say("is_ready"));
      if (!list.contains(document.activeElement)) list.replaceChildren(...worstFirst(checks).map((one) => line(one, bars)));
    } catch {
      state.className = "lamp lamp-red";
      write(state, say("unreachable"));
    }
  }

  function worstFirst(checks) {
    const order = ["bad", "warn", "ok"];
    return checks.toSorted((one, other) => order.indexOf(one.grade) - order.indexOf(other.grade));
  }

  function line({ name, grade, says, remedy, item, waiver }, bars) {
    const open = item && grade !== "ok" && config.may_act;
    return h("li", { class: grade }, h("i", { "aria-label": say(`grade_${grade}`) }, MARKS[grade]), h("span", {}, says),
      open ? h("button", { class: "btn", type: "button", onclick: () => does("confirm", { item, note: "" }) }, say("confirm")) : h("span", {}),
      grade !== "ok" && remedy ? h("small", {}, remedy) : null,
      bars && grade === "bad" ? waiving(name, waiver) : null);
  }

  /** Two people may let a show begin although a check is red: one writes why, the other agrees. */
  function waiving(check, waiver) {
    if (waiver) {
      const mayAgree = !waiver.second && waiver.by !== config.me;
      return h("p", { class: "waiver" }, h("span", {}, say(waiver.second ? "waived_by_two" : "waived", waiver)),
        mayAgree ? h("button", { class: "btn", type: "button", onclick: () => does("second_waiver", { check }) }, say("second_waiver")) : null);
    }
    if (!config.may_act) return null;
    const why = h("input", { class: "input", "aria-label": say("waive_why"), placeholder: say("waive_why"), maxlength: 100, required: true });
    return h("form", { class: "waiver", onsubmit: (event) => { event.preventDefault(); does("waive", { check, why: why.value }); } },
      why, h("button", { class: "btn" }, say("waive")));
  }

  async function does(name, fields) {
    document.activeElement.blur();
    await act(name, fields);
    look();
  }

  look();
  setInterval(look, EVERY_MS);
}
