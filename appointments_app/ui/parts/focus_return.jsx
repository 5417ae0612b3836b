// Gives the focus back to what had it before a dialog opened. Radix does so only for dialogs with a button of their own.
import { useLayoutEffect } from "react";

export function FocusReturn() {
  useLayoutEffect(() => {
    const before = document.activeElement; // the dialog takes the focus after this
    return () => {
      const lost = () => !document.activeElement || document.activeElement === document.body;
      setTimeout(() => lost() && before?.isConnected && before.focus());
    };
  }, []);
  return null;
}
