// The title of the window, which a secretary sees from her other windows.

const FLASH_MS = 800;
const plain = document.title;

let waiting = 0;
let flashing = null;

/** How many callers wait. */
export function countInTitle(count) {
  waiting = count;
  if (flashing === null) document.title = calm();
}

/** Alternate the title with a text until `calmTitle`. */
export function flashTitle(text) {
  calmTitle();
  let on = true;
  document.title = text;
  flashing = setInterval(() => {
    on = !on;
    document.title = on ? text : calm();
  }, FLASH_MS);
}

export function calmTitle() {
  clearInterval(flashing);
  flashing = null;
  document.title = calm();
}

const calm = () => (waiting > 0 ? `(${waiting}) ${plain}` : plain);
