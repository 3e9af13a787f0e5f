// A dialog with a few numbered choices: one click, one digit, or Escape.

import { byId } from "./dom.js";

/** The digit of a key, whatever the layout: the upper row of a French keyboard gives digits only with Shift. */
export const digitOf = (event) => /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1] ?? (/^\d$/.test(event.key) ? event.key : null);

export class Choices {
  /**
   * @param {string} id of the `<dialog>`; its buttons carry `data-key`
   * @param {(choice: DOMStringMap) => void} onChoose gets the button's data
   */
  constructor(id, onChoose) {
    this.dialog = byId(id);
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close(); // beside it
      const button = event.target.closest("button[data-value]");
      if (button) this.take(button, onChoose);
    });
    this.dialog.addEventListener("keydown", (event) => {
      const button = this.dialog.querySelector(`button[data-key="${digitOf(event)}"]`);
      if (button === null || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      this.take(button, onChoose);
    });
  }

  open() {
    if (!this.dialog.open) this.dialog.showModal();
  }

  close() {
    this.dialog.close();
  }

  take(button, onChoose) {
    this.dialog.close();
    onChoose(button.dataset);
  }
}
