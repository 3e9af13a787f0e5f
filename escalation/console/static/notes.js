// Notes of the house on a ticket: for whoever deals with it next.

import { command } from "./api.js";
import { timeOfDay } from "./clock.js";
import { byId, make } from "./dom.js";
import { forget } from "./files.js";
import { t } from "./texts.js";

export class Notes {
  /**
   * @param {(message: string) => void} say
   * @param {(message: string) => void} onError
   */
  constructor(say, onError) {
    this.ticket = null;
    this.said = say;
    this.onError = onError;
    byId("note-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.add();
    });
  }

  show(ticket, notes) {
    if (this.ticket !== ticket) byId("note-text").value = "";
    this.ticket = ticket;
    byId("note-list").replaceChildren(...notes.map(line));
  }

  async add() {
    const field = byId("note-text");
    const text = field.value.trim();
    if (text === "") return;
    const ticket = this.ticket;
    try {
      await command(`/desk/tickets/${ticket}/note`, { text });
    } catch (refused) {
      this.onError(refused.message);
      return;
    }
    forget(ticket);
    if (this.ticket !== ticket) return;
    byId("note-list").append(line({ at: new Date().toISOString(), by: null, text }));
    field.value = "";
    this.said(t("desk.notes.added"));
  }
}

function line({ at, by, text }) {
  const head = [timeOfDay(at), by].filter(Boolean).join(" · ");
  return make("li", {}, make("span", { class: "note-head", text: head }), make("span", { text }));
}
