// The secretary's voice and ear in a call. The microphone stays open while she works; each call gets its own wire.

import { openAudio } from "/static/web/audio/context.js";
import { Microphone, MicrophoneError } from "/static/web/audio/microphone.js";
import { Speaker } from "/static/web/audio/speaker.js";
import { Wire } from "/static/web/audio/wire.js";

const LOCK = "desk-audio"; // one tab of the browser carries the call
const CONNECT_FOR_MS = 10_000; // as long as the queue keeps a connection open

export class CallAudio {
  /**
   * @param {object} told
   * @param {(phase: "briefing" | "talking" | "hold" | "ended") => void} told.onPhase
   * @param {(state: "connecting" | "open" | "reconnecting" | "closed" | "elsewhere") => void} told.onState
   * @param {(message: string) => void} told.onRefused
   * @param {(who: "me" | "caller", rms: number) => void} told.onLevel
   * @param {(state: "open" | "closed" | "lost") => void} told.onMicrophone
   */
  constructor(told) {
    this.told = told;
    this.microphone = null;
    this.wire = null;
    this.speaker = null;
    this.ticket = null;
    this.muted = false;
    this.release = null; // gives the browser's lock back
    this.waiting = null;
  }

  get hasMicrophone() {
    return this.microphone !== null;
  }

  /** Open the microphone, once. @throws {MicrophoneError} */
  async openMicrophone() {
    if (this.microphone !== null) return;
    if (!window.isSecureContext) throw new MicrophoneError("insecure"); // no worklets either
    const context = await openAudio();
    this.microphone = await Microphone.open(context, {
      onFrame: (pcm) => this.wire?.send(pcm),
      onLevel: (rms) => this.told.onLevel("me", rms),
      onLost: () => this.closeMicrophone("lost"),
    });
    this.microphone.mute(this.muted);
    this.told.onMicrophone("open");
  }

  closeMicrophone(how = "closed") {
    if (this.microphone === null) return;
    this.microphone.close();
    this.microphone = null;
    this.told.onMicrophone(how);
  }

  /** Take the call to this tab: to be asked before it is accepted here, so that no other tab is faster. */
  async claim() {
    this.release ??= await lock({ ifAvailable: true });
  }

  /** The call was not accepted after all. */
  disclaim() {
    if (this.ticket === null) this.giveBack();
  }

  /** Join the call of a ticket; while another tab has it, wait until that one is closed. */
  async join(ticket) {
    if (this.ticket === ticket) return;
    this.leave();
    this.ticket = ticket;
    if (this.release === null) await this.waitForTurn(ticket);
    const context = await openAudio();
    if (this.ticket !== ticket || this.release === null) return; // left meanwhile
    const speaker = new Speaker(context, { onLevel: (rms) => this.told.onLevel("caller", rms) });
    this.speaker = speaker;
    this.wire = new Wire({
      address: () => `/desk/audio?ticket=${ticket}`,
      onAudio: (pcm) => speaker.play(pcm),
      onMessage: (message) => this.take(message),
      onState: (state) => this.told.onState(state),
      reconnectForMs: CONNECT_FOR_MS,
    });
    this.mute(false);
    this.wire.open();
  }

  /** Leave the call: nothing is heard or sent any more. */
  leave() {
    if (this.ticket === null) return;
    this.waiting?.abort();
    this.wire?.close();
    this.speaker?.close();
    this.giveBack();
    this.wire = this.speaker = this.ticket = null;
    this.told.onState("closed");
  }

  mute(muted) {
    this.muted = muted;
    this.microphone?.mute(muted);
  }

  /** The briefing is read: let the caller in. */
  ready() {
    this.wire?.tell({ type: "ready" });
  }

  async waitForTurn(ticket) {
    await this.claim();
    if (this.release !== null) return;
    this.told.onState("elsewhere");
    this.waiting = new AbortController();
    const release = await lock({ signal: this.waiting.signal });
    if (this.ticket === ticket && release !== null) this.release = release;
    else release?.();
  }

  giveBack() {
    this.release?.();
    this.release = null;
  }

  take(message) {
    if (message.type === "phase") this.told.onPhase(message.phase);
    else if (message.type === "refused") this.told.onRefused(message.message);
  }
}

/** Take the browser's lock: what gives it back, or null when it is not to be had. */
function lock(options) {
  return new Promise((answer) => {
    const hold = (held) => {
      if (held === null) answer(null);
      else return new Promise((release) => answer(release));
    };
    navigator.locks.request(LOCK, options, hold).catch(() => answer(null)); // waited in vain
  });
}
