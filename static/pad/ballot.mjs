// A seat's one vote: kept on this device until the server has acknowledged it, and not a moment less.

const TRY_FOR_MS = 8000;
const RETRY_MS = [500, 1000, 2000, 3000];

/**
 * Sends a seat's choices. Of several pressed while the network is away only the last is sent; its
 * `revision` makes a repeat harmless and an overtaken one powerless. `onChange()` is called when
 * something to show changed, `onRefused({what, remedy})` when the server said no.
 */
export class Ballot {
  #key;
  #url;
  #token = "";
  #onChange;
  #onRefused;
  #refresh;
  #own = null;
  #pending;
  #tries = 0;
  #timer = 0;
  #sending = false;

  constructor({ live, url, refresh, onChange, onRefused }) {
    this.#key = `pad-pending-${live}`;
    this.#url = url;
    this.#refresh = refresh;
    this.#onChange = onChange;
    this.#onRefused = onRefused;
    this.#pending = read(this.#key);
    addEventListener("online", () => this.#send());
  }

  /** What the server holds for this seat, and what is still on its way. */
  get choice() { return this.#pending?.choice ?? this.#own?.choice ?? null; }
  get isOpen() { return Boolean(this.#own?.open); }
  get isPending() { return this.#pending !== null; }
  get isFailing() { return this.#pending !== null && this.#tries > 0; }
  get hasVoted() { return this.#own?.revision > 0; }

  /** Take the seat's own vote from the server: what it says, holds. */
  learn(own, token) {
    this.#token = token;
    // An answer that was on its way while a vote was acknowledged is older than what we know.
    const isOld = isSameVote(own, this.#own) && own.revision < this.#own.revision;
    if (!isOld) this.#own = own;
    const pending = this.#pending;
    if (!pending) return;
    if (isSameVote(own, pending) && own.open && own.revision < pending.revision) {
      this.#send();
      return;
    }
    // It arrived and we were not told; or it never will, since the vote is over or overtaken.
    const arrived = isSameVote(own, pending) && own.revision === pending.revision
      && (own.choice === null || own.choice === pending.choice);
    this.#keep(null);
    if (!arrived) this.#onRefused(null);
  }

  /** Choose. Pressing what is chosen already changes nothing. */
  press(choice) {
    if (!this.isOpen || choice === this.choice) return;
    const { j, opening, revision } = this.#own;
    const last = Math.max(revision, this.#pending?.revision ?? 0);
    this.#keep({ j, opening, choice, revision: last + 1 });
    this.#tries = 0;
    this.#send();
  }

  /** Try again now: the network seems to be back. */
  retry() {
    if (this.isFailing) this.#send();
  }

  async #send() {
    if (this.#sending || !this.#pending) return;
    clearTimeout(this.#timer);
    this.#sending = true;
    const sent = this.#pending;
    const answer = await this.#post(sent);
    this.#sending = false;
    if (answer === null) {
      this.#timer = setTimeout(() => this.#send(), RETRY_MS[Math.min(this.#tries, RETRY_MS.length - 1)]);
      this.#tries += 1;
      this.#onChange();
      return;
    }
    this.#tries = 0;
    if (answer.ok) this.#acknowledge(answer.body, sent);
    else await this.#refused(answer.body, sent);
  }

  /** Post a vote; null means that nobody knows whether it arrived. */
  async #post(vote) {
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: {
          "Accept": "application/json",
          "Content-Type": "application/json",
          "X-CSRFToken": this.#token,
        },
        body: JSON.stringify(vote),
        signal: AbortSignal.timeout(TRY_FOR_MS),
      });
      if (response.status >= 500 || response.status === 429) return null;
      const body = await response.json();
      if (body.code !== "csrf") return { ok: response.ok, body };
      await this.#refresh(); // the page's token grew old: learn() gets a new one
      return null;
    } catch {
      return null;
    }
  }

  #acknowledge(kept, sent) {
    this.#own = { ...this.#own, choice: kept.choice, revision: kept.revision };
    if (this.#pending?.revision === sent.revision) this.#keep(null);
    else this.#send(); // another button was pressed meanwhile
    this.#onChange();
  }

  async #refused(error, sent) {
    if (this.#pending?.revision === sent.revision) this.#keep(null);
    this.#onRefused(error);
    await this.#refresh();
  }

  #keep(pending) {
    this.#pending = pending;
    try {
      if (pending) localStorage.setItem(this.#key, JSON.stringify(pending));
      else localStorage.removeItem(this.#key);
    } catch {
      // Private browsing without storage: a reload forgets what is on its way, and shows so.
    }
    this.#onChange();
  }
}

function isSameVote(one, other) {
  return Boolean(one && other && one.j === other.j && one.opening === other.opening);
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}
