// Small helpers: elements from text, questions to the service.

/** An element; children are elements or text, never markup. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child != null));
  return element;
}

export const byId = (id) => document.getElementById(id);

// Milliseconds after which nobody goes on waiting.
const PATIENCE = 30_000;

/** The JSON of an answer; an error carries the sentence of the service. */
export async function ask(address, options = {}) {
  let response;
  try {
    response = await fetch(address, { signal: AbortSignal.timeout(PATIENCE), ...options });
  } catch (error) {
    throw new Error(error.name === "TimeoutError" ? "The service takes too long to answer." : "The service does not answer.");
  }
  const text = await response.text().catch(() => "");
  try {
    if (response.ok) return JSON.parse(text);
  } catch {
    throw new Error("The answer of the service was cut off.");
  }
  let detail = `The service answered ${response.status}.`;
  try {
    detail = JSON.parse(text).detail || detail;
  } catch { /* no problem document: the status must do */ }
  throw new Error(typeof detail === "string" ? detail : JSON.stringify(detail));
}

export const post = (address, body) =>
  ask(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/** The part of an address that names a thing: slashes stay. */
export const path = (id) => encodeURIComponent(id).replaceAll("%2F", "/");

const WORDS = { ActorGroup: "Group", Concept: "Field", Organization: "Organisation", Quantity: "Figure" };
export const kind = (type) => WORDS[type] || type;
export const words = (name) => name.replace(/([a-z])([A-Z])/g, "$1 $2").replaceAll("-", " ").toLowerCase();

/** A number with what it counts. */
export const counted = (n, one) => `${n.toLocaleString("en")} ${one}${n === 1 ? "" : "s"}`;

/** Where the evidence pack of a page is. */
export const packOf = (link) => `/api/v1/pack?${new URLSearchParams({ of: link })}`;
