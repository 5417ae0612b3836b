// A place to drop a file on, or to choose one at: it goes to the server as it is, while the bar shows how far it is.
import "./parts.css";
import { useEffect, useRef, useState } from "react";
import { FileUp } from "lucide-react";
import { fmtBytes, tr } from "./i18n.js";

function send(url, file, tell) {
  const request = new XMLHttpRequest();
  const answer = new Promise((resolve) => {
    request.upload.onprogress = (event) => event.lengthComputable && tell(event.loaded / event.total);
    request.onload = () => {
      let said = {};
      try { said = JSON.parse(request.responseText); } catch { /* no JSON: the server itself refused */ }
      const failed = tr("The file could not be taken in. Try again in a moment.");
      resolve(request.status === 200 && said.id ? { id: said.id } : { error: said.error || failed });
    };
    request.onerror = () => resolve({ error: tr("The server can't be reached. Check the connection and try again.") });
    request.onabort = () => resolve({});
  });
  request.open("POST", `${url}&name=${encodeURIComponent(file.name)}`);
  request.setRequestHeader("X-Requested-With", "fetch");
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.send(file);
  return { answer, stop: () => request.abort() };
}

export function Upload({ url, label, hint, accept, largest, onDone }) {
  const [state, setState] = useState({ is: "idle", error: "" });
  const [over, setOver] = useState(false);
  const input = useRef(null);
  const running = useRef(null);
  useEffect(() => () => running.current?.stop(), []);

  const take = async (file) => {
    if (!file || running.current) return;
    if (file.size > largest) {
      setState({ is: "idle", error: tr("The file is larger than {size}. Split it into smaller ones.", { size: fmtBytes(largest) }) });
      return;
    }
    setState({ is: "sending", part: 0, name: file.name, error: "" });
    running.current = send(url, file, (part) => setState((now) => ({ ...now, part })));
    const answer = await running.current.answer;
    running.current = null;
    if (input.current) input.current.value = "";
    setState({ is: "idle", error: answer.error ?? "" });
    if (answer.id) onDone?.(answer.id);
  };
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  const hover = (event) => {
    event.preventDefault();
    setOver(true);
  };
  const percent = Math.round(100 * (state.part ?? 0));
  return (
    <div className="ap-upload">
      <label className="ap-drop" data-over={over || undefined} data-busy={state.is === "sending" || undefined} onDragOver={hover} onDragEnter={hover} onDragLeave={() => setOver(false)} onDrop={drop}>
        <input ref={input} type="file" className="ap-hidden" accept={accept} disabled={state.is === "sending"} onChange={(event) => take(event.target.files[0])} aria-describedby="ap-upload-hint ap-upload-error" />
        <FileUp size={28} strokeWidth={1.5} aria-hidden="true" />
        <span className="ap-drop-label">{label}</span>
        <span className="ap-hint" id="ap-upload-hint">{hint}</span>
      </label>
      <div id="ap-upload-error" role="alert" className={state.error ? "ap-form-error" : undefined}>{state.error}</div>
      {state.is === "sending" ? (
        <div className="ap-progress">
          <div className="ap-bar" role="progressbar" aria-label={tr("Upload")} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
            <i style={{ inlineSize: `${percent}%` }} />
          </div>
          <span>{percent < 100 ? tr("{name}: {percent} %", { name: state.name, percent }) : tr("Looking at the columns…")}</span>
          <button type="button" className="btn" onClick={() => running.current?.stop()}>{tr("Cancel")}</button>
        </div>
      ) : null}
    </div>
  );
}
