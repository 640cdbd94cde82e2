// The cue list: planned against actual, and the clock that says how far over or under the show is.

import { h, say, write } from "../live/dom.mjs";

/** Minutes and seconds, with a sign where it is given. */
export function minutes(seconds, sign = "") {
  const s = Math.abs(Math.trunc(seconds));
  return `${sign}${Math.trunc(s / 60)}:${String(s % 60).padStart(2, "0")}`;
}

/** Show the list; the part that is on stays in sight. */
export function cueList(place, zone) {
  let shown = "";
  let rundown = null;

  function show(view) {
    rundown = view.desk.rundown;
    const key = JSON.stringify(rundown.cues);
    if (key === shown) return;
    shown = key;
    place.replaceChildren(...rundown.cues.map((cue) => row(cue, view)));
    place.querySelector(".now")?.scrollIntoView({ block: "center" });
  }

  function row(cue) {
    const state = cue.now ? "now" : cue.began_at ? "done" : "coming";
    const classes = ["cue", state, cue.planned ? "" : "unplanned", ["drawn", "named"].includes(cue.phase) ? "round" : ""];
    return h("li", { class: classes.filter(Boolean).join(" "), "aria-current": cue.now ? "step" : null },
      h("i", { class: "mark", "aria-hidden": "true" }, { now: "▶", done: "✓", coming: "" }[state]),
      h("b", { "data-note": say("cue_unplanned") }, title(cue)),
      h("span", { class: "planned muted" }, cue.planned ? minutes(cue.planned_s) : "–"),
      h("span", { class: `actual${cue.planned && cue.actual_s > cue.planned_s ? " late" : ""}` }, cue.began_at && !cue.now ? minutes(cue.actual_s) : ""),
      cue.words && (cue.now || !cue.began_at) ? h("span", { class: "words" }, cue.words) : null);
  }

  function title({ phase, j }) {
    if (phase === "named") return say("cue_named");
    return j && j < 1001 ? say("cue_of_slot", { j, part: say(`cue_${phase}`) }) : say(`cue_${phase}`);
  }

  /** Seconds that are left of the present part; they stand still while the show is halted. */
  function left(view, now) {
    const clocks = rundown?.clocks;
    if (!clocks) return null;
    const halted = view.control.halted_since;
    // Then `ends_at` moves on with the clock: what was left when the picture was made is left.
    return (Date.parse(clocks.ends_at) - (halted ? Date.parse(view.server_time) : now)) / 1000;
  }

  /** Seconds that the show is over its plan now; negative when it is under. */
  function over(view, now) {
    const clocks = rundown?.clocks;
    if (!clocks) return null;
    const remaining = left(view, now);
    const ends = view.control.halted_since ? now.getTime() + Math.max(0, remaining) * 1000 : Math.max(now, Date.parse(clocks.ends_at));
    return (ends - Date.parse(clocks.due_at)) / 1000;
  }

  /** Bring the clocks of the desk up to `now`. */
  function tick(view, now, { overPlace, endPlace }) {
    const late = over(view, now);
    overPlace.className = late === null ? "over" : late > 5 ? "over is-over" : late < -5 ? "over is-under" : "over";
    write(overPlace, late === null ? say("over_none") : late > 5 ? say("over_by", { time: minutes(late) }) : late < -5 ? say("under_by", { time: minutes(late) }) : say("on_time"));
    const clocks = rundown?.clocks;
    const end = clocks ? Date.parse(clocks.due_at) + late * 1000 + (Date.parse(clocks.show_ends_at) - Math.max(Date.parse(clocks.ends_at), Date.parse(view.server_time))) : null;
    write(endPlace, end ? say("show_ends", { time: new Date(end).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }) }) : "");
    const running = place.querySelector(".now .actual");
    const began = rundown?.cues.find((cue) => cue.now);
    if (running && began) write(running, minutes(Math.max(0, began.planned_s - (left(view, now) ?? 0))));
  }

  return { show, left, tick };
}
