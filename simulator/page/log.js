// The conversation log: history appears silently, new messages are announced, the view stays where the reader is.
import { byId, make } from "/page/dom.js";
import { dayKey, dayOf, summaryOf } from "/page/format.js";
import { messageElement } from "/page/messages.js";
import { icon } from "/page/icons.js";
import { texts } from "/page/texts.js";
import { announce } from "/page/notices.js";

const NEAR_END_PIXELS = 80;
const QUIET_MILLISECONDS = 500;

export class Log {
  /** `actions`: those of a message, plus loadOlder(). */
  constructor(actions) {
    this.root = byId("log");
    this.content = byId("log-content");
    this.jump = byId("jump");
    this.actions = actions;
    this.missed = 0;
    this.jump.addEventListener("click", () => {
      this.scrollToEnd();
      this.root.focus();
    });
    this.root.addEventListener("scroll", () => this.showJump());
    const resized = new ResizeObserver(() => this.pinned && this.scrollToEnd());
    for (const node of [this.root, this.content]) resized.observe(node);
  }

  /** Shows a conversation from scratch; nothing of it is announced. */
  show(conversation) {
    this.conversation = conversation;
    this.missed = 0;
    this.quietly(() => this.rebuild());
    this.scrollToEnd();
  }

  /** Says that the log is still being filled. */
  setBusy(busy) {
    this.root.setAttribute("aria-busy", String(busy));
  }

  clear() {
    this.conversation = null;
    this.quietly(() => this.content.replaceChildren(make("p", { class: "empty", text: texts.chooseChat })));
    this.jump.hidden = true;
  }

  /** Draws the conversation again where the reader is. */
  refresh() {
    const wasPinned = this.pinned;
    this.quietly(() => this.rebuild());
    if (wasPinned) this.scrollToEnd();
  }

  /** Puts older messages above; the message on screen stays in place. */
  showOlder() {
    const fromEnd = this.root.scrollHeight - this.root.scrollTop;
    this.quietly(() => this.rebuild());
    this.root.scrollTop = this.root.scrollHeight - fromEnd;
    (this.root.querySelector(".older") ?? this.root).focus({ preventScroll: true });
  }

  add(message) {
    const sorted = this.conversation.sorted;
    const before = sorted.at(-2);
    const atEnd = this.pinned || message.sim.outgoing;
    if (sorted.at(-1) !== message) this.quietly(() => this.rebuild());
    else {
      this.root.querySelector(".empty")?.remove();
      if (this.conversation.album(message)[0] !== message) this.change(message, { quietly: true });
      else this.content.append(...this.piece(message, before));
      if (this.isQuiet) announce(summaryOf(message));
    }
    if (atEnd) this.scrollToEnd();
    else this.missed += 1;
    this.showJump();
  }

  /** Swaps an edited message; focus inside it moves to the same place in the new one. */
  change(changed, { quietly = false } = {}) {
    const message = this.conversation.album(changed)[0];
    const old = this.find(message.message_id);
    if (!old) return this.add(message);
    const wasPinned = this.pinned;
    const sorted = this.conversation.sorted;
    const fresh = messageElement(message, this.conversation, sorted[sorted.indexOf(message) - 1], this.actions);
    const focus = old.contains(document.activeElement) && this.focusPlace();
    if (quietly || message.poll) this.quietly(() => old.replaceWith(fresh));
    else old.replaceWith(fresh);
    if (focus) this.restoreFocus(focus);
    if (wasPinned) this.scrollToEnd();
    return undefined;
  }

  remove(messageId) {
    if (this.find(messageId)) this.quietly(() => this.rebuild());
  }

  /** Scrolls to a quoted message and puts the focus on it. */
  showMessage(messageId) {
    const node = this.find(messageId);
    node?.scrollIntoView({ block: "center" });
    node?.focus({ preventScroll: true });
  }

  find(messageId) {
    return this.root.querySelector(`.message[data-ids~="${messageId}"]`);
  }

  rebuild() {
    const position = this.root.scrollTop;
    const sorted = this.conversation.sorted;
    const nodes = sorted.flatMap((message, index) => (this.conversation.album(message)[0] === message ? this.piece(message, sorted[index - 1]) : []));
    if (this.conversation.olderExist) nodes.unshift(make("button", { type: "button", class: "button older", text: texts.older, on: { click: this.actions.loadOlder } }));
    if (nodes.length === 0) nodes.push(this.introduction());
    const focus = this.focusPlace();
    this.content.replaceChildren(...nodes);
    this.root.scrollTop = position;
    if (focus) this.restoreFocus(focus);
  }

  /** Which control of which message has the focus, so that redrawing does not lose it. */
  focusPlace() {
    const message = document.activeElement?.closest(".message");
    return message && { testid: message.dataset.testid, index: focusables(message).indexOf(document.activeElement) };
  }

  restoreFocus({ testid, index }) {
    const message = this.root.querySelector(`[data-testid="${testid}"]`);
    const target = message ? focusables(message)[index] ?? message : this.root;
    target.focus({ preventScroll: true });
  }

  /** What stands in an empty chat: before the first /start the bot introduces itself. */
  introduction() {
    const { loaded, profile, view } = this.conversation;
    if (!loaded) return make("p", { class: "empty" });
    if (!profile || view.started) return make("p", { class: "empty", text: texts.emptyChat });
    return make("div", { class: "empty introduction", data: { testid: "introduction" } },
      make("h3", { text: texts.startHeading(profile.name), dir: "auto" }),
      make("p", { text: profile.description || profile.short_description || texts.startFallback, dir: "auto" }));
  }

  /** The message's element, below a date line when a new day begins. */
  piece(message, before) {
    const newDay = !before || dayKey(before.date) !== dayKey(message.date);
    const node = messageElement(message, this.conversation, newDay ? null : before, this.actions);
    return newDay ? [make("p", { class: "day" }, make("span", { text: dayOf(message.date) })), node] : [node];
  }

  /** Changes the log without having it read out. */
  quietly(change) {
    this.root.setAttribute("aria-live", "off");
    change();
    clearTimeout(this.quietTimer);
    this.quietTimer = setTimeout(() => this.root.setAttribute("aria-live", "polite"), QUIET_MILLISECONDS);
  }

  get isQuiet() {
    return this.root.getAttribute("aria-live") === "off";
  }

  scrollToEnd() {
    this.pinned = true;
    this.root.scrollTop = this.root.scrollHeight;
  }

  showJump() {
    this.pinned = this.root.scrollHeight - this.root.scrollTop - this.root.clientHeight < NEAR_END_PIXELS;
    if (this.pinned) this.missed = 0;
    this.jump.hidden = this.pinned;
    this.jump.replaceChildren(icon("down"), make("span", this.missed ? { text: texts.newMessages(this.missed) } : { class: "visually-hidden", text: texts.toEnd }));
  }
}

const focusables = (node) => [...node.querySelectorAll("button, a, input, [tabindex]")];
