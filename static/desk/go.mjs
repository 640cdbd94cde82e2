// STANDBY, the second key and GO: two presses for what matters, two people for what cannot be undone.

import { h, hearsProgrammes, isAssembly, say, write } from "../live/dom.mjs";

const HOLD_MS = 1500;
/** How wide an output's own page is, before it is made as small as its frame. */
const OUTPUT_PX = 1920;
const VERDICTS = ["confirmed", "not_done", "accounts_differ", "faked_suspected"];

const fitting = new ResizeObserver((frames) => {
  for (const { target } of frames) target.firstChild.style.transform = `scale(${target.clientWidth / OUTPUT_PX})`;
});

/** The steps that may be set on standby in this picture, the usual one first. */
export function stepsOf(view) {
  const { phase } = view;
  const act = view.ceremony.act;
  if (isAssembly()) return stepsOfAssembly(view, act);
  const end = ["planned", "frozen", "closed", "sealed"].includes(phase) ? [] : ["abort"];
  const name = hearsProgrammes() ? [] : ["name_cadre"];
  const draw = act === "read_back" ? ["confirm_dice"] : act === "draw" || (view.rehearsal && act === "cups") ? ["draw_next"] : [];
  const steps = {
    frozen: view.manifest_sha256 ? ["open_ceremony"] : [],
    ceremony: act === "read_back" ? ["confirm_dice"] : [],
    seeded: [...draw, ...name],
    drawn: hearsProgrammes() ? ["open_calls"] : [],
    answering: ["open_calls"],
    calling: view.round?.calls_end ? ["open_vote"] : [],
    voting: ["close_vote"],
    tallied: ["give_verdict"],
    judged: view.next_stratum ? [...draw, ...name] : ["close", ...name],
    closed: ["seal"],
  };
  return [...(steps[phase] ?? []), ...end];
}

function stepsOfAssembly(view, act) {
  const { phase, round } = view;
  const answered = round && (round.pledges.length || round.issue.left);
  const on = round && round.j === view.agenda.issues.length ? "close" : "call_issue";
  const steps = {
    frozen: ["open_ceremony", null],
    ceremony: act === "read_back" ? ["confirm_dice", "abort"] : ["abort"],
    seeded: ["call_issue", "abort"],
    answering: ["abort"],
    judged: [answered && on, round?.pledges.length && !round.votes && "open_vote", "abort"],
    voting: ["close_vote", "abort"],
    tallied: [answered && on, "abort"],
    closed: ["seal"],
  };
  return (steps[phase] ?? []).filter(Boolean);
}

/**
 * The panel of what is armed. `act` sends an act of show control, `go` carries a step out; `seen`
 * tells which step of the show the director saw when arming it.
 */
export function standbyPanel(place, { config, act, go }) {
  let key = "";
  let verdict = "";
  let seen = 0;

  function show(view, { isDirector }) {
    const armed = view.desk.standby;
    const next = armed ? JSON.stringify([armed, isDirector, view.step]) : "";
    if (next === key) return;
    const before = key ? JSON.parse(key)[0] : null;
    key = next;
    if (!armed) { place.replaceChildren(); return; }
    if (before?.step !== armed.step || before?.ends_at !== armed.ends_at) {
      verdict = view.suggested ?? "";
      seen = view.step;
    }
    place.replaceChildren(panel(view, armed, isDirector));
  }

  function panel(view, armed, isDirector) {
    const irreversible = config.irreversible.includes(armed.step);
    const mine = isDirector && armed.by === config.me;
    return h("div", { class: `armed${irreversible ? " is-irreversible" : ""}` },
      h("p", { class: "what" }, h("span", {}, say("standby_of", { step: say(`go_${armed.step}`) })), h("span", { class: "digits", "data-ends": armed.ends_at })),
      frames(armed.step),
      h("p", { class: "preview" }, say(`preview_${armed.step}`), " ", view.desk.delay_s ? say("preview_late", { s: view.desk.delay_s }) : null),
      h("p", { class: "muted" }, say("standby_by", { name: armed.by })),
      armed.needs_key ? h("p", { class: `key${armed.second_key ? " is-turned" : ""}` }, say(armed.second_key ? "key_turned" : "key_missing", { name: armed.second_key })) : null,
      mine && armed.step === "give_verdict" ? choices() : null,
      mine && armed.step === "abort" ? reasons() : null,
      mine && armed.step === "name_cadre" ? h("p", {}, say("name_at_console"), " ", h("a", { class: "btn", href: config.console_url, target: "_blank" }, say("to_console"))) : null,
      mine && armed.step !== "name_cadre" ? goButton(armed, irreversible) : null,
      !mine && armed.needs_key && !armed.second_key && armed.by !== config.me ? keyButton(armed) : null);
  }

  /** Small true pictures of what GO will put on the stage and over the cameras; or why GO will be refused. */
  function frames(step) {
    const shown = h("div", { class: "previews", "aria-hidden": "true" });
    const wanted = `?${new URLSearchParams({ step, verdict, motion: "off", bg: "23414a" })}`;
    fetch(config.foreseen_url + wanted, { headers: { Accept: "application/json" } }).then(async (answer) => {
      const told = await answer.json();
      if (!answer.ok) {
        shown.replaceWith(h("p", { class: "refused" }, say("go_refused"), (told.error ?? told).what));
        return;
      }
      shown.replaceChildren(...config.preview_urls.map((url) => h("div", { class: "frame" },
        h("iframe", { src: url + wanted, tabindex: -1, title: say("preview_frame") }))));
      for (const frame of shown.children) fitting.observe(frame);
    }).catch(() => shown.remove()); // the words below say it too
    return shown;
  }

  function choices() {
    return h("div", { class: "choices" }, VERDICTS.map((word, i) => h("button", {
      class: "btn", type: "button", "aria-pressed": String(word === verdict), onclick: () => choose(word),
    }, say(`verdict_${word}`), h("kbd", {}, String(i + 1)))));
  }

  function choose(word) {
    verdict = word;
    for (const [i, button] of [...place.querySelectorAll(".choices .btn")].entries()) button.setAttribute("aria-pressed", String(VERDICTS[i] === word));
    const button = place.querySelector(".go");
    if (button) button.disabled = false;
    place.querySelector(".previews")?.replaceWith(frames("give_verdict"));
  }

  function reasons() {
    return h("label", { class: "row" }, h("span", {}, say("abort_why")), h("select", { class: "input", name: "reason", onchange: (event) => {
      place.querySelector(".go").disabled = !event.target.value;
    } }, h("option", { value: "" }, say("choose")), Object.entries(config.abort_reasons).map(([reason, words]) => h("option", { value: reason }, words))));
  }

  function goButton(armed, irreversible) {
    const waits = (armed.needs_key && !armed.second_key) || (armed.step === "give_verdict" && !verdict) || armed.step === "abort";
    return button("GO", "Space", irreversible, () => go({ command: armed.step, expect: seen, ...(fields(armed.step)) }), waits);
  }

  function keyButton(armed) {
    return button(say("turn_key"), "K", true, () => act("turn_key", { step: armed.step }), false);
  }

  function fields(step) {
    if (step === "give_verdict") return { verdict };
    return step === "abort" ? { reason: place.querySelector("select").value } : {};
  }

  /** A button to press, or to hold for a second and a half. */
  function button(label, keyName, held, done, disabled) {
    const made = h("button", { class: "go", type: "button", disabled, "data-hold": held ? HOLD_MS : 0 },
      h("i", { class: "fill" }), h("span", {}, held ? say("hold_to", { what: label }) : label, " ", h("kbd", {}, keyName)));
    let timer = 0;
    made.press = () => {
      if (made.disabled || timer) return;
      if (!held) { done(); return; }
      made.classList.add("is-held");
      timer = setTimeout(() => { made.release(); done(); }, HOLD_MS);
    };
    made.release = () => {
      clearTimeout(timer);
      timer = 0;
      made.classList.remove("is-held");
    };
    made.addEventListener("pointerdown", made.press);
    for (const gone of ["pointerup", "pointerleave", "pointercancel", "blur"]) made.addEventListener(gone, made.release);
    return made;
  }

  function tick(now) {
    const clock = place.querySelector("[data-ends]");
    if (!clock) return;
    const left = Math.ceil((Date.parse(clock.dataset.ends) - now) / 1000);
    if (left > 0) write(clock, say("seconds", { s: left }));
    else { key = ""; place.replaceChildren(h("p", { class: "muted" }, say("standby_over"))); }
  }

  return {
    show, tick,
    press: () => place.querySelector(".go")?.press(),
    release: () => place.querySelector(".go")?.release(),
    verdict: (i) => { if (place.querySelector(".choices") && VERDICTS[i]) choose(VERDICTS[i]); },
    isArmed: () => Boolean(place.querySelector(".armed")),
  };
}
