// A ticket in words.

import { duration, now, secondsSince, timeOfDay } from "./clock.js";
import { icon, make, setText } from "./dom.js";
import { readable } from "./phones.js";
import { named, t } from "./texts.js";

export const IN_QUEUE = new Set(["waiting", "offered"]);
const SHORT = { asked: "desk.short.asked", failed: "desk.short.failed" };
export const CALLBACKS = new Set(["callback_due", "calling_back"]);

/** Every ticket gains one point a second: this orders them as their scores do, now and later. */
const rank = (ticket) => ticket.base_score * 1000 - Date.parse(ticket.waiting_since);

/** First what is offered to me, then by score. */
export const byScore = (one, other) =>
  Number(other.offered_to_me ?? false) - Number(one.offered_to_me ?? false) || rank(other) - rank(one) || one.id - other.id;

const due = (ticket) => Date.parse(ticket.due_at ?? ticket.waiting_since);

/** The call-back due first, first. */
export const byDue = (one, other) => due(one) - due(other) || one.id - other.id;

/** Who calls: the name, else the number. */
export const whoCalls = ({ person, caller }) => person || (caller ? readable(caller) : t("desk.ticket.unknown"));

/** « le cabinet des Lilas » at the head of a line. */
export const clientOf = ({ client_name: name }) => (name ? name[0].toUpperCase() + name.slice(1) : t("desk.ticket.no_client"));

/** Why a human is needed, in words. */
export function reasonOf({ reason, urgency_kind }) {
  return urgency_kind ? named("desk.reason.urgent", urgency_kind) : named("desk.reason", reason);
}

/** The same where there is little room. */
export const shortReasonOf = (ticket) => (ticket.reason in SHORT ? t(SHORT[ticket.reason]) : reasonOf(ticket));

/** Write the reason on a chip, with its icon and its colour. */
export function showReason(chip, reason, text) {
  if (chip.dataset.reason !== reason) {
    chip.dataset.reason = reason;
    chip.replaceChildren(icon(`reason-${reason}`), make("span"));
  }
  setText(chip.lastElementChild, text);
}

/** Where a ticket of the queue stands for me; empty for one that is simply there. */
export function standing(ticket) {
  if (ticket.offered_to_me) return t("desk.ticket.offered_to_me");
  if (ticket.state === "offered" && ticket.secretary_name) return t("desk.ticket.offered_to", { name: ticket.secretary_name });
  if (ticket.acceptable === false) return t("desk.ticket.not_mine");
  return ticket.widened ? t("desk.ticket.open") : "";
}

/** When a call-back is to be made. */
export function dueText({ state, due_at }) {
  if (state === "calling_back") return t("desk.phase.calling_back");
  const lateS = due_at ? (now() - Date.parse(due_at)) / 1000 : 0;
  if (lateS < 0) return t("desk.ticket.due_at", { time: timeOfDay(due_at) });
  return lateS < 60 ? t("desk.ticket.due_now") : t("desk.ticket.overdue", { duration: duration(lateS) });
}

export const isOverdue = ({ state, due_at }) => state === "callback_due" && Boolean(due_at) && now() - Date.parse(due_at) >= 60_000;

export function attemptsText({ attempts }) {
  if (!attempts) return t("desk.ticket.attempts.none");
  return attempts === 1 ? t("desk.ticket.attempts.one") : t("desk.ticket.attempts.many", { count: attempts });
}

export const ownerText = ({ secretary_name }) =>
  secretary_name ? t("desk.ticket.owner", { name: secretary_name }) : t("desk.ticket.no_owner");

export const waitText = (ticket) => duration(secondsSince(ticket.waiting_since));

/** How long is too long: 0 below a minute, then 1, 2, 3 at one, two and three minutes. */
export const breach = (ticket) => Math.min(3, Math.floor(secondsSince(ticket.waiting_since) / 60));
