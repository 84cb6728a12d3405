// The stream of events for the chosen person; it reconnects by itself and says when it had to.
import { api } from "/page/api.js";

const TYPES = ["message", "edited", "deleted", "typing", "answer", "keyboard", "commands", "world", "message_reaction"];
const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;

export class EventFeed {
  /** `handle(type, data)` gets the events, `changed(connected)` each loss and each (re)connection. */
  constructor(handle, changed) {
    this.handle = handle;
    this.changed = changed;
    this.wait = FIRST_WAIT;
  }

  /** Follows one person; resolves when the stream stands, so that nothing is missed between loading and listening. */
  follow(person) {
    this.close();
    this.person = person;
    return new Promise((resolve) => this.open(resolve));
  }

  open(connected) {
    const source = new EventSource(api.eventsPath(this.person));
    this.source = source;
    source.onopen = () => {
      this.wait = FIRST_WAIT;
      this.changed(true);
      connected();
    };
    source.onerror = () => {
      this.close();
      this.changed(false);
      this.retry = setTimeout(() => this.open(connected), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    };
    for (const type of TYPES) source.addEventListener(type, (event) => this.handle(type, JSON.parse(event.data || "{}")));
  }

  close() {
    clearTimeout(this.retry);
    this.source?.close();
  }
}
