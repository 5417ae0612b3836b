// What both calendars share: how an appointment looks, what stands in its way, and the keys that turn pages.
import { CalendarCheck, CheckCheck, CircleCheck, CircleHelp, ClipboardList, Repeat, UserX } from "lucide-react";
import { useEffect, useSyncExternalStore } from "react";
import { fmtSerial, fmtTime, tr } from "./i18n.js";

const STATUS = { scheduled: "blue", done: "green", dismissed: "gray" };
const UNASSIGNED = "gray";

/** The name of the colour scale an appointment is drawn in. */
export function colourOf(entry, by, people) {
  if (by === "action") return entry.action ? entry.tone : UNASSIGNED;
  if (by === "status") return entry.status === "scheduled" && entry.over ? "amber" : STATUS[entry.status] ?? UNASSIGNED;
  return people.get(String(entry.staff[0]))?.colour ?? UNASSIGNED;
}

/** The style of that colour: text keeps its contrast on the pale ground, light and dark. */
export const paint = (colour) => ({ "--ev": `var(--${colour}-9)`, "--ev-ground": `var(--${colour}-4)`, "--ev-line": `var(--${colour}-8)` });

/** One word of what is special about an appointment, for those who do not see it. */
export function wordOf(entry) {
  if (entry.outcome) return tr("No-show");
  if (entry.status === "dismissed") return tr("Dismissed");
  if (entry.status === "done") return tr("Done");
  return entry.over ? tr("Yet to mark") : tr("Scheduled");
}

const isAhead = (entry) => entry.status === "scheduled" && !entry.over;
const wordIdOf = (entry) => (entry.outcome ? "no-show" : entry.status);
const ENDED = { done: CircleCheck, "no-show": UserX };

/** All of it in words, for a pointer that rests. */
export function toldOf(entry, people) {
  const staff = entry.staff.map((one) => people.get(String(one))?.name).filter(Boolean).join(", ");
  const record = entry.number ? `${KINDS()[entry.kind]?.[1] ?? ""} #${fmtSerial(entry.number)}` : "";
  const state = entry.confirmed ? `${wordOf(entry)}, ${tr("Confirmed")}` : wordOf(entry);
  return [`${hourText(entry.start)} – ${hourText(entry.end)}`, entry.client, entry.action, record, staff, state].filter(Boolean).join("\n");
}

export function Marks({ entry }) {
  return (
    <span className="cal-marks">
      {entry.recurring ? <Mark Icon={Repeat} text={tr("Recurring")} /> : null}
      {entry.confirmed ? <Mark Icon={CheckCheck} text={tr("Confirmed")} /> : null}
      {entry.shared && !entry.confirmed && isAhead(entry) ? <Mark Icon={CircleHelp} text={tr("Not confirmed by the client")} /> : null}
      {ENDED[wordIdOf(entry)] ? <Mark Icon={ENDED[wordIdOf(entry)]} text={wordOf(entry)} /> : <span className="ap-hidden">{wordOf(entry)}</span>}
    </span>
  );
}

/** What an appointment belongs to, by icon and word; an independent one shows its action instead. */
export function KindIcon({ kind }) {
  const [Icon, word] = KINDS()[kind] ?? [];
  return Icon ? <Mark Icon={Icon} text={word} /> : null;
}

const KINDS = () => ({
  "work-order": [ClipboardList, tr("Work order")],
  booking: [CalendarCheck, tr("Booking")],
});

function Mark({ Icon, text }) {
  return (
    <span title={text}>
      <Icon size={12} aria-hidden="true" />
      <span className="ap-hidden">{text}</span>
    </span>
  );
}

/** A wall time as the reader writes it. */
export const hourText = (wall) => fmtTime(`${wall}:00Z`, "UTC");

/** From when to when; where there is little room, only from when. */
export const Span = ({ start, end }) => (
  <span className="cal-time num">{hourText(start)}{end ? <span className="cal-until"> – {hourText(end)}</span> : null}</span>
);

/** Time, client, action and marks of one appointment. */
export function Face({ entry, start, end, staff }) {
  return (
    <span className="cal-face">
      <span className="cal-head">
        <Span start={start} end={end} />
        <Marks entry={entry} />
      </span>
      <span className="cal-client" dir="auto">{entry.client}</span>
      {entry.number ? <span className="cal-kind num"><KindIcon kind={entry.kind} />#{fmtSerial(entry.number)}</span> : null}
      {entry.action ? <span className="cal-action" dir="auto">{entry.action}</span> : null}
      {staff ? <span className="cal-action" dir="auto">{staff}</span> : null}
    </span>
  );
}

/** The classes of an appointment by its state. */
export const classesOf = (entry) =>
  ["cal-entry", `is-${entry.status}`, entry.over && entry.status === "scheduled" ? "is-late" : ""].filter(Boolean);

/** Who of `staff` is busy between two wall times, by name. */
export function busyNames(entries, people, moving, staff, start, end) {
  const names = new Set();
  for (const other of entries) {
    if (other.id === moving || other.status === "dismissed" || !(other.start < end && other.end > start)) continue;
    for (const one of other.staff) if (staff.includes(one)) names.add(people.get(String(one))?.name ?? "");
  }
  return [...names].filter(Boolean);
}

/** Who would be booked twice by what is being dragged: kept apart, so that a grid is not drawn anew under the hand. */
export function makeAlert() {
  let names = [];
  const listeners = new Set();
  return {
    read: () => names,
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell: (now) => {
      if (now.join() === names.join()) return;
      names = now;
      listeners.forEach((listener) => listener());
    },
  };
}

/** Says it. */
export function Warning({ alert }) {
  const names = useSyncExternalStore(alert.listen, alert.read, alert.read);
  return (
    <div className="cal-warning" role="status" data-shown={names.length > 0 || undefined}>
      {names.length ? tr("Already booked at that time: {names}", { names: names.join(", ") }) : null}
    </div>
  );
}

/** What of a day lies outside the spans of its working hours, in minutes; nothing when no hours are known for it. */
export function offHours(spans) {
  if (!spans) return [];
  const edges = [0, ...spans.flat(), 1440];
  return edges.flatMap((from, at) => (at % 2 === 0 && edges[at + 1] > from ? [[from, edges[at + 1]]] : []));
}

/** Who is away on a day. */
export const awayOn = (away, day) => (away ?? []).filter((one) => one.first_day <= day && day <= one.last_day);

/** Why somebody is not here, as far as the reader may know. */
export const whyAway = ({ note }) => (note ? tr("Away: {why}", { why: note }) : tr("Away"));

export const byId = (people) => new Map((people ?? []).map((one) => [one.id, one]));

const BUSY = "[role=dialog], [role=alertdialog], [role=menu], [role=listbox], .fc-popover";
const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true], [role=spinbutton], [role=combobox]";

/** Presses the link or button with data-key when its letter is typed: J next, K previous, T today, the views. */
export function useKeys() {
  useEffect(() => {
    const key = (event) => {
      const letter = /^Key[A-Z]$/.test(event.code) ? event.code[3].toLowerCase() : "";
      if (!letter || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(TYPING) || document.querySelector(BUSY)) return;
      const target = document.querySelector(`[data-key="${letter}"]`);
      if (!target) return;
      event.preventDefault();
      target.click();
    };
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  }, []);
}

/** The present wall time in a zone, as "2026-03-24T10:00". */
export function wallNow(zone) {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone || "UTC", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).formatToParts(new Date());
  const of = (type) => parts.find((part) => part.type === type).value;
  return `${of("year")}-${of("month")}-${of("day")}T${of("hour")}:${of("minute")}`;
}
