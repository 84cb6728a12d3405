// What happened and what it changes: loads desks and conversations and applies the server's events to them.
import { api } from "/page/api.js";
import { Desk } from "/page/store.js";

const BUTTON_PATIENCE = 30_000;

export class Session {
  /** `view` is told what to redraw: added, changed, removed, opened, busyChanged, … */
  constructor(view) {
    this.view = view;
    this.desks = new Map();
    this.desk = null;
    this.conversation = null;
    this.early = null;
  }

  async loadWorld() {
    this.world = await api.world();
    return this.world;
  }

  get person() {
    return this.world.people.find((person) => person.id === this.desk?.person);
  }

  sit(person) {
    this.desk = this.desks.get(person) ?? new Desk(person);
    this.desks.set(person, this.desk);
    this.conversation = null;
    this.early = [];
  }

  /** First load of a desk; events that came before it was known are applied now. */
  async settle() {
    const { desk, early } = this;
    try {
      await this.loadChats();
    } finally {
      if (this.early === early) this.early = null;
    }
    if (this.early === null && desk === this.desk) for (const [type, data] of early) this.handle(type, data);
  }

  /** Loads the list; chats with something new are loaded too, since only their messages tell how much is unread. */
  async loadChats() {
    const { desk } = this;
    desk.update(await api.chats(desk.person));
    const isNews = ({ view, seen }) => view.last_message && view.last_message.message_id > seen;
    await Promise.all(desk.sorted.filter(isNews).map(async (conversation) => {
      await this.load(conversation);
      conversation.countUnread();
    }));
  }

  /** Takes over the newest page; what arrived while it was under way stays. */
  async load(conversation) {
    const newestBefore = conversation.newest;
    const page = await api.messages(conversation.person, conversation.id);
    const late = conversation.sorted.filter(({ message_id: id }) => id > Math.max(newestBefore, page.at(-1)?.message_id ?? 0));
    conversation.messages = new Map([...page, ...late].map((message) => [message.message_id, message]));
    conversation.olderExist = page.length === api.pageSize;
    conversation.loaded = true;
  }

  async loadOlder() {
    const { conversation } = this;
    const page = await api.messages(conversation.person, conversation.id, conversation.sorted[0]?.message_id);
    for (const message of page) conversation.messages.set(message.message_id, message);
    conversation.olderExist = page.length === api.pageSize;
  }

  /** Makes a chat the open one: shows at once what is known, resolves when it is up to date. */
  async open(chat) {
    this.conversation = this.desk.conversations.get(chat);
    this.desk.lastChat = chat;
    this.view.opened(this.conversation);
    return this.reload();
  }

  async reload() {
    const { conversation } = this;
    const { person, id } = conversation;
    const wantsProfile = conversation.isPrivate && !conversation.view.started;
    const [commands, profile] = await Promise.all([api.commands(person, id), wantsProfile ? api.profile(person, id) : null, this.load(conversation)]);
    return Object.assign(conversation, { commands, profile });
  }

  /** Sends in the order of calls; resolves to whether the server took it. */
  async send(content, conversation = this.conversation) {
    const turn = (conversation.sending ?? Promise.resolve()).then(() => api.send(conversation.person, conversation.id, content));
    conversation.sending = turn.catch(() => null);
    try {
      this.receive(conversation, await turn);
      return true;
    } catch (error) {
      this.view.failed(error);
      return false;
    }
  }

  async press(key, button) {
    const { conversation } = this;
    if (conversation.busyButtons.has(key)) return;
    conversation.busyButtons.add(key);
    this.view.busyChanged(conversation);
    const giveUp = setTimeout(() => conversation.busyButtons.has(key) && this.view.unanswered(this.release(conversation, button.message_id)), BUTTON_PATIENCE);
    try {
      await api.press(conversation.person, conversation.id, button);
    } catch (error) {
      clearTimeout(giveUp);
      this.release(conversation, button.message_id);
      this.view.failed(error);
    }
  }

  /** Ends the waiting of one message's buttons, or of all. */
  release(conversation, messageId = null) {
    for (const key of conversation.busyButtons) if (messageId === null || key.startsWith(`${messageId}/`)) conversation.busyButtons.delete(key);
    this.view.busyChanged(conversation);
  }

  /** Votes in a poll; no options take the vote back. */
  async vote(message, options) {
    const { conversation } = this;
    const changed = await api.vote(conversation.person, conversation.id, { message_id: message.message_id, option_ids: options });
    conversation.pollWishes.delete(message.message_id);
    this.edit(conversation, changed);
  }

  /** Leaves a reaction instead of the former one; null takes it back. */
  async react(message, emoji) {
    const { conversation } = this;
    const reaction = emoji ? [{ type: "emoji", emoji }] : [];
    this.edit(conversation, await api.react(conversation.person, conversation.id, { message_id: message.message_id, reaction }));
  }

  async setBlocked(blocked) {
    const answer = await api.setBlocked(this.desk.person, blocked);
    this.person.blocked = answer.blocked;
    await this.loadChats();
  }

  /** Applies one event of the stream. */
  handle(type, data) {
    if (this.early) return this.early.push([type, data]);
    if (type === "world") return this.view.worldChanged();
    if (type === "commands") return this.view.commandsChanged();
    const conversation = this.desk.conversations.get(data.chat?.id ?? data.chat);
    if (!conversation) return this.view.worldChanged();
    const apply = { message: this.receive, edited: this.edit, deleted: this.remove, typing: this.work, answer: this.answer, keyboard: this.offer, message_reaction: this.reacted };
    return apply[type].call(this, conversation, data.message ?? data);
  }

  receive(conversation, message) {
    const known = conversation.messages.has(message.message_id);
    conversation.messages.set(message.message_id, message);
    if (message.message_id >= (conversation.view.last_message?.message_id ?? 0)) conversation.view.last_message = message;
    if (message.sim.outgoing && conversation.isPrivate) conversation.view.started = true;
    if (!message.sim.outgoing) this.work(conversation, { action: null });
    if (!known && !message.sim.outgoing && conversation !== this.conversation) conversation.unread += 1;
    if (!known) this.view.added(conversation, message);
  }

  edit(conversation, message) {
    conversation.messages.set(message.message_id, message);
    if (conversation.view.last_message?.message_id === message.message_id) conversation.view.last_message = message;
    for (const key of conversation.busyButtons) if (key.startsWith(`${message.message_id}/`)) conversation.busyButtons.delete(key);
    this.view.changed(conversation, message);
  }

  /** Counts that changed; whose they are, only the answer to one's own reaction tells. */
  reacted(conversation, { message_id: messageId, reactions }) {
    const message = conversation.messages.get(messageId);
    if (!message) return;
    const own = (message.sim.own_reactions ?? []).filter((sign) => reactions.some(({ type }) => type.emoji === sign));
    Object.assign(message.sim, { reactions, own_reactions: own });
    this.view.changed(conversation, message, { quietly: true });
  }

  remove(conversation, { message_id: messageId }) {
    conversation.messages.delete(messageId);
    if (conversation.view.last_message?.message_id === messageId) conversation.view.last_message = conversation.sorted.at(-1) ?? null;
    if (conversation !== this.conversation) conversation.countUnread();
    this.view.removed(conversation, messageId);
  }

  work(conversation, { action }) {
    if (conversation === this.conversation) this.view.working(action);
  }

  answer(conversation, answer) {
    this.release(conversation, answer.message_id ?? null);
    this.view.answered(answer);
  }

  offer(conversation, { keyboard }) {
    conversation.keyboard = keyboard?.keyboard ? keyboard : null;
    conversation.keyboardOpen = conversation.keyboard !== null;
    this.view.keyboardChanged(conversation);
  }
}
