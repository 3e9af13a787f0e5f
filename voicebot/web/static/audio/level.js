// Loudness: measured in the worklets about ten times a second, shown by meters on the page.

const FLOOR_DB = -60; // what a meter shows as nothing

/** Gathers samples; tells their RMS (0 to 1) once there are enough. */
export class LevelMeter {
  /** @param {number} samples per measure  @param {(rms: number) => void} tell */
  constructor(samples, tell) {
    this.samples = samples;
    this.tell = tell;
    this.sum = 0;
    this.count = 0;
  }

  feed(piece) {
    for (const sample of piece) this.sum += sample * sample;
    this.count += piece.length;
    if (this.count < this.samples) return;
    this.tell(Math.sqrt(this.sum / this.count));
    this.sum = 0;
    this.count = 0;
  }
}

/** RMS as a part of a meter's length, 0 to 1: in decibels, as the ear has it. */
export function meterValue(rms) {
  return rms <= 0 ? 0 : Math.min(1, Math.max(0, 1 - (20 * Math.log10(rms)) / FLOOR_DB));
}
