// One day, with a column for each staff member and one for what is unassigned. Times are wall times in minutes of the day.
import "./parts.css";
import "./calendar.css";
import { useEffect, useMemo, useRef, useState } from "react";
import { BoardEntry, Ghost, Head, Heap, Hours, NowLine, Off, PrintList } from "./board_parts.jsx";
import { heapsOf, lanesOf, minutesIn, timeOf } from "./board_time.js";
import { awayOn, busyNames, byId, makeAlert, useKeys, Warning } from "./entries.jsx";
import { tr } from "./i18n.js";

const HOUR = 72; // px
const SNAP = 15; // minutes
const HELD = 400; // ms a finger rests before it drags rather than scrolls
const NEAR = 5; // px a hand may tremble
const LANES = 4; // so many appointments stand side by side in a column
const MORNING = 7.5;
const NOBODY = "";

const snapped = (minutes) => Math.round(minutes / SNAP) * SNAP;
const clamp = (value, least, most) => Math.max(least, Math.min(most, value));

export function Board(props) {
  const { date, entries, people, hours, away, colour, zone, closed, editable, addable, refused, onOpen, onMove, onCreate } = props;
  const grid = useRef(null);
  const [ghost, setGhost] = useState(null);
  const [alert] = useState(makeAlert);
  const staff = useMemo(() => byId(people), [people]);
  const columns = useMemo(() => [{ id: NOBODY, name: tr("Unassigned"), colour: "gray" }, ...(people ?? [])], [people]);
  const shown = useMemo(() => columns.map((one) => lanesOf(entriesOf(entries, one.id), date)), [columns, entries, date]);
  const laid = useMemo(() => shown.map((slots) => heapsOf(slots, LANES)), [shown]);
  const worked = useMemo(() => new Map((hours ?? []).map((one) => [one.staff, one.spans])), [hours]);
  const gone = useMemo(() => new Map(awayOn(away, date).map((one) => [one.staff, one])), [away, date]);
  useKeys();
  useEffect(() => {
    grid.current?.closest(".board").scrollTo({ top: MORNING * HOUR });
  }, [date]);
  useEffect(() => setGhost(null), [entries, refused]); // what was dropped is where it belongs by now

  const spot = (event) => {
    const cells = [...grid.current.querySelectorAll("[data-column]")];
    const at = cells.findIndex((cell) => {
      const box = cell.getBoundingClientRect();
      return event.clientX >= box.left && event.clientX < box.right;
    });
    return { column: at < 0 ? null : at, minutes: ((event.clientY - grid.current.getBoundingClientRect().top) / HOUR) * 60 };
  };
  const tell = (next, moving) => {
    const target = columns[next.column].id;
    const team = moving ? handed(moving.entry.staff, moving.from, target) : target === NOBODY ? [] : [Number(target)];
    alert.tell(busyNames(entries, staff, moving?.entry.id, team, timeOf(date, next.start), timeOf(date, next.end)));
    setGhost(next);
  };
  const begin = (event, kind, entry, column) => {
    if (event.button || !(kind === "draw" ? addable : editable)) return;
    const from = spot(event);
    const drag = makeDrag({ kind, entry, column, from, columns, date, spot, tell });
    hold(event, drag, (done) => {
      alert.tell([]);
      if (!done) return setGhost(null);
      if (kind === "draw") {
        setGhost(null);
        return onCreate?.(timeOf(date, done.start), timeOf(date, done.end), columns[done.column].id);
      }
      const [before, after] = [columns[column].id, columns[done.column].id];
      return onMove?.(entry.id, entry.at, timeOf(date, done.start), done.minutes, before, after);
    });
  };

  return (
    <>
      <div className="board cal" style={{ "--hour": `${HOUR}px`, "--columns": columns.length }} data-dragging={ghost ? "" : undefined}>
        <Warning alert={alert} />
        <div className="board-heads">
          <span className="board-corner" />
          {columns.map((one) => (
            <Head key={one.id} one={one} spans={worked.get(one.id)} gone={gone.get(one.id)} />
          ))}
        </div>
        <div className="board-grid" ref={grid}>
          <Hours />
          {columns.map((one, place) => (
            <section
              key={one.id}
              className={`board-column ${closed ? "is-closed" : ""}`}
              data-column={place}
              aria-label={one.name}
              onPointerDown={(event) => event.target === event.currentTarget && begin(event, "draw", null, place)}
            >
              <Off spans={worked.get(one.id)} />
              {laid[place].heaps.map((heap) => <Heap key={heap.slots[0].entry.id} {...{ heap, colour, people: staff }} onOpen={(id) => onOpen?.(id)} />)}
              {laid[place].alone.map((slot) => (
                <BoardEntry
                  key={slot.entry.id}
                  {...{ slot, colour, people: staff, editable }}
                  isMoving={ghost?.id === slot.entry.id}
                  onOpen={() => onOpen?.(slot.entry.id)}
                  onGrab={(event, kind) => begin(event, kind, slot.entry, place)}
                />
              ))}
              {ghost?.column === place ? <Ghost ghost={ghost} alert={alert} /> : null}
            </section>
          ))}
          <NowLine zone={zone} date={date} />
        </div>
      </div>
      <PrintList {...{ columns, shown, gone }} />
    </>
  );
}

const entriesOf = (entries, id) => entries.filter((entry) => (id === NOBODY ? !entry.staff.length : entry.staff.includes(Number(id))));

/** The staff of an appointment once it is handed from one column to another. */
const handed = (present, from, to) => [...present.filter((one) => one !== Number(from || 0)), ...(to === NOBODY ? [] : [Number(to)])];

/** What a drag makes of where the pointer is: the new column, start and end, and the new minutes when it was resized. */
function makeDrag({ kind, entry, column, from, columns, date, spot, tell }) {
  const begins = entry ? minutesIn(entry.start, date) : Math.floor(from.minutes / SNAP) * SNAP;
  const ends = entry ? begins + entry.minutes : begins + 2 * SNAP;
  let last = null;
  return {
    first: () => (kind === "draw" ? { id: 0, column, start: begins, end: ends, minutes: 0 } : null),
    move(event) {
      const { column: under, minutes } = spot(event);
      const by = snapped(minutes - from.minutes);
      const next = { id: entry?.id ?? 0, column, start: begins, end: ends, minutes: 0 };
      if (kind === "move") {
        next.column = under ?? last?.column ?? column;
        next.start = clamp(begins + by, Math.min(0, begins), 24 * 60 - SNAP);
        next.end = next.start + (ends - begins);
      } else {
        next.end = clamp(snapped(kind === "draw" ? Math.max(minutes, begins + SNAP) : ends + by), begins + (kind === "draw" ? SNAP : 5), begins + 24 * 60);
        next.minutes = kind === "draw" ? 0 : next.end - begins;
      }
      last = next;
      tell(next, entry ? { entry, from: columns[column].id } : null);
    },
    result: () => last,
    isSame: () => Boolean(last) && last.column === column && last.start === begins && last.end === ends,
  };
}

/** Follows the pointer from the press to the release; Escape and a second finger give up, a click stays a click. */
function hold(event, drag, finish) {
  const { clientX, clientY, pointerId, pointerType, currentTarget } = event;
  let active = false;
  let isDown = true;
  let timer = null;
  const start = () => {
    active = true;
    currentTarget.setPointerCapture?.(pointerId);
    navigator.vibrate?.(10);
  };
  if (pointerType === "touch") timer = setTimeout(start, HELD);
  const stop = (done) => {
    clearTimeout(timer);
    for (const [name, listener] of listeners) window.removeEventListener(name, listener, name === "touchmove" ? { passive: false } : true);
    if (active) window.addEventListener("click", swallow, true); // of the release, which may be still to come
    if (active && isDown) window.addEventListener("pointerup", rest, { once: true });
    else rest();
    finish(done);
  };
  const swallow = (click) => {
    click.stopPropagation();
    click.preventDefault();
  };
  const rest = () => setTimeout(() => window.removeEventListener("click", swallow, true), 0);
  const moved = (move) => {
    if (move.pointerId !== pointerId) return undefined;
    const far = Math.hypot(move.clientX - clientX, move.clientY - clientY) > NEAR;
    if (!active && far && pointerType === "touch") return stop(null); // a finger that scrolls
    if (!active && far) start();
    return active ? drag.move(move) : undefined;
  };
  const released = (up) => {
    if (up.pointerId !== pointerId) return undefined;
    const drawn = drag.first();
    isDown = false;
    if (!active) return stop(drawn && pointerType !== "touch" ? drawn : null);
    return stop(drag.isSame() && !drawn ? null : drag.result() ?? drawn);
  };
  const key = (press) => press.key === "Escape" && stop(null);
  const listeners = [
    ["pointermove", moved], ["pointerup", released], ["pointercancel", () => stop(null)], ["keydown", key],
    ["touchmove", (touch) => active && touch.preventDefault()],
  ];
  for (const [name, listener] of listeners) window.addEventListener(name, listener, name === "touchmove" ? { passive: false } : true);
}
