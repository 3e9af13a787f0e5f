// Change of sample rate of a stream: polyphase windowed sinc, exact for any two whole rates.
//
// Between the two rates lies the ratio L/M in lowest terms. One filter is kept for each of the L positions that an output sample
// can have between two input samples. The filter is a sinc cut by a Kaiser window: flat up to 85 % of the lower rate's half,
// 70 dB down at that half, so that nothing folds back into the band of speech.
//
// Source: J. O. Smith, "Digital Audio Resampling", https://ccrma.stanford.edu/~jos/resample/ (windowed sinc);
// J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function" (1974).

const ZERO_CROSSINGS = 32; // on either side, at the lower of the two rates
const CUTOFF_RATIO = 0.925; // of half the lower rate, where the filter is 6 dB down
const KAISER_BETA = 6.8; // 70 dB
const ROOM_SAMPLES = 8192; // more than one push is ever long

export class Resampler {
  /** @param {number} fromHz whole, > 0  @param {number} toHz whole, > 0 */
  constructor(fromHz, toHz) {
    const divisor = greatestCommonDivisor(Math.round(fromHz), Math.round(toHz));
    this.phases = Math.round(toHz) / divisor;
    this.step = Math.round(fromHz) / divisor;
    this.taps = 2 * Math.ceil((ZERO_CROSSINGS * Math.max(fromHz, toHz)) / toHz);
    this.filters = filters(this.phases, this.taps, Math.min(1, toHz / fromHz) * CUTOFF_RATIO);
    this.phase = 0;
    this.kept = new Float32Array(this.taps + ROOM_SAMPLES);
    this.start = 0;
    this.end = this.taps / 2 - 1; // silence before the first sample: it comes out in place, undelayed
  }

  /** Input samples still missing for `count` more output samples. */
  needed(count) {
    const last = this.start + Math.floor((this.phase + (count - 1) * this.step) / this.phases);
    return Math.max(0, last + this.taps - this.end);
  }

  /** Take input, at most ROOM_SAMPLES minus what is not used up yet. */
  push(samples) {
    if (this.end + samples.length > this.kept.length) {
      this.kept.copyWithin(0, this.start, this.end);
      this.end -= this.start;
      this.start = 0;
    }
    this.kept.set(samples, this.end);
    this.end += samples.length;
  }

  /** Write as many output samples as there are, from `offset` on; returns how many. */
  pull(out, offset = 0) {
    let count = 0;
    while (offset + count < out.length && this.start + this.taps <= this.end) {
      const filter = this.phase * this.taps;
      let sum = 0;
      for (let tap = 0; tap < this.taps; tap += 1) sum += this.filters[filter + tap] * this.kept[this.start + tap];
      out[offset + count] = sum;
      count += 1;
      this.phase += this.step;
      const whole = Math.floor(this.phase / this.phases);
      this.start += whole;
      this.phase -= whole * this.phases;
    }
    return count;
  }
}

function filters(phases, taps, cutoff) {
  const all = new Float32Array(phases * taps);
  const half = taps / 2;
  for (let phase = 0; phase < phases; phase += 1) {
    const filter = all.subarray(phase * taps, (phase + 1) * taps);
    let sum = 0;
    for (let tap = 0; tap < taps; tap += 1) {
      const distance = tap - (half - 1) - phase / phases; // from the output sample, in input samples
      filter[tap] = sinc(cutoff * distance) * kaiser(distance / half);
      sum += filter[tap];
    }
    for (let tap = 0; tap < taps; tap += 1) filter[tap] /= sum; // the same gain at every position
  }
  return all;
}

function sinc(x) {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x) {
  return Math.abs(x) > 1 ? 0 : bessel(KAISER_BETA * Math.sqrt(1 - x * x)) / bessel(KAISER_BETA);
}

function bessel(x) {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > 1e-10 * sum; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a, b) {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
