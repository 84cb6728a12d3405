// What people do on the page besides writing: start, press, choose, block, add people and groups.
import { api } from "/page/api.js";
import { openFaults } from "/page/faults.js";
import { askForChat, askForContact, askForLocation, askForPerson, manageMembers } from "/page/forms.js";
import { wideScreen } from "/page/dom.js";
import { buttonKey, copy } from "/page/keyboards.js";
import { toast } from "/page/notices.js";
import { linkTo, resolveLink } from "/page/route.js";
import { texts } from "/page/texts.js";

/** How the server knows a message; an ephemeral one has a number of its own. */
const named = ({ message_id, ephemeral_message_id }) => ({ message_id, ephemeral_message_id });

export class Deeds {
  constructor(app) {
    this.app = app;
    this.onMessages = {
      press: (message, row, column) => app.session.press(buttonKey(message.message_id, row, column), { ...named(message), row, column }),
      pressInside: (message, number) => app.session.press(buttonKey(message.message_id, "inside", number), { ...named(message), button: number }),
      resolveLink: (address) => this.resolve(address),
      vote: (message, options) => app.attempt(() => app.session.vote(message, options)),
      react: (message, emoji) => app.attempt(() => app.session.react(message, emoji)),
      sendText: (text) => app.session.send({ text }),
      replyTo: (message) => app.composer.replyTo(message),
      showMessage: (id) => app.log.showMessage(id),
      loadOlder: () => app.attempt(() => this.loadOlder()),
    };
    this.inFrame = {
      start: () => this.start(),
      setBlocked: (blocked) => app.attempt(() => this.setBlocked(blocked)),
      setDeactivated: (deactivated) => app.attempt(() => this.setDeactivated(deactivated)),
      upgrade: () => app.attempt(() => this.upgrade()),
      openFaults: () => app.attempt(openFaults),
      copyLink: () => copy(location.href),
      manageMembers: () => manageMembers(app.session.conversation.view, app.session.world),
      pressReply: (button) => this.pressReply(button),
      keyboardToggled: () => app.composer.showPlaceholder(),
    };
  }

  resolve(address) {
    const { world, desk } = this.app.session;
    return resolveLink(address, world.bot, desk.person);
  }

  async loadOlder() {
    await this.app.session.loadOlder();
    this.app.log.showOlder();
  }

  /** The first word to the bot, with the payload of the deep link that led here. */
  async start() {
    const { app } = this;
    const { session } = app;
    const text = app.startParameter ? `/start ${app.startParameter}` : "/start";
    if (!(await session.send({ text }))) return;
    app.startParameter = null;
    history.replaceState(null, "", linkTo({ person: session.desk.person, chat: session.conversation.id }));
    app.screen.frameChanged();
    app.navigator.focusEntry();
  }

  sendCommand(command) {
    const { conversation, world } = this.app.session;
    const text = conversation.isPrivate ? `/${command}` : `/${command}@${world.bot.username}`;
    return this.app.session.send({ text });
  }

  /** In groups a reply key answers the bot's message, so that the bot sees it despite its privacy mode. */
  pressReply(button) {
    const { session } = this.app;
    const { conversation } = session;
    if (button.request_location) return askForLocation((location) => session.send({ location }, conversation), () => this.afterReply(conversation));
    if (button.request_contact) return askForContact(() => session.send({ contact: true }, conversation), () => this.afterReply(conversation));
    if (Object.keys(button).some((name) => name.startsWith("request_") || name === "web_app")) return toast(texts.unsupportedButton);
    const asked = conversation.isGroup && conversation.sorted.filter((message) => message.from?.is_bot).at(-1);
    this.afterReply(conversation);
    return session.send({ text: button.text, ...(asked && { reply_to_message_id: asked.message_id }) });
  }

  /** A one-time keyboard folds away once used; the keyboard button brings it back. */
  afterReply(conversation) {
    if (!conversation.keyboard?.one_time_keyboard) return;
    conversation.keyboardOpen = false;
    this.app.screen.keyboardChanged(conversation);
    this.app.navigator.focusEntry();
  }

  async setBlocked(blocked) {
    await this.app.session.setBlocked(blocked);
    toast(blocked ? texts.blockedNow : texts.unblockedNow);
    this.app.screen.peopleChanged();
    this.app.screen.frameChanged();
    this.app.navigator.focusEntry();
  }

  async setDeactivated(deactivated) {
    const { app } = this;
    Object.assign(app.session.person, await api.setDeactivated(app.session.desk.person, deactivated));
    await app.session.loadChats();
    toast(deactivated ? texts.deactivatedNow : texts.reactivatedNow);
    app.screen.peopleChanged();
    app.screen.frameChanged();
    app.navigator.focusEntry();
  }

  /** The basic group becomes a supergroup with a new id; one goes on there. */
  async upgrade() {
    const { session, navigator } = this.app;
    const grown = await api.upgrade(session.conversation.id);
    await session.loadWorld();
    await session.loadChats();
    navigator.go({ person: session.desk.person, chat: grown.id }, { focus: true });
  }

  addPerson() {
    askForPerson((person) => this.app.attempt(async () => {
      await this.app.session.loadWorld();
      this.app.navigator.go({ person: person.id, chat: wideScreen.matches ? person.id : null }, { focus: true });
    }));
  }

  addChat() {
    const { session } = this.app;
    const { person } = session.desk;
    askForChat(session.world, person, (chat) => this.app.attempt(async () => {
      await session.loadWorld();
      await session.loadChats();
      this.app.navigator.go({ person, chat: chat.id }, { focus: true });
    }));
  }
}
