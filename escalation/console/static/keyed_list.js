// A list on the page that follows its data: one node an item, changed and moved alone.

export class KeyedList {
  /**
   * @param {HTMLElement} root
   * @param {object} how
   * @param {(item: object) => HTMLElement} how.create
   * @param {(node: HTMLElement, item: object) => void} how.update
   * @param {(one: object, other: object) => number} how.compare the order; never 0 for two items
   */
  constructor(root, { create, update, compare }) {
    Object.assign(this, { root, create, update, compare });
    this.entries = []; // in order
    this.byId = new Map();
    this.ids = new WeakMap(); // by node
  }

  get size() {
    return this.entries.length;
  }

  /** Items in order. */
  get items() {
    return this.entries.map((entry) => entry.item);
  }

  node(id) {
    return this.byId.get(id)?.node ?? null;
  }

  item(id) {
    return this.byId.get(id)?.item ?? null;
  }

  idOf(node) {
    return this.ids.get(node);
  }

  /** Add an item, or show what has changed in it. */
  put(item) {
    let entry = this.byId.get(item.id);
    if (entry === undefined) {
      entry = { item, node: this.create(item) };
      this.byId.set(item.id, entry);
      this.ids.set(entry.node, item.id);
      this.insert(entry);
    } else {
      entry.item = item;
      if (!this.inPlace(entry)) {
        this.entries.splice(this.entries.indexOf(entry), 1);
        this.insert(entry);
      }
    }
    this.update(entry.node, item);
  }

  remove(id) {
    const entry = this.byId.get(id);
    if (entry === undefined) return;
    this.byId.delete(id);
    this.entries.splice(this.entries.indexOf(entry), 1);
    entry.node.remove();
  }

  /** Hold exactly these items. */
  replace(items) {
    const kept = new Set(items.map((item) => item.id));
    for (const entry of [...this.entries]) if (!kept.has(entry.item.id)) this.remove(entry.item.id);
    for (const item of items) this.put(item);
  }

  inPlace(entry) {
    const index = this.entries.indexOf(entry);
    const [before, after] = [this.entries[index - 1], this.entries[index + 1]];
    return (
      (before === undefined || this.compare(before.item, entry.item) < 0) &&
      (after === undefined || this.compare(entry.item, after.item) < 0)
    );
  }

  insert(entry) {
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.compare(this.entries[middle].item, entry.item) < 0) low = middle + 1;
      else high = middle;
    }
    this.root.insertBefore(entry.node, this.entries[low]?.node ?? null);
    this.entries.splice(low, 0, entry);
  }
}
