// The list of choices below a picker, and what picker and list need to agree upon.
import { Check } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { tr, trn } from "./i18n.js";
import { ICONS } from "./icons.js";
import { Panel } from "./panel.jsx";

const WAIT = 150;

/** Search text with a delay, the active choice, and whether the choices already answer the text. */
export function useChoices({ options, footer, loading, onSearch }) {
  const all = [...(options ?? []), ...(footer ?? []).map((entry) => ({ ...entry, footer: true }))];
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const waiting = useRef(null);
  const asked = useRef(false);
  const hasty = useRef(null);

  useEffect(() => {
    if (!asked.current || loading) return;
    asked.current = false; // the answer to what was typed last
    if (waiting.current) return;
    setActive(all.length ? 0 : -1); // nothing found: what adds it is next
    const take = hasty.current;
    hasty.current = null;
    if (take && all.length && !all[0].footer) take(all[0]);
  }, [options, loading]);
  useEffect(() => () => clearTimeout(waiting.current), []);

  const search = (text, delay = WAIT) => {
    setActive(-1);
    hasty.current = null;
    clearTimeout(waiting.current);
    waiting.current = setTimeout(() => {
      waiting.current = null;
      asked.current = true;
      onSearch?.(text);
    }, delay);
  };
  const close = () => {
    clearTimeout(waiting.current);
    waiting.current = null;
    hasty.current = null;
    setOpen(false);
    setActive(-1);
  };
  const move = (key) => {
    if (!all.length || waiting.current || asked.current) return; // what is listed does not answer what was typed
    const last = all.length - 1;
    setActive((at) => ({ ArrowDown: at >= last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, PageUp: 0, PageDown: last })[key]);
  };
  /** Takes the active choice; while what was typed is being looked up, the first that is found. */
  const enter = (take) => {
    if (current >= 0) take(all[current]);
    else if (waiting.current || asked.current) hasty.current = take;
  };
  const current = active >= 0 && active < all.length ? active : -1;
  return { all, open, setOpen, active: current, setActive, search, close, move, enter };
}

export function Options({ anchor, id, label, choices, loading, emptyText, isChosen, multiple, onChoose, onClose }) {
  const { all, active, setActive } = choices;
  const found = all.filter((choice) => !choice.footer).length;
  const first = loading && !found;
  const list = useRef(null);
  useEffect(() => {
    list.current?.querySelector("[data-active]")?.scrollIntoView({ block: "nearest" });
  }, [active]);

  const option = (choice, index) => (
    <div
      key={`${choice.footer ? "footer" : "option"}-${choice.id}`}
      id={`${id}-${index}`}
      role="option"
      aria-selected={!choice.footer && isChosen(choice.id)}
      data-active={index === active || undefined}
      data-footer={choice.footer || undefined}
      className="ap-option"
      style={choice.footer ? { "--ap-below": all.length - 1 - index } : undefined}
      onMouseMove={() => index !== active && setActive(index)}
      onMouseDown={(event) => event.preventDefault()} // focus stays in the text
      onClick={() => onChoose(choice)}
    >
      <Mark choice={choice} />
      <span className="ap-option-text" dir="auto">{choice.name}</span>
      {choice.detail ? <span className="ap-option-detail" dir="auto">{choice.detail}</span> : null}
      {!choice.footer && isChosen(choice.id) ? <Check size={14} aria-hidden="true" className="ap-option-check" /> : null}
    </div>
  );

  return (
    <Panel anchor={anchor} onClose={onClose} matchWidth className="ap-options">
      {first ? <div className="ap-skeletons" aria-hidden="true"><i /><i /><i /></div> : null}
      {!first && !found ? <div className="ap-empty">{emptyText || tr("Nothing found")}</div> : null}
      <div ref={list} id={`${id}-list`} role="listbox" aria-label={label} aria-multiselectable={multiple || undefined} aria-busy={loading || undefined}>
        {all.map(option)}
      </div>
      <div className="ap-hidden" role="status">
        {first ? tr("Loading…") : trn("{n} choice", "{n} choices", found)}
      </div>
    </Panel>
  );
}

function Mark({ choice }) {
  const Icon = ICONS[choice.icon];
  if (Icon) return <Icon size={14} aria-hidden="true" />;
  return choice.colour ? <span className="ap-dot" style={{ background: `var(--${choice.colour}-9)` }} aria-hidden="true" /> : null;
}
