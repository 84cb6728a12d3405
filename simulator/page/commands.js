// The command menu above the composer: typing "/" or the slash button opens it, typing filters it, arrows and Enter choose.
import { byId, make } from "/page/dom.js";
import { texts } from "/page/texts.js";
import { announce } from "/page/notices.js";

export class CommandMenu {
  /** `choose(command, complete)`: complete is true when the command is only to be filled in (Tab), not sent. */
  constructor(composer, choose) {
    this.composer = composer;
    this.choose = choose;
    this.list = byId("commands");
    this.button = byId("commands-button");
    this.commands = [];
    this.button.addEventListener("click", () => this.toggle());
    composer.setAttribute("aria-controls", "commands");
    composer.addEventListener("input", () => this.filter());
    composer.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.button.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  setCommands(commands) {
    this.commands = commands;
    this.button.hidden = commands.length === 0;
    const isTyping = document.activeElement === this.composer && this.composer.value.startsWith("/");
    if (isTyping) this.filter();
    else if (this.isOpen) this.open(commands);
  }

  get isOpen() {
    return !this.list.hidden;
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open(this.commands);
    this.composer.focus();
  }

  filter() {
    const typed = /^\/(\S*)$/.exec(this.composer.value);
    const found = typed ? this.commands.filter(({ command }) => command.startsWith(typed[1].toLowerCase())) : [];
    if (found.length === 0) this.close();
    else this.open(found);
  }

  open(found) {
    if (found.length === 0) return;
    this.list.replaceChildren(...found.map((entry, index) => this.option(entry, index)));
    this.list.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.mark(null);
    announce(texts.commandCount(found.length));
  }

  close() {
    this.list.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    this.mark(null);
  }

  option({ command, description }, index) {
    return make("div", { class: "command", role: "option", id: `command-${index}`, "aria-selected": "false", data: { command }, on: { click: () => this.take(command, false) } },
      make("span", { class: "command-name", text: `/${command}` }), " ",
      make("span", { class: "command-description", text: description, dir: "auto" }));
  }

  take(command, complete) {
    this.close();
    this.choose(command, complete);
  }

  mark(option) {
    this.marked = option;
    for (const other of this.list.children) other.setAttribute("aria-selected", String(other === option));
    if (!option) return this.composer.removeAttribute("aria-activedescendant");
    this.composer.setAttribute("aria-activedescendant", option.id);
    return option.scrollIntoView({ block: "nearest" });
  }

  /** True when the key belonged to the open menu. Enter without a marked command is left to the composer. */
  handleKey(event) {
    if (!this.isOpen) return false;
    const options = [...this.list.children];
    const index = options.indexOf(this.marked);
    if (event.key === "ArrowDown") this.mark(options[(index + 1) % options.length]);
    else if (event.key === "ArrowUp") this.mark(options.at(index < 0 ? -1 : index - 1));
    else if (event.key === "Escape") this.close();
    else if (this.marked && (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey))) this.take(this.marked.dataset.command, event.key === "Tab");
    else {
      if (event.key === "Tab") this.close(); // before the focus moves, so that it never lands on the list
      return false;
    }
    event.preventDefault();
    return true;
  }
}
