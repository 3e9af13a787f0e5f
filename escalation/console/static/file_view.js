// The right column: what the client wants said and done, the agenda, and what is known of the caller.

import { date, day, longDay, now, timeOfDay } from "./clock.js";
import { byId, make, setAttribute, setText, showText } from "./dom.js";
import { readable } from "./phones.js";
import { clientOf } from "./tickets.js";
import { language, named, t } from "./texts.js";

const MONDAY = Date.UTC(2024, 0, 1); // a Monday: names of days are formatted from it
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY_NAME = new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" });
const MONEY = new Intl.NumberFormat(language, { style: "currency", currency: "EUR", minimumFractionDigits: 0 });

/** Show a file. */
export function showFile(file) {
  byId("file-loading").hidden = byId("file-empty").hidden = true;
  byId("file-body").hidden = byId("file-find-box").hidden = false;
  byId("find-file").value = "";
  setText(byId("file-title"), t("desk.file.of", { client: clientOf({ client_name: file.client?.name }) }));
  showOpening(file.client);
  fill("urgencies", file.consignes.urgencies, urgency);
  fillOr("agenda", agenda(file.agenda, file.client?.timezone, file.ticket.person), t("desk.file.agenda_none"));
  fillOr("history", file.history.map(past), t("desk.file.history_none"));
  fill("questions", file.consignes.questions, answer);
  fill("acts", file.consignes.acts, act);
  fill("people", file.consignes.people, person);
  byId("file-place").replaceChildren(...place(file.client));
  part("place").hidden = file.client === null;
  byId("file-body").scrollTop = 0;
  filterFile();
}

/** Show that a file is being opened, or that there is none (`loading` false). */
export function clearFile({ loading, problem = null }) {
  byId("file-body").hidden = byId("file-find-box").hidden = true;
  byId("file-loading").hidden = !loading;
  byId("file-empty").hidden = loading;
  setText(byId("file-title"), t("desk.file.title"));
  setText(byId("file-empty"), problem === null ? t("desk.file.empty") : t("desk.file.failed", { message: problem }));
}

/** Show only what contains the words searched. */
export function filterFile() {
  const words = folded(byId("find-file").value).split(/\s+/).filter(Boolean);
  let found = 0;
  for (const section of byId("file-body").querySelectorAll("[data-part]")) {
    const entries = [...section.querySelectorAll("[data-entry]")];
    for (const entry of entries) entry.hidden = !words.every((word) => folded(entry.textContent).includes(word));
    const shown = entries.filter((entry) => !entry.hidden).length;
    section.hidden = entries.length === 0 || shown === 0;
    found += shown;
  }
  byId("file-nothing").hidden = found > 0;
}

const part = (name) => byId("file-body").querySelector(`[data-part="${name}"]`);

const entry = (tag, attributes, ...children) => make(tag, { "data-entry": true, ...attributes }, ...children);

function fill(name, items, show) {
  byId(`file-${name}`).replaceChildren(...items.map(show));
}

function fillOr(name, nodes, none) {
  byId(`file-${name}`).replaceChildren(...(nodes.length > 0 ? nodes : [entry("li", { class: "none", text: none })]));
}

function showOpening(client) {
  const line = byId("file-open");
  if (client === null) {
    showText(line, "");
    return;
  }
  const today = client.hours.find(({ day: name }) => name === weekday(client.timezone));
  const opensToday = today !== undefined && today.opens.length > 0;
  const nowOpen = t(client.open_now ? "desk.file.open" : "desk.file.closed_now");
  showText(line, opensToday ? `${nowOpen} · ${t("desk.file.today", { hours: ranges(today.opens) })}` : t("desk.file.closed_today"));
  setAttribute(line, "data-open", client.open_now ? "yes" : "no");
}

/** The day of the week there, as `mon`. */
const weekday = (timeZone) => new Intl.DateTimeFormat("en", { weekday: "short", timeZone }).format(now()).toLowerCase();

const ranges = (opens) => opens.map(([from, to]) => `${from}\u2009–\u2009${to}`).join(", ");

function urgency({ kind, words, say }) {
  const box = entry("li", { class: "urgency" }, make("strong", { text: named("desk.reason.urgent", kind) }));
  box.append(make("span", { class: "soft", text: t("desk.file.urgency_words", { words: words.join(", ") }) }));
  if (say) box.append(make("span", { text: say }));
  return box;
}

/** The appointments by day; those of the caller stand out. */
function agenda(appointments, zone, caller) {
  const nodes = [];
  let shown = null;
  for (const { starts, ends, act: what, practitioner, person: who } of appointments) {
    const today = longDay(starts, zone);
    if (shown !== today) nodes.push(make("li", { class: "agenda-day", text: today }));
    shown = today;
    nodes.push(
      entry(
        "li",
        { class: "appointment", "data-own": Boolean(caller && who) && folded(who) === folded(caller) },
        make("span", { class: "time", text: `${timeOfDay(starts, zone)}\u2009–\u2009${timeOfDay(ends, zone)}` }),
        make("span", {}, make("strong", { text: who || what }), make("span", { class: "soft", text: [who && what, practitioner].filter(Boolean).join(" · ") })),
      ),
    );
  }
  return nodes;
}

function past({ at, kind, text, outcome }) {
  const what = kind === "call" ? named("desk.intent", text) : text;
  const cameTo = outcome && outcome !== "nothing" ? named("desk.past", outcome) : "";
  return entry(
    "li",
    { class: "past" },
    make("span", { class: "time", text: day(at) }),
    make("span", {}, make("strong", { text: named("desk.file.history", kind) }), ` ${what}`, make("em", { text: cameTo && ` · ${cameTo}` })),
  );
}

function answer({ asked, answer: said }) {
  return entry("div", {}, make("dt", { text: asked }), make("dd", { text: said }));
}

function act({ label, duration_min, price_eur, price_note, bookable }) {
  const facts = [t("desk.file.minutes", { minutes: duration_min })];
  if (price_eur !== null) facts.push(MONEY.format(price_eur));
  if (!bookable) facts.push(t("desk.file.on_request"));
  const node = entry("li", { class: "act" }, make("strong", { text: label }), make("span", { class: "facts", text: facts.join(" · ") }));
  if (price_note) node.append(make("span", { class: "soft", text: price_note }));
  return node;
}

function person({ name, role }) {
  return entry("li", {}, make("strong", { text: name }), role ? ` ${role}` : "");
}

function place(client) {
  if (client === null) return [];
  const rows = [
    ["address", client.address],
    ["access", client.access],
    ["phone", client.phone && readable(client.phone)],
    ["email", client.email],
    ["hours", client.hours.map(({ day: name, opens }) => `${dayName(name)} : ${opens.length ? ranges(opens) : t("desk.file.closed")}`).join("\n")],
    ["closures", client.closures.map(closure).join("\n")],
  ];
  return rows.filter(([, text]) => text).map(([name, text]) => entry("div", {}, make("dt", { text: t(`desk.file.${name}`) }), make("dd", { text })));
}

const closure = ({ first, last, reason }) => t("desk.file.from_to", { first: date(first, "UTC"), last: date(last, "UTC") }) + (reason ? ` (${reason})` : "");
const dayName = (name) => DAY_NAME.format(new Date(MONDAY + DAYS.indexOf(name) * 86_400_000));
const folded = (text) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();
