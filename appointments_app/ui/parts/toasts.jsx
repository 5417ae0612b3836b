// Short messages at the edge of the screen, with Undo.
import "./parts.css";
import { CircleAlert, CircleCheck, Info, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { tr } from "./i18n.js";
import { succeeded } from "./typed.js";

const SECONDS = 6;
const LOOKS = { success: CircleCheck, error: CircleAlert, info: Info };

export function Toasts({ toasts, onUndo, onClose }) {
  const [gone, setGone] = useState(() => new Set());
  const [held, setHeld] = useState(false);
  const hide = (id) => setGone((before) => new Set(before).add(id));
  const shown = (toasts ?? []).filter((toast) => !gone.has(toast.id));
  const region = useRef(null);
  useEffect(() => {
    const stop = (event) => event.stopPropagation(); // a dialog below takes it for a click outside, and closes
    const box = region.current;
    box.addEventListener("pointerdown", stop);
    return () => box.removeEventListener("pointerdown", stop);
  }, []);
  const newest = shown[shown.length - 1]?.id;
  useEffect(() => {
    const box = region.current; // the last to enter the top layer stands above dialogs and panels
    if (box.matches(":popover-open")) box.hidePopover();
    if (newest !== undefined) box.showPopover();
  }, [newest]);
  const latest = toasts?.[toasts.length - 1];
  useEffect(() => {
    if (latest?.kind === "success") succeeded();
  }, [latest?.id]);
  return (
    <div
      ref={region}
      popover="manual"
      className="ap-toasts"
      role="region"
      aria-label={tr("Messages")}
      aria-live="polite"
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setHeld(false)}
    >
      {shown.map((toast) => (
        <Toast key={toast.id} {...{ toast, held }} onUndo={() => { hide(toast.id); onUndo?.(toast.id); }} onClose={() => { hide(toast.id); onClose?.(toast.id); }} />
      ))}
    </div>
  );
}

function Toast({ toast, held, onUndo, onClose }) {
  const kind = toast.kind in LOOKS ? toast.kind : "info";
  const Icon = LOOKS[kind];
  const left = useRef(SECONDS * 1000);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    if (held || kind === "error") return undefined;
    const began = Date.now();
    const timer = setTimeout(() => close.current(), left.current);
    return () => {
      clearTimeout(timer);
      left.current = Math.max(1500, left.current - (Date.now() - began));
    };
  }, [held, kind]);
  return (
    <div className="ap-toast" data-kind={kind} role={kind === "error" ? "alert" : undefined}>
      <Icon size={16} aria-hidden="true" />
      <span className="ap-toast-text" dir="auto">{toast.text}</span>
      {toast.undo ? <button type="button" className="ap-toast-undo" onClick={onUndo}>{tr("Undo")}</button> : null}
      <button type="button" className="ap-mini" aria-label={tr("Close message")} onClick={onClose}><X size={14} aria-hidden="true" /></button>
    </div>
  );
}
