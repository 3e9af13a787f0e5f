// The keypad, by mouse, touch and keyboard.

const KEYS = "0123456789*#";
const SHOWN_MS = 150;

/**
 * @param {HTMLFieldSetElement} keypad with buttons that have `data-key`; works while it is not disabled
 * @param {(key: string) => void} press
 */
export function listenToKeys(keypad, press) {
  keypad.addEventListener("click", ({ target }) => {
    const button = target.closest("button[data-key]");
    if (button) press(button.dataset.key);
  });
  document.addEventListener("keydown", (event) => {
    if (keypad.disabled || event.repeat || event.ctrlKey || event.altKey || event.metaKey || !isKey(event.key)) return;
    if (event.target.closest("input, select, textarea")) return;
    event.preventDefault();
    show(keypad.querySelector(`button[data-key="${event.key}"]`));
    press(event.key);
  });
}

function isKey(key) {
  return key.length === 1 && KEYS.includes(key);
}

function show(button) {
  button.classList.add("pressed");
  setTimeout(() => button.classList.remove("pressed"), SHOWN_MS);
}
