// Building the page from values: no HTML strings, so nothing that was typed can become markup.

/** Make an element: h("p", {class: "x"}, "text", child, [children], null). */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") Object.assign(element.style, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Write a text where it differs: what stays the same is not painted again. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Read a JSON block that the page carries. */
export function block(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

const words = block("words");

let heard = "";

/** Tell what the session hears, "cadre", "programme" or "assembly": some words differ. */
export function hear(kind) {
  heard = kind === "cadre" ? "" : `_${kind}`;
}

/** Whether households judge programmes in this session, not cadres. */
export function hearsProgrammes() {
  return heard === "_programme";
}

/** Whether units promise in this session, and nobody is drawn. */
export function isAssembly() {
  return heard === "_assembly";
}

/** Say a word of the interface in the page's language; {name} is replaced from `values`. */
export function say(key, values = {}) {
  const text = words[key + heard] ?? words[key];
  if (text === undefined) throw new Error(`no word for ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Say what was refused and what to do next; between Chinese sentences stands no blank. */
export function refused({ what, remedy = "" }) {
  return [what, remedy].join(document.documentElement.lang.startsWith("zh") ? "" : " ").trim();
}

/** A name whose lines break after its dots and nowhere else: 买买提·|吐尔逊江. */
export function dotted(name) {
  const parts = name.split("·");
  return parts.map((part, i) => h("span", { style: { display: "inline-block" } }, i < parts.length - 1 ? `${part}·` : part));
}

/** A title whose numbers stay with what they count: 2026 年 is not parted by the end of a line. */
export function kept(title) {
  return title.replace(/(\d) (?=[\u4e00-\u9fff])/g, "$1\u00a0");
}

/** Group digits and hex so that they can be read aloud: "8f31 2cd0". */
export function grouped(text, size = 4) {
  return text.replace(new RegExp(`(.{${size}})(?=.)`, "g"), "$1 ");
}

/** Write a number of tenths with one decimal. */
export function tenths(value) {
  return `${Math.trunc(value / 10)}.${value % 10}`;
}

/** Write a whole number with thousands separated. */
export function count(value) {
  return value.toLocaleString("en-US");
}

/** Say how pictures come: `alive` is true by pushes, "slow" by asking every few seconds, false not at all. */
export function linked(alive) {
  document.body.classList.toggle("deaf", !alive);
  document.body.classList.toggle("slow", alive === "slow");
}
