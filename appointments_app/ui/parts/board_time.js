// Minutes of a day and wall times, and how appointments of one column stand side by side.

/** So many minutes an appointment takes on the screen, however short it is. */
export const LEAST = 15;

/** Minutes from the midnight of `date` to a wall time such as "2026-03-24T10:00"; negative on the day before. */
export function minutesIn(wall, date) {
  return (Date.parse(`${wall}:00Z`) - Date.parse(`${date}T00:00:00Z`)) / 60_000;
}

/** The wall time so many minutes after the midnight of `date`. */
export function timeOf(date, minutes) {
  return new Date(Date.parse(`${date}T00:00:00Z`) + minutes * 60_000).toISOString().slice(0, 16);
}

const seenEnd = ({ start, end }) => Math.max(end, start + LEAST);

/** Each appointment with its place: start and end in minutes, and which of how many lanes it takes among its neighbours. */
export function lanesOf(entries, date) {
  const slots = entries
    .map((entry) => ({ entry, start: Math.max(0, minutesIn(entry.start, date)), end: Math.min(1440, minutesIn(entry.end, date)), lane: 0, lanes: 1 }))
    .sort((one, other) => one.start - other.start || other.end - one.end || one.entry.id - other.entry.id);
  let group = [];
  let groupEnd = -1;
  const close = () => {
    const lanes = Math.max(1, ...group.map((slot) => slot.lane + 1));
    for (const slot of group) slot.lanes = lanes;
    group = [];
  };
  for (const slot of slots) {
    if (slot.start >= groupEnd) close();
    const taken = new Set(group.filter((other) => seenEnd(other) > slot.start).map((other) => other.lane));
    while (taken.has(slot.lane)) slot.lane += 1;
    group.push(slot);
    groupEnd = Math.max(groupEnd, seenEnd(slot));
  }
  close();
  return slots;
}

/** Those of a column that have room for themselves, and heaps of the others: from the last lane on, what touches each other. */
export function heapsOf(slots, most) {
  const heaps = [];
  const alone = [];
  for (const slot of slots) {
    const room = Math.min(slot.lanes, most);
    if (slot.lanes <= most || slot.lane < most - 1) alone.push({ ...slot, lanes: room });
    else if (heaps.length && slot.start < heaps.at(-1).end) {
      heaps.at(-1).slots.push(slot);
      heaps.at(-1).end = Math.max(heaps.at(-1).end, slot.end);
    } else heaps.push({ start: slot.start, end: slot.end, lane: most - 1, lanes: most, slots: [slot] });
  }
  return { alone, heaps };
}
