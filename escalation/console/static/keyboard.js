// The keys. A key presses a button of the page, so that what cannot be clicked cannot be typed either.

import { digitOf } from "./choices.js";
import { byId, isTyping } from "./dom.js";

const COMMANDS = {
  a: ["accept", "take-callback"], r: ["refuse"], p: ["ready"], m: ["mute"], h: ["hold"], t: ["transfer"], b: ["give-back"],
  e: ["hang-up"], l: ["listen"], x: ["extend"], y: ["reached"], u: ["missed"],
};
const BUTTONS = { d: "status-button", s: "sound-button", v: "briefing-button", "?": "help-button" };
const FIELDS = { n: "note-text", i: "hint", f: "wrap-person", q: "find-ticket", "/": "find-file" };
const TABS = { 1: "queue", 2: "callbacks", 3: "calls" };
const STEPS = { j: 1, k: -1, arrowdown: 1, arrowup: -1 };

/**
 * Obey the keys of the page.
 * @param {object} page
 * @param {Lists} page.lists
 * @param {() => void} page.save Ctrl+Enter, from anywhere
 */
export function obeyKeys({ lists, save }) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.repeat && !(event.key.toLowerCase() in STEPS)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      save();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]") !== null) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (press(event, lists)) event.preventDefault();
  });
}

function press(event, lists) {
  const key = event.key.toLowerCase();
  if (key in COMMANDS) return click(COMMANDS[key].map((name) => document.querySelector(`[data-command="${name}"]`)).find(usable));
  if (key in BUTTONS) return click(byId(BUTTONS[key]));
  if (key in FIELDS) return focus(byId(FIELDS[key]));
  if (key in STEPS) return step(event, lists, STEPS[key]);
  const digit = digitOf(event);
  if (digit in TABS) {
    lists.show(TABS[digit]);
    lists.focus();
    return true;
  }
  return false;
}

/** Arrow keys scroll what can be scrolled and has the focus; elsewhere they choose in the list, as J and K always do. */
function step(event, lists, places) {
  if (event.key.startsWith("Arrow") && document.activeElement !== document.body && !document.activeElement.matches("button")) return false;
  lists.step(places);
  return true;
}

const usable = (element) => element !== null && !element.disabled && element.checkVisibility();

function click(element) {
  if (element === undefined || !usable(element)) return false;
  element.click();
  return true;
}

function focus(field) {
  if (!usable(field)) return false;
  field.focus();
  field.select?.();
  return true;
}
