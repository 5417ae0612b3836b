// The keyboard shortcuts of lists: N new, / search, J and K rows, X select, Enter open, ? help.
import { useEffect, useRef } from "react";
import { useNavigate } from "react-router";

const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true], [role=spinbutton], [role=combobox], [role=menu]";
const BUSY = "[role=dialog], [role=alertdialog], [role=menu], [role=listbox]";
const ROW = "[data-row]";

// By the key's place as well, for keyboards that write other letters.
const letterOf = (event) => {
  if (event.key === "?" || event.key === "/" || event.key === "؟") return event.key === "؟" ? "?" : event.key;
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  if (event.key === "Enter") return "enter";
  return /^Key[A-Z]$/.test(event.code) && !/^[\x00-\x7f]$/.test(event.key) ? event.code[3].toLowerCase() : "";
};

const isFree = (event) =>
  !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing &&
  !event.target.closest?.(TYPING) && !document.querySelector(BUSY);

function moveRow(step) {
  const rows = [...document.querySelectorAll(ROW)].filter((row) => row.offsetParent !== null);
  if (!rows.length) return;
  const at = rows.indexOf(document.activeElement?.closest(ROW));
  const row = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + step))];
  if (!row.hasAttribute("tabindex")) row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

export function Shortcuts({ newHref, onHelp }) {
  const navigate = useNavigate();
  const latest = useRef({});
  latest.current = { newHref, onHelp, navigate };
  useEffect(() => {
    const does = {
      n: () => latest.current.newHref && latest.current.navigate(latest.current.newHref),
      "/": () => document.querySelector("[data-search]")?.focus(),
      j: () => moveRow(1),
      k: () => moveRow(-1),
      x: (event) => event.target.closest?.(ROW)?.querySelector("input[type=checkbox], [role=checkbox]")?.click(),
      enter: (event) => event.target.matches?.(ROW) && event.target.querySelector("[data-open]")?.click(),
      "?": () => latest.current.onHelp?.(),
    };
    const key = (event) => {
      const act = does[letterOf(event)];
      if (!act || !isFree(event)) return;
      if (letterOf(event) !== "enter") event.preventDefault();
      act(event);
    };
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  }, []);
  return null;
}
