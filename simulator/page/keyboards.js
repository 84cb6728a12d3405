// Buttons under a message (inline keyboard) and above the composer (reply keyboard).
import { make } from "/page/dom.js";
import { icon } from "/page/icons.js";
import { linkProperties, safeLink } from "/page/richtext.js";
import { texts } from "/page/texts.js";
import { toast } from "/page/notices.js";

export const buttonKey = (messageId, row, column) => `${messageId}/${row}/${column}`;

/** The inline keyboard of a message, or null. `actions`: press(message, row, column), resolveLink(url). */
export function inlineKeyboard(message, busyButtons, actions) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (rows.length === 0) return null;
  const row = (buttons, rowIndex) => make("div", { class: "button-row" },
    ...buttons.map((button, column) => inlineButton(button, message, rowIndex, column, busyButtons, actions)));
  return make("div", { class: "inline-keyboard", role: "group", "aria-label": texts.inlineKeyboard }, ...rows.map(row));
}

function inlineButton(button, message, row, column, busyButtons, actions) {
  const address = safeLink(button.url ?? button.web_app?.url ?? button.login_url?.url);
  const look = { class: `inline-button ${styleOf(button)}`, data: { testid: "inline-button" }, dir: "auto" };
  if (address) {
    const target = actions.resolveLink(address);
    return make("a", { ...look, ...linkProperties(target) }, button.text, target.external && icon("external"));
  }
  if (button.copy_text) return make("button", { ...look, type: "button", on: { click: () => copy(button.copy_text.text) } }, button.text, icon("copy"));
  const press = button.callback_data === undefined ? () => toast(texts.unsupportedButton) : () => actions.press(message, row, column);
  const node = make("button", { ...look, type: "button", on: { click: press } }, button.text);
  node.dataset.key = buttonKey(message.message_id, row, column);
  showBusy(node, busyButtons.has(node.dataset.key));
  return node;
}

/** The emphasis a bot gives a button; an unknown one is plain. */
const styleOf = ({ style }) => (["primary", "success", "danger"].includes(style) ? `style-${style}` : "");

/** A pressed button stays focusable while it waits, so that keyboard users do not lose their place. */
export function showBusy(node, busy) {
  node.classList.toggle("busy", busy);
  for (const name of ["aria-busy", "aria-disabled"]) busy ? node.setAttribute(name, "true") : node.removeAttribute(name);
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(texts.copied);
  } catch {
    toast(texts.notCopied);
  }
}

/** Fills the reply keyboard; `press(button)` gets the button as {text, request_location?, …}. */
export function fillReplyKeyboard(container, keyboard, press) {
  const rows = (keyboard?.keyboard ?? []).map((buttons) => make("div", { class: "button-row" },
    ...buttons.map((entry) => replyButton(typeof entry === "string" ? { text: entry } : entry, press))));
  container.replaceChildren(...rows);
  container.classList.toggle("tall", Boolean(keyboard) && !keyboard.resize_keyboard);
}

function replyButton(button, press) {
  return make("button", { type: "button", class: `reply-button ${styleOf(button)}`, dir: "auto", data: { testid: "reply-button" }, on: { click: () => press(button) } },
    button.request_location && icon("pin"), button.text);
}
