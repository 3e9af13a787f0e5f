// Listening in on a call, without a word.

import { openAudio } from "/static/web/audio/context.js";
import { Speaker } from "/static/web/audio/speaker.js";
import { Wire } from "/static/web/audio/wire.js";

export class Listening {
  /**
   * @param {object} told
   * @param {(call: string | null) => void} told.onChange which call is heard now
   * @param {(message: string) => void} told.onRefused
   */
  constructor({ onChange, onRefused }) {
    this.onChange = onChange;
    this.onRefused = onRefused;
    this.call = null;
    this.wire = null;
    this.speaker = null;
  }

  /** Hear a call; a second time, stop. */
  async toggle(call) {
    const again = this.call === call;
    this.stop();
    if (again) return;
    this.call = call;
    this.onChange(call);
    const speaker = new Speaker(await openAudio());
    if (this.call !== call) {
      speaker.close();
      return;
    }
    this.speaker = speaker;
    this.wire = new Wire({
      address: () => `/desk/listen?call=${encodeURIComponent(call)}`,
      onAudio: (pcm) => speaker.play(pcm),
      onMessage: ({ type, message }) => type === "refused" && this.onRefused(message),
      onState: (state) => state === "closed" && this.call === call && this.stop(),
    });
    this.wire.open();
  }

  stop() {
    if (this.call === null) return;
    const wire = this.wire;
    this.call = this.wire = null;
    wire?.close();
    this.speaker?.close();
    this.speaker = null;
    this.onChange(null);
  }
}
