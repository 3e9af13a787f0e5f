// Files of tickets, fetched before they are needed.

import { ask } from "./api.js";

const FRESH_MS = 20_000; // longer than an offer
const files = new Map(); // ticket -> {asked, at}

/** The file of a ticket; within a moment, the same again. @throws {Refused} */
export function file(ticket) {
  const kept = files.get(ticket);
  if (kept !== undefined && performance.now() - kept.at < FRESH_MS) return kept.asked;
  const asked = ask(`/desk/tickets/${ticket}/file`);
  asked.catch(() => files.delete(ticket));
  files.set(ticket, { asked, at: performance.now() });
  for (const [other, { at }] of files) if (performance.now() - at >= FRESH_MS) files.delete(other);
  return asked;
}

/** Fetch it anew next time: something in it has changed. */
export const forget = (ticket) => files.delete(ticket);
