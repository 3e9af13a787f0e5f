// What the middle column tells while there is no call: how things stand.

import { duration, everySecond, now, secondsSince } from "./clock.js";
import { byId, make } from "./dom.js";
import { IN_QUEUE } from "./tickets.js";
import { t } from "./texts.js";

/** Keep the figures of the empty screen. @param {Store} store */
export function keepFigures(store) {
  const render = () => {
    if (byId("idle").hidden || store.me === null) return;
    byId("idle-next").replaceChildren(...figures(store).map(([name, text]) => make("div", {}, make("dt", { text: t(name) }), make("dd", { text }))));
  };
  store.on("snapshot", render);
  everySecond(render);
}

function figures(store) {
  const tickets = [...store.tickets.values()];
  const waiting = tickets.filter(({ state }) => IN_QUEUE.has(state));
  const longest = Math.max(0, ...waiting.map((ticket) => secondsSince(ticket.waiting_since)));
  const due = tickets.filter(({ state, due_at }) => state === "callback_due" && (!due_at || Date.parse(due_at) <= now()));
  const free = [...store.secretaries.values()].filter(({ id, declared, derived }) => id !== store.me.id && declared === "available" && derived === "idle");
  return [
    ["desk.idle.waiting", String(waiting.length)],
    ["desk.idle.longest", waiting.length > 0 ? duration(longest) : "–"],
    ["desk.idle.callbacks", String(due.length)],
    ["desk.idle.colleagues", String(free.length)],
  ];
}
