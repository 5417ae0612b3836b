// Changes as they happen, from a stream of server-sent events, while somebody is looking.
import { useEffect, useRef } from "react";

const TOGETHER = 120; // ms; changes that come at once are told at once
const LONGEST_WAIT = 30000;

export function Live({ url, onChange }) {
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => {
    if (!url) return undefined;
    let source = null;
    let retry = null;
    let wait = 1000;
    let missed = false;
    let ids = new Set();
    let timer = null;

    const tell = () => {
      timer = null;
      latest.current?.([...ids]);
      ids = new Set();
    };
    const open = () => {
      clearTimeout(retry);
      if (source || document.hidden) return;
      source = new EventSource(url);
      source.onopen = () => {
        wait = 1000;
        if (missed) latest.current?.([]);
        missed = false;
      };
      source.onmessage = (event) => {
        let said = [];
        try {
          said = JSON.parse(event.data);
        } catch {
          return;
        }
        for (const id of Array.isArray(said) ? said : [said]) ids.add(typeof id === "string" ? id : JSON.stringify(id));
        timer ??= setTimeout(tell, TOGETHER);
      };
      source.onerror = () => {
        missed = true;
        if (source?.readyState !== EventSource.CLOSED) return; // it tries again by itself
        source = null;
        retry = setTimeout(open, wait);
        wait = Math.min(wait * 2, LONGEST_WAIT);
      };
    };
    const close = () => {
      clearTimeout(retry);
      clearTimeout(timer);
      timer = null;
      source?.close();
      source = null;
    };
    const look = () => {
      if (document.hidden) close();
      else if (!source) {
        missed = false;
        open();
        latest.current?.([]);
      }
    };
    open();
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      close();
    };
  }, [url]);
  return null;
}
