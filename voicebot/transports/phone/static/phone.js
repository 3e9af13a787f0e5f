// The softphone's page: buttons, state, levels, transcript. It remembers nothing.

import { meterValue } from "/static/web/audio/level.js";
import { MicrophoneError } from "/static/web/audio/microphone.js";
import { Call } from "./call.js";
import { listenToKeys } from "./keypad.js";
import { clock, Transcript } from "./transcript.js";

const page = document.getElementById("phone");
const words = JSON.parse(page.dataset.words);
const by = (id) => document.getElementById(id);
const transcript = new Transcript(by("transcript"), by("nothing"), words);
let call = null;
let muted = false;
let answeredAt = null;

by("dial").addEventListener("submit", (event) => {
  event.preventDefault();
  if (call === null) dial();
});
by("hang-up").addEventListener("click", () => call?.hangUp());
by("mute").addEventListener("click", () => mute(!muted));
listenToKeys(by("keypad"), (key) => call?.press(key));
window.addEventListener("pagehide", () => call?.hangUp());
setInterval(() => {
  if (answeredAt !== null) by("clock").textContent = clock((performance.now() - answeredAt) / 1000);
}, 250);

async function dial() {
  transcript.clear();
  tell("");
  by("callee").textContent = callee();
  by("clock").hidden = true;
  const mine = new Call({
    onState: show,
    onLine: (line) => transcript.add(line),
    onOwnLevel: (rms) => (by("level-you").value = meterValue(rms)),
    onAssistantLevel: (rms) => (by("level-assistant").value = meterValue(rms)),
    onMicrophoneLost: () => tell(words["audio.microphone.lost"]),
  });
  call = mine;
  try {
    await mine.dial(by("line").value, by("caller")?.value.trim());
  } catch (failure) {
    if (call === mine) show("ended", failure instanceof MicrophoneError ? `microphone:${failure.reason}` : "microphone:failed");
  }
}

function show(state, why = "hung_up") {
  const active = state !== "ended";
  const focus = document.activeElement;
  page.dataset.state = state;
  by("setup").disabled = active;
  by("call").hidden = active;
  by("hang-up").hidden = by("mute").hidden = !active;
  by("keypad").disabled = state !== "talking" && state !== "reconnecting";
  if (active && focus === by("call")) by("hang-up").focus();
  if (!active && by("hang-up").contains(focus)) by("call").focus();
  by("callee").hidden = !active;
  if (state === "talking" && answeredAt === null) startClock();
  if (active) by("state").textContent = words[`phone.state.${state}`];
  else finish(why);
}

/** Whom the caller believes to ring. */
function callee() {
  return by("line").selectedOptions?.[0].dataset.name ?? by("line").value;
}

function startClock() {
  answeredAt = performance.now();
  by("clock").textContent = clock(0);
  by("clock").hidden = false;
}

function finish(why) {
  const [kind, reason] = why.split(":");
  call = null;
  answeredAt = null;
  mute(false);
  by("level-you").value = by("level-assistant").value = 0;
  page.dataset.why = kind;
  if (kind === "microphone") tell(words[`audio.microphone.${reason}`]);
  if (kind === "refused") tell(words[`phone.refused.${reason}`]);
  const failed = kind === "microphone" || kind === "refused";
  by("state").textContent = words[failed ? "phone.state.refused" : kind === "hung_up" ? "phone.state.ended" : `phone.state.${kind}`];
}

function mute(on) {
  muted = on;
  call?.mute(on);
  by("mute").setAttribute("aria-pressed", String(on));
  page.classList.toggle("muted", on);
}

function tell(problem) {
  by("problem").textContent = problem;
}
