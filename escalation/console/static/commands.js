// What the buttons of the middle column do.

import { command } from "./api.js";
import { Choices } from "./choices.js";
import { byId, make, setAttribute, setText } from "./dom.js";
import { file } from "./files.js";
import { readable } from "./phones.js";
import { problem, say, toast } from "./say.js";
import { wantsBriefing } from "./settings.js";
import { t } from "./texts.js";

export class Commands {
  /**
   * @param {object} parts
   * @param {Stage} parts.stage
   * @param {CallAudio} parts.audio
   * @param {Listening} parts.listening
   * @param {Me} parts.me
   * @param {WrapUp} parts.wrapUp
   */
  constructor({ stage, audio, listening, me, wrapUp }) {
    Object.assign(this, { stage, audio, listening, me, wrapUp });
    this.busy = new Set();
    this.refusing = new Choices("refuse-dialog", ({ value }) => this.give("refuse", { why: value }, this.asked));
    this.transferring = new Choices("transfer-dialog", ({ value, label }) => this.transfer(value, label));
    byId("stage").addEventListener("click", (event) => {
      const name = event.target.closest("[data-command]")?.dataset.command;
      if (name !== undefined) this.run(name);
    });
    byId("hint-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.hint();
    });
    byId("wrap-up").addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
  }

  run(name) {
    switch (name) {
      case "accept": return this.accept();
      case "refuse": return this.askWhy();
      case "ready": return this.audio.ready();
      case "mute": return this.mute();
      case "hold": return this.give("hold", { on: this.stage.mode !== "hold" });
      case "transfer": return this.askWhere();
      case "take-callback": return this.give("callback");
      case "reached": return this.give("callback-result", { reached: true });
      case "missed": return this.give("callback-result", { reached: false });
      case "listen": return this.listening.toggle(this.stage.call);
      case "give-back": case "hang-up": case "extend": return this.give(name);
    }
  }

  async accept() {
    this.listening.stop();
    if (!this.audio.hasMicrophone) this.me.openMicrophone(); // asked for while the file is being read
    await this.audio.claim();
    if (await this.give("accept", { spoken: wantsBriefing() })) say(t("desk.say.accepted"));
    else this.audio.disclaim();
  }

  askWhy() {
    this.asked = this.stage.shown.id;
    this.refusing.open();
  }

  /** The offer is over: what was asked about it need not be answered. */
  offerOver() {
    this.refusing.close();
  }

  mute() {
    this.audio.mute(!this.audio.muted);
    this.showMuted();
    say(t(this.audio.muted ? "desk.say.muted" : "desk.say.unmuted"));
  }

  showMuted() {
    setAttribute(document.querySelector('[data-command="mute"]'), "aria-pressed", String(this.audio.muted));
    this.me.renderMicrophone();
  }

  async askWhere() {
    this.asked = this.stage.shown.id;
    const { transfers } = await file(this.asked);
    byId("transfer-choices").replaceChildren(...transfers.map(destination));
    byId("transfer-none").hidden = transfers.length > 0;
    byId("transfer-announce").hidden = transfers.length === 0;
    this.transferring.open();
  }

  async transfer(number, label) {
    if (await this.give("transfer", { number }, this.asked)) toast(t("desk.transfer.done", { label }));
  }

  async hint() {
    const field = byId("hint");
    const text = field.value.trim();
    if (text === "") return;
    if (await this.post(`/desk/calls/${encodeURIComponent(this.stage.call)}/hint`, { text })) {
      field.value = "";
      toast(t("desk.hint.sent"));
    }
  }

  /** Save the call sheet; after the call, it ends the wrap-up too. */
  async save() {
    if (byId("wrap-up").hidden) return;
    const finish = this.stage.mode === "wrap_up";
    if (await this.wrapUp.save({ finish })) toast(t("desk.wrap_up.done"));
  }

  /** A command on the ticket shown. */
  give(name, body = {}, ticket = this.stage.shown?.id) {
    return this.post(`/desk/tickets/${ticket}/${name}`, body);
  }

  /** @returns {Promise<boolean>} whether it was done; a refusal is shown */
  async post(path, body) {
    if (this.busy.has(path)) return false; // pressed twice
    this.busy.add(path);
    try {
      await command(path, body);
      return true;
    } catch (refused) {
      problem(refused.message);
      return false;
    } finally {
      this.busy.delete(path);
    }
  }
}

function destination({ number, label }, index) {
  const button = make("button", { type: "button", "data-value": number, "data-label": label, "data-key": String(index + 1) });
  const text = make("span", {}, make("span", { text: label }), make("span", { class: "soft", text: ` ${readable(number)}` }));
  if (index < 9) button.append(make("kbd", { "aria-hidden": "true", text: String(index + 1) }));
  button.append(text);
  return button;
}
