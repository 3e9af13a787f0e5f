// The entries of the lists: what each line says.

import { duration, secondsSince } from "./clock.js";
import { fromTemplate, setAttribute, setText, showText } from "./dom.js";
import { language, named, t } from "./texts.js";
import { attemptsText, breach, clientOf, dueText, isOverdue, ownerText, shortReasonOf, showReason, standing, waitText, whoCalls } from "./tickets.js";

const parts = new WeakMap(); // the slots of each node

/** A call that waits for a human. */
export function queueRow(store) {
  const update = (node, ticket) => {
    const slots = show(node, ticket);
    showReason(slots.reason, ticket.reason, shortReasonOf(ticket));
    showText(slots.state, standing(ticket));
    setText(slots.snippet, lastWords(store, ticket.call) || ticket.summary);
    setAttribute(node, "data-offered", ticket.offered_to_me || false);
    setAttribute(node, "data-acceptable", ticket.acceptable === false ? "no" : false);
    tick(node, ticket);
  };
  const tick = (node, ticket) => {
    setText(parts.get(node).wait, waitText(ticket));
    setAttribute(node, "data-breach", breach(ticket) || false);
  };
  return { create: create("ticket"), update, tick };
}

/** A caller to be called back. */
export function callbackRow(store) {
  const update = (node, ticket) => {
    const slots = show(node, ticket);
    showReason(slots.reason, ticket.reason, shortReasonOf(ticket));
    showText(slots.state, ticket.secretary === store.me?.id ? t("desk.ticket.mine") : "");
    setText(slots.snippet, [left(ticket), attemptsText(ticket), ownerText(ticket)].filter(Boolean).join(" · "));
    tick(node, ticket);
  };
  const tick = (node, ticket) => {
    setText(parts.get(node).wait, dueText(ticket));
    setAttribute(node, "data-overdue", isOverdue(ticket));
  };
  return { create: create("callback"), update, tick };
}

/** A call that the assistant holds. */
export function callRow(store) {
  const update = (node, call) => {
    const slots = show(node, call);
    showReason(slots.reason, "call", t("desk.reason.call"));
    setText(slots.snippet, lastWords(store, call.id));
    tick(node, call);
  };
  const tick = (node, call) => setText(parts.get(node).wait, duration(secondsSince(call.answered_at)));
  return { create: create("call"), update, tick };
}

const create = (kind) => (item) => {
  const { node, slots } = fromTemplate("ticket-row");
  node.id = `${kind}-${item.id}`;
  parts.set(node, slots);
  return node;
};

function show(node, item) {
  const slots = parts.get(node);
  setText(slots.name, whoCalls(item));
  setText(slots.client, clientOf(item));
  showText(slots.language, item.language && item.language !== language ? named("desk.language", item.language) : "");
  return slots;
}

/** What was said last, and by whom. */
function lastWords(store, call) {
  const turn = store.said(call).at(-1);
  return turn ? t("desk.transcript.line", { who: named("desk.transcript", turn.speaker), text: turn.text }) : "";
}

const left = (ticket) => (ticket.left ? named("desk.ticket.left", ticket.left) : "");
