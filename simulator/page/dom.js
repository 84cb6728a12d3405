// Small helpers to build elements without markup strings: nothing here ever parses HTML.
import { texts } from "/page/texts.js";
import { icon } from "/page/icons.js";

/** One element; `on` holds listeners, `data` the dataset, `text` its text; null and false children are left out. */
export function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) applyProperty(node, name, value);
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function applyProperty(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  else if (name === "data") Object.assign(node.dataset, value);
  else if (name === "class") node.className = value;
  else if (name === "text") node.textContent = value;
  else node.setAttribute(name, value === true ? "" : value);
}

export const byId = (id) => document.getElementById(id);

/** A square button that shows an icon and is named by its label. */
export function iconButton(name, label, properties = {}) {
  return make("button", { type: "button", class: "icon-button", "aria-label": label, title: label, ...properties }, icon(name));
}

/** Fills texts, labels and icons that index.html only names, so that wording stays in texts.js. */
export function fillStaticTexts(root) {
  for (const node of root.querySelectorAll("[data-text]")) node.textContent = texts[node.dataset.text];
  for (const node of root.querySelectorAll("[data-icon]")) node.prepend(icon(node.dataset.icon));
  for (const node of root.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", texts[node.dataset.label]);
    if (node.matches("button")) node.title = texts[node.dataset.label];
  }
}

const HUES = 8;

/** A colour number for somebody; neighbouring ids get different ones. */
export const hueOf = (id) => Math.abs(7 * id + 3 * Math.trunc(id / 1000)) % HUES || 0;

/** A round mark: initials for a person, a sign for the bot, a group or a channel. Decoration only, never the sole information. */
export function avatar({ id, name = "", sign = null }) {
  const letters = name.split(/\s+/).filter(Boolean).slice(0, 2).map((word) => [...word][0].toUpperCase()).join("");
  const look = sign ? `avatar avatar-${sign}` : `avatar hue-${hueOf(id)}`;
  return make("span", { class: look, "aria-hidden": "true" }, sign ? icon(sign) : letters);
}

export const wideScreen = window.matchMedia("(min-width: 761px)");
export const touchScreen = window.matchMedia("(pointer: coarse)");
