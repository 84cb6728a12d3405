// One message as an element: who, what, when, with its attachment, quote and buttons.
import { hueOf, iconButton, make } from "/page/dom.js";
import { isoOf, senderOf, serviceText, summaryOf, timeOf } from "/page/format.js";
import { inlineKeyboard } from "/page/keyboards.js";
import { albumOf, mediaOf } from "/page/media.js";
import { pollOf } from "/page/polls.js";
import { reactionMenu, reactionsOf } from "/page/reactions.js";
import { richMessage } from "/page/richmessage.js";
import { linkCommands, richText } from "/page/richtext.js";
import { texts } from "/page/texts.js";

const SAME_BREATH_SECONDS = 300;

/** Whether a message follows so closely on the one before that the sender need not be shown again. */
function continues(message, before) {
  if (!before || serviceText(before) || serviceText(message)) return false;
  return senderKey(before) === senderKey(message) && message.date - before.date < SAME_BREATH_SECONDS;
}

const senderKey = (message) => `${message.from?.id}/${message.sender_chat?.id}/${message.sim.outgoing}`;

/** The message's element, or that of its whole album. `actions`: press, resolveLink, sendText, replyTo, showMessage, vote, react,
 *  pressInside. */
export function messageElement(message, conversation, before, actions) {
  const report = serviceText(message);
  const look = ["message", report ? "service" : message.sim.outgoing ? "own" : message.from?.is_bot ? "bot" : "other"];
  if (continues(message, before)) look.push("continued");
  return make("article", {
    class: look.join(" "), tabindex: "-1", data: { testid: `message-${message.message_id}`, ids: conversation.album(message).map((one) => one.message_id).join(" "), outgoing: String(message.sim.outgoing) },
  }, ...(report ? [make("p", { class: "service-text", text: report, dir: "auto" })] : content(message, conversation, actions)));
}

function content(message, conversation, actions) {
  const named = conversation.isGroup && !message.sim.outgoing;
  const hue = `sender-hue-${hueOf(message.from?.id ?? 0)}`;
  return [
    make("p", { class: named ? `sender ${hue}` : "visually-hidden", text: message.sim.outgoing ? texts.you : senderOf(message), dir: "auto" }),
    make("div", { class: "bubble-line" }, bubble(message, conversation, actions), ...beside(message, conversation, actions)),
    reactionsOf(message, actions),
    inlineKeyboard(message, conversation.busyButtons, actions),
  ];
}

function beside(message, conversation, actions) {
  if (message.sim.ephemeral) return [];
  const canReply = conversation.isGroup && conversation.view.can_send;
  return [canReply && replyButton(message, actions), ...reactionMenu(message, actions, canReply)];
}

function bubble(message, conversation, actions) {
  const album = conversation.album(message);
  const attachment = album.length > 1 ? albumOf(album) : message.poll ? pollOf(message, conversation.pollWishes, actions) : mediaOf(message);
  const speaker = album.find((one) => one.sim.html) ?? message;
  const text = message.rich_message ? richMessage(message, conversation.busyButtons, actions) : textOf(speaker, actions, attachment !== null);
  const parts = [message.reply_to_message && quote(message.reply_to_message, actions), attachment, text, meta(message)];
  return make("div", { class: message.photo ? "bubble with-photo" : "bubble" }, ...parts);
}

function textOf(message, actions, hasMedia) {
  const html = message.sim.html;
  if (!html) return hasMedia ? null : make("p", { class: "text", text: summaryOf(message) });
  const node = make("div", { class: "text", dir: "auto" }, richText(html, actions.resolveLink));
  linkCommands(node, message, actions.sendText);
  return node;
}

function meta(message) {
  return make("p", { class: "meta" },
    message.sim.ephemeral && make("span", { class: "ephemeral", text: texts.onlyForYou, data: { testid: "ephemeral" } }),
    message.sim.ephemeral && " ",
    message.edit_date && make("span", { class: "edited", text: texts.edited, data: { testid: "edited" } }),
    message.edit_date && " ",
    make("time", { datetime: isoOf(message.date), text: timeOf(message.date) }));
}

function quote(original, actions) {
  return make("button", { type: "button", class: "quote", on: { click: () => actions.showMessage(original.message_id) } },
    make("span", { class: "quote-sender", text: senderOf(original), dir: "auto" }),
    make("span", { class: "quote-text", text: summaryOf(original), dir: "auto" }));
}

function replyButton(message, actions) {
  return iconButton("reply", texts.reply, { class: "icon-button beside reply-to", on: { click: () => actions.replyTo(message) } });
}
