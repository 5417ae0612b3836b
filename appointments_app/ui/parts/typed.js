// What is typed into a form and not saved yet, kept by this tab: per person, page and form. Never passwords, never files, nothing marked data-never-kept.
const PREFIX = "typed ";
const NEVER = new Set(["password", "file", "hidden", "submit", "button", "reset"]);
let sent = ""; // the form that was sent last and not touched since
let isPuttingBack = false;

export const nameOf = (person, form) => `${PREFIX}${person} ${window.location.pathname.replace(/\/$/, "")}${window.location.search} ${form}`;

/** What is kept under a name: {field: {now, from}}; null when nothing is. */
export function kept(name) {
  try {
    return JSON.parse(window.sessionStorage.getItem(name));
  } catch {
    return null;
  }
}

/** Keeps every field of a form that differs from what it began with, beside what still waits to be put back. */
export function keep(name, form, waiting) {
  if (isPuttingBack) return;
  if (sent === name) sent = "";
  const fields = fieldsOf(form).map((field) => [keyOf(field), { now: valueOf(field), from: beganWith(field) }]);
  const changed = { ...waiting, ...Object.fromEntries(fields.filter(([, { now, from }]) => now !== from)) };
  try {
    if (Object.keys(changed).length) window.sessionStorage.setItem(name, JSON.stringify(changed));
    else window.sessionStorage.removeItem(name);
  } catch {
    // The browser keeps nothing, or no more: the form works as it would without.
  }
}

export function forget(name) {
  window.sessionStorage.removeItem(name);
}

/** Forgets what everybody typed: at sign-out. */
export function forgetAll() {
  for (const name of Object.keys(window.sessionStorage)) if (name.startsWith(PREFIX)) forget(name);
}

export function send(name) {
  sent = name;
}

/** Something succeeded: when that was the form sent last, it is saved. */
export function succeeded() {
  if (sent) forget(sent);
  sent = "";
}

/** Puts back what fits into the form as it is now. Returns what does not yet, and whether a field began with something else. */
export function putBack(form, changed) {
  const missing = { ...changed };
  let isOther = false;
  for (const field of fieldsOf(form)) {
    const { now, from } = missing[keyOf(field)] ?? {};
    if (now === undefined || !canHold(field, now)) continue;
    delete missing[keyOf(field)];
    if (now === valueOf(field)) continue;
    isOther ||= beganWith(field) !== from;
    fill(field, now);
  }
  return { missing, isOther };
}

const isTick = (field) => field.type === "checkbox" || field.type === "radio";
const fieldsOf = (form) => [...form.elements].filter((field) => field.name && "value" in field && !NEVER.has(field.type) && !field.matches("output, [readonly], [data-never-kept]"));
export const keyOf = (field) => (isTick(field) ? `${field.name}=${field.value}` : field.name);
const valueOf = (field) => (isTick(field) ? field.checked : field.value);
const canHold = (field, value) => field.tagName !== "SELECT" || [...field.options].some((option) => option.value === value);

function beganWith(field) {
  if (isTick(field)) return field.defaultChecked;
  if (field.tagName !== "SELECT") return field.defaultValue;
  return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value;
}

// As a hand would: React hears of it.
function fill(field, value) {
  isPuttingBack = true;
  try {
    type(field, value);
  } finally {
    isPuttingBack = false;
  }
}

function type(field, value) {
  if (field.type === "radio" && !value) return; // another one of them was chosen
  if (isTick(field)) {
    field.click();
    return;
  }
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value").set.call(field, value);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}
