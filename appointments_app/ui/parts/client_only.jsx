// Draws its fallback on the prerendered page and during hydration, and its children afterwards.
import { Children, useEffect, useSyncExternalStore } from "react";
import { lang, rtl } from "./i18n.js";

const never = () => () => {};

export function ClientOnly({ children }) {
  const drawn = useSyncExternalStore(never, () => true, () => false);
  const [fallback, ...content] = Children.toArray(children);
  useEffect(() => {
    document.documentElement.lang = lang;
    document.documentElement.dir = rtl ? "rtl" : "ltr";
  }, []);
  return drawn ? content : fallback;
}

export function PageTitle({ text }) {
  useEffect(() => {
    if (text) document.title = text;
  }, [text]);
  return null;
}
