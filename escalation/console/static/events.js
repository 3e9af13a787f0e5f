// Live events from the server: first everything, then what changes.

import { signIn } from "./api.js";

const KINDS = ["snapshot", "ticket", "secretary", "turn", "call", "me", "reload"];
const AGAIN_MS = 2000;

/**
 * Listen to the server, for ever; the connection comes back by itself, and each one begins with a snapshot.
 * @param {object} told
 * @param {(kind: string, data: object) => void} told.onEvent
 * @param {(connected: boolean) => void} told.onConnection
 */
export function listen({ onEvent, onConnection }) {
  let source = null;

  const open = () => {
    source?.close();
    source = new EventSource("/desk/events");
    for (const kind of KINDS) source.addEventListener(kind, ({ data }) => take(kind, JSON.parse(data)));
    source.onerror = () => {
      onConnection(false);
      if (source.readyState === EventSource.CLOSED) setTimeout(refused, AGAIN_MS);
    };
  };

  const take = (kind, data) => {
    if (kind === "reload") {
      open(); // too much was missed: everything anew
      return;
    }
    if (kind === "snapshot") onConnection(true);
    onEvent(kind, data);
  };

  /** The server has not only gone, it says no: perhaps the session is over. */
  const refused = async () => {
    const stop = new AbortController();
    const answer = await fetch("/desk/events", { signal: stop.signal }).catch(() => null);
    stop.abort();
    if (answer?.status === 401) signIn();
    else open();
  };

  window.addEventListener("offline", () => onConnection(false));
  window.addEventListener("online", open);
  window.addEventListener("pagehide", () => source?.close());
  window.addEventListener("pageshow", ({ persisted }) => persisted && open());
  open();
}
