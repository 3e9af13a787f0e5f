// A WebSocket that carries audio and control, and finds its way back when the network drops it.
//
// Binary messages are PCM16 at 16 kHz, text messages are JSON objects. A message with a `resume` token arms the way back. There are
// no pings: a server that sends audio sends it every 20 ms, so that silence on the wire is a broken wire.
//
//   connecting -> open <-> reconnecting -> closed        (closed is final; a new call is a new Wire)

const STALL_MS = 3000;
const RETRY_MS = [0, 200, 400, 800];
const KEPT_MESSAGES = 25; // half a second of speech, said while the wire was down
const BEHIND_BYTES = 65536; // two seconds: the network does not keep up, newer speech is worth more
const HANG_UP_MS = 1000;
const GOING_AWAY = 1001;
const LOST = 1006;
const SERVER_FAULTS = new Set([GOING_AWAY, LOST, 1011, 1012, 1013, 1014, 1015]);

export class Wire {
  /**
   * @param {object} settings
   * @param {(resume: string | null, again: boolean) => string | null} settings.address path with query; `again` when reconnecting;
   *     null when there is no way back
   * @param {(pcm: ArrayBuffer) => void} settings.onAudio
   * @param {(message: object) => void} settings.onMessage
   * @param {(state: "connecting" | "open" | "reconnecting" | "closed", why?: {code: number, opened: boolean}) => void} settings.onState
   *     `opened`: whether the wire had been open at all
   * @param {number} [settings.reconnectForMs] how long to look for the way back
   */
  constructor({ address, onAudio, onMessage, onState, reconnectForMs = 5000 }) {
    Object.assign(this, { address, onAudio, onMessage, onState, reconnectForMs });
    this.state = null;
    this.resume = null;
    this.socket = null;
    this.opened = false;
    this.kept = [];
    this.tries = 0;
    this.losses = 0;
    this.timers = new Set();
    this.heardAt = null; // when audio came last; null before the first of this socket
  }

  open() {
    this.enter("connecting");
    this.dial(false);
    this.watch = setInterval(() => this.noticeStall(), STALL_MS / 3);
  }

  /** Send 20 ms of audio; never waits. */
  send(pcm) {
    if (this.state === "open" && this.socket.bufferedAmount > BEHIND_BYTES) return;
    this.post(pcm);
  }

  /** Send a JSON object. */
  tell(message) {
    this.post(JSON.stringify(message));
  }

  /** End it: `message` is told, then the server closes; a server that does not answer is left. */
  hangUp(message) {
    if (this.state !== "open") {
      this.finish(1000);
      return;
    }
    this.tell(message);
    this.later(() => this.finish(1000), HANG_UP_MS);
  }

  /** End it without a word. */
  close() {
    this.finish(1000);
  }

  post(data) {
    if (this.state === "open") this.socket.send(data);
    else if (this.state === "reconnecting") this.keep(data);
  }

  keep(data) {
    this.kept.push(data);
    if (this.kept.length > KEPT_MESSAGES) this.kept.shift();
  }

  dial(again) {
    const path = this.address(this.resume, again);
    if (path === null) {
      this.finish(LOST);
      return;
    }
    const url = new URL(path, window.location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.connected();
    socket.onmessage = ({ data }) => this.received(data);
    socket.onclose = ({ code }) => this.dropped(code);
    this.socket = socket;
    this.heardAt = null;
  }

  connected() {
    this.opened = true;
    this.tries = 0;
    this.enter("open");
    for (const data of this.kept.splice(0)) this.socket.send(data);
  }

  received(data) {
    if (data instanceof ArrayBuffer) {
      this.heardAt = performance.now();
      this.onAudio(data);
      return;
    }
    const message = JSON.parse(data);
    if (typeof message.resume === "string") this.resume = message.resume;
    this.onMessage(message);
  }

  dropped(code) {
    if (this.state === "closed") return;
    if (!this.opened || !SERVER_FAULTS.has(code)) {
      this.finish(code);
      return;
    }
    if (this.state === "open") this.lose();
    this.later(() => this.state === "reconnecting" && this.dial(true), RETRY_MS[Math.min(this.tries, RETRY_MS.length - 1)]);
    this.tries += 1;
  }

  lose() {
    this.losses += 1;
    const loss = this.losses;
    this.enter("reconnecting");
    this.later(() => this.state === "reconnecting" && this.losses === loss && this.finish(LOST), this.reconnectForMs);
  }

  noticeStall() {
    if (this.state !== "open" || this.heardAt === null || performance.now() - this.heardAt < STALL_MS) return;
    this.abandon();
    this.dropped(LOST);
  }

  /** Forget the socket: closing a dead one takes the browser a minute. */
  abandon() {
    if (this.socket === null) return;
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
  }

  finish(code) {
    if (this.state === "closed") return;
    clearInterval(this.watch);
    for (const timer of this.timers) clearTimeout(timer);
    this.abandon();
    this.enter("closed", { code, opened: this.opened });
  }

  later(act, delayMs) {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      act();
    }, delayMs);
    this.timers.add(timer);
  }

  enter(state, why) {
    if (this.state === state) return;
    this.state = state;
    this.onState(state, why);
  }
}
