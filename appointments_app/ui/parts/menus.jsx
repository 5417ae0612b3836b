// A button with a menu. The menu is made when it is first wanted: a list has fifty of them.
// Entries that the person may not use are left out; where none is left, so is the button.
import "./parts.css";
import { ChevronDown, EllipsisVertical } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { ICONS } from "./icons.js";
import { Panel } from "./panel.jsx";

export function RowMenu(props) {
  return <WithMenu {...props} className="ap-dots" icon><EllipsisVertical size={16} aria-hidden="true" /></WithMenu>;
}

export function MenuButton(props) {
  const Icon = ICONS[props.icon];
  return (
    <WithMenu {...props} icon={false} className={`btn ap-menu-button ${props.kind ?? ""}`}>
      {Icon ? <Icon size={15} aria-hidden="true" /> : null}
      <span>{props.label}</span>
      <ChevronDown size={14} aria-hidden="true" />
    </WithMenu>
  );
}

function WithMenu({ label, items, disabled, onAction, icon, className, children }) {
  const shown = (items ?? []).filter((item) => !item.hidden);
  const [start, setStart] = useState(null); // null: closed; else which entry gets the focus first
  const button = useRef(null);
  const id = useId();
  const close = (refocus) => {
    setStart(null);
    if (refocus) button.current.focus();
  };
  if (!shown.length) return null;
  return (
    <>
      <button
        ref={button}
        id={id}
        type="button"
        className={className}
        disabled={disabled}
        aria-label={icon ? label : undefined}
        title={icon ? label : undefined}
        aria-haspopup="menu"
        aria-expanded={start !== null}
        onClick={(event) => {
          event.stopPropagation();
          setStart((now) => (now === null ? "first" : null));
        }}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          setStart(event.key === "ArrowDown" ? "first" : "last");
        }}
      >
        {children}
      </button>
      {start === null ? null : <Entries {...{ start, items: shown, onAction, close, labelledBy: id, anchor: button, align: icon ? "end" : "start" }} />}
    </>
  );
}

function Entries({ start, items, onAction, close, labelledBy, anchor, align }) {
  const menu = useRef(null);
  const navigate = useNavigate();
  const [typed, setTyped] = useState({ text: "", at: 0 });
  const entries = () => [...menu.current.querySelectorAll("[role=menuitem]")];
  useEffect(() => {
    const all = entries();
    (start === "last" ? all[all.length - 1] : all[0])?.focus();
  }, []);

  const act = (event, item) => {
    event.stopPropagation();
    if (item.disabled) return event.preventDefault();
    if (item.href && (event.ctrlKey || event.metaKey || event.shiftKey)) return close(false);
    event.preventDefault();
    close(true);
    if (!item.href) onAction?.(item.id);
    else if (item.href.startsWith("/") && !item.href.startsWith("/api/")) navigate(item.href);
    else window.location.assign(item.href);
  };
  const key = (event) => {
    const all = entries();
    const at = all.indexOf(document.activeElement);
    const next = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Tab") return close(true);
    if (next === undefined && event.key === " ") document.activeElement.click();
    else if (next === undefined && event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
      const text = (Date.now() - typed.at < 600 ? typed.text : "") + event.key.toLocaleLowerCase();
      setTyped({ text, at: Date.now() });
      all.find((entry) => entry.textContent.trim().toLocaleLowerCase().startsWith(text))?.focus();
    } else if (next === undefined) return undefined;
    else all[next].focus();
    event.preventDefault();
    event.stopPropagation();
    return undefined;
  };

  return (
    <Panel anchor={anchor} align={align} onClose={(reason) => close(reason === "escape")} className="ap-menu">
      <div ref={menu} role="menu" aria-labelledby={labelledBy} onKeyDown={key}>
        {items.map((item) => <Entry key={item.id} item={item} onClick={(event) => act(event, item)} />)}
      </div>
    </Panel>
  );
}

function Entry({ item, onClick }) {
  const Icon = ICONS[item.icon];
  const Tag = item.href ? "a" : "div";
  return (
    <Tag
      role="menuitem"
      tabIndex={-1}
      href={item.href || undefined}
      className="ap-entry"
      data-danger={item.danger ? "" : undefined}
      aria-disabled={item.disabled || undefined}
      onClick={onClick}
      onKeyDown={(event) => event.key === "Enter" && !item.href && onClick(event)}
      onMouseMove={(event) => event.currentTarget !== document.activeElement && event.currentTarget.focus({ preventScroll: true })}
    >
      {Icon ? <Icon size={15} aria-hidden="true" /> : null}
      <span>{item.name}</span>
    </Tag>
  );
}
