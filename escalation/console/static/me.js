// My status: what I declare, what is derived, the microphone that goes with it.

import { command } from "./api.js";
import { Choices } from "./choices.js";
import { byId, setText } from "./dom.js";
import { problem } from "./say.js";
import { named, t } from "./texts.js";
import { meterValue } from "/static/web/audio/level.js";

export class Me {
  /**
   * @param {Store} store
   * @param {CallAudio} audio
   */
  constructor(store, audio) {
    this.store = store;
    this.audio = audio;
    const choices = new Choices("status-dialog", ({ value, reason }) => this.declare(value, reason));
    byId("status-button").addEventListener("click", () => choices.open());
    for (const button of document.querySelectorAll("[data-declare]")) button.addEventListener("click", () => this.declare(button.dataset.declare));
    byId("mic-retry").addEventListener("click", () => this.openMicrophone());
    store.on("snapshot", () => {
      this.render();
      this.reopenMicrophone();
    });
    store.on("me", () => this.render());
  }

  /** Declare a status; whoever is available has a microphone. */
  async declare(status, reason = null) {
    if (status === "available" && !(await this.openMicrophone())) return;
    try {
      await command("/desk/status", { status, reason });
    } catch (refused) {
      problem(refused.message);
      return;
    }
    if (status === "offline") this.audio.closeMicrophone();
  }

  /** Open the microphone, or say why not. @returns {Promise<boolean>} */
  async openMicrophone() {
    try {
      await this.audio.openMicrophone();
    } catch (failure) {
      this.showProblem(t(`audio.microphone.${failure.reason ?? "failed"}`));
      return false;
    }
    byId("mic-error").hidden = true;
    return true;
  }

  /** After the page was loaded again: she is still available, and the browser has long been allowed. */
  async reopenMicrophone() {
    if (this.store.me.declared !== "available" || this.audio.hasMicrophone) return;
    const allowed = await navigator.permissions?.query({ name: "microphone" }).catch(() => null);
    if (allowed?.state === "granted" && navigator.userActivation.hasBeenActive) await this.openMicrophone();
    else this.showProblem(t("desk.mic.needed"));
  }

  showProblem(text) {
    setText(byId("mic-error-text"), text);
    byId("mic-error").hidden = false;
  }

  /** The microphone was opened, muted or lost. */
  renderMicrophone() {
    const state = !this.audio.hasMicrophone ? "closed" : this.audio.muted ? "muted" : "live";
    byId("mic").dataset.state = state;
    setText(byId("mic-text"), t(`desk.mic.${state}`));
    if (state === "closed") this.level(0);
  }

  level(rms) {
    byId("mic-level").style.transform = `scaleX(${meterValue(rms)})`;
  }

  render() {
    const { declared, derived, break_reason: reason, alert } = this.store.me;
    byId("status-button").dataset.status = declared;
    byId("status-button").disabled = false; // until now nobody knew the status, or listened to the button
    const why = declared === "break" && reason ? ` · ${named("desk.break", reason)}` : "";
    setText(byId("status-text"), t(`desk.declared.${declared}`) + why);
    setText(byId("derived-text"), declared === "available" || derived !== "idle" ? t(`desk.derived.${derived}`) : "");
    byId("missed-alert").hidden = !alert;
    setText(byId("idle-text"), t(`desk.idle.${declared}`));
    byId("idle-available").hidden = declared === "available";
  }
}
