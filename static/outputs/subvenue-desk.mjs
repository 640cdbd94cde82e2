// The desk of a sub-venue: what it reports is kept on this device and told anew at every connection.

import { block, h, hear, say } from "../live/dom.mjs";
import * as parts from "../live/parts.mjs";
import { screen } from "../live/screen.mjs";

const config = block("config");
const part = (id) => document.getElementById(id);
const SIGNS = ["picture", "sound", "asks"];
const KEPT = `evalsys-subvenue-${config.live}-${config.screen.name}`;

const report = { present: 0, picture: false, sound: false, asks: false, ...kept() };
const store = screen({ onView: show, report: () => report, onEntered: (entered) => { part("told").textContent = say(entered ? "venue_told" : "venue_untold"); } });

part("present").value = report.present;
part("present").addEventListener("input", (event) => {
  if (event.target.validity.valid && event.target.value !== "") tell({ present: Number(event.target.value) });
});
for (const sign of SIGNS) part(sign).addEventListener("click", () => tell({ [sign]: !report[sign] }));
part("report").addEventListener("submit", (event) => event.preventDefault());
press();

function tell(change) {
  Object.assign(report, change);
  try {
    localStorage.setItem(KEPT, JSON.stringify(report));
  } catch {
    // A device that keeps nothing tells it all the same.
  }
  press();
  part("told").textContent = say("venue_untold");
  store.enter();
}

function press() {
  for (const sign of SIGNS) part(sign).setAttribute("aria-pressed", String(report[sign]));
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

function show(view) {
  hear(view.kind);
  part("phase").textContent = say(`phase_${view.aborted ? "aborted" : view.phase}`);
  part("slot").textContent = parts.slot(view);
  part("now").replaceChildren(view.round ? parts.cadre(view.round) : h("p", { class: "muted" }, say("stage_soon")));
}
