// The microphone as frames of 20 ms, PCM16 at 16 kHz.

// Suppressors of noise also take away what a recogniser needs; the echo of the loudspeaker must go.
const WANTED = { echoCancellation: true, noiseSuppression: false, autoGainControl: true };
const REASONS = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** Why there is no microphone: `reason` is `denied`, `missing`, `busy`, `insecure` or `failed`; the text is `audio.microphone.REASON`. */
export class MicrophoneError extends Error {
  constructor(reason, cause) {
    super(`microphone: ${reason}`, { cause });
    this.reason = reason;
  }
}

export class Microphone {
  /**
   * Ask for the microphone and start sending.
   *
   * @param {AudioContext} context of `openAudio`
   * @param {object} told
   * @param {(pcm: ArrayBuffer) => void} told.onFrame every 20 ms, also while muted (silence)
   * @param {(rms: number) => void} [told.onLevel] about ten times a second, 0 to 1
   * @param {() => void} [told.onLost] the device was unplugged or taken away
   * @throws {MicrophoneError}
   */
  static async open(context, told) {
    return new Microphone(context, await stream(), told);
  }

  constructor(context, stream, { onFrame, onLevel = () => {}, onLost = () => {} }) {
    this.stream = stream;
    this.silenced = false;
    this.source = context.createMediaStreamSource(stream);
    this.node = new AudioWorkletNode(context, "capture");
    this.node.port.onmessage = ({ data }) => {
      if (data.frame) onFrame(data.frame);
      else onLevel(data.level);
    };
    this.source.connect(this.node).connect(context.destination); // it plays nothing, but unconnected nodes may never run
    for (const track of stream.getAudioTracks()) track.addEventListener("ended", onLost);
  }

  get muted() {
    return this.silenced;
  }

  /** Send silence, or the voice again. */
  mute(muted) {
    this.silenced = muted;
    this.node.port.postMessage({ muted });
  }

  /** Give the device back. */
  close() {
    this.node.port.onmessage = null;
    this.node.port.postMessage({ stop: true });
    this.source.disconnect();
    this.node.disconnect();
    for (const track of this.stream.getTracks()) track.stop();
  }
}

async function stream() {
  if (!navigator.mediaDevices) throw new MicrophoneError("insecure"); // a page that came without HTTPS from another machine
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: WANTED });
  } catch (failure) {
    throw new MicrophoneError(REASONS[failure.name] ?? "failed", failure);
  }
}
