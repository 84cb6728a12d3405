// Short notes: toasts (answers to a button), announcements for screen readers, the banner about bot and connection.
import { openDialog } from "/page/dialogs.js";
import { byId, iconButton, make } from "/page/dom.js";
import { icon } from "/page/icons.js";
import { texts } from "/page/texts.js";

const TOAST_SECONDS = 8;
let toastTimer;

/** Shows a note for some seconds; it stays while pointer or focus rest on it. */
export function toast(text) {
  const close = () => byId("toasts").replaceChildren();
  const wait = () => {
    clearTimeout(toastTimer);
    toastTimer = setTimeout(close, TOAST_SECONDS * 1000);
  };
  const hold = () => clearTimeout(toastTimer);
  const events = { mouseenter: hold, mouseleave: wait, focusin: hold, focusout: wait };
  byId("toasts").replaceChildren(make("div", { class: "toast", data: { testid: "toast" }, on: events },
    make("span", { text, dir: "auto" }), iconButton("close", texts.close, { on: { click: close } })));
  wait();
}

/** Tells what failed; a fault of the page itself also goes to the console, where tests look. */
export function toastFailure(error) {
  if (error.name !== "Error") console.error(error);
  toast(texts.failed(error.message));
}

/** The bot's answer to a pressed button: a toast, or a dialog when the bot asks for attention. */
export function showAnswer({ text, show_alert: alert, url }, resolveLink) {
  if (url) {
    const { href, external } = resolveLink(url);
    const link = make("a", { class: "button primary", href, target: external ? "_blank" : null, rel: external ? "noopener noreferrer" : null }, texts.openLink);
    openDialog({ title: texts.botAnswer, testid: "alert", body: make("div", {}, make("p", { text: url }), link) });
  } else if (text && alert) {
    openDialog({ title: texts.botAnswer, testid: "alert", body: make("p", { class: "alert-text", text, dir: "auto" }) });
  } else if (text) toast(text);
}

/** Says something to screen readers only. */
export function announce(text) {
  byId("announcer").replaceChildren(make("p", { text }));
}

const banner = { connected: true, running: true, faults: [] };

/** Shows what is wrong at the moment: the connection first, then the bot, then faults on purpose. */
export function showState(change) {
  const wasConnected = banner.connected;
  Object.assign(banner, change);
  const faulty = banner.faults.length ? texts.faults.active(banner.faults.join(", ")) : "";
  const text = !banner.connected ? texts.reconnecting : [banner.running ? "" : texts.botNotRunning, faulty].filter(Boolean).join(" ");
  const node = byId("banner");
  if (node.textContent !== text) node.replaceChildren(...(text ? [icon("info"), make("span", { text })] : []));
  if (banner.connected && !wasConnected) announce(texts.reconnected);
}
