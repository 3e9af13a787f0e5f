// A bar that runs out.

import { secondsUntil } from "./clock.js";
import { setText } from "./dom.js";
import { t } from "./texts.js";

export class Countdown {
  /** @param {HTMLElement} bar  @param {HTMLElement} label  @param {string} text its key, with `{seconds}` */
  constructor(bar, label, text) {
    Object.assign(this, { bar, label, text, until: null, fromS: 1 });
  }

  /** Count down to a moment (ISO); null stops. */
  to(moment) {
    if (moment === this.until) return;
    this.until = moment;
    if (moment === null) return;
    this.fromS = Math.max(1, secondsUntil(moment));
    this.tick();
  }

  tick() {
    if (this.until === null) return;
    const leftS = secondsUntil(this.until);
    this.bar.style.transform = `scaleX(${Math.max(0, (leftS - 1) / this.fromS)})`; // it glides there during this second
    setText(this.label, t(this.text, { seconds: Math.ceil(leftS) }));
  }
}
