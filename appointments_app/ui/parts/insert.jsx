// Buttons that put a text where the cursor is, in the field of the form that had it last.
import { useEffect, useRef } from "react";

const FIELD = "[data-insert]";

export function InsertButtons({ label, items }) {
  const box = useRef(null);
  const last = useRef(null);
  useEffect(() => {
    const form = box.current?.closest("form");
    const remember = (event) => event.target.matches(FIELD) && (last.current = event.target);
    form?.addEventListener("focusin", remember);
    return () => form?.removeEventListener("focusin", remember);
  }, []);
  const insert = (text) => {
    const form = box.current.closest("form");
    const field = last.current?.isConnected ? last.current : form.querySelector(`textarea${FIELD}`);
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  };
  return (
    <div ref={box} className="row wrap inserts" role="group" aria-label={label}>
      {items.map((item) => (
        <button key={item.text} type="button" className="pill" title={item.text} onMouseDown={(event) => event.preventDefault()} onClick={() => insert(item.text)}>
          {item.name}
        </button>
      ))}
    </div>
  );
}
