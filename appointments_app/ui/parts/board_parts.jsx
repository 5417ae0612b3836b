// What stands on the board: hours, appointments, the one being dragged, the present time; and the list for paper.
import { useEffect, useState, useSyncExternalStore } from "react";
import { LEAST, minutesIn, timeOf } from "./board_time.js";
import { classesOf, colourOf, Face, hourText, offHours, paint, toldOf, wallNow, whyAway, wordOf } from "./entries.jsx";
import { locale, tr, trn } from "./i18n.js";

const HOURS = [...Array(24).keys()];
const MINUTE = 60_000;
const LINE = 40; // minutes below which an appointment has one line

const clockOf = (minutes) => hourText(timeOf("2000-01-01", minutes));
const place = (start, end) => ({ "--from": start / 60, "--long": Math.max(end - start, LEAST) / 60 });

export function Hours() {
  return (
    <div className="board-hours" aria-hidden="true">
      {HOURS.map((hour) => <span key={hour} className="num">{hour ? clockOf(hour * 60) : ""}</span>)}
    </div>
  );
}

/** The name at the head of a column, and when its person works that day. */
export function Head({ one, spans, gone }) {
  const said = gone ? whyAway(gone) : !spans ? "" : !spans.length ? tr("Not working") : spans[0][1] - spans[0][0] === 1440 ? "" : spans.map(([from, to]) => `${clockOf(from)} – ${clockOf(to)}`).join(", ");
  return (
    <h2 className="board-head" title={said ? `${one.name}\n${said}` : one.name}>
      <span className="dot" data-colour={one.colour} aria-hidden="true" />
      <span className="board-name">
        <span className="truncate" dir="auto">{one.name}</span>
        {said ? <span className="board-when num truncate" data-away={gone ? "" : undefined}><span className="ap-hidden">, </span>{said}</span> : null}
      </span>
    </h2>
  );
}

/** The hours in which the person of a column does not work. */
export const Off = ({ spans }) => offHours(spans).map(([from, to]) => (
  <div key={from} className="board-off" style={{ "--from": from / 60, "--long": (to - from) / 60 }} aria-hidden="true" />
));

export function BoardEntry({ slot, colour, people, editable, isMoving, onOpen, onGrab }) {
  const { entry, start, end, lane, lanes } = slot;
  const grab = (event, kind) => {
    event.stopPropagation();
    onGrab(event, kind);
  };
  return (
    <button
      type="button"
      className={[...classesOf(entry), "board-entry", end - start < LINE ? "is-short" : ""].join(" ")}
      style={{ ...place(start, end), ...paint(colourOf(entry, colour, people)), "--lane": lane, "--lanes": lanes }}
      data-moving={isMoving || undefined}
      data-editable={editable || undefined}
      title={toldOf(entry, people)}
      onClick={onOpen}
      onPointerDown={(event) => grab(event, "move")}
      onContextMenu={(event) => event.nativeEvent.pointerType === "touch" && event.preventDefault()}
    >
      <Face entry={entry} start={entry.start} end={entry.end} />
      {editable ? <span className="board-grip" onPointerDown={(event) => grab(event, "resize")} aria-hidden="true" /> : null}
    </button>
  );
}

/** What a column has no room for: how many they are, and pressed, each of them. */
export function Heap({ heap, colour, people, onOpen }) {
  const { start, end, lane, lanes, slots } = heap;
  const leave = ({ currentTarget, relatedTarget }) => {
    if (!currentTarget.contains(relatedTarget)) currentTarget.open = false;
  };
  return (
    <details className="board-heap" style={{ ...place(start, end), "--lane": lane, "--lanes": lanes }} onBlur={leave}>
      <summary className="num" title={trn("{n} more appointment", "{n} more appointments", slots.length)}>+{slots.length.toLocaleString(locale)}</summary>
      <div className="board-heap-list">
        {slots.map(({ entry }) => (
          <button key={entry.id} type="button" className={classesOf(entry).join(" ")} style={paint(colourOf(entry, colour, people))} onClick={() => onOpen(entry.id)}>
            <Face entry={entry} start={entry.start} end={entry.end} />
          </button>
        ))}
      </div>
    </details>
  );
}

export function Ghost({ ghost, alert }) {
  const names = useSyncExternalStore(alert.listen, alert.read, alert.read);
  return (
    <div className="ghost board-entry" style={{ ...place(ghost.start, ghost.end), "--lane": 0, "--lanes": 1 }} data-busy={names.length > 0 || undefined}>
      <span className="num strong">{clockOf(ghost.start)} – {clockOf(ghost.end)}</span>
    </div>
  );
}

/** The present time across the board, while the board shows today. */
export function NowLine({ zone, date }) {
  const [now, setNow] = useState(() => wallNow(zone));
  useEffect(() => {
    setNow(wallNow(zone));
    const timer = setInterval(() => setNow(wallNow(zone)), MINUTE);
    return () => clearInterval(timer);
  }, [zone]);
  return now.startsWith(date) ? <div className="board-now" style={{ "--from": minutesIn(now, date) / 60 }} aria-hidden="true" /> : null;
}

/** The same day as lists, one for each staff member who has something to do: what a printer gets. */
export function PrintList({ columns, shown, gone }) {
  return (
    <div className="board-paper" aria-hidden="true">
      {columns.map((one, at) => shown[at].length ? (
        <table key={one.id}>
          <caption>{one.name}{gone.has(one.id) ? <span> · {whyAway(gone.get(one.id))}</span> : null}</caption>
          <tbody>
            {shown[at].map(({ entry }) => (
              <tr key={entry.id}>
                <td className="num">{hourText(entry.start)} – {hourText(entry.end)}</td>
                <td>{entry.client}</td>
                <td>{entry.action}</td>
                <td>{wordOf(entry)}{entry.confirmed ? `, ${tr("Confirmed")}` : ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null)}
    </div>
  );
}
