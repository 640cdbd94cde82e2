// What a playout server may tell the overlay: fields as JSON or as CasparCG's XML, and which pieces stand.

/** Pieces in the order in which next() walks through them; "auto" follows the session. */
export const PIECES = ["third", "number", "tally"];
const STEPS = ["auto", ...PIECES, "none"];
/** A mobile telephone's number, however it is grouped: never on air, whoever typed it. */
const TELEPHONE = /1[3-9]\d([ -]?\d{4}){2}/;
const LONGEST = 60;
/** CasparCG's own client numbers its fields. */
const NAMES = { f0: "title", f1: "subtitle", f2: "show", f3: "bug" };

/** How the overlay stands before anybody tells it anything; `waits` for play() under a playout server. */
export function beginning(waits) {
  return { on: !waits, show: "auto", bug: "on", title: "", subtitle: "" };
}

/** The standing after one call; what cannot be read changes nothing. */
export function after(standing, act, data) {
  switch (act) {
    case "play": return { ...standing, on: true };
    case "stop": case "remove": return { ...standing, on: false };
    case "next": return { ...standing, show: STEPS[(STEPS.indexOf(standing.show) + 1) % STEPS.length] };
    default: return { ...standing, ...known(fields(data)) };
  }
}

/** Whether a piece may stand: by name, or because the session says so. */
export function stands(standing, piece, inSession) {
  if (!standing.on) return false;
  if (standing.show === "auto") return inSession;
  return standing.show.split(",").includes(piece);
}

function fields(data) {
  if (data && typeof data === "object") return data;
  const text = String(data ?? "").trim();
  try {
    return text.startsWith("<") ? ofXml(text) : JSON.parse(text);
  } catch {
    return {};
  }
}

/** Read as HTML, which forgives: what a strict reader says of a fault would be markup of its own. */
function ofXml(text) {
  const tree = new DOMParser().parseFromString(text, "text/html");
  return Object.fromEntries([...tree.querySelectorAll("componentData")].map((part) => [
    part.id, part.querySelector("data")?.getAttribute("value") ?? ""]));
}

function known(told) {
  const read = {};
  for (const [name, value] of Object.entries(told ?? {})) {
    const field = NAMES[name] ?? name;
    const text = String(value ?? "").trim().slice(0, LONGEST);
    if (["title", "subtitle"].includes(field) && !TELEPHONE.test(text)) read[field] = text;
    if (field === "bug" && ["on", "off"].includes(text)) read.bug = text;
    if (field === "show" && text.split(",").every((one) => STEPS.includes(one))) read.show = text;
  }
  return read;
}
