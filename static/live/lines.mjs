// The console's panel of lines: every telephone by its place in the drawn order, one key each act.

import { h, say } from "./dom.mjs";

const ON_STAGE = ["taken", "on_air", "cut", "leaving"];
const LIVE = ["placed", "ringing", "in-progress"];
/** What a lamp says of a line: its colour is red only while the hall hears it. */
const LAMPS = { on_air: "red", cut: "yellow", taken: "yellow", leaving: "yellow", willing: "green" };

/** Tie the panel to its place on the page; `steer` sends an action, `mayAct` and `mayCut` say who looks. */
export function linesPanel(place, { mayAct, mayCut, steer }) {
  const list = place.querySelector("ol");
  const controls = place.querySelector(".line-controls");
  const state = place.querySelector("[role=status]");
  let keys = {};
  let trouble = "";
  let feeds = false;
  let delay = 0;
  let shown = null;

  function show(view) {
    shown = view;
    const phases = ["answering", "calling", "voting", "tallied", "judged"];
    place.hidden = !phases.includes(view.phase);
    if (place.hidden) { keys = {}; return; }
    keys = {};
    const stage = view.stage;
    const staged = stage.legs.find((leg) => ON_STAGE.includes(leg.air));
    controls.replaceChildren(...[...hall(stage), ...feed(stage), ...cadre(view), ...offer(view), ...air(staged)].filter(Boolean));
    list.replaceChildren(...stage.legs.map((leg) => row(leg, stage)));
    place.querySelector(".empty").hidden = stage.legs.length > 0;
    state.textContent = told(stage, staged);
    place.classList.toggle("is-on-air", staged?.air === "on_air");
  }

  function told(stage, staged) {
    if (trouble) return say(`stage_${trouble}`);
    if (staged?.air === "cut" && staged.dumped) return say(delay ? "air_now_cut_emptied" : "air_now_cut_dumped", { place: staged.place, seconds: delay });
    if (staged) return say(`air_now_${staged.air}`, { place: staged.place });
    if (stage.next) return say("air_now_next", { place: stage.legs.find((leg) => leg.k === stage.next).place });
    return say(stage.offered ? "air_now_offered" : "air_now_off");
  }

  function hall(stage) {
    if (trouble) return [];
    const line = stage.lines.find((one) => one.role === "hall");
    return lineControl("hall", line, "h");
  }

  function feed(stage) {
    if (trouble || !feeds) return [];
    return lineControl("feed", stage.lines.find((one) => one.role === "feed"), "v");
  }

  function cadre(view) {
    if (trouble || view.round?.presence !== "by_phone") return [];
    return lineControl("cadre", view.stage.lines.find((one) => one.role === "cadre"), "g");
  }

  function lineControl(role, line, key) {
    const isLive = line && LIVE.includes(line.status);
    const lamp = h("span", { class: `lamp lamp-${line?.status === "in-progress" ? "green" : "grey"}` },
      say(`line_${role}_${isLive ? standing(role, line) : "off"}`, { seconds: delay }));
    if (!mayAct) return [lamp];
    return [lamp, isLive
      ? button("", say("line_hang_up"), { action: "hang_up_line", role }, "btn-quiet")
      : button(key, say(`line_call_${role}`), { action: "call_line", role }, "")];
  }

  function standing(role, line) {
    const isFed = role === "feed" && line.status === "in-progress" && !delay;
    return line.status.replace("-", "_") + (isFed ? "_at_once" : "");
  }

  function offer(view) {
    if (!mayAct || trouble || !["answering", "calling"].includes(view.phase) || view.round.calls_end) return [];
    return [view.stage.offered
      ? button("l", say("air_end_offer"), { action: "end_offer" }, "")
      : button("l", say("air_offer"), { action: "offer" }, "")];
  }

  function air(staged) {
    if (!staged) return [];
    const isCut = staged.air === "cut";
    return [
      mayCut && !(isCut && staged.dumped) && button("x", say("air_dump"), { action: "dump" }, "btn-danger"),
      mayCut && !isCut && button("c", say("air_cut"), { action: "cut" }, "btn-danger"),
      mayAct && isCut && button("b", say("air_resume"), { action: "resume" }, ""),
      mayAct && staged.air !== "leaving" && button("o", say("air_release"), { action: "release" }, "")];
  }

  function row(leg, stage) {
    const lamp = LAMPS[leg.air] ?? "grey";
    return h("li", { class: `leg ${leg.air || "plain"}` },
      h("b", {}, say("place", { place: leg.place })),
      h("span", {}, say(`leg_${leg.status.replace("-", "_")}`)),
      h("span", { class: `lamp lamp-${lamp}` }, say(leg.air === "cut" ? "air_cut_short" : `air_${leg.air || "none"}`)),
      h("span", { class: "muted small" }, leg.scored ? say("scored") : ""),
      h("span", { class: "row" },
        mayAct && stage.next === leg.k && button("t", say("air_take"), { action: "take", k: leg.k }, "btn-primary"),
        mayAct && button("", say("line_hang_up"), { action: "hang_up", k: leg.k }, "btn-quiet")));
  }

  function button(key, label, action, kind) {
    const act = () => steer(action);
    if (key) keys[key] = act;
    return h("button", { class: `btn ${kind}`, type: "button", onclick: act }, label, key ? h("kbd", {}, key.toUpperCase()) : null);
  }

  return {
    show,
    keys: () => keys,
    /** What the installation has for calls on stage, and lacks; asked for with the house. */
    house(stage) {
      if (stage.trouble === trouble && stage.feeds === feeds && stage.delay_s === delay) return;
      [trouble, feeds, delay] = [stage.trouble, stage.feeds, stage.delay_s];
      if (shown) show(shown);
    },
  };
}
