import { useEffect, useState } from "react";

// Shows the tick at once and lets the server confirm it: on a slow line a box that waits looks broken.
// The label around the box takes presses beside it.
export function Tick({ checked, label, onTick }) {
  const [shown, setShown] = useState(Boolean(checked));
  useEffect(() => setShown(Boolean(checked)), [checked]);
  const change = (event) => {
    setShown(event.target.checked);
    onTick?.(event.target.checked);
  };
  const box = <input type="checkbox" checked={shown} onChange={change} aria-label={label || undefined} />;
  return label ? <label className="tick-target">{box}</label> : box;
}
