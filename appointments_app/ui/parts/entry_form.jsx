// A long form whose values Python holds: Ctrl+Enter saves, the first wrong field gets the focus.
import "./parts.css";
import { useEffect, useRef } from "react";
import { useNavigate } from "react-router";

const WRONG = "[aria-invalid=true], [data-invalid] input, [data-invalid] [role=spinbutton]";
const TWICE = 500; // ms; a second click within this time is a double click

// What was typed while the server was away: when it is back, its own older copy would take the place of the text.
const typed = new Map();
const MARGIN = 15_000; // ms around an outage in which the text on screen is the newer one
const outage = { goesOn: false, began: 0, ended: 0 };

const place = (field) => `${window.location.pathname}${window.location.search} ${field.name}`;

function remember(event) {
  if (event.target.tagName === "TEXTAREA") typed.set(place(event.target), { text: event.target.value, at: Date.now() });
}

function watchServer() {
  const isAway = Boolean(document.querySelector(".offline"));
  if (isAway && !outage.goesOn) outage.began = Date.now();
  if (isAway) outage.ended = Date.now();
  outage.goesOn = isAway;
}

function putBack(form) {
  if (Date.now() - outage.ended > MARGIN) return;
  for (const field of form?.querySelectorAll("textarea[name]") ?? []) {
    const kept = typed.get(place(field));
    if (!kept || kept.at < outage.began - MARGIN || kept.text === field.value) continue;
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(field, kept.text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

export function EntryForm({ label, className, attempt, disabled, onSave, children }) {
  const form = useRef(null);
  const sent = useRef(0);
  const seen = useRef(attempt);
  useEffect(() => {
    if (seen.current === attempt) return undefined;
    seen.current = attempt;
    sent.current = 0;
    const soon = setTimeout(() => (form.current?.querySelector(WRONG) ?? form.current?.querySelector("[data-asks]"))?.focus(), 0);
    return () => clearTimeout(soon);
  }, [attempt]);

  useEffect(() => {
    const look = setInterval(() => {
      watchServer();
      if (!outage.goesOn) putBack(form.current);
    }, 300);
    return () => clearInterval(look);
  }, []);

  const submit = (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (Date.now() - sent.current < TWICE) return;
    sent.current = Date.now();
    onSave?.(Object.fromEntries(new FormData(form.current, event.nativeEvent.submitter)));
  };
  // While it comes down: date segments keep keys to themselves.
  const key = (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
    event.preventDefault();
    form.current.requestSubmit(form.current.querySelector("[data-save]"));
  };
  return (
    <form ref={form} className={className} aria-label={label} noValidate onSubmit={submit} onInput={remember} onKeyDownCapture={key}>
      <fieldset className="fields" disabled={disabled}>{children}</fieldset>
    </form>
  );
}

/** Goes back to where the person came from; to `href` when the page was opened directly. */
export function BackButton({ href, className, children }) {
  const navigate = useNavigate();
  const back = () => (window.history.state?.idx > 0 ? navigate(-1) : navigate(href));
  return (
    <button type="button" className={className} onClick={back}>
      {children}
    </button>
  );
}
