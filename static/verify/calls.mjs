// The calls to one drawn cadre's households, replayed against the rules.

import { refuse } from "./refusal.mjs";

/**
 * Replay `facts` over the recomputed household order; `seen` collects call sids and score hashes of
 * the session, none of which may come twice. Gives {opened, completed} counts.
 */
export function replayCalls(order, facts, rules, seen) {
  const positions = new Map();
  let unfinished = 0;
  let completed = 0;

  function once(mark, word, place) {
    if (seen.has(mark)) refuse(word, place);
    seen.add(mark);
  }

  for (const line of facts) {
    const { type, body, place } = line;
    if (type === "hh_open") {
      if (completed >= rules.target) refuse("target_reached", place);
      if (order[positions.size] !== body.k) refuse("opened_out_of_order", place);
      if (unfinished >= rules.parallel) refuse("too_many_open", place, { n: rules.parallel });
      positions.set(body.k, { calls: [], hasScore: false, final: null });
      unfinished += 1;
      continue;
    }
    const position = positions.get(body.k);
    if (!position) refuse("not_opened", place);
    if (position.final) refuse("already_final", place);
    if (type === "call") {
      checkCall(line, position, rules);
      once(body.sid, "call_twice", place);
      position.calls.push(line);
    } else if (type === "score") {
      if (position.hasScore) refuse("score_twice", place);
      once(body.sha256, "same_score_twice", place);
      position.hasScore = true;
    } else {
      checkFinal(line, position, rules);
      position.final = body.code;
      unfinished -= 1;
      if (body.code === "completed") completed += 1;
    }
  }
  return { opened: positions.size, completed };
}

const isAttempt = (call) => call.body.status !== "canceled";

function checkCall({ at, body, place }, { calls }, rules) {
  if (calls.filter(isAttempt).length >= rules.attempts) refuse("too_many_attempts", place);
  if (body.attempt !== calls.length + 1) refuse("attempt_miscounted", place, { n: calls.length + 1 });
  const before = calls.at(-1);
  if (before && isAttempt(before) && at - before.at < rules.gap_s * 1000) refuse("called_too_soon", place, { s: rules.gap_s });
  if (body.talk_s && body.status !== "completed") refuse("talk_without_answer", place);
}

function checkFinal({ body, place }, { calls, hasScore }, rules) {
  const has = (status) => calls.some((call) => call.body.status === status);
  const borneOut = {
    completed: has("completed") && hasScore,
    refused: has("completed"),
    not_linked: has("completed"),
    broken_off: has("completed"),
    no_answer: calls.filter(isAttempt).length >= rules.attempts,
    invalid_number: !calls.length || has("failed"),
  };
  if (!rules.final_codes.includes(body.code)) refuse("code_not_agreed", place);
  if (hasScore && body.code !== "completed") refuse("scored_call_discarded", place);
  if (!borneOut[body.code]) refuse("code_not_borne_out", place, { code: body.code });
}
