// The supervisor's view: who is there, who waits, what is overdue; force a status, move a ticket, listen in.

import { command } from "./api.js";
import { Choices } from "./choices.js";
import { everySecond, synchronise } from "./clock.js";
import { byId, make, setText } from "./dom.js";
import { listen } from "./events.js";
import { showFigures } from "./figures.js";
import { KeyedList } from "./keyed_list.js";
import { Listening } from "./listening.js";
import { problem, toast } from "./say.js";
import { Store } from "./store.js";
import { callbackRow, callRow, queueRow, secretaryRow, showListening } from "./supervisor_rows.js";
import { t } from "./texts.js";
import { byDue, byScore, CALLBACKS, clientOf, IN_QUEUE, whoCalls } from "./tickets.js";

const store = new Store();
/** Who is there comes first. */
const byPresence = (one, other) => Number(other.connected) - Number(one.connected) || one.name.localeCompare(other.name) || one.id - other.id;
const byAnswer = (one, other) => Date.parse(one.answered_at) - Date.parse(other.answered_at) || (one.id < other.id ? -1 : 1);
const rows = { queue: queueRow, secretaries: secretaryRow(store), callbacks: callbackRow, calls: callRow(store) };
const order = { queue: (one, other) => byScore({ ...one, offered_to_me: false }, { ...other, offered_to_me: false }), secretaries: byPresence, callbacks: byDue, calls: byAnswer };
const lists = {};
for (const [name, row] of Object.entries(rows)) {
  lists[name] = new KeyedList(byId(`${name}-rows`), { ...row, compare: order[name] });
  byId(`${name}-rows`).addEventListener("click", (event) => act(name, event.target.closest("[data-act]")));
}

const listening = new Listening({ onChange: showWhoIsHeard, onRefused: problem });
const forcing = new Choices("force-dialog", ({ value }) => force(value));
let asked = null; // what an open dialog is about

store.on("snapshot", () => {
  const tickets = [...store.tickets.values()];
  lists.queue.replace(tickets.filter(({ state }) => IN_QUEUE.has(state)));
  lists.callbacks.replace(tickets.filter(({ state }) => CALLBACKS.has(state)));
  lists.calls.replace([...store.calls.values()].filter(({ id }) => store.ticketOf(id) === null));
  lists.secretaries.replace([...store.secretaries.values()]);
  count();
});
store.on("ticket", (ticket, before) => {
  place("queue", ticket, !ticket.gone && IN_QUEUE.has(ticket.state));
  place("callbacks", ticket, !ticket.gone && CALLBACKS.has(ticket.state));
  placeCall(ticket.call ?? before?.call);
  for (const secretary of store.secretaries.values()) if (secretary.ticket === ticket.id) lists.secretaries.put(secretary);
});
store.on("secretary", (secretary) => place("secretaries", secretary, !secretary.gone));
store.on("call", ({ id }) => placeCall(id));
store.on("turn", ({ call }) => lists.calls.item(call) && lists.calls.put(store.calls.get(call)));
everySecond(() => {
  for (const [name, { tick }] of Object.entries(rows)) for (const { item, node } of lists[name].entries) tick(node, item);
  showFigures(store);
});
listen({
  onEvent: (kind, data) => {
    if (kind === "snapshot") synchronise(data.now);
    store.take(kind, data);
  },
  onConnection: (connected) => (byId("connection-lost").hidden = connected),
});
byId("move-form").addEventListener("submit", (event) => {
  event.preventDefault();
  move();
});
byId("move-cancel").addEventListener("click", () => byId("move-dialog").close());

function place(name, item, belongs) {
  if (belongs) lists[name].put(item);
  else lists[name].remove(item.id);
  count();
}

/** A call is listed while the assistant alone has it. */
function placeCall(id) {
  const call = store.calls.get(id);
  if (call && store.ticketOf(id) === null) lists.calls.put(call);
  else lists.calls.remove(id);
  count();
}

function count() {
  for (const name of Object.keys(rows)) {
    setText(byId(`${name}-count`), String(lists[name].size));
    byId(`${name}-empty`).hidden = lists[name].size > 0;
  }
  showFigures(store);
}

function act(name, button) {
  if (button === null) return;
  const item = lists[name].item(lists[name].idOf(button.closest("tr")));
  if (button.dataset.act === "force") askStatus(item);
  else if (button.dataset.act === "move") askWhereTo(item);
  else listening.toggle(name === "calls" ? item.id : store.tickets.get(item.ticket).call);
}

function askStatus(secretary) {
  asked = secretary;
  setText(byId("force-who"), secretary.name);
  forcing.open();
}

async function force(status) {
  const { id, name } = asked;
  await give(`/desk/secretaries/${id}/status`, { status }, t("desk.supervisor.forced", { name }));
}

function askWhereTo(ticket) {
  asked = ticket;
  setText(byId("move-what"), `${whoCalls(ticket)} · ${clientOf(ticket)}`);
  const free = ({ declared, derived, connected }) => connected && declared === "available" && derived === "idle";
  const choices = lists.secretaries.items.filter(({ id }) => id !== ticket.secretary).sort((one, other) => free(other) - free(one));
  byId("move-to").replaceChildren(...choices.map((who) => make("option", { value: String(who.id), text: `${who.name} · ${standingOf(who)}` })));
  byId("move-dialog").showModal();
}

const standingOf = ({ declared, derived, connected }) =>
  !connected ? t("desk.supervisor.not_connected") : t(declared === "available" ? `desk.derived.${derived}` : `desk.declared.${declared}`);

async function move() {
  const to = Number(byId("move-to").value);
  byId("move-dialog").close();
  await give(`/desk/tickets/${asked.id}/move`, { to }, t("desk.supervisor.moved", { name: store.secretaries.get(to).name }));
}

async function give(path, body, done) {
  try {
    await command(path, body);
    toast(done);
  } catch (refused) {
    problem(refused.message);
  }
}

function showWhoIsHeard(call) {
  for (const { item, node } of lists.calls.entries) showListening(node, item.id === call);
  for (const { item, node } of lists.secretaries.entries) showListening(node, call !== null && store.tickets.get(item.ticket)?.call === call);
}
