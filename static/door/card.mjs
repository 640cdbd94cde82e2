// Reading a seat's card: what it says of itself, and whether this installation made it.

import { isSigned } from "../verify/ed25519.mjs";

const CARD = /\/pad\/join\/([2-9A-Z]{8})#(\d{1,3})\.(\d{1,3})\.([\w-]{86})$/;

/** What a scanned text says: {code, seat, issue, signature}; null when it is no seat's card. */
export function readCard(text) {
  const [, code, seat, issue, signature] = CARD.exec(text.trim()) ?? [];
  return code ? { code, seat: Number(seat), issue: Number(issue), signature } : null;
}

/** Whether the key of the installation signed this card for this session. */
export function isGenuine(card, live, key) {
  const claim = `evalsys-seat|1|${live}|${card.seat}|${card.issue}|${card.code}`;
  return isSigned(key, new TextEncoder().encode(claim), hexOf(card.signature));
}

function hexOf(base64url) {
  const raw = atob(`${base64url.replaceAll("-", "+").replaceAll("_", "/")}==`);
  return Array.from(raw, (sign) => sign.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}
