// Proposing to name a cadre from a seat; nobody but the operator sees it until it is taken.

import { h, refused, say } from "../live/dom.mjs";

/** Wires the form in `place`; `refresh()` asks for the picture anew. */
export function proposing(place, { url, refresh }) {
  const form = place.querySelector("form");
  const told = place.querySelector(".pad-told");
  const list = place.querySelector(".pad-proposals");
  let token = "";

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    told.textContent = "";
    try {
      const answer = await fetch(url, {
        method: "POST",
        headers: { "Accept": "application/json", "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify(Object.fromEntries(new FormData(form))),
      });
      const body = await answer.json();
      told.textContent = answer.ok ? say("proposed") : refused(body);
      if (answer.ok) form.reset();
    } catch {
      told.textContent = say("not_proposed");
    }
    button.disabled = false;
    refresh();
  });

  return {
    learn(proposals, fresh) {
      token = fresh;
      list.replaceChildren(...proposals.map((one) => h("li", { class: one.answer },
        h("b", {}, one.cadre), " ", one.reason, " — ", say(`proposal_${one.answer}`, { why: one.why }))));
    },
  };
}
