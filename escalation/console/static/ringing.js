// A call that is for me rings: sound, title of the window, and a word to the screen reader. One offered to me rings until the offer is
// over; one that is open to everybody rings now and then while I am free to take it.

import { openAudio } from "/static/web/audio/context.js";
import { everySecond } from "./clock.js";
import { byId } from "./dom.js";
import { file } from "./files.js";
import { alarm } from "./say.js";
import { followSettings, wantsSound } from "./settings.js";
import { clientOf, IN_QUEUE, reasonOf, whoCalls } from "./tickets.js";
import { t } from "./texts.js";
import { calmTitle, countInTitle, flashTitle } from "./title.js";

const AGAIN_MS = 30_000;

/**
 * Ring for the calls that are for me.
 * @param {Store} store
 * @param {Ringer} ringer
 */
export function ringForCalls(store, ringer) {
  let ringing = null;
  let rangAt = 0;

  const look = () => {
    const call = store.ringing;
    const which = call === null ? null : `${call.id} ${call.state}`;
    const again = call?.state === "waiting" && Date.now() - rangAt > AGAIN_MS;
    if (which !== ringing || again) {
      ringing = which;
      rangAt = Date.now();
      if (call === null) quiet(ringer);
      else ring(call, ringer);
    }
    countInTitle([...store.tickets.values()].filter(({ state }) => IN_QUEUE.has(state)).length);
  };

  for (const kind of ["snapshot", "ticket", "me"]) store.on(kind, look);
  everySecond(look);
  followSettings((on) => (on && store.ringing !== null ? ring(store.ringing, ringer) : ringer.stop()));
  byId("sound-unblock").addEventListener("click", async () => {
    await openAudio();
    if (store.ringing !== null) ring(store.ringing, ringer);
  });
  for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, () => (byId("sound-blocked").hidden = true));
}

function ring(call, ringer) {
  const words = { reason: reasonOf(call), client: clientOf(call), name: whoCalls(call) };
  byId("sound-blocked").hidden = !(wantsSound() && ringer.blocked);
  ringer.ring({ urgent: call.reason === "urgent" });
  flashTitle(t("desk.call.ringing_title", words));
  alarm(t(call.offered_to_me ? "desk.offer.say" : "desk.offer.say_open", words));
  file(call.id).catch(() => {}); // so that it is there when she accepts
}

function quiet(ringer) {
  ringer.stop();
  calmTitle();
  alarm("");
}
