// A box that hangs below (or above) its anchor. It stands in the browser's top layer yet stays inside its parent in the
// document, so that it shows above a modal dialog, is not cut off by it, and counts as a part of it.
import { useEffect, useLayoutEffect, useRef } from "react";

const GAP = 4;
const EDGE = 8;
const NARROWEST = 240;

function place(panel, anchor, { align, matchWidth }) {
  const at = anchor.getBoundingClientRect();
  const [wide, high] = [document.documentElement.clientWidth, window.innerHeight];
  if (matchWidth) panel.style.inlineSize = `${Math.min(Math.max(at.width, NARROWEST), wide - 2 * EDGE)}px`;
  const below = high - at.bottom - GAP - EDGE;
  const above = at.top - GAP - EDGE;
  const up = below < Math.min(panel.scrollHeight, 240) && above > below;
  panel.style.maxBlockSize = `${Math.max(120, Math.min(380, up ? above : below))}px`;
  const box = panel.getBoundingClientRect();
  const fromLeft = (getComputedStyle(anchor).direction === "rtl") === (align === "end");
  const x = fromLeft ? at.left : at.right - box.width;
  panel.style.left = `${Math.max(EDGE, Math.min(x, wide - box.width - EDGE))}px`;
  panel.style.top = `${up ? at.top - GAP - box.height : at.bottom + GAP}px`;
}

/** Calls onClose(reason) with "escape" or "outside". */
export function Panel({ anchor, onClose, align = "start", matchWidth = false, className = "", children, ...rest }) {
  const ref = useRef(null);
  const latest = useRef(onClose);
  latest.current = onClose;

  useLayoutEffect(() => {
    ref.current.showPopover?.();
  }, []);
  useLayoutEffect(() => {
    if (anchor.current) place(ref.current, anchor.current, { align, matchWidth });
  });
  useEffect(() => {
    const again = (event) => {
      if (ref.current?.contains(event?.target)) return;
      if (anchor.current) place(ref.current, anchor.current, { align, matchWidth });
    };
    const pressed = (event) => {
      if (!ref.current?.contains(event.target) && !anchor.current?.contains(event.target)) latest.current("outside");
    };
    const key = (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      event.stopImmediatePropagation(); // the dialog around us stays open
      latest.current("escape");
    };
    window.addEventListener("scroll", again, true);
    window.addEventListener("resize", again);
    window.addEventListener("keydown", key, true);
    document.addEventListener("pointerdown", pressed, true);
    return () => {
      window.removeEventListener("scroll", again, true);
      window.removeEventListener("resize", again);
      window.removeEventListener("keydown", key, true);
      document.removeEventListener("pointerdown", pressed, true);
    };
  }, [anchor, align, matchWidth]);

  return (
    <div ref={ref} popover="manual" className={`ap-panel ${className}`} onClick={(event) => event.stopPropagation()} {...rest}>
      {children}
    </div>
  );
}
