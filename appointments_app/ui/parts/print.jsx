// A button that prints the page.
export function PrintButton({ children }) {
  return <button type="button" className="btn primary" onClick={() => window.print()}>{children}</button>;
}
