// A list of which one entry is chosen, by mouse or keyboard: an ARIA listbox around a KeyedList.

import { setAttribute } from "./dom.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

export class ListBox {
  /**
   * @param {KeyedList} list its root has the role listbox, its nodes the role option and an id
   * @param {(item: object) => void} onChoose
   */
  constructor(list, onChoose) {
    this.list = list;
    this.onChoose = onChoose;
    this.chosen = null;
    list.root.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(list.idOf(option));
    });
    list.root.addEventListener("keydown", (event) => {
      if (!(event.key in STEPS)) return;
      event.preventDefault();
      event.stopPropagation();
      this.step(STEPS[event.key]);
    });
  }

  /** Choose the visible entry that many places further; from none, the first. */
  step(places) {
    const visible = this.list.items.filter((item) => !this.list.node(item.id).hidden);
    if (visible.length === 0) return;
    const at = visible.findIndex((item) => item.id === this.chosen);
    const to = at < 0 ? 0 : Math.min(visible.length - 1, Math.max(0, at + places));
    this.choose(visible[to].id);
  }

  choose(id) {
    this.mark(id);
    this.onChoose(this.list.item(id));
  }

  /** Show an entry as chosen, or none (null), without telling. */
  mark(id) {
    const before = this.list.node(this.chosen);
    if (before) setAttribute(before, "aria-selected", "false");
    this.chosen = id;
    const node = this.list.node(id);
    setAttribute(this.list.root, "aria-activedescendant", node?.id);
    if (!node) return;
    setAttribute(node, "aria-selected", "true");
    node.scrollIntoView({ block: "nearest" });
  }
}
