// The secretary's screen: puts the parts together.

import { CallAudio } from "./call_audio.js";
import { synchronise } from "./clock.js";
import { Commands } from "./commands.js";
import { byId, isTyping, setAttribute, setText } from "./dom.js";
import { listen } from "./events.js";
import { filterFile } from "./file_view.js";
import { forget } from "./files.js";
import { keepFigures } from "./idle.js";
import { obeyKeys } from "./keyboard.js";
import { Listening } from "./listening.js";
import { Lists } from "./lists.js";
import { Me } from "./me.js";
import { Notes } from "./notes.js";
import { ringForCalls } from "./ringing.js";
import { Ringer } from "./ringer.js";
import { problem, say, toast } from "./say.js";
import { Stage } from "./stage.js";
import { Store } from "./store.js";
import { t } from "./texts.js";
import { IN_QUEUE } from "./tickets.js";
import { Transcript } from "./transcript.js";
import { WrapUp } from "./wrap_up.js";
import { meterValue } from "/static/web/audio/level.js";

const store = new Store();
const wrapUp = new WrapUp(problem);
const transcript = new Transcript((text) => wrapUp.addWrong(text));
const lists = new Lists(store, (what) => stage.choose(what));
const stage = new Stage({ store, transcript, notes: new Notes(say, problem), wrapUp, onSubject: (what) => lists.mark(what) });
const audio = new CallAudio({
  onPhase: phaseChanged,
  onState: wireChanged,
  onRefused: problem,
  onLevel: showLevel,
  onMicrophone: microphoneChanged,
});
const listening = new Listening({ onChange: listeningChanged, onRefused: problem });
const me = new Me(store, audio);
const commands = new Commands({ stage, audio, listening, me, wrapUp });

keepFigures(store);
ringForCalls(store, new Ringer());
obeyKeys({ lists, save: () => commands.save() });
byId("find-file").addEventListener("input", filterFile);
byId("help-button").addEventListener("click", () => byId("help-dialog").showModal());
store.on("snapshot", () => followCall());
store.on("ticket", () => followCall());
listen({
  onEvent: (kind, data) => {
    if (kind === "snapshot") synchronise(data.now);
    store.take(kind, data);
  },
  onConnection: (connected) => (byId("connection-lost").hidden = connected),
});

let held = null; // the ticket that I was last seen to have

/** My audio and my attention go where my ticket is. */
function followCall() {
  const mine = store.mine;
  const talking = mine !== null && ["connecting", "talking"].includes(mine.state);
  if (talking) audio.join(mine.id);
  else audio.leave();
  if (store.offer === null) commands.offerOver();
  if (mine !== null) stage.chosen = null; // what was read before is not what comes next
  if (mine?.state === "wrap_up" && held?.state !== "wrap_up") ended();
  if (held !== null && mine === null) parted();
  held = mine;
}

function ended() {
  stage.enter(null);
  say(t("desk.say.ended"));
  if (!isTyping(document.activeElement)) byId("wrap-note").focus();
}

function parted() {
  const { id, state } = held;
  forget(id); // she has written in it
  stage.enter(null);
  if (["connecting", "talking"].includes(state)) toast(t(IN_QUEUE.has(store.tickets.get(id)?.state) ? "desk.say.requeued" : "desk.say.caller_gone"));
  lists.focus();
}

function phaseChanged(phase) {
  stage.enter(phase === "ended" ? null : phase);
  if (phase === "talking" || phase === "hold") say(t(`desk.say.${phase}`));
}

function wireChanged(state) {
  byId("audio-elsewhere").hidden = state !== "elsewhere";
  if (state === "reconnecting") stage.enter("lost");
  if (state === "open") commands.showMuted();
}

function showLevel(who, rms) {
  byId(`level-${who}`).style.transform = `scaleX(${meterValue(rms)})`;
  if (who === "me") me.level(rms);
}

function microphoneChanged(how) {
  me.renderMicrophone();
  if (how === "lost") me.showProblem(t("audio.microphone.lost"));
}

function listeningChanged(call) {
  const button = document.querySelector('[data-command="listen"]');
  setAttribute(button, "aria-pressed", String(call !== null));
  setText(byId("listen-text"), t(call === null ? "desk.do.listen" : "desk.do.stop_listening"));
  if (call !== null) say(t("desk.say.listening"));
}
