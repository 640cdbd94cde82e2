// What a field may hold, written as data:
//   /regular expression/   text that matches
//   range(1, 9)            an integer, both ends included
//   words("a b")           one of these words
//   list(shape, 1, 9)      a list of 1 to 9 values
//   map(/key/, shape)      an object with such keys and values
//   [shape, shape]         a list of exactly these
//   {field: shape, ...}    an object with exactly these fields
//   true, null             nothing but this; `either` of several

import { refuse } from "./refusal.mjs";

export const range = (low, high) => (value) => Number.isInteger(value) && low <= value && value <= high;
export const words = (text) => (value) => typeof value === "string" && text.split(" ").includes(value);
export const either = (...shapes) => (value) => shapes.some((shape) => fits(value, shape));
export const list = (shape, least, most) => (value) =>
  Array.isArray(value) && least <= value.length && value.length <= most && value.every((item) => fits(item, shape));
export const map = (key, shape) => (value) =>
  isObject(value) && Object.entries(value).every(([name, item]) => key.test(name) && fits(item, shape));

export const SHA256 = /^[0-9a-f]{64}$/;
export const CADRE = /^[0-9]{8}$/;
export const STRATUM = /^[A-Z][0-9]{2}$/;
export const SOME_ID = /^[0-9A-Za-z][0-9A-Za-z._-]{0,31}$/;
export const TEXT = /^[^\x00-\x1f\x7f]{1,200}$/u;
export const MAX_HOUSEHOLDS = 99_999;
export const MAX_SLOTS = 999;
export const MANY = 99_999_999;
export const FINAL_CODES = "completed refused no_answer invalid_number not_linked broken_off";

/** Give `value` back when it is an object with exactly `fields`; else refuse, naming the field. */
export function expect(value, fields, place) {
  if (!isObject(value)) refuse("not_an_object", place);
  const odd = [
    ...Object.keys(fields).filter((name) => !(name in value)),
    ...Object.keys(value).filter((name) => !Object.hasOwn(fields, name))];
  if (odd.length) refuse("fields_missing_or_unknown", place, { fields: odd.join(" ").slice(0, 200) });
  for (const [name, shape] of Object.entries(fields)) {
    if (!fits(value[name], shape)) refuse("field_out_of_shape", `${place}.${name}`);
  }
  return value;
}

function fits(value, shape) {
  if (typeof shape === "function") return shape(value);
  if (shape instanceof RegExp) return typeof value === "string" && shape.test(value);
  if (Array.isArray(shape)) {
    return Array.isArray(value) && value.length === shape.length && shape.every((one, i) => fits(value[i], one));
  }
  if (shape === null || typeof shape !== "object") return value === shape;
  return isObject(value) && Object.keys(value).length === Object.keys(shape).length
    && Object.entries(shape).every(([name, one]) => name in value && fits(value[name], one));
}

export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
