// The right-hand side around the log: title, chat menu, what can be done below it, and what the bot is doing.
import { chatAvatar, subtitleOf } from "/page/chats.js";
import { byId, make } from "/page/dom.js";
import { titleOf } from "/page/format.js";
import { fillReplyKeyboard } from "/page/keyboards.js";
import { menuButton } from "/page/menu.js";
import { texts } from "/page/texts.js";

const ACTIVITY_SECONDS = 5;
const NOTE_SECONDS = 4;

export class ConversationView {
  /** `actions`: start, setBlocked, copyLink, manageMembers, pressReply(button), keyboardToggled(). */
  constructor(actions) {
    this.actions = actions;
    byId("chat-menu").append(...menuButton({ sign: "more", label: texts.chatMenu, testid: "chat-menu", items: () => this.menuItems() }));
    byId("keyboard-toggle").addEventListener("click", () => {
      this.conversation.keyboardOpen = !this.conversation.keyboardOpen;
      this.showKeyboard();
      actions.keyboardToggled();
    });
  }

  /** `person` is who looks at it, `startParameter` a deep link's payload or null. */
  show(conversation, { world, person, startParameter }) {
    if (conversation !== this.conversation) this.note("");
    Object.assign(this, { conversation, person, startParameter });
    const { view } = conversation;
    byId("chat-head").hidden = false;
    byId("chat-avatar").replaceWith(Object.assign(chatAvatar(view), { id: "chat-avatar" }));
    byId("chat-title").textContent = titleOf(view, world.bot);
    byId("chat-subtitle").textContent = subtitleOf(view, world);
    byId("log").setAttribute("aria-label", texts.conversationWith(titleOf(view, world.bot)));
    this.showFoot();
  }

  clear() {
    this.conversation = null;
    byId("chat-head").hidden = true;
    byId("chat-title").textContent = texts.noChat;
    byId("log").setAttribute("aria-label", texts.noChat);
    for (const id of ["bar", "reply-keyboard", "composer-form"]) byId(id).hidden = true;
    this.note("");
  }

  menuItems() {
    const { isPrivate, view } = this.conversation;
    const { blocked, deactivated } = this.person;
    return [
      isPrivate && { icon: "block", text: blocked ? texts.unblock : texts.block, testid: "toggle-block", act: () => this.actions.setBlocked(!blocked) },
      !isPrivate && { icon: "group", text: texts.manageMembers, testid: "manage-members", act: this.actions.manageMembers },
      view.type === "group" && view.can_send && { icon: "group", text: texts.upgrade, testid: "upgrade", act: this.actions.upgrade },
      isPrivate && { icon: "person", text: deactivated ? texts.reactivate : texts.deactivate, testid: "toggle-deactivated", act: () => this.actions.setDeactivated(!deactivated) },
      this.hasFaults && { icon: "fault", text: texts.faults.title, testid: "open-faults", act: this.actions.openFaults },
      { icon: "copy", text: texts.copyLink, testid: "copy-link", act: this.actions.copyLink },
    ].filter(Boolean);
  }

  /** Exactly one of: bring the account back, unblock, start, a reason why one cannot write, the composer. */
  get footMode() {
    const { isPrivate, view } = this.conversation;
    if (isPrivate && this.person.deactivated) return "deactivated";
    if (isPrivate && this.person.blocked) return "blocked";
    if (isPrivate && (!view.started || this.startParameter !== null)) return "start";
    if (view.can_send) return "write";
    return view.type === "channel" ? "readOnly" : "cannotSend";
  }

  showFoot() {
    const mode = this.footMode;
    byId("composer-form").hidden = mode !== "write";
    const bar = byId("bar");
    bar.hidden = mode === "write";
    if (bar.dataset.mode !== mode) bar.replaceChildren(...this.barContent(mode));
    bar.dataset.mode = mode;
    this.showKeyboard();
  }

  barContent(mode) {
    if (mode === "write") return [];
    if (mode === "start") return [make("button", { type: "button", class: "button primary large", data: { testid: "start" }, text: texts.start, on: { click: this.actions.start } })];
    const note = make("p", { text: texts[mode] });
    if (mode === "deactivated") return [note, make("button", { type: "button", class: "button", data: { testid: "reactivate" }, text: texts.reactivate, on: { click: () => this.actions.setDeactivated(false) } })];
    if (mode !== "blocked") return [note];
    return [note, make("button", { type: "button", class: "button", data: { testid: "unblock" }, text: texts.unblock, on: { click: () => this.actions.setBlocked(false) } })];
  }

  showKeyboard() {
    const { keyboard, keyboardOpen } = this.conversation;
    const container = byId("reply-keyboard");
    const toggle = byId("keyboard-toggle");
    toggle.hidden = keyboard === null;
    toggle.setAttribute("aria-expanded", String(keyboardOpen && keyboard !== null));
    container.hidden = !keyboard || !keyboardOpen || this.footMode !== "write";
    if (JSON.stringify(keyboard) === container.dataset.shown) return;
    fillReplyKeyboard(container, keyboard, this.actions.pressReply);
    container.dataset.shown = JSON.stringify(keyboard);
  }

  /** What the bot is doing, for five seconds or until its message comes; null ends it. */
  showActivity(action) {
    this.note(action ? texts.activity[action] ?? texts.activity.other : "", ACTIVITY_SECONDS, Boolean(action));
  }

  /** A short line above the composer that is also read out. */
  note(text, seconds = NOTE_SECONDS, working = false) {
    clearTimeout(this.noteTimer);
    const line = byId("activity");
    if (line.textContent !== text) line.textContent = text;
    line.classList.toggle("working", working);
    if (text) this.noteTimer = setTimeout(() => this.note(""), seconds * 1000);
  }
}
