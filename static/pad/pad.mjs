// The panel's pad: who is judged, three buttons, and the truth about whether the vote is kept.

import { curtain } from "../live/curtain.mjs";
import { block, dotted, refused, say } from "../live/dom.mjs";
import { follow } from "../live/store.mjs";
import { Ballot } from "./ballot.mjs";
import { proposing } from "./propose.mjs";

const config = block("config");
const part = (id) => document.getElementById(id);
const buttons = [...document.querySelectorAll("[data-choice]")];

/** Names of more characters than this are set smaller. */
const LONG_NAME = 6;
const ASK_AGAIN_MS = 1500;

let view = null;
let ownOf = ""; // the stage of which we know our own vote
let again = 0;
let refusal = "";
let token = "";
const cover = curtain("pads", { atHome: true });

const ballot = new Ballot({
  live: config.live,
  url: config.vote_url,
  refresh,
  onChange: show,
  onRefused(error) {
    refusal = error ? refused(error) : say("not_counted");
    show();
  },
});

const proposal = proposing(part("propose"), { url: config.propose_url, refresh });

/** Ask for the picture with our own vote; a push brings the picture only. */
async function refresh() {
  try {
    const answer = await fetch(config.view_url, { headers: { Accept: "application/json" } });
    if (answer.status === 403) location.reload(); // the card was replaced: the page says what to do
    if (answer.ok) take(await answer.json());
  } catch {
    setLink("dead");
  }
  clearTimeout(again);
  if (ownOf !== stage(view)) again = setTimeout(refresh, ASK_AGAIN_MS);
}

function take(next) {
  if (view && next.seq < view.seq) return;
  const isNews = !view || stage(next) !== stage(view);
  if (isNews && view) refusal = "";
  view = next;
  if (next.own !== undefined) {
    ownOf = stage(next);
    token = next.csrf_token;
    ballot.learn(next.own, next.csrf_token);
    proposal.learn(next.proposals, next.csrf_token);
  } else if (isNews) {
    refresh();
  }
  show();
}

/** What decides which vote this is: a push that changes it makes us ask for our own vote. */
function stage(picture) {
  return `${picture.phase} ${picture.round?.j ?? 0} ${picture.vote_open} ${picture.round?.chair ?? ""}`;
}

function state() {
  const name = ballot.choice && say(ballot.choice);
  const is = (key, detail = `${key}_detail`) => ({ key, name, detail: say(detail) });
  if (["closed", "sealed"].includes(view.phase)) return is("over");
  if (config.is_chair) return chair(is);
  if (!config.may_vote) return is("media");
  if (ballot.isFailing) return is("unsaved");
  if (ballot.isPending) return is("sending");
  if (view.vote_open) return name ? is("voted") : is("vote");
  if (view.round?.issue && !view.round.counted) return is("wait");
  if (["tallied", "judged"].includes(view.phase)) {
    return is("ended", ballot.hasVoted ? "ended_voted_detail" : "ended_detail");
  }
  return is("wait");
}

/** The chair speaks once the panel's count is public, and the last of all. */
function chair(is) {
  const said = view.round?.chair;
  if (said) return { ...is("chair_said"), name: say(said) };
  return is(mayDeclare() ? "chair_say" : "chair_wait");
}

function mayDeclare() {
  return config.is_chair && Boolean(view.round?.counted) && !view.round.chair && ["tallied", "judged"].includes(view.phase);
}

async function declare(choice) {
  try {
    const answer = await fetch(config.declare_url, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ choice }),
    });
    const body = await answer.json();
    if (!answer.ok) refusal = refused(body);
  } catch {
    refusal = say("not_counted");
  }
  refresh();
}

function show() {
  if (!view) return;
  cover(view.control);
  const { key, name, detail } = state();
  document.body.dataset.state = { chair_say: "vote", chair_said: "voted", chair_wait: "wait" }[key] ?? key;
  part("state").textContent = say(key, { choice: name ?? "" });
  part("detail").textContent = detail;
  part("refusal").hidden = !refusal;
  part("refusal").textContent = refusal;
  showSubject(view.round);
  const mayPress = config.is_chair ? mayDeclare() : view.vote_open && ballot.isOpen;
  const chosen = config.is_chair ? view.round?.chair : view.vote_open ? ballot.choice : null;
  for (const button of buttons) {
    button.disabled = !mayPress;
    const isChosen = button.dataset.choice === chosen;
    button.setAttribute("aria-pressed", String(isChosen));
    button.classList.toggle("is-pending", isChosen && ballot.isPending);
  }
}

function showSubject(round) {
  part("subject").hidden = !round;
  if (!round) return;
  part("slot").textContent = round.naming ? say("naming") : say(round.issue ? "slot_issue" : "slot", { j: round.j });
  part("number").textContent = round.issue ? round.issue : say("number", { cadre: round.cadre });
  part("name").replaceChildren(...dotted(round.name || say("no_name")));
  part("name").classList.toggle("is-long", [...(round.name ?? "")].length > LONG_NAME);
  part("naming").hidden = !round.naming;
  part("naming").textContent = round.naming ? say("naming_by", round.naming) : "";
  part("place").textContent = [round.unit, round.post].filter(Boolean).join(" · ");
}

function setLink(next) {
  part("link").dataset.link = next;
  part("link").textContent = say(`link_${next}`);
}

for (const button of buttons) {
  button.addEventListener("click", () => {
    refusal = "";
    if (config.is_chair) declare(button.dataset.choice);
    else ballot.press(button.dataset.choice);
  });
}

take(block("view"));
follow({
  live: config.live,
  audience: "pad",
  url: config.view_url,
  onView(next) {
    ballot.retry();
    take(next);
  },
  onCurtain: cover,
  onLink(isAlive) {
    setLink(isAlive === true ? "alive" : isAlive || "dead");
    if (isAlive === true) refresh();
  },
});
addEventListener("online", refresh);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
