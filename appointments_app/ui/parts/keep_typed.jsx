// What was typed into a form comes back when the form does: after a restart of the program, or a reload of the page.
import "./parts.css";
import { useEffect, useRef, useState } from "react";
import { tr } from "./i18n.js";
import { forget, keep, kept, keyOf, nameOf, putBack, send } from "./typed.js";

const AGAIN = 200; // ms; some fields and choices come a little later than the form
const PATIENCE = 15; // times
const CLOSES = "button:not([type=submit])"; // in a dialog
const LEAVES = ".form-foot a, .form-foot button:not([type=submit]), .banner button:not([type=submit])";

/** Stands inside the form. */
export function KeepTyped({ person, form: formName }) {
  const place = useRef(null);
  const [back, setBack] = useState({ shown: false, isOther: false });
  useEffect(() => {
    const form = place.current.closest("form");
    const name = nameOf(person, formName);
    let missing = {};
    let timer = null;
    const fill = (left) => {
      const before = Object.keys(missing).length;
      const done = putBack(form, missing);
      missing = done.missing;
      if (Object.keys(missing).length < before) setBack((was) => ({ shown: true, isOther: was.isOther || done.isOther }));
      if (Object.keys(missing).length && left) timer = setTimeout(fill, AGAIN, left - 1);
    };
    // A little later: a form that was just saved is forgotten by then.
    timer = setTimeout(() => {
      missing = kept(name) ?? {};
      if (Object.keys(missing).length) fill(PATIENCE);
    }, 0);
    let isLeft = false; // the field that is left then says "change" once more
    const typed = (event) => {
      if (isLeft && event.type === "change") return;
      isLeft = false;
      if (event.isTrusted) delete missing[keyOf(event.target)];
      keep(name, form, missing);
    };
    const dialog = form.closest("[role=dialog]");
    const leave = () => {
      isLeft = true;
      forget(name);
    };
    const press = (event) => event.target.closest?.(dialog ? CLOSES : LEAVES) && leave();
    const escape = (event) => dialog && event.key === "Escape" && leave();
    const aside = ({ target }) => dialog && !dialog.contains(target) && !target.closest?.(".ap-toasts") && leave();
    const submit = () => send(name);
    const listeners = [
      [form, "input", typed], [form, "change", typed], [form, "submit", submit],
      [dialog ?? form, "click", press], [document, "keydown", escape], [document, "pointerdown", aside],
    ];
    for (const [place, event, listener] of listeners) place.addEventListener(event, listener, true);
    return () => {
      clearTimeout(timer);
      for (const [place, event, listener] of listeners) place.removeEventListener(event, listener, true);
    };
  }, [person, formName]);
  const discard = () => {
    forget(nameOf(person, formName));
    window.location.reload();
  };
  if (!back.shown) return <div ref={place} role="status" hidden />;
  return (
    <div ref={place} className={`banner ${back.isOther ? "warn" : ""}`} role="status">
      {back.isOther ? <strong>{tr("Somebody else changed this meanwhile.")}</strong> : null}
      <span className="grow">{tr("What you had typed is here again.")}</span>
      <button type="button" className="btn" onClick={discard}>{tr("Discard changes")}</button>
    </div>
  );
}

/** Stands where a form is closed: opens it when something typed waits for it. */
export function TypedWaits({ person, form: formName, onFound }) {
  const found = useRef(onFound);
  found.current = onFound;
  useEffect(() => {
    const timer = setTimeout(() => kept(nameOf(person, formName)) && found.current?.(), 0);
    return () => clearTimeout(timer);
  }, [person, formName]);
  return null;
}
