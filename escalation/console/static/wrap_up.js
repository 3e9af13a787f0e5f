// The call sheet: filled in by the assistant, corrected by her while she talks or afterwards. What she changes is saved by itself.

import { command } from "./api.js";
import { byId, make, setText } from "./dom.js";
import { readable } from "./phones.js";
import { t } from "./texts.js";

const FIELDS = ["person", "phone", "reason", "intent", "outcome", "note"];
const CORRECTABLE = ["person", "phone", "reason", "intent"]; // what the assistant heard; the rest is hers alone
const SAVE_AFTER_MS = 900;

export class WrapUp {
  /** @param {(message: string) => void} onError */
  constructor(onError) {
    this.form = byId("wrap-up");
    this.onError = onError;
    this.ticket = null;
    this.proposed = {};
    this.wrong = []; // {was, field}
    this.changed = false;
    this.timer = null;
    this.form.addEventListener("input", () => this.edited());
    for (const name of CORRECTABLE) {
      const hint = make("p", { class: "corrected", id: `corrected-${name}`, hidden: true });
      this.field(name).after(hint);
      this.field(name).setAttribute("aria-describedby", hint.id);
    }
  }

  /** Show the sheet of a ticket; one that is being filled in stays as it is. */
  open(ticket, { proposed, wrap_up: saved }) {
    this.form.hidden = false;
    if (this.ticket === ticket) return;
    this.ticket = ticket;
    this.proposed = { ...proposed, phone: written(proposed.phone) };
    this.wrong = [];
    this.changed = false;
    byId("wrong-answers").replaceChildren();
    for (const name of FIELDS) this.fill(name, name === "phone" ? written((saved ?? proposed).phone) : ((saved ?? proposed)[name] ?? ""));
    for (const { field, was, now } of saved?.corrections ?? []) if (field === "answer") this.addWrong(was, now);
    this.setSaved("");
    this.showCorrections();
  }

  /** Put the sheet away; what is not saved yet is saved. */
  close() {
    clearTimeout(this.timer);
    if (this.changed && this.ticket !== null) this.save({ finish: false });
    this.form.hidden = true;
    this.changed = false;
    this.ticket = null;
  }

  /** An answer of the assistant was wrong; she may say what it should have been. */
  addWrong(was, right = "") {
    if (this.wrong.some((known) => known.was === was)) return;
    const id = `wrong-${this.wrong.length}`;
    const field = make("input", { id, maxlength: "1000" });
    field.value = right;
    const remove = make("button", { type: "button", class: "small", text: t("desk.wrap_up.remove_wrong") });
    const entry = { was, field };
    const box = make(
      "div",
      { class: "wrong-answer" },
      make("p", { text: t("desk.wrap_up.wrong", { was }) }),
      make("label", { for: id, text: t("desk.wrap_up.right") }),
      make("div", { class: "line-field" }, field, remove),
    );
    remove.addEventListener("click", () => {
      this.wrong.splice(this.wrong.indexOf(entry), 1);
      box.remove();
      this.edited();
    });
    this.wrong.push(entry);
    byId("wrong-answers").append(box);
    this.edited();
    field.focus();
  }

  /** Save; `finish` also ends the wrap-up. @returns {Promise<boolean>} whether it was saved */
  async save({ finish }) {
    clearTimeout(this.timer);
    const ticket = this.ticket;
    this.changed = false;
    this.setSaved(t("desk.wrap_up.saving"));
    try {
      await command(`/desk/tickets/${ticket}/wrap-up`, this.body(finish));
    } catch (refused) {
      this.changed = true;
      this.setSaved(t("desk.wrap_up.unsaved"));
      this.onError(refused.message);
      return false;
    }
    if (this.ticket === ticket && !this.changed) this.setSaved(t("desk.wrap_up.saved"));
    return true;
  }

  body(finish) {
    const values = Object.fromEntries(FIELDS.map((name) => [name, this.field(name).value.trim()]));
    const answers = this.wrong.map(({ was, field }) => ({ was, now: field.value.trim() }));
    const proposed = Object.fromEntries(CORRECTABLE.map((name) => [name, this.proposed[name] ?? ""]));
    return { ...values, proposed, answers, finish };
  }

  edited() {
    this.changed = true;
    this.setSaved(t("desk.wrap_up.unsaved"));
    this.showCorrections();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.changed && this.ticket !== null && this.save({ finish: false }), SAVE_AFTER_MS);
  }

  showCorrections() {
    for (const name of CORRECTABLE) {
      const was = this.proposed[name] ?? "";
      const hint = byId(`corrected-${name}`);
      hint.hidden = this.field(name).value.trim() === was.trim();
      if (!hint.hidden) setText(hint, t("desk.wrap_up.corrected", { was: this.shown(name, was) }));
    }
  }

  shown(name, value) {
    if (value === "") return t("desk.wrap_up.nothing");
    return name === "intent" ? ([...this.field(name).options].find((option) => option.value === value)?.text ?? value) : value;
  }

  /** A value that is not among a menu's choices is added to them: what the assistant noted is never lost. */
  fill(name, value) {
    const field = this.field(name);
    if (field.options && ![...field.options].some((option) => option.value === value)) field.append(new Option(value, value));
    field.value = value;
  }

  field(name) {
    return this.form.elements.namedItem(name);
  }

  setSaved(text) {
    setText(byId("wrap-up-saved"), text);
  }
}

/** A number as it is typed: plain spaces. */
const written = (number) => (number ? readable(number).replaceAll("\u00a0", " ") : "");
