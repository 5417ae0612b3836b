// Fetches a file while showing how far it is; cancelling breaks the connection, and with it the work on the server.
import "./parts.css";
import { useEffect, useRef, useState } from "react";
import { fmtBytes, fmtNumber, tr, trn } from "./i18n.js";

const NEWLINE = 10;
const OFTEN = 100; // ms between two pictures of the progress
const PIECE = 8e6; // bytes after which the browser may put what came aside

class Refused extends Error {}

function fileName(answer, fallback) {
  const header = answer.headers.get("Content-Disposition") ?? "";
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header)?.[1];
  return encoded ? decodeURIComponent(encoded) : /filename="?([^";]+)/i.exec(header)?.[1] ?? fallback ?? "export";
}

async function fetchFile(url, method, signal, tell) {
  const answer = await fetch(url, { method, signal, credentials: "same-origin", headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok) throw new Refused((await answer.json().catch(() => ({}))).error ?? "");
  const type = answer.headers.get("Content-Type") ?? "";
  const total = Number(answer.headers.get("X-Total-Rows")) || 0;
  const length = answer.headers.get("Content-Encoding") ? 0 : Number(answer.headers.get("Content-Length")) || 0;
  const isText = type.startsWith("text/");
  const reader = answer.body.getReader();
  let [file, pieces, held, bytes, lines, last] = [new Blob([], { type }), [], 0, 0, 0, 0];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    bytes += value.length;
    held += value.length;
    if (isText) for (let at = value.indexOf(NEWLINE); at >= 0; at = value.indexOf(NEWLINE, at + 1)) lines += 1;
    if (held > PIECE) [file, pieces, held] = [new Blob([file, ...pieces], { type }), [], 0];
    if (Date.now() - last < OFTEN) continue;
    last = Date.now();
    tell({ bytes, rows: isText ? Math.max(0, Math.min(lines - 1, total || lines)) : 0, total, length });
  }
  return { file: new Blob([file, ...pieces], { type }), answer, total, bytes };
}

function save(file, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

export function Download({ url, method = "GET", filename, label, disabled, quiet, onDone, onError, onCancel }) {
  const [state, setState] = useState({ is: "idle" });
  const running = useRef(null);
  useEffect(() => () => running.current?.abort(), []);

  const start = async () => {
    const run = new AbortController();
    running.current = run;
    setState({ is: "running", bytes: 0, rows: 0, total: 0, length: 0 });
    try {
      const { file, answer, bytes } = await fetchFile(url, method, run.signal, (now) => setState({ is: "running", ...now }));
      const name = fileName(answer, filename);
      save(file, name);
      setState({ is: "done", name, bytes });
      onDone?.(name);
    } catch (error) {
      if (run.signal.aborted) return;
      const message = error instanceof Refused && error.message ? error.message : tr("The file could not be fetched. Try again in a moment.");
      setState({ is: "failed", message });
      onError?.(message);
    }
  };
  const cancel = () => {
    running.current?.abort();
    setState({ is: "cancelled" });
    onCancel?.();
  };
  const isRunning = state.is === "running";
  return (
    <div className="ap-download">
      <div className="ap-download-said" role="status">
        {state.is === "done" ? tr("Saved: {name} ({size})", { name: state.name, size: fmtBytes(state.bytes) }) : null}
        {state.is === "cancelled" ? tr("Export cancelled.") : null}
      </div>
      {state.is === "failed" ? <div className="ap-form-error" role="alert">{state.message}</div> : null}
      {isRunning ? <Progress {...state} /> : null}
      <div className="ap-download-buttons">
        {isRunning ? <button type="button" className="btn" onClick={cancel}>{tr("Cancel")}</button> : null}
        <button type="button" className={quiet ? "btn" : "btn primary"} disabled={disabled || isRunning} onClick={start}>{label || tr("Export")}</button>
      </div>
    </div>
  );
}

function Progress({ bytes, rows, total, length }) {
  const part = total && rows ? rows / total : length ? bytes / length : null;
  const words = total && rows
    ? tr("{rows} of {total} rows, {size}", { rows: fmtNumber(rows), total: fmtNumber(total), size: fmtBytes(bytes) })
    : bytes ? tr("{size} so far", { size: fmtBytes(bytes) })
    : total ? trn("Preparing {n} row…", "Preparing {n} rows…", total) : tr("Preparing…");
  const percent = part === null ? undefined : Math.round(100 * part);
  return (
    <div className="ap-progress">
      <div className="ap-bar" role="progressbar" aria-label={tr("Export")} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent} aria-valuetext={words} data-unknown={part === null || undefined}>
        <i style={part === null ? undefined : { inlineSize: `${percent}%` }} />
      </div>
      <span>{words}</span>
    </div>
  );
}
