// An offer rings: sound, title of the window, and a word to the screen reader; it stops when the offer is over.

import { openAudio } from "/static/web/audio/context.js";
import { byId } from "./dom.js";
import { file } from "./files.js";
import { alarm } from "./say.js";
import { followSettings, wantsSound } from "./settings.js";
import { clientOf, IN_QUEUE, reasonOf, whoCalls } from "./tickets.js";
import { t } from "./texts.js";
import { calmTitle, countInTitle, flashTitle } from "./title.js";

/**
 * Ring for the offers made to me.
 * @param {Store} store
 * @param {Ringer} ringer
 */
export function ringForOffers(store, ringer) {
  let ringing = null;

  const look = () => {
    const offer = store.offer;
    if (offer?.id !== ringing) {
      ringing = offer?.id ?? null;
      if (offer === null) quiet(ringer);
      else ring(offer, ringer);
    }
    countInTitle([...store.tickets.values()].filter(({ state }) => IN_QUEUE.has(state)).length);
  };

  store.on("snapshot", look);
  store.on("ticket", look);
  followSettings((on) => (on && store.offer !== null ? ring(store.offer, ringer) : ringer.stop()));
  byId("sound-unblock").addEventListener("click", async () => {
    await openAudio();
    if (store.offer !== null) ring(store.offer, ringer);
  });
  for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, () => (byId("sound-blocked").hidden = true));
}

function ring(offer, ringer) {
  const words = { reason: reasonOf(offer), client: offer.client_name ?? clientOf(offer), name: whoCalls(offer) };
  byId("sound-blocked").hidden = !(wantsSound() && ringer.blocked);
  ringer.ring({ urgent: offer.reason === "urgent" });
  flashTitle(t("desk.call.ringing_title", words));
  alarm(t("desk.offer.say", words));
  file(offer.id).catch(() => {}); // so that it is there when she accepts
}

function quiet(ringer) {
  ringer.stop();
  calmTitle();
  alarm("");
}
