// What the page remembers: one desk per person, one conversation per chat, so that switching back loses nothing.

const SEEN_KEY = "seen-messages";

function readSeen() {
  try {
    return JSON.parse(sessionStorage.getItem(SEEN_KEY)) ?? {};
  } catch {
    return {};
  }
}

const seen = readSeen();

/** Whether a person has a message in this chat that was not on screen yet and is not their own. */
export function hasNews(person, view) {
  const last = view.last_message;
  return Boolean(last) && !last.sim.outgoing && last.message_id > (seen[`${person}/${view.id}`] ?? 0);
}

export class Conversation {
  constructor(person, view) {
    this.person = person;
    this.view = view;
    this.messages = new Map();
    this.loaded = false;
    this.olderExist = false;
    this.draft = "";
    this.replyTo = null;
    this.attachment = null;
    this.keyboard = view.keyboard ?? null;
    this.keyboardOpen = this.keyboard !== null;
    this.busyButtons = new Set();
    this.pollWishes = new Map();
    this.unread = 0;
    this.commands = [];
    this.profile = null;
  }

  get id() {
    return this.view.id;
  }

  get isPrivate() {
    return this.view.type === "private";
  }

  get isGroup() {
    return this.view.type === "group" || this.view.type === "supergroup";
  }

  /** Oldest first. */
  get sorted() {
    return [...this.messages.values()].sort((one, other) => one.message_id - other.message_id);
  }

  /** The messages shown in one bubble with this one: the album it belongs to, or only itself. */
  album(message) {
    const group = message.media_group_id;
    return group ? this.sorted.filter((one) => one.media_group_id === group) : [message];
  }

  get newest() {
    return Math.max(0, ...this.messages.keys());
  }

  /** The newest message id this person has had on screen. */
  get seen() {
    return seen[`${this.person}/${this.id}`] ?? 0;
  }

  set seen(messageId) {
    seen[`${this.person}/${this.id}`] = messageId;
    sessionStorage.setItem(SEEN_KEY, JSON.stringify(seen));
  }

  markRead() {
    this.unread = 0;
    this.seen = Math.max(this.newest, this.view.last_message?.message_id ?? 0);
  }

  /** Unread messages can only be counted among those loaded. */
  countUnread() {
    this.unread = this.sorted.filter((message) => !message.sim.outgoing && message.message_id > this.seen).length;
  }
}

export class Desk {
  constructor(person) {
    this.person = person;
    this.conversations = new Map();
    this.lastChat = null;
  }

  /** Takes over the server's list; drafts and loaded messages of known chats stay. */
  update(views) {
    const fresh = new Map();
    for (const view of views) {
      const known = this.conversations.get(view.id) ?? new Conversation(this.person, view);
      known.view = view;
      if (view.keyboard !== undefined && view.keyboard !== known.keyboard) {
        known.keyboardOpen = JSON.stringify(view.keyboard) === JSON.stringify(known.keyboard) ? known.keyboardOpen : view.keyboard !== null;
        known.keyboard = view.keyboard;
      }
      if (known.seen > (view.last_message?.message_id ?? 0)) known.seen = 0; // the server started a new world
      fresh.set(view.id, known);
    }
    this.conversations = fresh;
  }

  /** Newest activity first. */
  get sorted() {
    const activity = (conversation) => conversation.view.last_message?.date ?? 0;
    return [...this.conversations.values()].sort((one, other) => activity(other) - activity(one));
  }
}
