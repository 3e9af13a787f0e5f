// The left column: the queue, the call-backs, the live calls. One list is shown at a time; in each, one entry can be chosen.

import { everySecond } from "./clock.js";
import { byId, setAttribute, setText } from "./dom.js";
import { KeyedList } from "./keyed_list.js";
import { ListBox } from "./list_box.js";
import { callRow, callbackRow, queueRow } from "./rows.js";
import { byDue, byScore, CALLBACKS, clientOf, IN_QUEUE, whoCalls } from "./tickets.js";
import { t } from "./texts.js";

const NAMES = ["queue", "callbacks", "calls"];
const ROOTS = { queue: "queue-list", callbacks: "callback-list", calls: "call-list" };
const byAnswer = (one, other) => Date.parse(one.answered_at) - Date.parse(other.answered_at) || (one.id < other.id ? -1 : 1);

export class Lists {
  /**
   * @param {Store} store
   * @param {(what: {kind: "ticket" | "call", id: number | string}) => void} onChoose
   */
  constructor(store, onChoose) {
    this.store = store;
    this.shown = "queue";
    const rows = { queue: queueRow(store), callbacks: callbackRow(store), calls: callRow(store) };
    const order = { queue: byScore, callbacks: byDue, calls: byAnswer };
    this.lists = {};
    this.boxes = {};
    for (const name of NAMES) {
      const list = new KeyedList(byId(ROOTS[name]), { ...rows[name], compare: order[name] });
      const kind = name === "calls" ? "call" : "ticket";
      this.lists[name] = list;
      this.boxes[name] = new ListBox(list, ({ id }) => onChoose({ kind, id }));
      byId(`tab-${name}`).addEventListener("click", () => this.show(name));
    }
    byId("tab-queue").parentElement.addEventListener("keydown", (event) => this.steer(event));
    byId("find-ticket").addEventListener("input", () => this.filter());
    everySecond(() => NAMES.forEach((name) => this.tick(name, rows[name].tick)));
    store.on("snapshot", () => this.replace());
    store.on("ticket", (ticket) => this.place(ticket));
    store.on("call", ({ id }) => this.placeCall(id));
    store.on("turn", ({ call }) => this.saidIn(call));
  }

  /** Show one of the lists. */
  show(name) {
    this.shown = name;
    for (const other of NAMES) {
      const selected = other === name;
      byId(`panel-${other}`).hidden = !selected;
      setAttribute(byId(`tab-${other}`), "aria-selected", String(selected));
      setAttribute(byId(`tab-${other}`), "tabindex", selected ? "0" : "-1");
    }
  }

  /** Choose the next entry down (1) or up (-1). */
  step(places) {
    this.boxes[this.shown].step(places);
  }

  /** Show what is chosen; null for nothing. */
  mark(what) {
    for (const name of NAMES) {
      const here = what !== null && this.lists[name].node(what.id) !== null && (what.kind === "call") === (name === "calls");
      this.boxes[name].mark(here ? what.id : null);
    }
  }

  focus() {
    byId(ROOTS[this.shown]).focus({ preventScroll: true });
  }

  replace() {
    const tickets = [...this.store.tickets.values()];
    this.lists.queue.replace(tickets.filter(({ state }) => IN_QUEUE.has(state)));
    this.lists.callbacks.replace(tickets.filter(({ state }) => CALLBACKS.has(state)));
    this.lists.calls.replace([...this.store.calls.values()].filter(({ id }) => this.store.ticketOf(id) === null));
    this.filter();
  }

  place(ticket) {
    if (!ticket.gone && IN_QUEUE.has(ticket.state)) this.put("queue", ticket);
    else this.drop("queue", ticket.id);
    if (!ticket.gone && CALLBACKS.has(ticket.state)) this.put("callbacks", ticket);
    else this.drop("callbacks", ticket.id);
    if (ticket.call) this.placeCall(ticket.call);
  }

  /** A live call is listed while the assistant alone has it. */
  placeCall(id) {
    const call = this.store.calls.get(id);
    if (call && this.store.ticketOf(id) === null) this.put("calls", call);
    else this.drop("calls", id);
  }

  put(name, item) {
    this.lists[name].put(item);
    this.lists[name].node(item.id).hidden = !this.matches(item);
    this.count(name);
  }

  drop(name, id) {
    if (this.lists[name].item(id) === null) return;
    if (this.boxes[name].chosen === id) this.boxes[name].mark(null);
    this.lists[name].remove(id);
    this.count(name);
  }

  saidIn(call) {
    if (this.lists.calls.item(call)) this.lists.calls.put(this.store.calls.get(call));
    const waiting = this.lists.queue.items.find((ticket) => ticket.call === call);
    if (waiting) this.lists.queue.put(waiting);
  }

  tick(name, tick) {
    for (const { item, node } of this.lists[name].entries) tick(node, item);
  }

  filter() {
    for (const name of NAMES) {
      for (const { item, node } of this.lists[name].entries) node.hidden = !this.matches(item);
      this.count(name);
    }
  }

  matches(item) {
    const wanted = folded(byId("find-ticket").value);
    const digits = wanted.replace(/\D/g, "").replace(/^0/, "");
    if (wanted === "") return true;
    if (digits.length > 2 && (item.caller ?? "").includes(digits)) return true;
    return folded(`${whoCalls(item)} ${clientOf(item)}`).includes(wanted);
  }

  count(name) {
    const { entries, size } = this.lists[name];
    setText(byId(`count-${name}`), String(size));
    const empty = byId(`${name}-empty`);
    empty.hidden = entries.some(({ node }) => !node.hidden);
    setText(empty, t(size > 0 ? "desk.queue.nothing" : `desk.${name}.empty`));
  }

  /** Arrow keys move between tabs, as ARIA has it. */
  steer(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.show(NAMES[(NAMES.indexOf(this.shown) + step + NAMES.length) % NAMES.length]);
    byId(`tab-${this.shown}`).focus();
  }
}

/** Lower case, no accents. */
const folded = (text) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase().trim();
