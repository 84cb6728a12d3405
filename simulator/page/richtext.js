// Formatted message text. The server's HTML is whitelisted; the page trusts nothing and copies only what it knows.
import { make } from "/page/dom.js";
import { texts } from "/page/texts.js";

const COPIED = { B: "b", STRONG: "b", I: "i", EM: "i", U: "u", INS: "u", S: "s", DEL: "s", CODE: "code", PRE: "pre", BLOCKQUOTE: "blockquote" };
const DROPPED = new Set(["SCRIPT", "STYLE", "TEMPLATE", "IFRAME", "OBJECT", "NOSCRIPT"]);
const LINK_SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);

/** The message's text as nodes; `resolveLink(url)` may turn a link to the bot into one inside this page. */
export function richText(html, resolveLink) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const target = document.createDocumentFragment();
  copyChildren(parsed.body, target, resolveLink);
  return target;
}

function copyChildren(source, target, resolveLink) {
  for (const child of source.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) target.append(afterBlock(child) ? child.data.replace(/^\n/, "") : child.data);
    else if (child.nodeType === Node.ELEMENT_NODE && !DROPPED.has(child.tagName)) {
      const copy = copyOf(child, resolveLink);
      copyChildren(child, copy ?? target, resolveLink);
      if (copy) target.append(copy);
    }
  }
}

/** A block ends its line already; the newline after it would show as an empty line. */
const afterBlock = (node) => ["PRE", "BLOCKQUOTE"].includes(node.previousSibling?.tagName);

function copyOf(node, resolveLink) {
  if (COPIED[node.tagName]) return make(COPIED[node.tagName]);
  if (node.tagName === "A") return link(node.getAttribute("href"), resolveLink);
  if (node.tagName === "SPAN" && node.className.includes("spoiler")) return spoiler();
  return null;
}

function link(address, resolveLink) {
  const target = safeLink(address);
  return target && make("a", linkProperties(resolveLink(target)));
}

/** The address when it is one a browser may safely open, else null. */
export function safeLink(address) {
  try {
    return LINK_SCHEMES.has(new URL(address).protocol) ? address : null;
  } catch {
    return null;
  }
}

/** Attributes of a link: those that leave the page open a new tab and hand over nothing. */
export function linkProperties({ href, external }) {
  return external ? { href, target: "_blank", rel: "noopener noreferrer", "aria-describedby": "new-tab-hint" } : { href };
}

/** A covered stretch of text that a press uncovers. */
export function spoiler() {
  const node = make("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": texts.spoiler });
  const reveal = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    for (const name of ["role", "tabindex", "aria-label"]) node.removeAttribute(name);
    node.classList.add("revealed");
  };
  node.addEventListener("click", reveal, { once: true });
  node.addEventListener("keydown", reveal);
  return node;
}

/** Makes the commands a bot names in its text pressable, as Telegram does; `entities` say where they stand. */
export function linkCommands(root, message, send) {
  const text = message.text ?? message.caption ?? "";
  const entities = message.entities ?? message.caption_entities ?? [];
  const commands = new Set(entities.filter(({ type }) => type === "bot_command").map(({ offset, length }) => text.slice(offset, offset + length)));
  if (commands.size === 0) return;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) if (!walker.currentNode.parentElement?.closest("a, code, pre, .spoiler")) nodes.push(walker.currentNode);
  for (const node of nodes) replaceCommands(node, commands, send);
}

function replaceCommands(node, commands, send) {
  const parts = node.data.split(/(\/[A-Za-z0-9_]+(?:@[A-Za-z0-9_]+)?)/);
  if (!parts.some((part) => commands.has(part))) return;
  node.replaceWith(...parts.map((part) =>
    commands.has(part) ? make("button", { type: "button", class: "command-link", dir: "ltr", text: part, on: { click: () => send(part) } }) : part));
}
