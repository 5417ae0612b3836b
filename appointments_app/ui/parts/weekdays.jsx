// Weekdays to choose from, named and ordered as the reader's locale has them.
import { startOfWeek, CalendarDate, getDayOfWeek } from "@internationalized/date";
import { locale } from "./i18n.js";

const MONDAY = new CalendarDate(2026, 1, 5);
const name = (day, width) =>
  new Intl.DateTimeFormat(locale, { weekday: width, timeZone: "UTC" }).format(MONDAY.add({ days: day }).toDate("UTC"));
const ordered = () => {
  const first = startOfWeek(MONDAY, locale);
  const offset = (getDayOfWeek(first, "en-GB") + 7) % 7; // Monday 0 … Sunday 6
  return [0, 1, 2, 3, 4, 5, 6].map((day) => (day + offset) % 7);
};

export function Weekdays({ label, chosen, onTurn }) {
  return (
    <div role="group" aria-label={label} className="weekdays">
      {ordered().map((day) => (
        <button key={day} type="button" className="btn" aria-pressed={chosen.includes(String(day))} aria-label={name(day, "long")} onClick={() => onTurn?.(String(day))}>
          {name(day, "short")}
        </button>
      ))}
    </div>
  );
}
