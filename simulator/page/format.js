// Names, times, sizes and one-line previews as people read them; times are those of the county (Europe/Berlin).
import { texts } from "/page/texts.js";

const ZONE = "Europe/Berlin";
const clock = new Intl.DateTimeFormat("de", { hour: "2-digit", minute: "2-digit", timeZone: ZONE });
const calendar = new Intl.DateTimeFormat("de", { weekday: "long", day: "numeric", month: "long", timeZone: ZONE });
const short = new Intl.DateTimeFormat("de", { day: "2-digit", month: "2-digit", timeZone: ZONE });
const sortable = new Intl.DateTimeFormat("sv", { timeZone: ZONE });
const decimals = new Intl.NumberFormat("de", { maximumFractionDigits: 5 });
const sizes = new Intl.NumberFormat("de", { maximumFractionDigits: 1 });
const languages = new Intl.DisplayNames("de", { type: "language" });
const DAY = 86_400_000;

export const timeOf = (seconds) => clock.format(seconds * 1000);
export const isoOf = (seconds) => new Date(seconds * 1000).toISOString();
export const dayKey = (seconds) => sortable.format(seconds * 1000);
export const dayOf = (seconds) => relativeDay(seconds) ?? calendar.format(seconds * 1000);

function relativeDay(seconds) {
  if (dayKey(seconds) === sortable.format(Date.now())) return texts.today;
  return dayKey(seconds) === sortable.format(Date.now() - DAY) ? texts.yesterday : null;
}

/** A time today, otherwise a date: what a chat row has room for. */
export function momentOf(seconds) {
  return dayKey(seconds) === sortable.format(Date.now()) ? timeOf(seconds) : short.format(seconds * 1000);
}

const degrees = (value, positive, negative) => `${decimals.format(Math.abs(value))}° ${value < 0 ? negative : positive}`;
export const coordinates = ({ latitude, longitude }) => `${degrees(latitude, "N", "S")}, ${degrees(longitude, "O", "W")}`;

export function sizeOf(bytes) {
  if (bytes === undefined) return "";
  const units = ["B", "KB", "MB", "GB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  return `${sizes.format(bytes / 1024 ** power)} ${units[power]}`;
}

/** Minutes and seconds, as players show them. */
export const durationOf = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

export function languageName(code) {
  try {
    return languages.of(code);
  } catch {
    return code;
  }
}

export const fullName = (user) => [user.first_name, user.last_name].filter(Boolean).join(" ") || texts.deletedUser;
export const senderOf = (message) => message.sender_chat?.title ?? (message.from ? fullName(message.from) : message.chat.title ?? "");

/** A private chat bears the bot's name, in the person's language when the bot has one. */
export const titleOf = (view, bot) => (view.type === "private" ? view.first_name ?? bot.first_name : view.title);

/** One line that says what a message holds, for chat rows, quotes and announcements. */
export function summaryOf(message) {
  const service = serviceText(message);
  if (service) return service;
  const text = message.text ?? message.caption;
  const kind = kindOf(message);
  return [kind, text].filter(Boolean).join(": ") || message.sim?.plain || plainText(message.sim?.html) || texts.unknownMessage;
}

function plainText(html) {
  return html ? new DOMParser().parseFromString(html, "text/html").body.textContent : "";
}

function kindOf(message) {
  if (message.photo) return texts.photo;
  if (message.venue) return `${texts.location} ${message.venue.title}`;
  if (message.location) return texts.location;
  if (message.document) return `${texts.document} ${message.document.file_name ?? ""}`.trim();
  if (message.voice || message.audio) return texts.audio;
  if (message.video || message.animation) return texts.video;
  if (message.contact) return texts.contact;
  if (message.poll) return `${texts.poll} ${message.poll.question}`;
  return message.sticker ? texts.sticker : null;
}

/** The sentence for a message that only reports something (people joined, title changed …), or null. */
export function serviceText(message) {
  const says = texts.service;
  if (message.new_chat_members) return says.joined(message.new_chat_members.map(fullName).join(", "));
  if (message.left_chat_member) return says.left(fullName(message.left_chat_member));
  if (message.group_chat_created || message.supergroup_chat_created || message.channel_chat_created) return says.created;
  if (message.new_chat_title) return says.renamed(message.new_chat_title);
  if (message.pinned_message) return says.pinned;
  if (message.forum_topic_created) return says.topic(message.forum_topic_created.name);
  return message.migrate_to_chat_id || message.migrate_from_chat_id ? says.migrated : null;
}
