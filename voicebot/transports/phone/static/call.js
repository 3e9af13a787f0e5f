// One call: microphone and loudspeaker at the ends of a wire. Knows nothing of the page.
//
//   opening -> ringing -> talking <-> reconnecting -> ended

import { openAudio, restAudio } from "/static/web/audio/context.js";
import { Microphone } from "/static/web/audio/microphone.js";
import { Speaker } from "/static/web/audio/speaker.js";
import { Wire } from "/static/web/audio/wire.js";

const RECONNECT_MS = 30_000; // a server that was killed takes its callers up again for so long; one that lives says at once if it is over
const TAKEN_OVER = 4409;
const ENDED = 1000;

export class Call {
  /**
   * @param {object} told
   * @param {(state: string, why?: string) => void} told.onState `why` of `ended`: `hung_up`, `lost`, `unreachable`, `taken_over`,
   *     `refused:REASON`
   * @param {(line: object) => void} told.onLine a public line of the call
   * @param {(rms: number) => void} told.onOwnLevel
   * @param {(rms: number) => void} told.onAssistantLevel
   * @param {() => void} told.onMicrophoneLost
   */
  constructor(told) {
    this.told = told;
    this.answered = false;
    this.ending = null; // why, once it is known
    this.leaving = false; // the caller has hung up: nothing more is played
    this.over = false;
  }

  /**
   * Ring a line. Call it from a click or a key.
   *
   * @throws {MicrophoneError} the call has ended then
   */
  async dial(line, caller) {
    this.enter("opening");
    try {
      const context = await openAudio();
      this.microphone = await Microphone.open(context, {
        onFrame: (pcm) => this.answered && this.wire.send(pcm),
        onLevel: this.told.onOwnLevel,
        onLost: this.told.onMicrophoneLost,
      });
      this.speaker = new Speaker(context, { onLevel: this.told.onAssistantLevel });
    } catch (failure) {
      this.close();
      throw failure;
    }
    if (this.over) this.close(); // hung up while the browser was asking for the microphone
    else this.connect(line, caller);
  }

  press(key) {
    this.wire?.tell({ type: "key", key });
  }

  mute(muted) {
    this.microphone?.mute(muted);
  }

  /** The caller ends the call. */
  hangUp() {
    this.leaving = true;
    this.ending ??= "hung_up";
    if (this.wire) this.wire.hangUp({ type: "hang_up" });
    else this.end();
  }

  connect(line, caller) {
    const asked = new URLSearchParams(caller ? { line, caller } : { line });
    this.wire = new Wire({
      address: (resume, again) => {
        if (!again) return `/phone/audio?${asked}`;
        return resume && `/phone/audio?${new URLSearchParams({ resume })}`;
      },
      onAudio: (pcm) => this.leaving || this.speaker.play(pcm),
      onMessage: (message) => this.obey(message),
      onState: (state, why) => this.follow(state, why),
      reconnectForMs: RECONNECT_MS,
    });
    this.enter("ringing");
    this.wire.open();
  }

  obey(message) {
    if (message.type === "answered") {
      this.answered = true;
      this.enter("talking");
    } else if (message.type === "line") this.told.onLine(message.line);
    else if (message.type === "refused") this.ending ??= `refused:${message.reason}`;
    else if (message.type === "ended") this.ending ??= "hung_up";
  }

  follow(state, why) {
    if (state === "reconnecting") this.enter("reconnecting");
    if (state !== "closed") return;
    if (why.code === TAKEN_OVER) this.ending ??= "taken_over";
    if (!why.opened) this.ending ??= "unreachable";
    this.ending ??= why.code === ENDED ? "hung_up" : "lost";
    this.end();
  }

  /** The last words are played out, unless the caller has hung up. */
  async end() {
    if (this.over) return;
    this.over = true;
    if (this.speaker && !this.leaving) await this.speaker.drain();
    this.close();
    this.enter("ended", this.ending);
  }

  close() {
    this.over = true;
    this.microphone?.close();
    this.speaker?.close();
    restAudio();
  }

  enter(state, why) {
    this.told.onState(state, why);
  }
}
