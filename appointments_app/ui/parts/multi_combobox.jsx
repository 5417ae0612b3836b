// A drop-down with search on the server: any number of values, shown as chips.
import { ChevronDown, X } from "lucide-react";
import { useRef, useState } from "react";
import { described, Field, useField } from "./field.jsx";
import { tr } from "./i18n.js";
import { Options, useChoices } from "./options.jsx";

export function MultiCombobox(props) {
  const { label, hideLabel, name, values, placeholder, required, disabled, loading, emptyText, onAdd, onRemove, onFooter } = props;
  const chosen = values ?? [];
  const field = useField(props);
  const choices = useChoices(props);
  const box = useRef(null);
  const input = useRef(null);
  const [typed, setTyped] = useState("");

  const isChosen = (id) => chosen.some((each) => each.id === id);
  const open = () => {
    if (choices.open || disabled) return;
    choices.setOpen(true);
    choices.search(typed, 0);
  };
  const choose = (choice) => {
    if (choice.footer) {
      choices.close();
      (onFooter ?? onAdd)?.(choice.id, typed);
      return;
    }
    (isChosen(choice.id) ? onRemove : onAdd)?.(choice.id);
    if (typed) {
      setTyped("");
      choices.search("", 0);
    }
  };
  const remove = (id) => {
    onRemove?.(id);
    input.current.focus();
  };
  const key = (event) => {
    if (event.nativeEvent.isComposing) return;
    if (["ArrowDown", "ArrowUp"].includes(event.key) || (choices.open && ["PageUp", "PageDown"].includes(event.key))) {
      event.preventDefault();
      if (choices.open) choices.move(event.key);
      else open();
    } else if (event.key === "Enter" && choices.open) {
      event.preventDefault();
      if (choices.active >= 0) choose(choices.all[choices.active]);
    } else if (event.key === "Backspace" && !typed && chosen.length) {
      remove(chosen[chosen.length - 1].id);
    }
  };

  return (
    <Field field={field} {...{ name, label, required, hideLabel }} htmlFor={field.base}>
      <div className="ap-control ap-many" ref={box} data-invalid={field.message ? "" : undefined} onClick={(event) => event.target === box.current && input.current.focus()}>
        {chosen.map((each) => (
          <span key={each.id} className="ap-chip" data-colour={each.colour || undefined}>
            {each.colour ? <span className="ap-dot" style={{ background: `var(--${each.colour}-9)` }} aria-hidden="true" /> : null}
            <span className="ap-chip-text" dir="auto">{each.name}</span>
            <button type="button" className="ap-mini" disabled={disabled} aria-label={tr("Remove {name}", { name: each.name })} onClick={() => remove(each.id)}>
              <X size={12} aria-hidden="true" />
            </button>
          </span>
        ))}
        <input
          ref={input}
          id={field.base}
          className="ap-input"
          role="combobox"
          type="text"
          dir="auto"
          autoComplete="off"
          spellCheck={false}
          value={typed}
          placeholder={chosen.length ? "" : placeholder}
          disabled={disabled}
          aria-expanded={choices.open}
          aria-autocomplete="list"
          aria-controls={choices.open ? `${field.base}-list` : undefined}
          aria-activedescendant={choices.active >= 0 ? `${field.base}-${choices.active}` : undefined}
          aria-required={required || undefined}
          {...described(field)}
          onChange={(event) => {
            setTyped(event.target.value);
            choices.setOpen(true);
            choices.search(event.target.value);
          }}
          onClick={open}
          onBlur={choices.close}
          onKeyDown={key}
        />
        <span className="ap-chevron" aria-hidden="true" onMouseDown={(event) => {
          event.preventDefault(); // the input keeps the focus
          if (choices.open) choices.close();
          else {
            input.current.focus();
            open();
          }
        }}>
          <ChevronDown size={14} />
        </span>
      </div>
      {choices.open ? (
        <Options multiple anchor={box} id={field.base} isChosen={isChosen} onChoose={choose} onClose={choices.close} {...{ label, choices, loading, emptyText }} />
      ) : null}
      {name ? chosen.map((each) => <input key={each.id} type="hidden" name={name} value={each.id} />) : null}
    </Field>
  );
}
