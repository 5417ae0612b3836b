// Short messages at the edge of the screen, with Undo.
import "./parts.css";
import { CircleAlert, CircleCheck, Info, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { tr } from "./i18n.js";
import { succeeded } from "./typed.js";

const SECONDS = 6;
const KEY = "messages";
const heard = new Set(); // messages of success that forms have heard of

// A message lives its seconds once, on whatever pages they pass: until when, and on which document it was first seen.
function seen() {
  try {
    return JSON.parse(window.sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

function note(id, until) {
  const all = Object.entries({ ...seen(), [id]: { until, page: performance.timeOrigin } });
  try {
    window.sessionStorage.setItem(KEY, JSON.stringify(Object.fromEntries(all.slice(-10))));
  } catch {
    // The browser keeps nothing: messages begin anew after a reload.
  }
}

// What was seen on a page that is gone: an error, or what had its time. Its Undo is not offered again.
function isOld({ id, kind }) {
  const before = seen()[id];
  return Boolean(before) && before.page !== performance.timeOrigin && (kind === "error" || before.until < Date.now());
}
const LOOKS = { success: CircleCheck, error: CircleAlert, info: Info };

export function Toasts({ toasts, onUndo, onClose }) {
  const [gone, setGone] = useState(() => new Set());
  const [held, setHeld] = useState(false);
  const hide = (id) => setGone((before) => new Set(before).add(id));
  const old = (toasts ?? []).filter((toast) => !gone.has(toast.id) && isOld(toast)).map((toast) => toast.id);
  const shown = (toasts ?? []).filter((toast) => !gone.has(toast.id) && !old.includes(toast.id));
  useEffect(() => old.forEach((id) => { hide(id); onClose?.(id); }), [old.join()]);
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
    if (latest?.kind !== "success" || heard.has(latest.id)) return;
    heard.add(latest.id);
    if (!isOld(latest)) succeeded();
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
  const left = useRef(Math.max(0, (seen()[toast.id]?.until ?? Date.now() + SECONDS * 1000) - Date.now()));
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const began = Date.now();
    note(toast.id, began + left.current);
    if (held || kind === "error") return undefined;
    const timer = setTimeout(() => close.current(), left.current);
    return () => {
      clearTimeout(timer);
      left.current = Math.max(1500, left.current - (Date.now() - began));
    };
  }, [held, kind]);
  return (
    <div className="ap-toast" data-kind={kind} role={kind === "error" ? "alert" : undefined}>
      <Icon size={16} aria-hidden="true" />
      <span className="ap-toast-text">{toast.text}</span>
      {toast.undo ? <button type="button" className="ap-toast-undo" onClick={onUndo}>{tr("Undo")}</button> : null}
      <button type="button" className="ap-mini" aria-label={tr("Close message")} onClick={onClose}><X size={14} aria-hidden="true" /></button>
    </div>
  );
}
