// A form that is posted with fetch, so that nothing typed is lost whatever the answer.
import "./parts.css";
import { useEffect, useRef, useState } from "react";
import { FieldErrors } from "./field.jsx";
import { tr } from "./i18n.js";
import { forgetAll } from "./typed.js";

const SIGN_OUT = "/auth/sign-out";

async function post(action, form, submitter) {
  const body = new FormData(form, submitter);
  try {
    const answer = await fetch(action, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json", "X-Requested-With": "fetch" } });
    const said = await answer.json().catch(() => ({}));
    if (said.next || said.error || said.fields) return said;
    return answer.ok ? said : { error: tr("Something went wrong on the server. Nothing you typed is lost: try again in a moment.") };
  } catch {
    return { error: tr("The server can't be reached. Nothing you typed is lost: check the connection and try again.") };
  }
}

// Fields that are plain HTML: their message goes into [data-error-for=name].
function mark(form, fields) {
  for (const place of form.querySelectorAll("[data-error-for]:not(.ap-error)")) {
    const name = place.dataset.errorFor;
    const control = [...form.elements].find((each) => each.name === name && each.type !== "hidden");
    place.textContent = fields[name] ?? "";
    if (!place.id) place.id = `error-${name}`;
    if (!control) continue;
    if (fields[name]) {
      control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-describedby", place.id);
    } else control.removeAttribute("aria-invalid");
  }
}

export function PostForm({ action, className, label, onAnswer, children }) {
  const form = useRef(null);
  const alert = useRef(null);
  const busy = useRef(false);
  const [said, setSaid] = useState({ error: "", fields: {}, at: 0 });

  const buttons = () => [...document.querySelectorAll("button[type=submit]")].filter((each) => each.form === form.current);
  const lock = (locked) => {
    busy.current = locked;
    form.current?.toggleAttribute("data-busy", locked);
    for (const button of buttons()) {
      button.disabled = locked;
      button.setAttribute("aria-busy", String(locked));
    }
  };
  const submit = async (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (busy.current) return;
    const sent = post(action, form.current, event.nativeEvent.submitter);
    lock(true);
    const answer = await sent;
    if (!form.current) return;
    if (answer.next) {
      if (action === SIGN_OUT) forgetAll();
      return window.location.assign(answer.next);
    }
    lock(false);
    const fields = answer.fields ?? {};
    mark(form.current, fields);
    setSaid({ error: answer.error ?? (Object.keys(fields).length ? tr("Please check the marked fields.") : ""), fields, at: Date.now() });
    onAnswer?.(JSON.stringify(answer));
  };
  useEffect(() => {
    if (said.error) alert.current?.focus();
  }, [said]);
  useEffect(() => {
    const back = (event) => event.persisted && lock(false); // Back brings the page as it was left
    window.addEventListener("pageshow", back);
    return () => window.removeEventListener("pageshow", back);
  }, []);

  return (
    <FieldErrors.Provider value={said.fields}>
      <form ref={form} method="post" action={action} className={className} aria-label={label} noValidate onSubmit={submit}>
        {said.error ? <div ref={alert} className="ap-form-error" role="alert" tabIndex={-1}>{said.error}</div> : null}
        {children}
      </form>
    </FieldErrors.Provider>
  );
}

export function UnsavedGuard({ active }) {
  useEffect(() => {
    if (!active) return undefined;
    const ask = (event) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [active]);
  return null;
}
