// Between the network, which delivers in bursts, and the loudspeaker, which never waits: a little delay, kept as small as the
// network allows. Mirrors voicebot/audio/jitter.py, sample by sample instead of chunk by chunk, because here every cut is heard:
// gaps are faded out and in, cuts are cross-faded.
//
//   push ->  |....... depth .......|  -> pull
//            starts when depth >= target; empty: fade out, wait for target again; above max: the oldest goes
//
// Delay that a stall of the network left behind is taken out again where it is not heard: whenever the lowest depth of a second
// stayed above the target, 20 ms are skipped, in silence if there is any, else across a cross-fade. A network that lets the buffer
// run empty gets a higher target, 20 ms each time, and loses it again while all is calm.

const TARGET_MS = 60;
const MOST_TARGET_MS = 200; // the most that a bad network gets
const MAX_MS = 400;
const CUT_MS = 20;
const WATCH_MS = 1000;
const CALM_WATCHES = 10; // so many seconds without a gap bring the target down
const FADE_MS = 5;
const QUIET_PEAK = 0.005; // -46 dBFS

export class JitterBuffer {
  /** @param {{rateHz: number, targetMs?: number, maxMs?: number}} settings */
  constructor({ rateHz, targetMs = TARGET_MS, maxMs = MAX_MS }) {
    const samples = (ms) => Math.round((ms * rateHz) / 1000);
    this.leastTarget = this.target = samples(targetMs);
    this.mostTarget = samples(MOST_TARGET_MS);
    this.max = samples(maxMs);
    this.cut = samples(CUT_MS);
    this.watch = samples(WATCH_MS);
    this.fade = samples(FADE_MS);
    this.ring = new Float32Array(this.max + 4 * this.cut); // behind `read`, what was just played is kept for the fades
    this.read = this.ring.length; // both only grow; positions in the ring are taken modulo its length
    this.write = this.ring.length;
    this.flowing = false;
    this.waited = 0; // samples that a beginning has been held back
    this.gap = this.cut; // samples since the last one played: the fade-out is over after `cut`
    this.rise = 0; // samples since the beginning: the fade-in is over after `fade`
    this.old = null; // where the stream that a cut left goes on, while it is faded out
    this.watched = 0;
    this.lowest = Infinity;
    this.excess = 0;
    this.calm = 0;
    this.underruns = 0;
    this.dropped = 0; // samples
  }

  get depth() {
    return this.write - this.read;
  }

  /** Take samples as they arrive, Float32. */
  push(samples) {
    for (let from = 0; from < samples.length; from += this.cut) this.take(samples.subarray(from, from + this.cut));
  }

  /** Fill `out`; what is missing is faded out, then silence. */
  pull(out) {
    for (let index = 0; index < out.length; index += 1) {
      if (this.flowing && this.depth === 0) this.starve();
      if (!this.flowing) this.begin();
      out[index] = this.flowing ? this.next() : this.conceal();
    }
    this.adjust(out.length);
  }

  take(piece) {
    if (this.depth + piece.length > this.max) this.skip(this.cut);
    for (const sample of piece) {
      this.ring[this.write % this.ring.length] = sample;
      this.write += 1;
    }
  }

  begin() {
    if (this.depth === 0) return;
    this.waited += 1;
    if (this.depth < this.target && this.waited < this.target) return; // a last word shorter than the target is played all the same
    this.flowing = true;
    this.rise = 0;
    this.lowest = Infinity;
    this.watched = 0;
  }

  next() {
    let sample = this.at(this.read);
    if (this.old !== null) {
      const share = this.old.done / this.fade;
      sample = share * sample + (1 - share) * this.at(this.old.from + this.old.done);
      this.old.done += 1;
      if (this.old.done >= this.fade) this.old = null;
    }
    if (this.rise < this.fade) {
      sample *= this.rise / this.fade;
      this.rise += 1;
    }
    this.read += 1;
    return sample;
  }

  starve() {
    this.flowing = false;
    this.waited = 0;
    this.gap = 0;
    this.old = null;
    this.excess = this.calm = 0;
    this.target = Math.min(this.target + this.cut, this.mostTarget);
    this.underruns += 1;
  }

  /** The last 20 ms played backwards into silence: no click, no hole while the next packet is only a little late. */
  conceal() {
    if (this.gap >= this.cut) return 0;
    const sample = this.at(this.read - 1 - this.gap) * (1 - this.gap / this.cut);
    this.gap += 1;
    return sample;
  }

  adjust(count) {
    if (!this.flowing) return;
    this.lowest = Math.min(this.lowest, this.depth);
    this.watched += count;
    if (this.excess >= this.cut && this.quiet()) this.shorten();
    if (this.watched < this.watch) return;
    if (this.excess >= this.cut) this.shorten(); // no silence all this second
    this.calm += 1;
    if (this.calm === CALM_WATCHES) this.relax();
    this.excess = Math.max(0, this.lowest - this.target);
    this.watched = 0;
    this.lowest = Infinity;
  }

  relax() {
    this.calm = 0;
    this.target = Math.max(this.target - this.cut, this.leastTarget);
  }

  shorten() {
    this.excess -= this.cut;
    this.skip(this.cut);
  }

  quiet() {
    for (let ahead = 0; ahead < this.cut; ahead += 1) if (Math.abs(this.at(this.read + ahead)) > QUIET_PEAK) return false;
    return true;
  }

  skip(count) {
    const skipped = Math.min(count, this.depth);
    if (this.flowing) this.old = { from: this.read, done: 0 };
    this.read += skipped;
    this.dropped += skipped;
  }

  at(position) {
    return this.ring[position % this.ring.length];
  }
}
