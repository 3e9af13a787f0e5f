// The server's time on this screen, and times and durations as people read them.

import { language } from "./texts.js";

const PARTS = {
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  day: { day: "numeric", month: "short" },
  longDay: { weekday: "long", day: "numeric", month: "long" },
  date: { day: "numeric", month: "long" },
};
const formats = new Map();
const MINUTE_S = 60;
const HOUR_S = 3600;

let aheadMs = 0;
const ticking = new Set();

/** Set this screen's clock by the server's (ISO). */
export function synchronise(serverNow) {
  aheadMs = Date.parse(serverNow) - Date.now();
}

/** The server's time, in ms since 1970. */
export const now = () => Date.now() + aheadMs;

/** Seconds since a moment (ISO), 0 for one to come. */
export const secondsSince = (moment) => Math.max(0, (now() - Date.parse(moment)) / 1000);

/** Seconds until a moment (ISO), 0 for a past one. */
export const secondsUntil = (moment) => Math.max(0, (Date.parse(moment) - now()) / 1000);

/** Be called every second, for what counts. */
export function everySecond(act) {
  ticking.add(act);
}

setInterval(() => {
  for (const act of ticking) act();
}, 1000);

/** 0:07, 12:05, 1 h 04. */
export function duration(seconds) {
  const whole = Math.floor(seconds);
  if (whole >= HOUR_S) return `${Math.floor(whole / HOUR_S)} h ${pad(Math.floor((whole % HOUR_S) / MINUTE_S))}`;
  return `${Math.floor(whole / MINUTE_S)}:${pad(whole % MINUTE_S)}`;
}

// In the time zone given (IANA), else in this screen's.
export const timeOfDay = (moment, zone) => format("time", moment, zone);
export const day = (moment, zone) => format("day", moment, zone);
export const longDay = (moment, zone) => format("longDay", moment, zone);
export const date = (moment, zone) => format("date", moment, zone);

function format(parts, moment, timeZone) {
  const key = `${parts} ${timeZone}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language, { ...PARTS[parts], timeZone }));
  return formats.get(key).format(new Date(moment));
}

const pad = (number) => String(number).padStart(2, "0");
