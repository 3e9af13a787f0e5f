// The ringing: tones made here, no file. An urgent call rings faster and higher.

import { wantsSound } from "./settings.js";
import { openAudio } from "/static/web/audio/context.js";

const VOLUME = 0.14;
const ATTACK_S = 0.015;
const LENGTH_S = 15; // an offer lasts no longer
const CALM = { notesHz: [587, 784], noteS: 0.26, everyS: 2.6 };
const URGENT = { notesHz: [880, 1175, 880, 1175], noteS: 0.14, everyS: 1.4 };

export class Ringer {
  constructor() {
    this.sounding = null;
  }

  /** Whether the browser keeps it silent: no key, no click on this page yet. */
  get blocked() {
    return !navigator.userActivation.hasBeenActive;
  }

  /** Ring, for the length of an offer. All tones are planned at once: timers of a page in the background are slow. */
  async ring({ urgent }) {
    this.stop();
    if (!wantsSound() || this.blocked) return;
    const ticket = (this.sounding = {});
    const context = await openAudio();
    if (this.sounding !== ticket) return; // stopped meanwhile
    const gain = new GainNode(context, { gain: 0 });
    const tone = new OscillatorNode(context, { type: "triangle" });
    plan(urgent ? URGENT : CALM, tone.frequency, gain.gain, context.currentTime);
    tone.connect(gain).connect(context.destination);
    tone.start();
    tone.stop(context.currentTime + LENGTH_S);
    this.sounding = { tone, gain };
  }

  stop() {
    if (this.sounding?.tone) {
      this.sounding.tone.stop();
      this.sounding.gain.disconnect();
    }
    this.sounding = null;
  }
}

function plan({ notesHz, noteS, everyS }, frequency, gain, fromS) {
  for (let startS = fromS; startS < fromS + LENGTH_S; startS += everyS) {
    notesHz.forEach((hz, index) => {
      const noteStartS = startS + index * noteS;
      frequency.setValueAtTime(hz, noteStartS);
      gain.setValueAtTime(0, noteStartS);
      gain.linearRampToValueAtTime(VOLUME, noteStartS + ATTACK_S);
      gain.linearRampToValueAtTime(0, noteStartS + noteS);
    });
  }
}
