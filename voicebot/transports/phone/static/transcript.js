// What was said and done, as a list. Words of callers are text, never markup.

export class Transcript {
  /** @param {HTMLElement} list  @param {HTMLElement} nothing shown while the list is empty  @param {Record<string, string>} words */
  constructor(list, nothing, words) {
    Object.assign(this, { list, nothing, words });
  }

  clear() {
    this.list.replaceChildren();
    this.nothing.hidden = false;
  }

  /** Add a public line of a call; kinds that are not for the reader are left out. */
  add(line) {
    const entry = document.createElement("li");
    if (line.type === "bot" || line.type === "caller") {
      entry.append(part("span", "who", this.words[`phone.said.${line.type}`]), part("span", "text", line.text));
    } else if (line.type === "action" && this.words[`phone.done.${line.name}`]) {
      entry.append(part("span", "text", this.words[`phone.done.${line.name}`]));
    } else return;
    entry.className = line.type;
    entry.append(part("span", "at", clock(line.t)));
    this.list.append(entry);
    this.nothing.hidden = true;
    this.list.scrollTop = this.list.scrollHeight;
  }
}

/** Seconds as minutes and seconds: 01:05. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return [Math.floor(whole / 60), whole % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

function part(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}
