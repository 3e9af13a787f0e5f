// What this screen knows: tickets, secretaries, live calls and what is said in them, and who I am. Views listen to what changes.

import { byScore } from "./tickets.js";

const KEPT_TURNS = 400;
const LIVE = new Set(["waiting", "offered", "connecting", "talking"]);

export class Store {
  constructor() {
    this.me = null;
    this.tickets = new Map();
    this.secretaries = new Map();
    this.calls = new Map();
    this.turns = new Map(); // by call
    this.views = new Map();
  }

  /**
   * Be told of changes.
   * @param {"snapshot" | "ticket" | "secretary" | "call" | "turn" | "me"} kind
   * @param {(now: object, before?: object) => void} view gets the new value (`gone` set when it is no more) and the one before
   */
  on(kind, view) {
    this.views.set(kind, [...(this.views.get(kind) ?? []), view]);
  }

  /** Take an event of the server. */
  take(kind, data) {
    if (kind === "snapshot") this.replace(data);
    else if (kind === "ticket") this.change(kind, this.tickets, data);
    else if (kind === "secretary") this.change(kind, this.secretaries, data);
    else if (kind === "call") this.takeCall(data);
    else if (kind === "turn") this.takeTurn(data);
    else if (kind === "me") this.takeMe(data);
  }

  /** The ticket that I am busy with, if any. */
  get mine() {
    for (const ticket of this.tickets.values()) if (this.holds(ticket)) return ticket;
    return null;
  }

  holds(ticket) {
    return ticket.secretary === this.me?.id && ["connecting", "talking", "wrap_up", "calling_back"].includes(ticket.state);
  }

  /** The ticket offered to me, if any. */
  get offer() {
    for (const ticket of this.tickets.values()) if (ticket.offered_to_me) return ticket;
    return null;
  }

  /** The call that nobody was found for and that I am free to take: the first in the queue, if any. */
  get open() {
    if (this.me?.declared !== "available" || this.mine !== null) return null;
    const free = [...this.tickets.values()].filter(({ state, widened, acceptable }) => state === "waiting" && widened && acceptable);
    return free.reduce((best, ticket) => (best === null || byScore(ticket, best) < 0 ? ticket : best), null);
  }

  /** The call that rings for me: offered, else open to everybody. */
  get ringing() {
    return this.offer ?? this.open;
  }

  /** The ticket of a call that waits for, or is with, a human. */
  ticketOf(call) {
    for (const ticket of this.tickets.values()) if (ticket.call === call && LIVE.has(ticket.state)) return ticket;
    return null;
  }

  /** What was said in a call so far, oldest first. */
  said(call) {
    return this.turns.get(call) ?? [];
  }

  replace({ me, tickets, secretaries, calls }) {
    this.me = me;
    this.tickets = keyed(tickets);
    this.secretaries = keyed(secretaries);
    this.calls = keyed(calls);
    this.turns = new Map(calls.map((call) => [call.id, [...(call.turns ?? [])]]));
    this.tell("snapshot", this);
  }

  change(kind, known, data) {
    const before = known.get(data.id);
    if (data.gone) known.delete(data.id);
    else if (before?.version > data.version) return; // an update that a snapshot has overtaken
    else known.set(data.id, data);
    this.tell(kind, data, before);
  }

  takeCall(data) {
    const before = this.calls.get(data.id);
    if (data.gone) this.calls.delete(data.id);
    else this.calls.set(data.id, { ...before, ...data });
    if (data.turns) this.turns.set(data.id, [...data.turns]);
    this.tell("call", data.gone ? data : this.calls.get(data.id), before);
  }

  takeTurn(turn) {
    const said = this.turns.get(turn.call) ?? [];
    if (said.at(-1)?.partial && said.at(-1).speaker === turn.speaker) said.pop();
    if (said.some((known) => !known.partial && known.t === turn.t && known.speaker === turn.speaker)) return;
    said.push(turn);
    if (said.length > KEPT_TURNS) said.shift();
    this.turns.set(turn.call, said);
    this.tell("turn", turn);
  }

  takeMe(data) {
    const before = this.me;
    this.me = { ...before, ...data };
    this.tell("me", this.me, before);
  }

  tell(kind, now, before) {
    for (const view of this.views.get(kind) ?? []) view(now, before);
  }
}

const keyed = (items) => new Map(items.map((item) => [item.id, item]));
