// Month, week, day and agenda. Times are those of the reader's wall: the server knows the zone, the grid need not.
import "./parts.css";
import "./calendar.css";
import FullCalendar from "@fullcalendar/react";
import dayGrid from "@fullcalendar/daygrid";
import interaction from "@fullcalendar/interaction";
import list from "@fullcalendar/list";
import timeGrid from "@fullcalendar/timegrid";
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { awayOn, busyNames, byId, classesOf, colourOf, Face, KindIcon, makeAlert, Marks, offHours, paint, toldOf, useKeys, wallNow, Warning, whyAway } from "./entries.jsx";
import { clock, locale, rtl, tr, trn } from "./i18n.js";

const PLUGINS = [dayGrid, timeGrid, list, interaction];
const NARROW = "(max-width: 800px)";
const AGENDA = { type: "list", duration: { days: 14 }, dateAlignment: "day" };
const MINUTE = 60_000;
const DAY_END = "23:59:59";

const watchWidth = (changed) => {
  const query = window.matchMedia(NARROW);
  query.addEventListener("change", changed);
  return () => query.removeEventListener("change", changed);
};
const useNarrow = () => useSyncExternalStore(watchWidth, () => window.matchMedia(NARROW).matches, () => false);

function viewName(view, crowded, narrow) {
  if (view === "week") return narrow ? "listWeek" : crowded ? "dayGridWeek" : "timeGridWeek";
  return { month: "dayGridMonth", day: "timeGridDay", agenda: "agenda" }[view] ?? "timeGridDay";
}

const wall = (text) => (text ?? "").slice(0, 16);
const clean = (text) => text.replace(/[\u200e\u200f]/g, "");

function eventsOf({ entries, days, people, colour, editable, crowded, view, narrow }) {
  const shown = new Map();
  const events = entries.map((entry) => {
    shown.set(entry.start.slice(0, 10), (shown.get(entry.start.slice(0, 10)) ?? 0) + 1);
    return {
      id: String(entry.id), title: entry.client, start: entry.start, end: entry.end, extendedProps: { entry },
      classNames: classesOf(entry), startEditable: editable, durationEditable: editable && view !== "month",
      colour: colourOf(entry, colour, people),
    };
  });
  if (!crowded && !(view === "month" && narrow)) return events;
  const more = days.filter(({ day, count }) => count > (narrow && view === "month" ? 0 : shown.get(day) ?? 0)).map(({ day, count }) => ({
    id: `more-${day}`, start: `${day}T${DAY_END}`, editable: false, classNames: ["cal-more"], title: "",
    extendedProps: { day, count, more: count - (shown.get(day) ?? 0) },
  }));
  return [...(view === "month" && narrow ? [] : events), ...more];
}

const at = (day, minutes) => new Date(Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE).toISOString().slice(0, 16);

/** The hours in which nobody who is shown works, behind the appointments. */
const shade = (hours) => (hours ?? []).flatMap(({ day, spans }) => offHours(spans).map(([from, to]) => ({
  start: at(day, from), end: at(day, to), display: "background", classNames: ["cal-off"],
})));

/** Who is away on a day, in a line: by name while they are few, alone only why. */
function AwayLine({ away, day, alone }) {
  const gone = awayOn(away, day);
  if (!gone.length) return null;
  const names = gone.map((one) => `${one.name}: ${whyAway(one)}`).join("\n");
  const text = alone ? whyAway(gone[0]) : gone.length > FEW ? trn("{n} away", "{n} away", gone.length) : tr("Away: {why}", { why: gone.map((one) => one.name).join(", ") });
  return <span className="cal-closed cal-away" title={names}>{text}</span>;
}
const FEW = 2;

const SHORT = { weekday: "short", day: "numeric" };
const LONG = { weekday: "long", day: "numeric", month: "long" };

function Content({ event, timeText, view }, narrow, staff) {
  if (event.display === "background") return null;
  const { entry, count, more, day } = event.extendedProps;
  if (day) {
    const text = trn("{n} appointment", "{n} appointments", count);
    return <span className="cal-count num" title={text}>{narrow || more === count ? count.toLocaleString(locale) : tr("+{n} more", { n: more })}<span className="ap-hidden"> {text}</span></span>;
  }
  if (!entry) return timeText;
  if (!view.type.startsWith("dayGrid")) {
    const names = view.type.startsWith("timeGrid") ? "" : entry.staff.map((one) => staff.get(String(one))?.name).filter(Boolean).join(", ");
    return <Face entry={entry} start={wall(event.startStr)} end={wall(event.endStr)} staff={names} />;
  }
  return (
    <span className="cal-line">
      <span className="cal-time num">{clean(timeText)}</span>
      <KindIcon kind={entry.kind} />
      <span className="cal-client" dir="auto">{entry.client}</span>
      <Marks entry={entry} />
    </span>
  );
}

/** Paints an appointment, and tells screen readers that it opens something. */
function dress({ el, event }, staff) {
  const { entry } = event.extendedProps;
  if (event.display === "background") return;
  if (entry) el.title = toldOf(entry, staff);
  for (const [key, value] of Object.entries(paint(event.extendedProps.colour ?? "gray"))) el.style.setProperty(key, value);
  if (el.tagName === "A") el.setAttribute("role", "button");
}

export function Calendar(props) {
  const { view, date, days, entries, people, hours, away, alone, colour, zone, firstWeekday, editable, addable, crowded, refused, onOpen, onMove, onCreate, onDay } = props;
  const calendar = useRef(null);
  const [busy] = useState(makeAlert);
  const narrow = useNarrow();
  const staff = useMemo(() => byId(people), [people]);
  const name = viewName(view, crowded, narrow);
  const events = useMemo(
    () => [...(name.startsWith("timeGrid") ? shade(hours) : []), ...eventsOf({ entries, days, people: staff, colour, editable, crowded, view, narrow })],
    [entries, days, hours, staff, colour, editable, crowded, view, narrow, name],
  );
  const closed = useMemo(() => new Map(days.filter((one) => one.is_closed).map((one) => [one.day, one.closed || tr("Closed")])), [days]);
  const dropped = useRef(null);
  useEffect(() => {
    dropped.current?.(); // the last move was refused: it springs back
    dropped.current = null;
  }, [refused]);
  useKeys();
  useEffect(() => {
    const api = calendar.current?.getApi();
    if (!api || (api.view.type === name && api.getDate().toISOString().startsWith(date))) return undefined;
    const soon = setTimeout(() => api.changeView(name, date), 0); // not while React draws
    return () => clearTimeout(soon);
  }, [name, date]);

  const look = ({ start, end }, event) => {
    const entry = event?.extendedProps.entry;
    if (entry) busy.tell(busyNames(entries, staff, entry.id, entry.staff, wall(start.toISOString()), wall(end.toISOString())));
    return true;
  };
  const rest = () => busy.tell([]);
  const drop = ({ event, revert }) => {
    dropped.current = revert;
    const { entry } = event.extendedProps;
    onMove?.(entry.id, entry.at, wall(event.startStr), 0, "", "");
  };
  const resize = ({ event, endDelta, revert }) => {
    const { entry } = event.extendedProps;
    const minutes = entry.minutes + endDelta.milliseconds / MINUTE + endDelta.days * 1440;
    if (minutes < 5) return revert();
    dropped.current = revert;
    return onMove?.(entry.id, entry.at, wall(event.startStr), minutes, "", "");
  };
  const click = ({ event, jsEvent }) => {
    jsEvent.preventDefault();
    const { entry, day } = event.extendedProps;
    if (day) onDay?.(day);
    else if (entry) onOpen?.(entry.id);
  };
  const select = ({ startStr, endStr, allDay, view: { calendar: api } }) => {
    api.unselect();
    onCreate?.(allDay ? startStr.slice(0, 10) : wall(startStr), allDay ? "" : wall(endStr), "");
  };
  const isClosed = ({ date: at }) => (closed.has(at.toISOString().slice(0, 10)) ? ["is-closed"] : []);

  return (
    <div className="cal" data-view={view}>
      <Warning alert={busy} />
      <FullCalendar
        ref={calendar}
        plugins={PLUGINS}
        views={{ agenda: AGENDA }}
        initialView={name}
        initialDate={date}
        timeZone="UTC"
        now={() => wallNow(zone)}
        nowIndicator
        locale={locale}
        direction={rtl ? "rtl" : "ltr"}
        firstDay={(firstWeekday + 1) % 7}
        headerToolbar={false}
        height={name.startsWith("timeGrid") ? "max(480px, calc(100dvh - 200px))" : "auto"}
        allDaySlot={false}
        scrollTime="07:30:00"
        scrollTimeReset={false}
        slotDuration="00:15:00"
        slotLabelInterval="01:00:00"
        slotLabelFormat={clock}
        eventTimeFormat={clock}
        defaultRangeSeparator=" – "
        dayHeaderFormat={view === "month" ? { weekday: "short" } : SHORT}
        listDayFormat={LONG}
        listDaySideFormat={false}
        displayEventEnd={!name.startsWith("dayGrid")}
        eventDisplay="block"
        eventMinHeight={20}
        eventShortHeight={36}
        eventMaxStack={view === "day" ? 8 : 4}
        slotEventOverlap={false}
        nextDayThreshold="12:00:00"
        fixedWeekCount={false}
        dayMaxEvents={false}
        eventOrder="start,title"
        moreLinkContent={({ num }) => tr("+{n} more", { n: num })}
        moreLinkHint={(num) => trn("{n} more appointment", "{n} more appointments", num)}
        closeHint={tr("Close")}
        eventHint={tr("Appointment")}
        timeHint={tr("Time")}
        navLinkHint={(text) => tr("Show {day}", { day: text })}
        noEventsContent={tr("No appointments here")}
        navLinks
        navLinkDayClick={(at) => onDay?.(at.toISOString().slice(0, 10))}
        events={events}
        eventDataTransform={(event) => event}
        eventContent={(shown) => Content(shown, narrow && view === "month", staff)}
        eventDidMount={(shown) => dress(shown, staff)}
        moreLinkDidMount={({ el }) => el.setAttribute("role", "button")}
        eventInteractive
        eventClick={click}
        editable={editable}
        eventAllow={look}
        eventDragStop={rest}
        eventResizeStop={rest}
        eventDrop={drop}
        eventResize={resize}
        selectable={addable}
        selectMirror
        select={select}
        longPressDelay={400}
        dayCellClassNames={isClosed}
        dayHeaderClassNames={isClosed}
        dayHeaderContent={(shown) => {
          const day = shown.date.toISOString().slice(0, 10);
          return (
            <>
              {shown.text}
              {closed.has(day) && view !== "month" ? <span className="cal-closed">{closed.get(day)}</span> : null}
              {view === "month" ? null : <AwayLine {...{ away, day, alone }} />}
            </>
          );
        }}
        dayCellContent={(shown) => {
          const day = shown.date.toISOString().slice(0, 10);
          if (view !== "month") return shown.dayNumberText;
          return <>{closed.has(day) && !narrow ? <span className="cal-note">{closed.get(day)}</span> : null}{narrow ? null : <AwayLine {...{ away, day, alone }} />}<span>{shown.dayNumberText}</span></>;
        }}
      />
    </div>
  );
}
