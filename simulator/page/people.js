// The people one can write as: a radio group, so that arrow keys switch and screen readers say who is chosen.
import { avatar, byId, make } from "/page/dom.js";
import { fullName, languageName } from "/page/format.js";
import { showList } from "/page/lists.js";
import { texts } from "/page/texts.js";

let news = new Set();

/** Shows everybody; `choose(id)` is called when the user picks somebody else. */
export function showPeople(people, chosen, choose) {
  const list = byId("people");
  const hadFocus = list.contains(document.activeElement);
  showList(list, people, (person) => option(person, person.id === chosen));
  list.onclick = ({ target }) => choose(Number(target.closest(".person")?.dataset.key ?? chosen));
  list.onkeydown = (event) => onKey(event, people, chosen, choose);
  const current = list.querySelector("[aria-checked=true]");
  if (hadFocus) current?.focus();
  current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  showCurrent(people.find((person) => person.id === chosen));
}

function option(person, checked) {
  const node = make("button", {
    type: "button", role: "radio", class: "person", "aria-checked": String(checked), tabindex: checked ? "0" : "-1",
    title: describe(person), data: { testid: `person-${person.id}`, key: person.id },
  },
  avatar({ id: person.id, name: fullName(person) }),
  make("span", { class: "person-name", text: person.first_name, dir: "auto" }),
  make("span", { class: "person-note", text: person.note || languageName(person.language_code ?? "de"), dir: "auto" }));
  markNews(node);
  return node;
}

/** Marks the people who have unread messages. */
export function showNews(ids) {
  news = ids;
  for (const node of byId("people").children) markNews(node);
}

function markNews(node) {
  const wanted = news.has(Number(node.dataset.key)) && node.getAttribute("aria-checked") !== "true";
  const mark = node.querySelector(".person-news");
  if (wanted && !mark) node.append(make("span", { class: "person-news" }, make("span", { class: "visually-hidden", text: texts.personHasNews })));
  if (!wanted) mark?.remove();
}

const describe = (person) => [fullName(person), person.note, languageName(person.language_code ?? "de")].filter(Boolean).join(" · ");

function onKey(event, people, chosen, choose) {
  const index = people.findIndex((person) => person.id === chosen);
  const steps = { ArrowDown: index + 1, ArrowRight: index + 1, ArrowUp: index - 1, ArrowLeft: index - 1, Home: 0, End: -1 };
  if (!(event.key in steps) || people.length === 0) return;
  event.preventDefault();
  choose(people.at(steps[event.key] % people.length).id);
}

function showCurrent(person) {
  if (!person) return;
  const facts = [person.note, languageName(person.language_code ?? "de"), person.blocked && texts.blockedPerson, person.deactivated && texts.deactivatedPerson].filter(Boolean).join(" · ");
  byId("whoami").replaceChildren(
    make("p", { class: "whoami-label", text: texts.writingAs }),
    make("p", { class: "whoami-name", text: fullName(person), dir: "auto" }),
    make("p", { class: "whoami-facts", text: facts, dir: "auto" }));
}
