// Rich messages: headings, tables, lists, parts to unfold; built from the blocks, nothing here parses HTML.
import { api } from "/page/api.js";
import { make } from "/page/dom.js";
import { coordinates } from "/page/format.js";
import { icon } from "/page/icons.js";
import { buttonKey, copy, showBusy } from "/page/keyboards.js";
import { linkProperties, safeLink, spoiler } from "/page/richtext.js";
import { texts } from "/page/texts.js";

const INLINE = { bold: "b", italic: "i", underline: "u", strikethrough: "s", subscript: "sub", superscript: "sup", marked: "mark", code: "code" };
const FIRST_HEADING = 3; // the page's own headings come before those of messages
const LAST_HEADING = 6;
const ADDRESS = { url: ({ url }) => url, email_address: ({ email_address: mail }) => `mailto:${mail}`, phone_number: ({ phone_number: number }) => `tel:${number}` };

/** The content of a message's bubble. `actions`: resolveLink(url), sendText(text), pressInside(message, number). */
export function richMessage(message, busyButtons, actions) {
  const { blocks, is_rtl: rtl } = message.rich_message;
  const state = { message, busyButtons, actions, buttons: 0 };
  return make("div", { class: "text rich", dir: rtl ? "rtl" : "auto", data: { testid: "rich-message" } }, ...blocks.map((one) => blockOf(one, state)));
}

const within = (blocks, state) => blocks.map((one) => blockOf(one, state));

const BLOCKS = {
  paragraph: (one, state) => make("p", {}, ...words(one.text, state)),
  heading: (one, state) => make(`h${Math.min(FIRST_HEADING + one.size - 1, LAST_HEADING)}`, { class: `rich-heading-${one.size}` }, ...words(one.text, state)),
  footer: (one, state) => make("footer", {}, ...words(one.text, state)),
  thinking: (one, state) => make("p", { class: "rich-quiet" }, ...words(one.text, state)),
  pre: (one, state) => make("pre", {}, make("code", {}, ...words(one.text, state))),
  divider: () => make("hr"),
  anchor: ({ name }, { message }) => make("span", { id: anchorId(message, name) }),
  mathematical_expression: ({ expression }) => make("p", {}, make("code", { text: expression })),
  list: (one, state) => list(one, state),
  blockquote: (one, state) => make("blockquote", {}, ...within(one.blocks, state), credit(one, state)),
  expandable_blockquote: (one, state) => make("blockquote", {}, make("p", {}, ...words(one.text, state)), credit(one, state)),
  pullquote: (one, state) => make("blockquote", { class: "rich-pullquote" }, make("p", {}, ...words(one.text, state)), credit(one, state)),
  details: (one, state) => make("details", { open: one.is_open }, make("summary", {}, ...words(one.summary, state)), ...within(one.blocks, state)),
  collage: (one, state) => figure(one, state, ...within(one.blocks, state)),
  slideshow: (one, state) => figure(one, state, ...within(one.blocks, state)),
  table: (one, state) => table(one, state),
  map: (one, state) => figure(one, state, make("p", { text: `${texts.location}: ${coordinates(one.location)}` })),
  buttons: (one, state) => make("div", { class: "button-row", role: "group", "aria-label": texts.inlineKeyboard }, ...one.buttons.map((button) => buttonOf(button, state))),
  photo: (one, state) => figure(one, state, make("img", { src: api.filePath(one.photo.at(-1).file_id), alt: plainWords(one.caption?.text) || texts.photo, loading: "lazy" })),
  document: (one, state) => figure(one, state, make("a", { href: api.filePath(one.document.file_id), download: one.document.file_name ?? "", text: one.document.file_name ?? texts.document })),
  voice_note: (one, state) => figure(one, state, make("audio", { class: "player", controls: true, src: api.filePath(one.voice_note.file_id), "aria-label": texts.audio })),
};

const blockOf = (one, state) => (BLOCKS[one.type] ?? (() => make("p", { text: texts.unknownMessage })))(one, state);

const credit = (one, state) => one.credit && make("cite", {}, ...words(one.credit, state));

function figure(one, state, ...content) {
  const caption = one.caption && make("figcaption", {}, ...words(one.caption.text, state), one.caption.credit && " ", credit(one.caption, state));
  return make("figure", { class: "rich-figure" }, ...content, caption);
}

function list({ items }, state) {
  const ordered = items.some(({ value, type }) => value || type);
  return make(ordered ? "ol" : "ul", { class: "rich-list", role: "list" }, ...items.map((item) => make("li", {},
    make("span", { class: "rich-label", text: `${item.label} ` }),
    item.has_checkbox && make("span", { class: "rich-check", role: "img", "aria-label": item.is_checked ? texts.ticked : texts.unticked, text: item.is_checked ? "☑" : "☐" }),
    make("div", {}, ...within(item.blocks, state)))));
}

function table(one, state) {
  const look = ["rich-table", one.is_bordered && "bordered", one.is_striped && "striped"].filter(Boolean).join(" ");
  const rows = one.cells.map((row, index) => make("tr", {}, ...row.map((cell) => cellOf(cell, index, state))));
  const name = plainWords(one.caption) || texts.table;
  return make("div", { class: "rich-scroll", tabindex: "0", role: "region", "aria-label": name },
    make("table", { class: look }, one.caption && make("caption", {}, ...words(one.caption, state)), make("tbody", {}, ...rows)));
}

function cellOf(cell, row, state) {
  const place = { class: `align-${cell.align} valign-${cell.valign}`, colspan: cell.colspan, rowspan: cell.rowspan };
  const scope = cell.is_header && { scope: row === 0 ? "col" : "row" };
  return make(cell.is_header ? "th" : "td", { ...place, ...scope }, ...words(cell.text ?? "", state));
}

/** A rich text as nodes. */
function words(text, state) {
  if (typeof text === "string") return [text];
  if (Array.isArray(text)) return text.flatMap((part) => words(part, state));
  return [wordOf(text, state)];
}

function wordOf(one, state) {
  const inner = one.text === undefined ? [] : words(one.text, state);
  if (INLINE[one.type]) return make(INLINE[one.type], {}, ...inner);
  if (one.type === "button") return buttonOf(one.button, state);
  if (one.type === "spoiler") return withChildren(spoiler(), inner);
  if (one.type === "bot_command") return make("button", { type: "button", class: "command-link", text: one.bot_command, on: { click: () => state.actions.sendText(one.bot_command) } });
  if (one.type === "anchor" || one.type === "reference") return make("span", { id: anchorId(state.message, one.name) }, ...inner);
  if (one.type === "anchor_link" || one.type === "reference_link") return jump(one, inner, state);
  const address = ADDRESS[one.type] && safeLink(withScheme(ADDRESS[one.type](one)));
  if (address) return make("a", linkProperties(state.actions.resolveLink(address)), ...inner);
  return make("span", { text: inner.length ? null : one.alternative_text ?? one.expression }, ...inner);
}

const withChildren = (node, children) => (node.append(...children), node);
const withScheme = (address) => (/^[a-z]+:/i.test(address) ? address : `http://${address}`);
const anchorId = (message, name) => `anchor-${message.message_id}-${name}`;

function jump(one, inner, { message }) {
  const target = anchorId(message, one.anchor_name ?? one.reference_name);
  return make("button", { type: "button", class: "command-link", on: { click: () => document.getElementById(target)?.scrollIntoView({ block: "center" }) } }, ...inner);
}

function buttonOf(button, state) {
  const { message, actions, busyButtons } = state;
  const number = state.buttons;
  state.buttons += 1;
  const look = { class: button.style === "link" ? "command-link" : "inline-button", data: { testid: "rich-button" }, dir: "auto" };
  const text = plainWords(button.text);
  const address = safeLink(button.url);
  if (address) {
    const target = actions.resolveLink(address);
    return make("a", { ...look, ...linkProperties(target) }, text, target.external && icon("external"));
  }
  if (button.copy_text) return make("button", { ...look, type: "button", on: { click: () => copy(button.copy_text.text) } }, text, icon("copy"));
  if (button.callback_data === undefined) return make("button", { ...look, type: "button", disabled: true, text });
  const node = make("button", { ...look, type: "button", text, on: { click: () => actions.pressInside(message, number) } });
  node.dataset.key = buttonKey(message.message_id, "inside", number);
  showBusy(node, busyButtons.has(node.dataset.key));
  return node;
}

function plainWords(text) {
  if (typeof text === "string") return text;
  if (Array.isArray(text)) return text.map(plainWords).join("");
  return text ? plainWords(text.text ?? text.alternative_text ?? text.expression ?? "") : "";
}
