// Files of tickets, fetched before they are needed.

import { ask } from "./api.js";

const KEPT = 30;
const files = new Map(); // ticket -> promise

/** The file of a ticket; a second time, the same. @throws {Refused} */
export function file(ticket) {
  if (!files.has(ticket)) {
    const asked = ask(`/desk/tickets/${ticket}/file`);
    asked.catch(() => files.delete(ticket));
    files.set(ticket, asked);
    if (files.size > KEPT) files.delete(files.keys().next().value);
  }
  return files.get(ticket);
}

/** Fetch it anew next time: something in it has changed. */
export const forget = (ticket) => files.delete(ticket);
