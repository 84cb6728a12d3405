// Where people write: text, an attached picture or file, a place, a reply; drafts are kept for each chat.
import { CommandMenu } from "/page/commands.js";
import { byId, iconButton, make } from "/page/dom.js";
import { senderOf, sizeOf, summaryOf } from "/page/format.js";
import { askForLocation } from "/page/forms.js";
import { icon } from "/page/icons.js";
import { menuButton } from "/page/menu.js";
import { texts } from "/page/texts.js";
import { announce, toast } from "/page/notices.js";

const MEGABYTE = 1024 * 1024;
const LIMITS = { photo: 10, document: 50 };

export class Composer {
  /** `send(content)` gets {text, …}, {location} or FormData and resolves to whether it was sent. */
  constructor({ send, sendCommand }) {
    this.send = send;
    this.form = byId("composer-form");
    this.input = byId("composer");
    this.menu = new CommandMenu(this.input, (command, complete) => this.takeCommand(command, complete, sendCommand));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.input.addEventListener("input", () => (this.conversation.draft = this.input.value));
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("paste", (event) => this.onPaste(event));
    this.prepareAttachments();
  }

  prepareAttachments() {
    const pick = (field) => byId(`${field}-input`).click();
    byId("attach").append(...menuButton({ sign: "clip", label: texts.attach, testid: "attach", look: "upwards", items: () => [
      { icon: "photo", text: texts.attachPhoto, testid: "attach-photo", act: () => pick("photo") },
      { icon: "file", text: texts.attachDocument, testid: "attach-document", act: () => pick("document") },
      { icon: "pin", text: texts.attachLocation, testid: "attach-location", act: () => askForLocation((location) => this.send({ location })) },
    ] }));
    for (const field of ["photo", "document"]) {
      byId(`${field}-input`).addEventListener("change", (event) => {
        if (event.target.files[0]) this.attach(field, event.target.files[0]);
        event.target.value = "";
      });
    }
  }

  /** Brings back what this person had begun to write here. */
  show(conversation) {
    this.conversation = conversation;
    this.input.value = conversation.draft;
    this.menu.close();
    this.menu.setCommands(conversation.commands);
    this.showExtras();
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  onKey(event) {
    if (event.isComposing || this.menu.handleKey(event)) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    this.submit();
  }

  onPaste(event) {
    const picture = [...event.clipboardData.files].find((file) => file.type.startsWith("image/"));
    if (!picture) return;
    event.preventDefault();
    this.attach("photo", picture);
  }

  attach(field, file) {
    if (!this.conversation) return undefined;
    if (file.size > LIMITS[field] * MEGABYTE) return toast(texts.tooLarge(LIMITS[field]));
    this.conversation.attachment = { field, file };
    this.showExtras();
    announce(texts.attached(file.name));
    return this.focus();
  }

  replyTo(message) {
    this.conversation.replyTo = message;
    this.showExtras();
    this.focus();
  }

  /** The strip above the text: what is attached and what is being answered, each with a button to drop it. */
  showExtras() {
    const { attachment, replyTo } = this.conversation;
    const drop = (name) => () => {
      this.conversation[name] = null;
      this.showExtras();
      this.focus();
    };
    const strip = (sign, title, detail, label, name) => make("div", { class: "extra", data: { testid: name } }, icon(sign),
      make("span", { class: "extra-text" }, make("strong", { text: title, dir: "auto" }), make("span", { text: detail, dir: "auto" })),
      iconButton("close", label, { on: { click: drop(name) } }));
    byId("composer-extra").replaceChildren(...[
      replyTo && strip("reply", texts.replyTo(senderOf(replyTo)), summaryOf(replyTo), texts.dropReply, "replyTo"),
      attachment && strip(attachment.field === "photo" ? "photo" : "file", attachment.file.name, sizeOf(attachment.file.size), texts.dropAttachment, "attachment"),
    ].filter(Boolean));
    this.showPlaceholder();
  }

  showPlaceholder() {
    const wish = this.conversation.keyboardOpen && this.conversation.keyboard?.input_field_placeholder;
    this.input.placeholder = this.conversation.attachment ? texts.captionPlaceholder : wish || texts.messagePlaceholder;
  }

  async submit() {
    const conversation = this.conversation;
    const { attachment, replyTo } = conversation;
    const text = this.input.value.trim();
    this.menu.close();
    this.focus();
    if (!text && !attachment) return;
    Object.assign(conversation, { draft: "", attachment: null, replyTo: null });
    this.show(conversation);
    const sent = await this.send(attachment ? upload(attachment, text, replyTo) : { text, ...(replyTo && { reply_to_message_id: replyTo.message_id }) }, conversation);
    if (sent || conversation.draft) return;
    Object.assign(conversation, { draft: text, attachment, replyTo });
    if (this.conversation === conversation) this.show(conversation);
  }

  takeCommand(command, complete, sendCommand) {
    if (this.input.value.startsWith("/")) this.input.value = "";
    if (complete) this.input.value = `/${command} `;
    this.conversation.draft = this.input.value;
    this.focus();
    if (!complete) sendCommand(command);
  }
}

function upload({ field, file }, caption, replyTo) {
  const content = new FormData();
  if (caption) content.append("caption", caption);
  if (replyTo) content.append("reply_to_message_id", replyTo.message_id);
  content.append(field, file, file.name);
  return content;
}
