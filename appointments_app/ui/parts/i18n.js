// Words, dates and numbers in the language of the page. The language is decided once per page load.
import { catalogs } from "./catalog.mjs";

const RTL = new Set(["ar", "fa", "he", "ur"]);
const DEFAULT_LOCALE = { en: "en-GB", ar: "ar-EG" };
const inBrowser = typeof document !== "undefined";

function decideLanguage() {
  if (!inBrowser) return "en";
  const known = (code) => code === "en" || code in catalogs;
  const cookie = /(?:^|; )lang=([a-z]{2})/.exec(document.cookie)?.[1];
  if (cookie && known(cookie)) return cookie;
  const browser = (navigator.language || "en").slice(0, 2).toLowerCase();
  return known(browser) ? browser : "en";
}

function decideLocale() {
  const wanted = inBrowser ? navigator.languages ?? [navigator.language] : [];
  return wanted.find((tag) => tag?.toLowerCase().startsWith(lang + "-")) ?? DEFAULT_LOCALE[lang] ?? lang;
}

export const lang = decideLanguage();
export const rtl = RTL.has(lang);
export const locale = decideLocale();

const catalog = catalogs[lang];
const numbers = new Intl.NumberFormat(locale);
const foreign = rtl ? /[A-Za-z0-9+]/ : /[\u0590-\u08ff]/;

// A value written in the other direction is isolated, so that it cannot reorder the sentence around it.
const shown = (value) => {
  if (typeof value === "number") return numbers.format(value);
  const text = String(value ?? "");
  return foreign.test(text) ? `\u2068${text}\u2069` : text;
};

/** The number that names a record, such as "1024": in the figures of the page, never grouped; with letters, as it was typed. */
export const fmtSerial = (value) => String(value ?? "").replace(/^\d+$/, (text) => [...text].map((figure) => numbers.format(figure)).join(""));

// {number} is always the number of a record.
const valueOf = (name, values) => shown(name === "number" ? fmtSerial(values[name]) : values[name]);

const fill = (text, values) =>
  values ? text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? valueOf(name, values) : whole)) : text;

const keyOf = (msgid, context) => (context ? `${context}\u0004${msgid}` : msgid);

/** The translation of msgid, with {placeholders} filled. */
export function tr(msgid, values, context) {
  return fill(catalog?.messages[keyOf(msgid, context)] ?? msgid, values);
}

/** The plural form for n; {n} is the number. */
export function trn(singular, plural, n, values, context) {
  const forms = catalog?.messages[keyOf(singular, context)];
  const count = Number(n) || 0;
  const text = forms ? forms[catalog.plural(Math.abs(Math.trunc(count)))] : count === 1 ? singular : plural;
  return fill(text, { n: count, ...values });
}

const made = new Map();
function intl(kind, options, zone) {
  const key = `${kind.name}|${zone}|${JSON.stringify(options)}`;
  if (!made.has(key)) {
    const all = zone ? { ...options, timeZone: zone } : options;
    try {
      made.set(key, new kind(`${locale}-u-ca-gregory`, all));
    } catch {
      made.set(key, new kind(`${locale}-u-ca-gregory`, options)); // a zone this browser does not know
    }
  }
  return made.get(key);
}

const DAY = { weekday: "short", day: "numeric", month: "short", year: "numeric" };
const TIME = { hour: "numeric", minute: "2-digit" };
export const clock = /^(ar|en-US|en-CA|en-AU)/.test(locale) ? TIME : { hour: "2-digit", minute: "2-digit" };

const instant = (iso) => {
  const date = iso ? new Date(iso) : null;
  return date && !Number.isNaN(date.getTime()) ? date : null;
};
const dayOf = (date, zone) => intl(Intl.DateTimeFormat, DAY, zone).format(date).replace(/^([A-Za-z]+),/, "$1");
const timeOf = (date, zone) => intl(Intl.DateTimeFormat, clock, zone).format(date);

const ymd = (date, zone) => {
  const parts = intl(Intl.DateTimeFormat, { year: "numeric", month: "numeric", day: "numeric", numberingSystem: "latn" }, zone).formatToParts(date);
  const of = (type) => Number(parts.find((part) => part.type === type).value);
  return [of("year"), of("month") - 1, of("day")];
};

/** "Tue 24 Mar 2026" of a UTC instant in a zone. */
export const fmtDay = (iso, zone) => { const at = instant(iso); return at ? dayOf(at, zone) : ""; };
/** "Today, 24 Mar" for yesterday, today and tomorrow; else as fmtDay. */
export const fmtNearDay = (iso, zone) => {
  const at = instant(iso);
  if (!at) return "";
  const numeral = (date) => Math.round(Date.UTC(...ymd(date, zone)) / 86_400_000);
  const away = numeral(at) - numeral(new Date());
  if (Math.abs(away) > 1) return dayOf(at, zone);
  const word = intl(Intl.RelativeTimeFormat, { numeric: "auto" }).format(away, "day");
  const short = intl(Intl.DateTimeFormat, { day: "numeric", month: "short" }, zone).format(at);
  return `${word[0].toLocaleUpperCase(locale)}${word.slice(1)}${rtl ? "،" : ","} ${short}`;
};
/** "10:00" of a UTC instant in a zone. */
export const fmtTime = (iso, zone) => { const at = instant(iso); return at ? timeOf(at, zone) : ""; };
/** "Tue 24 Mar 2026, 10:00". */
export const fmtDayTime = (iso, zone) => {
  const at = instant(iso);
  return at ? `${dayOf(at, zone)}${rtl ? "،" : ","} ${timeOf(at, zone)}` : "";
};
/** "Tue 24 Mar 2026, 10:00 – 10:45"; the second day is named when it is another one. */
export const fmtSpan = (start, end, zone) => {
  const [from, to] = [instant(start), instant(end)];
  if (!from || !to) return fmtDayTime(start, zone);
  const last = dayOf(from, zone) === dayOf(to, zone) ? timeOf(to, zone) : fmtDayTime(end, zone);
  return `${fmtDayTime(start, zone)} – ${last}`;
};
/** "10:00 – 10:45", without the day. */
export const fmtTimes = (start, end, zone) => `${fmtTime(start, zone)} – ${fmtTime(end, zone)}`;
/** A plain date "2026-03-24", which belongs to no zone. */
export const fmtDate = (iso) => fmtDay(iso && `${iso}T00:00:00Z`, "UTC");
/** "March 2026" of a plain date. */
export const fmtMonth = (iso) => { const at = instant(iso && `${iso}T00:00:00Z`); return at ? intl(Intl.DateTimeFormat, { month: "long", year: "numeric" }, "UTC").format(at) : ""; };
/** "23 – 29 Mar 2026" of two plain dates. */
export const fmtDays = (first, last) => {
  const [from, to] = [first, last].map((iso) => instant(iso && `${iso}T00:00:00Z`));
  return from && to ? intl(Intl.DateTimeFormat, { day: "numeric", month: "short", year: "numeric" }, "UTC").formatRange(from, to) : "";
};
/** "1 hr 30 min". */
export const fmtDuration = (minutes) => {
  const total = Math.round(Number(minutes) || 0);
  const unit = (count, name) => intl(Intl.NumberFormat, { style: "unit", unit: name, unitDisplay: "short" }).format(count);
  const parts = [[Math.floor(total / 60), "hour"], [total % 60, "minute"]].filter(([count]) => count);
  return parts.length ? parts.map(([count, name]) => unit(count, name)).join(" ") : unit(0, "minute");
};
/** "2 hours", "1 day": unit is minutes, hours or days. */
export const fmtAmount = (count, unit) =>
  intl(Intl.NumberFormat, { style: "unit", unit: String(unit).replace(/s$/, ""), unitDisplay: "long" }).format(Number(count) || 0);
export const fmtNumber = (value) => (value === "" || value == null ? "" : numbers.format(Number(value)));
/** "€1,250.50", of "1250.50" and "EUR": as many decimal places as the text has. */
export const fmtMoney = (amount, currency) => {
  if (!amount || !currency) return "";
  const places = (String(amount).split(".")[1] || "").length;
  const style = { style: "currency", currency, minimumFractionDigits: places, maximumFractionDigits: places };
  return intl(Intl.NumberFormat, style).format(amount);
};
/** "Monday" of 0 … "Sunday" of 6. */
export const fmtWeekday = (day) => intl(Intl.DateTimeFormat, { weekday: "long" }, "UTC").format(new Date(Date.UTC(2024, 0, 1 + Number(day))));
/** "512 kB", "3.4 MB". */
export const fmtBytes = (count) => {
  const [size, unit] = count < 1e6 ? [count / 1e3, "kilobyte"] : [count / 1e6, "megabyte"];
  return intl(Intl.NumberFormat, { style: "unit", unit, maximumFractionDigits: unit === "megabyte" ? 1 : 0 }).format(size);
};

const STEPS = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];
/** "in 2 hours", "yesterday". */
export const fmtRelative = (iso) => {
  const at = instant(iso);
  if (!at) return "";
  const seconds = (at.getTime() - Date.now()) / 1000;
  const [unit, size] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return intl(Intl.RelativeTimeFormat, { numeric: "auto" }).format(unit === "second" ? 0 : Math.round(seconds / size), unit);
};
