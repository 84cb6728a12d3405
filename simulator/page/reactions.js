// Reactions: who finds what, below the message, and a small menu to leave one.
import { make } from "/page/dom.js";
import { menuButton } from "/page/menu.js";
import { texts } from "/page/texts.js";

/** The counts as buttons that add or take back one's own reaction, or null. `actions`: react(message, emoji). */
export function reactionsOf(message, actions) {
  const { reactions = [], own_reactions: own = [] } = message.sim;
  if (reactions.length === 0) return null;
  return make("div", { class: "reactions", role: "group", "aria-label": texts.reactions },
    ...reactions.map(({ type: { emoji }, total_count: count }) => make("button", {
      type: "button", class: "reaction", "aria-pressed": String(own.includes(emoji)), "aria-label": texts.reactionCount(nameOf(emoji), count),
      data: { testid: "reaction" }, on: { click: () => actions.react(message, own.includes(emoji) ? null : emoji) },
    }, `${emoji} ${count}`)));
}

/** The menu next to a bubble; in groups one also answers from here, as a finger has no room for two buttons. */
export function reactionMenu(message, actions, canReply) {
  const own = message.sim.own_reactions ?? [];
  const emoji = Object.keys(texts.emoji).map((sign) => ({
    emoji: sign, label: nameOf(sign), testid: "react-with", act: () => actions.react(message, own.includes(sign) ? null : sign),
  }));
  const reply = canReply ? [{ icon: "reply", text: texts.reply, testid: "reply-from-menu", act: () => actions.replyTo(message) }] : [];
  return menuButton({ sign: "smile", label: texts.react, testid: "react", items: () => [...emoji, ...reply], look: "reaction-menu", buttonLook: "icon-button beside" });
}

const nameOf = (emoji) => texts.emoji[emoji] ?? emoji;
