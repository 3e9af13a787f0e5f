// The middle column: the one call that matters now, mine before one offered to me before the one chosen in a list before one open to all.

import { duration, everySecond, secondsSince } from "./clock.js";
import { Countdown } from "./countdown.js";
import { byId, isTyping, setAttribute, setText, showText } from "./dom.js";
import { clearFile, showFile } from "./file_view.js";
import { file } from "./files.js";
import { readable } from "./phones.js";
import { COMMANDS, modeOf, RINGING, WITH_GREETING, WITH_HINT, WITH_LEVELS, WITH_SHEET } from "./stage_modes.js";
import { language, named, t } from "./texts.js";
import { attemptsText, CALLBACKS, clientOf, dueText, IN_QUEUE, ownerText, reasonOf, showReason, waitText, whoCalls } from "./tickets.js";

const OPEN_FILE_AFTER_MS = 120; // who runs down the list with the keys does not open every file

export class Stage {
  /**
   * @param {object} parts
   * @param {Store} parts.store
   * @param {Transcript} parts.transcript
   * @param {Notes} parts.notes
   * @param {WrapUp} parts.wrapUp
   * @param {(what: object | null) => void} parts.onSubject
   */
  constructor({ store, transcript, notes, wrapUp, onSubject }) {
    Object.assign(this, { store, transcript, notes, wrapUp, onSubject });
    this.chosen = null; // {kind, id} in a list
    this.shown = null; // {kind, id} here
    this.mode = "idle";
    this.phase = null; // of my audio
    this.file = null; // opened last
    this.opening = null;
    this.offerLeft = new Countdown(byId("offer-left"), byId("offer-seconds"), "desk.offer.seconds");
    this.wrapUpLeft = new Countdown(byId("wrap-up-bar"), byId("wrap-up-seconds"), "desk.wrap_up.seconds");
    store.on("snapshot", () => {
      this.render();
      if (this.shown !== null) this.showTranscript(); // something may have been missed
    });
    for (const kind of ["ticket", "call", "me"]) store.on(kind, () => this.render());
    store.on("turn", (turn) => turn.call === this.transcript.call && this.transcript.add(turn));
    everySecond(() => this.render()); // also for an offer that came while she was writing
  }

  /** The ticket shown, if any. */
  get ticket() {
    return this.shown?.kind === "ticket" ? (this.store.tickets.get(this.shown.id) ?? null) : null;
  }

  /** The call shown: a live one's id, also when a ticket is shown. */
  get call() {
    return this.shown?.kind === "call" ? this.shown.id : (this.ticket?.call ?? null);
  }

  choose(what) {
    this.chosen = what;
    this.render();
  }

  /** My audio has got to a phase. */
  enter(phase) {
    this.phase = phase;
    this.render();
  }

  render() {
    if (this.store.me === null) return;
    const subject = this.subject();
    if (subject?.kind !== this.shown?.kind || subject?.id !== this.shown?.id) this.turnTo(subject);
    const ticket = this.ticket;
    const mine = ticket !== null && this.store.holds(ticket);
    this.mode = ticket === null ? (subject === null ? "idle" : "bot") : modeOf(ticket, mine, this.phase);
    byId("stage").dataset.mode = this.mode;
    byId("idle").hidden = subject !== null;
    byId("stage-body").hidden = subject === null;
    if (subject === null) return;
    this.renderWho(ticket ?? this.store.calls.get(subject.id));
    this.renderParts(ticket);
    this.renderCommands(ticket);
    this.tick();
  }

  subject() {
    const mine = this.store.mine;
    if (mine !== null) return { kind: "ticket", id: mine.id };
    const offer = this.store.offer;
    if (offer !== null && !this.writing()) return { kind: "ticket", id: offer.id };
    if (this.isListed(this.chosen)) return this.chosen;
    const open = this.store.open;
    return open === null ? null : { kind: "ticket", id: open.id };
  }

  /** Whether what was chosen is still in a list. */
  isListed(what) {
    if (what === null) return false;
    if (what.kind === "call") return this.store.calls.has(what.id) && this.store.ticketOf(what.id) === null;
    const state = this.store.tickets.get(what.id)?.state;
    return IN_QUEUE.has(state) || CALLBACKS.has(state);
  }

  /** Whether she is writing something here that an offer must not take away. */
  writing() {
    const field = document.activeElement;
    return this.shown !== null && isTyping(field) && byId("stage-body").contains(field) && field.value !== "";
  }

  turnTo(subject) {
    this.shown = subject;
    this.wrapUp.close();
    byId("hint").value = "";
    setText(byId("greeting-text"), "");
    this.onSubject(subject);
    this.showTranscript();
    clearTimeout(this.opening);
    if (this.ticket === null) {
      clearFile({ loading: false });
      return;
    }
    clearFile({ loading: true });
    const now = this.ticket.offered_to_me || this.store.holds(this.ticket);
    this.opening = setTimeout(() => this.openFile(), now ? 0 : OPEN_FILE_AFTER_MS);
  }

  showTranscript() {
    const mine = this.ticket !== null && this.store.holds(this.ticket);
    const live = this.call === null ? [] : this.store.said(this.call);
    const stored = this.file !== null && this.file.ticket.id === this.ticket?.id ? this.file.transcript : [];
    this.transcript.show(this.call, live.length > 0 ? live : stored, { correctable: mine });
  }

  async openFile() {
    const { id } = this.shown;
    const still = () => this.shown?.kind === "ticket" && this.shown.id === id;
    try {
      const opened = await file(id);
      if (!still()) return;
      showFile(opened);
      this.file = opened;
      setText(byId("greeting-text"), opened.greeting);
      this.notes.show(id, opened.notes);
      if (this.store.said(this.call).length === 0) this.showTranscript();
      this.render();
    } catch (refused) {
      if (still()) clearFile({ loading: false, problem: refused.message });
    }
  }

  renderWho(item) {
    showReason(byId("who-reason"), item.reason ?? "call", item.reason ? reasonOf(item) : t("desk.reason.call"));
    setText(byId("stage-title"), whoCalls(item));
    setText(byId("who-client"), clientOf(item));
    showText(byId("who-number"), item.person && item.caller ? readable(item.caller) : "");
    showText(byId("who-language"), item.language && item.language !== language ? named("desk.language", `${item.language}.long`) : "");
    setText(byId("who-phase"), t(`desk.phase.${this.mode === "colleague" ? "talking" : this.mode}`));
  }

  renderParts(ticket) {
    const ringing = RINGING.has(this.mode);
    const offered = this.mode === "offered";
    byId("offer").hidden = !ringing;
    if (ringing) setText(byId("offer-text"), t("desk.offer.text", { reason: reasonOf(ticket), client: clientOf(ticket) }));
    byId("offer-left").parentElement.hidden = !offered;
    if (!offered) setText(byId("offer-seconds"), t("desk.offer.open"));
    this.offerLeft.to(offered ? ticket.deadline : null);
    byId("greeting").hidden = !WITH_GREETING.has(this.mode) || byId("greeting-text").textContent === "";
    byId("summary").hidden = !ticket?.summary;
    setText(byId("summary-text"), ticket?.summary ?? "");
    showText(byId("callback-facts"), ticket && this.mode.startsWith("call") ? callbackFacts(ticket) : "");
    byId("levels").hidden = !WITH_LEVELS.has(this.mode);
    byId("hint-form").hidden = !(WITH_HINT.has(this.mode) && this.store.calls.has(this.call));
    byId("notes").hidden = ticket === null;
    this.renderSheet(ticket);
  }

  renderSheet(ticket) {
    if (!WITH_SHEET.has(this.mode)) {
      this.wrapUp.close();
      return;
    }
    if (this.wrapUp.ticket !== ticket.id) this.showTranscript(); // wrong answers can be marked from now on
    if (this.file !== null && this.file.ticket.id === ticket.id) this.wrapUp.open(ticket.id, this.file);
    const ending = this.mode === "wrap_up";
    byId("wrap-up-left").hidden = !ending;
    this.wrapUpLeft.to(ending ? ticket.deadline : null);
    setText(byId("wrap-up-save-text"), t(ending ? "desk.wrap_up.save_next" : "desk.wrap_up.save"));
  }

  renderCommands(ticket) {
    const possible = new Set(COMMANDS[this.mode]);
    if (!this.store.calls.has(this.call)) possible.delete("listen");
    for (const button of byId("stage").querySelectorAll("[data-command]")) button.hidden = !possible.has(button.dataset.command);
    byId("stage").querySelector('[data-command="accept"]').disabled = this.mode === "waiting" && ticket.acceptable === false;
    byId("stage").querySelector('[data-command="extend"]').disabled = ticket?.extended === true;
    setText(byId("hang-up-text"), t(ticket?.state === "connecting" ? "desk.do.requeue" : "desk.do.hang_up"));
    setAttribute(byId("stage").querySelector('[data-command="hold"]'), "aria-pressed", String(this.mode === "hold"));
    if (ticket?.caller) {
      setAttribute(byId("dial"), "href", `tel:${ticket.caller}`);
      setText(byId("dial-text"), t("desk.do.dial", { number: readable(ticket.caller) }));
    }
  }

  tick() {
    const ticket = this.ticket;
    if (this.shown === null) return;
    this.offerLeft.tick();
    this.wrapUpLeft.tick();
    const waits = ticket !== null && IN_QUEUE.has(ticket.state);
    showText(byId("who-wait"), waits ? t("desk.ticket.waits", { duration: waitText(ticket) }) : "");
    const since = talkingSince(this.mode, ticket, this.store.calls.get(this.call));
    byId("talk-time").hidden = since === null;
    if (since !== null) setText(byId("talk-time-text"), duration(secondsSince(since)));
  }
}

function callbackFacts(ticket) {
  const left = ticket.left ? named("desk.ticket.left", ticket.left) : "";
  return [left, dueText(ticket), attemptsText(ticket), ownerText(ticket)].filter(Boolean).join(" · ");
}

/** From when the clock of the conversation counts. */
function talkingSince(mode, ticket, call) {
  if (mode === "talking" || mode === "hold") return ticket.connected_at ?? null;
  return mode === "bot" ? (call?.answered_at ?? null) : null;
}
