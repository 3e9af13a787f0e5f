// The rows of the supervisor's tables: what each cell says.

import { duration, secondsSince } from "./clock.js";
import { fromTemplate, setAttribute, setText, showText } from "./dom.js";
import { named, t } from "./texts.js";
import { attemptsText, breach, clientOf, dueText, isOverdue, shortReasonOf, showReason, standing, waitText, whoCalls } from "./tickets.js";

const parts = new WeakMap(); // the slots of each row

/** A call that waits. */
export const queueRow = {
  create: create("queue"),
  update(node, ticket) {
    const slots = parts.get(node);
    showReason(slots.reason, ticket.reason, shortReasonOf(ticket));
    setText(slots.caller, whoCalls(ticket));
    setText(slots.client, clientOf(ticket));
    setText(slots.state, ticket.widened ? t("desk.ticket.widened") : standing({ ...ticket, offered_to_me: false, acceptable: true }));
    setAttribute(slots.move, "aria-label", t("desk.supervisor.move_long", { name: whoCalls(ticket) }));
    queueRow.tick(node, ticket);
  },
  tick(node, ticket) {
    const { wait, late } = parts.get(node);
    const level = breach(ticket);
    setAttribute(node, "data-breach", level || false);
    late.toggleAttribute("hidden", level === 0);
    setText(wait, waitText(ticket));
  },
};

/** A caller to be called back. */
export const callbackRow = {
  create: create("callbacks"),
  update(node, ticket) {
    const slots = parts.get(node);
    setText(slots.caller, whoCalls(ticket));
    setText(slots.client, clientOf(ticket));
    setText(slots.attempts, attemptsText(ticket));
    setText(slots.owner, ticket.secretary_name ?? t("desk.ticket.no_owner"));
    setAttribute(slots.move, "aria-label", t("desk.supervisor.move_long", { name: whoCalls(ticket) }));
    slots.move.disabled = ticket.state !== "callback_due";
    callbackRow.tick(node, ticket);
  },
  tick(node, ticket) {
    setText(parts.get(node).due, dueText(ticket));
    setAttribute(node, "data-overdue", isOverdue(ticket));
  },
};

/** Somebody at the desk. @param {Store} store */
export function secretaryRow(store) {
  const update = (node, secretary) => {
    const slots = parts.get(node);
    const ticket = store.tickets.get(secretary.ticket);
    const why = secretary.declared === "break" && secretary.break_reason && !secretary.alert ? ` · ${named("desk.break", secretary.break_reason)}` : "";
    setText(slots.name, secretary.name);
    slots.status.dataset.status = secretary.declared;
    setText(slots.declared, t(`desk.declared.${secretary.declared}`) + why);
    showText(slots.missed, secretary.alert ? t("desk.supervisor.missed") : "");
    setText(slots.derived, secretary.connected ? t(`desk.derived.${secretary.derived}`) : t("desk.supervisor.not_connected"));
    setText(slots.caller, ticket ? whoCalls(ticket) : "");
    setText(slots.client, ticket ? clientOf(ticket) : "");
    slots.listen.hidden = !(ticket && store.calls.has(ticket.call));
    setAttribute(slots.force, "aria-label", t("desk.supervisor.force_long", { name: secretary.name }));
    setAttribute(node, "data-away", !secretary.connected);
    tick(node, secretary);
  };
  const tick = (node, secretary) => {
    const ticket = store.tickets.get(secretary.ticket);
    const since = ticket?.connected_at ?? ticket?.accepted_at ?? secretary.idle_since;
    setText(parts.get(node).since, since ? duration(secondsSince(since)) : "");
  };
  return { create: create("secretaries"), update, tick };
}

/** A call that the assistant holds. @param {Store} store */
export function callRow(store) {
  const update = (node, call) => {
    const slots = parts.get(node);
    setText(slots.client, clientOf(call));
    setText(slots.caller, whoCalls(call));
    setText(slots.last, store.said(call.id).at(-1)?.text ?? "");
    tick(node, call);
  };
  const tick = (node, call) => setText(parts.get(node).started, duration(secondsSince(call.answered_at)));
  return { create: create("calls"), update, tick };
}

/** Show on a row whether its call is being listened to. */
export function showListening(node, on) {
  const { listen, listen_text: text } = parts.get(node);
  setAttribute(listen, "aria-pressed", String(on));
  setText(text, t(on ? "desk.do.stop_listening" : "desk.do.listen"));
}

function create(name) {
  return () => {
    const { node, slots } = fromTemplate(`${name}-row`);
    parts.set(node, slots);
    return node;
  };
}
