// Date and time entry: typed segment by segment, or picked from a calendar.
import "./parts.css";
import { parseDate, parseTime } from "@internationalized/date";
import { CalendarDays, ChevronLeft, ChevronRight } from "lucide-react";
import {
  Button, Calendar, CalendarCell, CalendarGrid, CalendarGridBody, CalendarGridHeader, CalendarHeaderCell, DateField as AriaDateField,
  DateInput, DateSegment, Heading, I18nProvider, TimeField as AriaTimeField,
} from "react-aria-components";
import { useEffect, useRef, useState } from "react";
import { Field, useField } from "./field.jsx";
import { locale, rtl, tr } from "./i18n.js";
import { Panel } from "./panel.jsx";

const WAIT = 150; // a year is typed in four strokes
const read = (parse, text) => {
  try {
    return text ? parse(text) : null;
  } catch {
    return null;
  }
};

// What is typed lives here; Python hears of it when it is complete and has rested for a moment.
function useEntry({ value, onChange, parse, write, isComplete }) {
  const [entry, setEntry] = useState(() => read(parse, value));
  const sent = useRef(value ?? "");
  const timer = useRef(null);
  useEffect(() => {
    if ((value ?? "") === sent.current) return;
    sent.current = value ?? "";
    setEntry(read(parse, value));
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const send = (next) => {
    clearTimeout(timer.current);
    const text = next ? write(next) : "";
    if (text === sent.current || (next && !isComplete(next))) return;
    sent.current = text;
    onChange?.(text);
  };
  const change = (next, now) => {
    setEntry(next);
    clearTimeout(timer.current);
    if (now) send(next);
    else timer.current = setTimeout(() => send(next), WAIT);
  };
  return { entry, change, text: entry && isComplete(entry) ? write(entry) : "", flush: () => send(entry) };
}

const segments = (segment) => <DateSegment segment={segment} className="ap-segment" />;

const shared = (field, { required, disabled }) => ({
  "aria-labelledby": field.labelId,
  "aria-describedby": field.message ? field.errorId : undefined,
  isRequired: required,
  isDisabled: disabled,
  isInvalid: Boolean(field.message),
  validationBehavior: "aria",
  className: "ap-segments",
});

const focusFirst = (box) => () => box.current?.querySelector("[role=spinbutton]")?.focus();

export function DateField(props) {
  const { label, hideLabel, name, value, required, disabled, onChange } = props;
  const field = useField(props);
  const box = useRef(null);
  const [open, setOpen] = useState(false);
  const { entry, change, text, flush } = useEntry({ value, onChange, parse: parseDate, write: String, isComplete: (date) => date.year >= 1000 });
  const close = (refocus) => {
    setOpen(false);
    if (refocus) box.current.querySelector("button").focus();
  };
  return (
    <I18nProvider locale={`${locale}-u-ca-gregory`}>
      <Field field={field} {...{ name, label, required, hideLabel }} onLabelClick={focusFirst(box)}>
        <div ref={box} className="ap-control ap-date" data-invalid={field.message ? "" : undefined} data-disabled={disabled || undefined}>
          <AriaDateField {...shared(field, props)} value={entry} onChange={(next) => change(next, false)} onBlur={flush}>
            <DateInput className="ap-date-input">{segments}</DateInput>
          </AriaDateField>
          <button type="button" className="ap-mini" disabled={disabled} aria-label={tr("Calendar of {name}", { name: label })} aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(!open)}>
            <CalendarDays size={14} aria-hidden="true" />
          </button>
        </div>
        {open ? (
          <Panel anchor={box} className="ap-calendar" role="dialog" aria-label={label} onClose={(reason) => close(reason === "escape")}>
            <Month value={entry} onChange={(next) => { change(next, true); close(true); }} />
          </Panel>
        ) : null}
        {name ? <input type="hidden" name={name} value={text} /> : null}
      </Field>
    </I18nProvider>
  );
}

function Month({ value, onChange }) {
  const [Back, Forward] = rtl ? [ChevronRight, ChevronLeft] : [ChevronLeft, ChevronRight];
  return (
    <Calendar value={value} onChange={onChange} autoFocus>
      <div className="ap-calendar-head">
        <Button slot="previous" className="ap-mini"><Back size={16} aria-hidden="true" /></Button>
        <Heading level={2} />
        <Button slot="next" className="ap-mini"><Forward size={16} aria-hidden="true" /></Button>
      </div>
      <CalendarGrid weekdayStyle={rtl ? "narrow" : "short"}>
        <CalendarGridHeader>{(day) => <CalendarHeaderCell>{day}</CalendarHeaderCell>}</CalendarGridHeader>
        <CalendarGridBody>{(date) => <CalendarCell date={date} className="ap-day" />}</CalendarGridBody>
      </CalendarGrid>
    </Calendar>
  );
}

export function TimeField(props) {
  const { label, hideLabel, name, value, required, disabled, onChange } = props;
  const field = useField(props);
  const box = useRef(null);
  const write = (time) => time.toString().slice(0, 5);
  const { entry, change, text, flush } = useEntry({ value, onChange, parse: parseTime, write, isComplete: () => true });
  return (
    <I18nProvider locale={locale}>
      <Field field={field} {...{ name, label, required, hideLabel }} onLabelClick={focusFirst(box)}>
        <div ref={box} className="ap-control ap-date" data-invalid={field.message ? "" : undefined} data-disabled={disabled || undefined}>
          <AriaTimeField {...shared(field, props)} value={entry} onChange={(next) => change(next, false)} onBlur={flush}>
            <DateInput className="ap-date-input">{segments}</DateInput>
          </AriaTimeField>
        </div>
        {name ? <input type="hidden" name={name} value={text} /> : null}
      </Field>
    </I18nProvider>
  );
}
