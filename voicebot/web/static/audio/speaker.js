// What the server says, out of the loudspeaker.

const DRAIN_MS = 1000;

export class Speaker {
  /**
   * @param {AudioContext} context of `openAudio`
   * @param {object} [told]
   * @param {(rms: number) => void} [told.onLevel] about ten times a second, 0 to 1
   */
  constructor(context, { onLevel = () => {} } = {}) {
    this.drained = () => {};
    this.node = new AudioWorkletNode(context, "playback", { numberOfInputs: 0, outputChannelCount: [1] });
    this.node.port.onmessage = ({ data }) => {
      if (data.drained) this.drained();
      else onLevel(data.level);
    };
    this.node.connect(context.destination);
  }

  /** Play PCM16 at 16 kHz, usually 20 ms; the buffer is taken away from the caller. */
  play(pcm) {
    this.node.port.postMessage({ frame: pcm }, [pcm]);
  }

  /** Resolves once everything has been played; at the latest after a second. */
  async drain() {
    await new Promise((resolve) => {
      this.drained = resolve;
      setTimeout(resolve, DRAIN_MS);
      this.node.port.postMessage({ drain: true });
    });
  }

  /** Fall silent at once. */
  close() {
    this.node.port.onmessage = null;
    this.node.port.postMessage({ stop: true });
    this.node.disconnect();
  }
}
