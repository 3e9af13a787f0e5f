// What is said, as it is said.

import { duration } from "./clock.js";
import { byId, make, setText } from "./dom.js";
import { named, t } from "./texts.js";

const NEAR_END_PX = 60;

export class Transcript {
  /** @param {(text: string) => void} onWrong a sentence of the assistant that she marks as wrong */
  constructor(onWrong) {
    this.root = byId("transcript");
    this.onWrong = onWrong;
    this.correctable = false;
    this.call = null;
    this.lines = []; // {turn, node}
  }

  /** Show a call from its beginning. */
  show(call, turns, { correctable }) {
    this.call = call;
    this.correctable = correctable;
    this.lines = [];
    this.root.replaceChildren();
    if (turns.length === 0) this.root.append(make("p", { class: "empty", text: t("desk.transcript.empty") }));
    for (const turn of turns) this.append(turn);
    this.root.scrollTop = this.root.scrollHeight;
  }

  /** One more turn; a partial one is replaced by what follows it. */
  add(turn) {
    const follow = this.root.scrollHeight - this.root.scrollTop - this.root.clientHeight < NEAR_END_PX;
    const last = this.lines.at(-1);
    if (last?.turn.partial && last.turn.speaker === turn.speaker) {
      last.node.remove();
      this.lines.pop();
    }
    if (this.lines.length === 0) this.root.replaceChildren();
    this.append(turn);
    if (follow) this.root.scrollTop = this.root.scrollHeight;
  }

  append(turn) {
    const same = this.lines.at(-1)?.turn.speaker === turn.speaker;
    const said = make("p", { class: "said", text: turn.text });
    const node = make("div", { class: "turn", "data-speaker": turn.speaker, "data-partial": Boolean(turn.partial), "data-same": same });
    const head = make("p", { class: "turn-head" }, make("span", { class: "speaker", text: named("desk.transcript", turn.speaker) }));
    if (typeof turn.t === "number") head.append(make("span", { class: "turn-time", text: duration(turn.t) }));
    if (this.correctable && turn.speaker === "bot" && !turn.partial) head.append(this.wrongButton(turn));
    node.append(head, said);
    this.lines.push({ turn, node });
    this.root.append(node);
  }

  wrongButton(turn) {
    const button = make("button", { type: "button", class: "wrong", title: t("desk.transcript.wrong_long") });
    setText(button, t("desk.transcript.wrong"));
    button.addEventListener("click", () => this.onWrong(turn.text));
    return button;
  }
}
