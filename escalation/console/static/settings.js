// What a secretary has set on this machine.

import { byId, setAttribute } from "./dom.js";

const BRIEFING = "desk.briefing";
const SOUND = "desk.sound";

/** Whether she wants to hear the briefing before she is connected. */
export const wantsBriefing = () => localStorage.getItem(BRIEFING) === "on";

/** Whether an offer may ring. */
export const wantsSound = () => localStorage.getItem(SOUND) !== "off";

/**
 * Follow the buttons that switch them.
 * @param {(on: boolean) => void} onSound
 */
export function followSettings(onSound) {
  toggle("briefing-button", BRIEFING, wantsBriefing, () => {});
  toggle("sound-button", SOUND, wantsSound, onSound);
}

function toggle(id, key, wanted, told) {
  const button = byId(id);
  setAttribute(button, "aria-pressed", String(wanted()));
  button.addEventListener("click", () => {
    localStorage.setItem(key, wanted() ? "off" : "on");
    setAttribute(button, "aria-pressed", String(wanted()));
    told(wanted());
  });
}
