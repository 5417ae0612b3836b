// Tells the server once a certain time has come, for what changes without anybody doing anything.
import { useEffect, useRef } from "react";

const LONGEST = 2 ** 31 - 1; // ms; a longer timer would ring at once

export function Alarm({ at, onRing }) {
  const latest = useRef(onRing);
  latest.current = onRing;
  useEffect(() => {
    const ms = at ? new Date(at).getTime() - Date.now() : Number.NaN;
    if (!(ms > -60_000 && ms < LONGEST)) return undefined;
    const timer = setTimeout(() => latest.current?.([]), Math.max(ms, 0) + 1000);
    return () => clearTimeout(timer);
  }, [at]);
  return null;
}
