// In the audio thread: the microphone at the context's rate becomes frames of 20 ms at 16 kHz.
//
// Out: {frame: ArrayBuffer} every 20 ms, {level: RMS} about ten times a second. In: {muted: boolean}, {stop: true}.

import { FRAME_SAMPLES, WIRE_RATE_HZ } from "./format.js";
import { LevelMeter } from "./level.js";
import { Resampler } from "./resampler.js";

const FRAMES_A_LEVEL = 5;

class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = new Resampler(sampleRate, WIRE_RATE_HZ);
    this.mono = new Float32Array(128);
    this.frame = new Float32Array(FRAME_SAMPLES);
    this.filled = 0;
    this.muted = false;
    this.running = true;
    this.level = new LevelMeter(FRAMES_A_LEVEL * FRAME_SAMPLES, (rms) => this.port.postMessage({ level: rms }));
    this.port.onmessage = ({ data }) => {
      if ("muted" in data) this.muted = data.muted;
      if (data.stop) this.running = false;
    };
  }

  process([channels]) {
    if (channels.length > 0) this.hear(channels);
    return this.running;
  }

  hear(channels) {
    if (this.mono.length !== channels[0].length) this.mono = new Float32Array(channels[0].length);
    this.mono.set(channels[0]);
    for (const channel of channels.slice(1)) for (let i = 0; i < channel.length; i += 1) this.mono[i] += channel[i];
    if (channels.length > 1) for (let i = 0; i < this.mono.length; i += 1) this.mono[i] /= channels.length;
    this.resampler.push(this.mono);
    for (let count = -1; count !== 0; ) {
      count = this.resampler.pull(this.frame, this.filled);
      this.filled += count;
      if (this.filled === FRAME_SAMPLES) this.emit();
    }
  }

  /** A muted microphone sends silence: the stream keeps its beat. */
  emit() {
    if (this.muted) this.frame.fill(0);
    const pcm = new Int16Array(FRAME_SAMPLES);
    for (let i = 0; i < FRAME_SAMPLES; i += 1) pcm[i] = Math.max(-32768, Math.min(32767, Math.round(this.frame[i] * 32768)));
    this.level.feed(this.frame);
    this.filled = 0;
    this.port.postMessage({ frame: pcm.buffer }, [pcm.buffer]);
  }
}

registerProcessor("capture", Capture);
