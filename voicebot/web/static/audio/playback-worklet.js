// In the audio thread: frames at 16 kHz from the network become the context's rate, in an even stream.
//
// In: {frame: ArrayBuffer of PCM16}, {drain: true}, {stop: true}. Out: {level: RMS} about ten times a second, {drained: true} once
// everything that had arrived has been played.

import { WIRE_RATE_HZ } from "./format.js";
import { JitterBuffer } from "./jitter.js";
import { LevelMeter } from "./level.js";
import { Resampler } from "./resampler.js";

class Playback extends AudioWorkletProcessor {
  constructor() {
    super();
    this.jitter = new JitterBuffer({ rateHz: WIRE_RATE_HZ });
    this.resampler = new Resampler(WIRE_RATE_HZ, sampleRate);
    this.pulled = new Float32Array(1024);
    this.draining = false;
    this.running = true;
    this.level = new LevelMeter(sampleRate / 10, (rms) => this.port.postMessage({ level: rms }));
    this.port.onmessage = ({ data }) => {
      if (data.frame) this.jitter.push(floats(data.frame));
      if (data.drain) this.draining = true;
      if (data.stop) this.running = false;
    };
  }

  process(_inputs, [[out]]) {
    const input = this.pulled.subarray(0, this.resampler.needed(out.length));
    this.jitter.pull(input);
    this.resampler.push(input);
    this.resampler.pull(out);
    this.level.feed(out);
    if (this.draining && this.jitter.depth === 0) this.tellDrained();
    return this.running;
  }

  tellDrained() {
    this.draining = false;
    this.port.postMessage({ drained: true });
  }
}

function floats(buffer) {
  const pcm = new Int16Array(buffer, 0, buffer.byteLength >> 1);
  const samples = new Float32Array(pcm.length);
  for (let i = 0; i < pcm.length; i += 1) samples[i] = pcm[i] / 32768;
  return samples;
}

registerProcessor("playback", Playback);
