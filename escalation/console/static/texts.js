// The words of the page, in its language.

const words = JSON.parse(document.getElementById("texts").textContent);

export const language = document.documentElement.lang;

/** The text of that key, `{name}` replaced by the parameter of that name. */
export function t(key, parameters = {}) {
  const text = words[key];
  if (text === undefined) throw new Error(`no text ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => String(parameters[name]));
}

/** The text of `prefix.value` where there is one, else the value as it came. */
export function named(prefix, value) {
  return words[`${prefix}.${value}`] ?? value;
}
