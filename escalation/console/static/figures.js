// The supervisor's figures.

import { duration, secondsSince } from "./clock.js";
import { byId, setAttribute, setText } from "./dom.js";
import { IN_QUEUE, isOverdue } from "./tickets.js";

/** Count and show. @param {Store} store */
export function showFigures(store) {
  if (store.me === null) return;
  const tickets = [...store.tickets.values()];
  const waits = tickets.filter(({ state }) => IN_QUEUE.has(state)).map((ticket) => secondsSince(ticket.waiting_since));
  const secretaries = [...store.secretaries.values()];
  show("waiting", waits.length);
  show("longest", waits.length > 0 ? duration(Math.max(...waits)) : "–");
  for (const seconds of [60, 120, 180]) {
    const over = waits.filter((wait) => wait >= seconds).length;
    show(`over-${seconds}`, over, over > 0 && (seconds === 60 ? 1 : 2));
  }
  show("available", secretaries.filter(({ connected, declared }) => connected && declared === "available").length);
  show("on_call", secretaries.filter(({ derived }) => derived === "on_call").length);
  show("on_break", secretaries.filter(({ declared }) => declared === "break").length);
  const overdue = tickets.filter(isOverdue).length;
  show("overdue", overdue, overdue > 0 && 2);
  show("calls", store.calls.size);
}

/** @param {number | false} level 1 to mind, 2 to act on */
function show(name, value, level = false) {
  const figure = byId(`figure-${name}`);
  setText(figure, String(value));
  setAttribute(figure.parentElement, "data-level", level);
}
