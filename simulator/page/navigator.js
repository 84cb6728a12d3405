// Where the user is: the address names person and chat, everything else follows from it.
import { byId, touchScreen, wideScreen } from "/page/dom.js";
import { currentRoute, linkTo } from "/page/route.js";

export class Navigator {
  constructor(app) {
    this.app = app;
    this.visit = 0;
    this.focusWanted = false;
  }

  /** Brings the page to what its address says; a newer address overtakes an older one still loading. */
  async follow() {
    const visit = ++this.visit;
    this.app.log.setBusy(true);
    try {
      await this.arrive(currentRoute(), visit);
    } finally {
      if (visit === this.visit) this.app.log.setBusy(false);
    }
  }

  async arrive(wish, visit) {
    const { app } = this;
    const { session } = app;
    const person = session.world.people.some(({ id }) => id === wish.person) ? wish.person : session.world.people[0]?.id;
    if (person === undefined) return;
    if (person !== session.desk?.person) await this.enter(person);
    if (visit !== this.visit) return;
    const { conversations, lastChat } = session.desk;
    const known = conversations.has(lastChat) ? lastChat : person;
    const chat = conversations.has(wish.chat) ? wish.chat : wideScreen.matches ? known : null;
    app.startParameter = chat === person ? wish.start : null;
    history.replaceState(null, "", linkTo({ person, chat, start: app.startParameter }));
    byId("app").dataset.view = chat === null ? "list" : "conversation";
    if (chat === null) this.closeChat();
    else await this.openChat(chat, visit);
  }

  async enter(person) {
    const { session, screen, feed } = this.app;
    session.sit(person);
    screen.peopleChanged();
    this.closeChat();
    await feed.follow(person);
    await session.settle();
    screen.listChanged();
  }

  async openChat(chat, visit) {
    const { session, screen } = this.app;
    const wantsFocus = this.focusWanted;
    this.focusWanted = false;
    const conversation = await session.open(chat);
    if (visit !== this.visit) return;
    screen.opened(conversation);
    if (wantsFocus) this.focusEntry();
  }

  closeChat() {
    const { session, frame, log, screen } = this.app;
    session.conversation = null;
    frame.clear();
    log.clear();
    screen.listChanged();
  }

  /** Goes to a place; the focus goes along when the user chose a chat rather than a person. */
  go(place, { focus }) {
    this.focusWanted = focus;
    location.hash = linkTo(place);
  }

  choosePerson(person) {
    const { session } = this.app;
    if (person === session.desk.person) return;
    this.go({ person, chat: wideScreen.matches ? session.desks.get(person)?.lastChat ?? person : null }, { focus: false });
  }

  chatChosen(event) {
    const row = event.target.closest(".chat-row");
    if (!row || event.ctrlKey || event.metaKey) return;
    if (row.getAttribute("href") === location.hash) {
      event.preventDefault();
      this.focusEntry();
    } else this.focusWanted = true;
  }

  /** On a phone: shows the list again, with the focus on the chat one comes from. */
  backToList() {
    const { session } = this.app;
    const { id } = session.conversation;
    window.addEventListener("hashchange", () => requestAnimationFrame(() =>
      byId("chats").querySelector(`[data-testid="chat-${id}"]`)?.focus()), { once: true });
    location.hash = linkTo({ person: session.desk.person });
  }

  /** Puts the focus where one would go on: start button, composer, or (on touch, where it would open the keyboard) the title. */
  focusEntry() {
    const { session, frame, composer } = this.app;
    const mode = session.conversation ? frame.footMode : null;
    if (mode === "write" && !touchScreen.matches) composer.focus();
    else if (["start", "blocked", "deactivated"].includes(mode)) byId("bar").querySelector("button").focus();
    else byId("chat-title").focus();
  }

  /** Reloads everything on screen without moving the reader: after a gap in the stream or a change of the world. */
  async refresh() {
    const { session, screen } = this.app;
    await session.loadWorld();
    if (!session.person) return;
    const { conversation } = session;
    await session.loadChats();
    screen.peopleChanged();
    screen.listChanged();
    if (!conversation || !screen.isOpen(conversation)) return;
    if (!session.desk.conversations.has(conversation.id)) return this.follow();
    await session.reload();
    if (screen.isOpen(conversation)) screen.refreshed(conversation);
  }
}
