// A button that opens a small menu: arrow keys move, Enter chooses, Escape and leaving it close it.
import { iconButton, make } from "/page/dom.js";
import { icon } from "/page/icons.js";

/** `items()` is asked at each opening and gives {icon, text, testid, act} or, for a single sign, {emoji, label, testid, act}. */
export function menuButton({ sign, label, testid, items, look = "", buttonLook = "icon-button" }) {
  const list = make("div", { class: `menu ${look}`, role: "menu", "aria-label": label, hidden: true });
  const button = iconButton(sign, label, { class: buttonLook, "aria-haspopup": "menu", "aria-expanded": "false", "data-testid": testid });
  const entries = () => [...list.children];
  const close = ({ refocus }) => {
    list.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (refocus) button.focus();
  };
  const open = () => {
    list.replaceChildren(...items().map((item) => menuItem(item, () => close({ refocus: true }))));
    list.hidden = false;
    button.setAttribute("aria-expanded", "true");
    entries()[0]?.focus();
  };
  button.addEventListener("click", () => (list.hidden ? open() : close({ refocus: true })));
  list.addEventListener("keydown", (event) => onKey(event, entries(), close));
  list.addEventListener("focusout", (event) => {
    if (!list.contains(event.relatedTarget) && event.relatedTarget !== button) close({ refocus: false });
  });
  return [button, list];
}

function menuItem({ icon: sign, text, emoji, label, testid, act }, close) {
  const choose = () => {
    close();
    act();
  };
  return make("button", { type: "button", role: "menuitem", tabindex: "-1", "aria-label": label, title: label, data: { testid }, on: { click: choose } }, sign && icon(sign), make("span", { text: text ?? emoji }));
}

function onKey(event, entries, close) {
  const index = entries.indexOf(document.activeElement);
  const moves = { ArrowDown: index + 1, ArrowRight: index + 1, ArrowUp: index - 1, ArrowLeft: index - 1, Home: 0, End: -1 };
  if (event.key in moves) {
    event.preventDefault();
    entries.at(moves[event.key] % entries.length).focus();
  } else if (event.key === "Escape") close({ refocus: true });
}
