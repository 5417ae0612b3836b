// Label, control and message of one form field, tied together.
import "./parts.css";
import { createContext, useContext, useId } from "react";

/** What the server said about the fields of the form around: {name: message}. */
export const FieldErrors = createContext({});

export function useField({ name, error, id }) {
  const made = useId();
  const said = useContext(FieldErrors);
  const base = id || (name ? `field-${name}` : made);
  const message = error || (name && said[name]) || "";
  return { base, message, errorId: `${base}-error`, labelId: `${base}-label` };
}

export function Field({ field, name, label, required, hideLabel, htmlFor, onLabelClick, children }) {
  return (
    <div className="field ap-field" data-field={name || undefined}>
      <label id={field.labelId} htmlFor={htmlFor} className={hideLabel ? "ap-hidden" : undefined} onClick={onLabelClick}>
        {label}
        {required ? <span className="muted" aria-hidden="true"> *</span> : null}
      </label>
      {children}
      <div id={field.errorId} className="field-error ap-error" role="alert" data-error-for={name || undefined}>
        {field.message}
      </div>
    </div>
  );
}

export const described = (field) => ({
  "aria-invalid": field.message ? "true" : undefined,
  "aria-describedby": field.message ? field.errorId : undefined,
});
