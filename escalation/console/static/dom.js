// Building and changing the page. Data becomes text, never markup.

const SVG = "http://www.w3.org/2000/svg";

/** The element of that id. */
export const byId = (id) => document.getElementById(id);

/**
 * A new element.
 * @param {string} tag
 * @param {Record<string, string | boolean>} [attributes] `text` is its text, `class` its classes; false leaves one out
 * @param {...(Node | string)} children strings become text
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") element.textContent = value;
    else if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** One of the icons of `icons.svg`; decoration only, what it means stands beside it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/static/desk/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** Change a text only where it differs: nothing is laid out again for nothing. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

/** Show an element with this text, or hide it when there is none. */
export function showText(element, text) {
  element.hidden = !text;
  setText(element, text ?? "");
}

/** A copy of a `<template>`'s element, with its `data-slot` parts by name. */
export function fromTemplate(id) {
  const node = byId(id).content.firstElementChild.cloneNode(true);
  const slots = {};
  for (const slot of node.querySelectorAll("[data-slot]")) slots[slot.dataset.slot] = slot;
  return { node, slots };
}

/** Whether keys now go into a field. */
export function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
