// The plan of the show: when it starts, how long each part takes, what the host says at its start.

import { h, say } from "../live/dom.mjs";

/** The form; `save` gets its fields. */
export function planForm(rundown, config, save) {
  const planned = Object.fromEntries(rundown.cues.map((cue) => [cue.phase, cue]));
  const starts = rundown.starts_at ? local(rundown.starts_at, config.zone) : "";
  return h("form", {
    class: "desk-pad plan-form",
    onsubmit: (event) => {
      event.preventDefault();
      const typed = new FormData(event.target);
      const day = typed.get("starts_at");
      save({
        starts_at: day ? `${day}:00${config.zone}` : "",
        lines: Object.keys(config.usual_seconds).map((phase) => ({ phase, seconds: typed.get(`${phase}.seconds`), words: typed.get(`${phase}.words`) })),
      });
    },
  },
  h("h3", {}, say("plan_rundown")),
  h("label", { class: "row" }, h("span", {}, say("starts_at")), h("input", { name: "starts_at", type: "datetime-local", value: starts })),
  Object.entries(config.usual_seconds).map(([phase, usual]) => h("div", { class: "line" },
    h("span", {}, say(`cue_${phase}`)),
    h("input", { name: `${phase}.seconds`, type: "number", min: 0, max: 14400, required: true, value: planned[phase]?.planned_s ?? usual, "aria-label": `${say(`cue_${phase}`)} ${say("cue_seconds")}` }),
    h("input", { name: `${phase}.words`, maxlength: 200, value: planned[phase]?.words ?? "", placeholder: say("cue_words"), "aria-label": `${say(`cue_${phase}`)} ${say("cue_words")}` }))),
  h("button", { class: "btn btn-primary" }, say("save")));
}

/** An instant as the clock on the county's wall shows it, for an input. */
function local(iso, zone) {
  const [hours, rest] = [Number(zone.slice(1, 3)), Number(zone.slice(4, 6))];
  const offset = (zone[0] === "-" ? -1 : 1) * (hours * 60 + rest) * 60000;
  return new Date(Date.parse(iso) + offset).toISOString().slice(0, 16);
}
