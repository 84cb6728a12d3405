// Start of the page: creates session, views and event stream, ties them together and follows the address.
import { api } from "/page/api.js";
import { Composer } from "/page/composer.js";
import { ConversationView } from "/page/conversation.js";
import { Deeds } from "/page/deeds.js";
import { byId, fillStaticTexts, wideScreen } from "/page/dom.js";
import { EventFeed } from "/page/events.js";
import { currentFaults } from "/page/faults.js";
import { Log } from "/page/log.js";
import { Navigator } from "/page/navigator.js";
import { peopleWithNews } from "/page/news.js";
import { showState, toastFailure } from "/page/notices.js";
import { showNews } from "/page/people.js";
import { Screen } from "/page/screen.js";
import { Session } from "/page/session.js";

const WORLD_SECONDS = 5;

class App {
  constructor() {
    this.startParameter = null;
    this.screen = new Screen(this);
    this.session = new Session(this.screen);
    this.deeds = new Deeds(this);
    this.navigator = new Navigator(this);
    this.feed = new EventFeed((type, data) => this.session.handle(type, data), (connected) => this.connectionChanged(connected));
    this.log = new Log(this.deeds.onMessages);
    this.composer = new Composer({ send: (content, conversation) => this.session.send(content, conversation), sendCommand: (command) => this.deeds.sendCommand(command) });
    this.frame = new ConversationView(this.deeds.inFrame);
    this.listen();
  }

  listen() {
    const { navigator, deeds } = this;
    window.addEventListener("hashchange", () => this.attempt(() => navigator.follow()));
    wideScreen.addEventListener("change", () => this.attempt(() => navigator.follow()));
    byId("chats").addEventListener("click", (event) => navigator.chatChosen(event));
    byId("back").addEventListener("click", () => navigator.backToList());
    byId("skip").addEventListener("click", (event) => {
      event.preventDefault();
      navigator.focusEntry();
    });
    byId("add-person").addEventListener("click", () => deeds.addPerson());
    byId("add-chat").addEventListener("click", () => deeds.addChat());
  }

  async run() {
    await this.session.loadWorld();
    showState({ running: this.session.world.bot.running });
    this.frame.hasFaults = (await currentFaults()) !== null;
    await this.navigator.follow();
    this.checkBot();
    setInterval(() => this.checkBot(), WORLD_SECONDS * 1000);
  }

  /** Does something that may fail; a failure is shown, never thrown. */
  async attempt(action) {
    try {
      return await action();
    } catch (error) {
      toastFailure(error);
      return null;
    }
  }

  async connectionChanged(connected) {
    const recovered = connected && this.wasLost;
    this.wasLost = !connected;
    showState({ connected });
    if (!recovered) return;
    if (this.session.conversation) await this.attempt(() => this.navigator.refresh());
    await this.checkBot();
  }

  async checkBot() {
    try {
      const { bot } = await api.world();
      this.session.world.bot = bot;
      showState({ running: bot.running });
      if (this.frame.hasFaults) await currentFaults();
      if (document.hidden) return;
      const { world, desk } = this.session;
      showNews(await peopleWithNews(world.people, desk?.person));
    } catch {
      // the event stream already shows that the server is away
    }
  }
}

fillStaticTexts(document);
new App().run().catch(toastFailure);
