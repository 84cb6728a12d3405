// What the session reports, redrawn: each method is one kind of change and touches only what shows it.
import { api } from "/page/api.js";
import { showChats } from "/page/chats.js";
import { byId } from "/page/dom.js";
import { fullName, titleOf } from "/page/format.js";
import { showBusy } from "/page/keyboards.js";
import { showAnswer, toast, toastFailure } from "/page/notices.js";
import { showPeople } from "/page/people.js";
import { texts } from "/page/texts.js";

export class Screen {
  constructor(app) {
    this.app = app;
  }

  isOpen(conversation) {
    return conversation === this.app.session.conversation;
  }

  opened(conversation) {
    conversation.markRead();
    this.frameChanged();
    this.app.log.show(conversation);
    this.app.composer.show(conversation);
    this.listChanged();
  }

  /** The open conversation was loaded again; draft, focus and scroll position stay. */
  refreshed(conversation) {
    conversation.markRead();
    this.frameChanged();
    this.app.log.refresh();
    this.app.composer.menu.setCommands(conversation.commands);
    this.listChanged();
  }

  added(conversation, message) {
    if (this.isOpen(conversation)) {
      this.app.log.add(message);
      conversation.markRead();
      this.app.frame.showFoot();
    }
    this.listChanged();
  }

  changed(conversation, message, { quietly = false } = {}) {
    if (this.isOpen(conversation)) this.app.log.change(message, { quietly });
    this.listChanged();
  }

  removed(conversation, messageId) {
    if (this.isOpen(conversation)) {
      this.app.log.remove(messageId);
      this.app.frame.note(texts.deleted);
    }
    this.listChanged();
  }

  working(action) {
    this.app.frame.showActivity(action);
  }

  answered(answer) {
    showAnswer(answer, (address) => this.app.deeds.resolve(address));
  }

  unanswered() {
    toast(texts.noAnswer);
  }

  failed(error) {
    toastFailure(error);
  }

  keyboardChanged(conversation) {
    if (!this.isOpen(conversation)) return;
    this.app.frame.showKeyboard();
    this.app.composer.showPlaceholder();
  }

  busyChanged(conversation) {
    if (!this.isOpen(conversation)) return;
    for (const node of byId("log").querySelectorAll("[data-key]")) showBusy(node, conversation.busyButtons.has(node.dataset.key));
  }

  commandsChanged() {
    const { conversation } = this.app.session;
    if (!conversation) return;
    this.app.attempt(async () => {
      conversation.commands = await api.commands(conversation.person, conversation.id);
      if (this.isOpen(conversation)) this.app.composer.menu.setCommands(conversation.commands);
    });
  }

  worldChanged() {
    this.app.attempt(() => this.app.navigator.refresh());
  }

  peopleChanged() {
    const { world, desk } = this.app.session;
    showPeople(world.people, desk.person, (id) => this.app.navigator.choosePerson(id));
  }

  frameChanged() {
    const { world, conversation, person } = this.app.session;
    this.app.frame.show(conversation, { world, person, startParameter: this.app.startParameter });
  }

  listChanged() {
    const { desk, conversation, world, person } = this.app.session;
    showChats(desk, conversation?.id ?? null, world.bot);
    const unread = [...desk.conversations.values()].reduce((sum, one) => sum + one.unread, 0);
    const parts = [conversation && titleOf(conversation.view, world.bot), person && fullName(person), texts.title].filter(Boolean);
    document.title = `${unread ? `(${unread}) ` : ""}${parts.join(" – ")}`;
  }
}
