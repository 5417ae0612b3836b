// A drop-down with search on the server: one value.
import { ChevronDown, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { described, Field, useField } from "./field.jsx";
import { tr } from "./i18n.js";
import { Options, useChoices } from "./options.jsx";

export function Combobox(props) {
  const { label, hideLabel, name, value, text, placeholder, required, disabled, autoFocus, loading, emptyText } = props;
  const { onPick, onFooter } = props;
  const field = useField(props);
  const choices = useChoices(props);
  const box = useRef(null);
  const input = useRef(null);
  const [typed, setTyped] = useState(null); // null: nobody is typing, the chosen text shows
  const [picked, setPicked] = useState(null); // shows at once, until the server says the same
  useEffect(() => {
    setPicked(null);
    if (value) setTyped(null); // chosen elsewhere, in a dialog for instance
  }, [value, text]);

  const chosen = picked ? picked.id : value || "";
  const chosenText = picked ? picked.name : text || "";
  const shown = typed ?? chosenText;
  const undecided = typed !== null && typed.trim() !== "" && !choices.open;

  const open = () => {
    if (choices.open || disabled) return;
    choices.setOpen(true);
    choices.search(typed ?? "", 0);
  };
  const choose = (choice) => {
    choices.close();
    if (choice.footer) {
      if (onFooter) onFooter(choice.id, typed ?? "");
      else onPick?.(choice.id);
      return;
    }
    setTyped(null);
    setPicked(choice);
    onPick?.(choice.id);
  };
  const clear = () => {
    setTyped(null);
    setPicked({ id: "", name: "" });
    onPick?.("");
  };
  const leave = () => {
    choices.close();
    if (typed === null) return;
    if (typed.trim() === "" && chosen && !required) clear();
    else if (chosen || typed.trim() === "") setTyped(null);
  };
  const key = (event) => {
    if (event.nativeEvent.isComposing) return;
    if (["ArrowDown", "ArrowUp"].includes(event.key) || (choices.open && ["PageUp", "PageDown"].includes(event.key))) {
      event.preventDefault();
      if (choices.open) choices.move(event.key);
      else open();
    } else if (event.key === "Enter" && choices.open) {
      event.preventDefault();
      choices.enter(choose);
    }
  };

  return (
    <Field field={field} {...{ name, label, required, hideLabel }} htmlFor={field.base}>
      <div className="ap-control" ref={box} data-invalid={field.message ? "" : undefined} data-disabled={disabled || undefined}>
        <input
          ref={input}
          id={field.base}
          className="ap-input"
          role="combobox"
          type="text"
          dir="auto"
          autoComplete="off"
          spellCheck={false}
          value={shown}
          placeholder={placeholder}
          disabled={disabled}
          autoFocus={autoFocus}
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
          onFocus={(event) => event.target.select()}
          onClick={(event) => {
            if (typed === null) event.target.select(); // typing replaces what was chosen
            open();
          }}
          onBlur={leave}
          onKeyDown={key}
        />
        {chosen && !required && !disabled ? (
          <button type="button" className="ap-mini" aria-label={tr("Clear {name}", { name: label })} onClick={() => { clear(); input.current.focus(); }}>
            <X size={14} aria-hidden="true" />
          </button>
        ) : null}
        <span className="ap-chevron" aria-hidden="true" onMouseDown={(event) => {
          event.preventDefault();
          input.current.focus();
          if (choices.open) choices.close();
          else open();
        }}>
          <ChevronDown size={14} />
        </span>
      </div>
      {choices.open ? (
        <Options anchor={box} id={field.base} isChosen={(id) => id === chosen} onChoose={choose} onClose={choices.close} {...{ label, choices, loading, emptyText }} />
      ) : null}
      {undecided ? <div className="hint ap-hint">{tr("Choose one from the list.")}</div> : null}
      {name ? <input type="hidden" name={name} value={chosen} /> : null}
    </Field>
  );
}
