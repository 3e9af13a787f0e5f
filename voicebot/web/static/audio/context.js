// The page's one AudioContext, with the worklets of microphone and speaker in it.

let opening = null;

/**
 * The page's AudioContext, running.
 *
 * Call it from a click or a key: browsers let a page make sound only after one.
 * @returns {Promise<AudioContext>}
 */
export async function openAudio() {
  opening ??= create();
  const context = await opening;
  await context.resume();
  return context;
}

/** Let the sound card sleep until the next `openAudio`. */
export async function restAudio() {
  if (opening !== null) await (await opening).suspend();
}

async function create() {
  try {
    const context = new AudioContext({ latencyHint: "interactive" });
    await Promise.all(
      ["capture-worklet.js", "playback-worklet.js"].map((file) => context.audioWorklet.addModule(new URL(file, import.meta.url))),
    );
    return context;
  } catch (failure) {
    opening = null;
    throw failure;
  }
}
