// What the page tells: briefly on the screen, or only to a screen reader.

import { byId, make, setText } from "./dom.js";

const SHOWN_MS = 7000;

/** A message in the corner; it goes by itself. */
export function toast(text, { error = false } = {}) {
  const message = make("p", { class: "toast", "data-error": error, text });
  byId("toasts").append(message);
  setTimeout(() => message.remove(), SHOWN_MS);
}

export const problem = (text) => toast(text, { error: true });

/** Read out when the reader has finished; not shown. */
export const say = (text) => setText(byId("say"), text);

/** Read out at once; not shown. */
export const alarm = (text) => setText(byId("alarm"), text);
