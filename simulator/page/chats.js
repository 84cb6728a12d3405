// The list of one person's chats: plain links, so that they can be opened, shared and reached by keyboard.
import { avatar, byId, make } from "/page/dom.js";
import { fullName, isoOf, momentOf, senderOf, serviceText, summaryOf, titleOf } from "/page/format.js";
import { showList } from "/page/lists.js";
import { linkTo } from "/page/route.js";
import { texts } from "/page/texts.js";

const SIGNS = { private: "bot", group: "group", supergroup: "group", channel: "channel" };

/** Shows the list, newest activity first. */
export function showChats(desk, open, bot) {
  showList(byId("chats"), desk.sorted, (conversation) => row(conversation, conversation.id === open, bot));
}

export const chatAvatar = (view) => avatar({ id: view.id, sign: SIGNS[view.type] });

function row(conversation, current, bot) {
  const { view, unread, person } = conversation;
  const last = view.last_message;
  const title = make("span", { class: "chat-title", text: titleOf(view, bot), dir: "auto" });
  const time = last && make("time", { class: "chat-time", datetime: isoOf(last.date), text: momentOf(last.date) });
  const preview = make("span", { class: "chat-preview", text: last ? previewOf(last, view) : texts.noMessages, dir: "auto" });
  const badge = unread > 0 && make("span", { class: "badge", data: { testid: "unread" } },
    make("span", { text: unread > 99 ? "99+" : unread, "aria-hidden": "true" }), make("span", { class: "visually-hidden", text: texts.unread(unread) }));
  return make("li", { data: { key: conversation.id } }, make("a", {
    class: "chat-row", href: linkTo({ person, chat: conversation.id }), "aria-current": current ? "page" : null, data: { testid: `chat-${conversation.id}` },
  }, chatAvatar(view), make("span", { class: "chat-lines" }, make("span", { class: "chat-line" }, title, " ", time), " ", make("span", { class: "chat-line" }, preview, " ", badge))));
}

function previewOf(message, view) {
  const text = summaryOf(message).replace(/\s+/g, " ");
  if (serviceText(message)) return text;
  if (message.sim?.outgoing) return texts.preview(texts.you, text);
  return view.type === "private" || view.type === "channel" ? text : texts.preview(senderOf(message), text);
}

/** What stands under the chat's name. */
export function subtitleOf(view, world) {
  const kind = texts.kinds[view.type];
  if (view.type === "private") return [kind, `@${world.bot.username}`].join(" · ");
  if (view.type === "channel") return [kind, view.username && `@${view.username}`, texts.members(view.members.length)].filter(Boolean).join(" · ");
  const names = world.people.filter((person) => view.members.includes(person.id)).map(fullName);
  return [kind, [...names, view.bot_member ? world.bot.first_name : null].filter(Boolean).join(", "), !view.bot_member && texts.withoutBot].filter(Boolean).join(" · ");
}
