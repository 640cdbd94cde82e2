// The short messages of the numbers that this page holds, or was called as: shown, read, and written.

import { spaced } from "./number.mjs";
import { beep } from "./sound.mjs";
import { mailOf, write } from "./wire.mjs";
import { tongue } from "./words.mjs";

const LINK = /https?:\/\/[^\s，。；！？、）》”]+/g;
const NEWS_MS = 8000;
const at = (id) => document.getElementById(id);

/** Which of the messages that are shown were read in this window. */
const read = {
  get: () => new Set(JSON.parse(sessionStorage.getItem("read") ?? "[]")),
  set: (sids) => sessionStorage.setItem("read", JSON.stringify(sids)),
};

export class Mail {
  #known = "";
  #numbers = [];
  #messages = [];
  #phase = "";
  #hides = null;

  constructor(phone) {
    this.phone = phone;
    at("letters").addEventListener("click", () => this.open(!this.isOpen));
    at("news").addEventListener("click", () => this.open(true));
    at("shut").addEventListener("click", () => this.open(false));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.isOpen) this.open(false);
    });
    at("write").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  get isOpen() {
    return !at("mail").hidden;
  }

  /** Look again when a view says that something changed; a call that rings comes first. */
  follow(view) {
    const rings = view.phase === "ringing" && this.#phase !== "ringing";
    this.#phase = view.phase;
    at("letters").hidden = !view.mail || view.mail.startsWith(" ");
    if (at("letters").hidden || rings) this.open(false);
    if (view.mail && view.mail !== this.#known) {
      const isFirst = this.#numbers.join() !== view.mail.split(" ")[0];
      this.#known = view.mail;
      this.#look(isFirst);
    }
  }

  open(isOpen) {
    at("mail").hidden = !isOpen;
    at("letters").setAttribute("aria-expanded", String(isOpen));
    at("news").hidden = true;
    if (!isOpen) return;
    this.#render();
    at("mails").lastElementChild?.scrollIntoView({ block: "end" });
    at("mails").focus({ preventScroll: true });
  }

  async #look(isFirst) {
    const found = await mailOf();
    if (!found) {
      this.#known = "";
      return;
    }
    const before = new Set(this.#messages.map((each) => each.sid));
    this.#numbers = found.numbers;
    this.#messages = found.messages;
    const fresh = found.messages.filter((each) => !each.is_mine && !before.has(each.sid));
    const last = found.messages.findLast((each) => !each.is_mine);
    at("write").hidden = !(found.may_write && last);
    at("write").dataset.to = last?.with ?? "";
    at("write").dataset.as = last?.as ?? "";
    at("write_to").textContent = spaced(last?.with ?? "");
    this.#render();
    if (!isFirst && fresh.length && !this.isOpen) this.#tell(fresh.at(-1).text);
  }

  #tell(text) {
    at("news_text").textContent = text;
    at("news").hidden = false;
    if (!["ringing", "talking"].includes(this.#phase)) beep();
    clearTimeout(this.#hides);
    this.#hides = setTimeout(() => (at("news").hidden = true), NEWS_MS);
  }

  #render() {
    const theirs = this.#messages.filter((each) => !each.is_mine).map((each) => each.sid);
    if (this.isOpen) read.set(theirs);
    const known = read.get();
    const unread = theirs.filter((sid) => !known.has(sid)).length;
    at("unread").textContent = unread;
    at("unread").hidden = !unread;
    at("no_mail").hidden = this.#messages.length > 0;
    at("mails").hidden = !this.#messages.length;
    at("mails").replaceChildren(...this.#messages.map((each) => shown(each, this.#numbers.length > 1)));
    if (this.isOpen) at("mails").lastElementChild?.scrollIntoView({ block: "end" });
  }

  async #send() {
    const text = at("letter").value.trim();
    if (!text) return;
    const { as, to } = at("write").dataset;
    const isSent = await write(as, to, text);
    at("unsent").hidden = isSent;
    if (isSent) at("letter").value = "";
  }
}

/** One message; `named` says besides which of our numbers it is about. */
function shown(message, named) {
  const item = document.createElement("li");
  item.classList.toggle("mine", message.is_mine);
  const when = document.createElement("time");
  when.dateTime = message.at;
  when.textContent = new Date(message.at).toLocaleTimeString(tongue(), { hour: "2-digit", minute: "2-digit" });
  const head = document.createElement("p");
  head.className = "from";
  head.append(message.is_mine ? "" : spaced(message.with), named ? ` → ${spaced(message.is_mine ? message.with : message.as)}` : "", " ", when);
  const text = document.createElement("p");
  text.append(...linked(message.text));
  item.append(head, text);
  return item;
}

/** The pieces of a text, its addresses as links that open beside the handset. */
function linked(text) {
  const pieces = [];
  let end = 0;
  for (const found of text.matchAll(LINK)) {
    const link = document.createElement("a");
    link.href = link.textContent = found[0];
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    pieces.push(text.slice(end, found.index), link);
    end = found.index + found[0].length;
  }
  return [...pieces, text.slice(end)];
}
