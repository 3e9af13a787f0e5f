// What the middle column shows, and what can be done there, by where the call stands.

const TALKING = ["mute", "hold", "transfer", "give-back", "hang-up"];

/** The commands of each mode, in the order of their buttons. */
export const COMMANDS = {
  offered: ["accept", "refuse", "listen"],
  open: ["accept", "listen"],
  waiting: ["accept", "listen"],
  connecting: ["hang-up"],
  briefing: ["ready", "hang-up"],
  talking: TALKING,
  hold: TALKING,
  lost: ["give-back", "hang-up"],
  wrap_up: ["extend"],
  callback_due: ["take-callback"],
  calling_back: ["dial", "reached", "missed"],
  colleague: ["listen"],
  bot: ["listen"],
};
export const WITH_GREETING = new Set(["offered", "open", "connecting", "briefing", "talking", "hold", "lost"]);
export const WITH_SHEET = new Set(["connecting", "briefing", "talking", "hold", "lost", "wrap_up", "calling_back"]);
export const WITH_HINT = new Set(["offered", "open", "waiting", "bot"]);
export const RINGING = new Set(["offered", "open"]);
export const WITH_LEVELS = new Set(["briefing", "talking", "hold"]);

/**
 * Where a ticket stands for me.
 * @param {object} ticket
 * @param {boolean} mine
 * @param {string | null} phase of my audio: `briefing`, `talking`, `hold`, `lost`, or null while there is none
 */
export function modeOf(ticket, mine, phase) {
  if (ticket.offered_to_me) return "offered";
  if (!mine && ["connecting", "talking", "wrap_up", "calling_back"].includes(ticket.state)) return "colleague";
  if (ticket.state === "waiting" && ticket.widened && ticket.acceptable) return "open";
  if (ticket.state === "offered") return "waiting";
  if (["connecting", "talking"].includes(ticket.state)) return phase ?? "connecting";
  return ticket.state;
}
