// The page's forms: a new person, a new group or channel, the members of a group, a place to send.
import { api } from "/page/api.js";
import { choice, field, openDialog, openForm } from "/page/dialogs.js";
import { make } from "/page/dom.js";
import { fullName, languageName } from "/page/format.js";
import { texts } from "/page/texts.js";
import { toastFailure } from "/page/notices.js";

const filled = (values, names) => Object.fromEntries(names.map((name) => [name, (values.get(name) ?? "").trim()]).filter(([, value]) => value));

export function askForPerson(created) {
  const words = texts.personForm;
  openForm({
    title: texts.addPerson,
    testid: "person-form",
    action: words.create,
    fields: [
      field("first_name", words.firstName, { required: true, maxlength: 64 }),
      field("last_name", words.lastName, { maxlength: 64 }),
      field("username", words.username, { maxlength: 32 }),
      choice("language_code", words.language, texts.languages.map((code) => [code, languageName(code)])),
      field("note", words.note, { maxlength: 80 }),
    ],
    submit: async (values) => {
      const person = filled(values, ["first_name", "last_name", "username", "language_code", "note"]);
      if (!person.first_name) throw new Error(words.required);
      return api.addPerson(person);
    },
    done: created,
  });
}

/** People to tick for a new group; the person who creates it is always in it. */
export function askForChat(world, creator, created) {
  const words = texts.chatForm;
  const box = (name, value, label, checked, locked = false) => make("label", { class: "check" },
    make("input", { type: "checkbox", name, value, checked, disabled: locked }), make("span", { text: label, dir: "auto" }));
  openForm({
    title: texts.addChat,
    testid: "chat-form",
    action: words.create,
    fields: [
      choice("type", words.type, Object.entries(words.types)),
      field("title", words.title, { required: true, maxlength: 128 }),
      make("fieldset", {}, make("legend", { text: words.members }),
        box("bot", "1", world.bot.first_name, true),
        ...world.people.map((person) => box("members", person.id, fullName(person), person.id === creator, person.id === creator))),
    ],
    submit: async (values) => {
      const chat = { ...filled(values, ["type", "title"]), members: [creator, ...values.getAll("members").map(Number)] };
      if (!chat.title) throw new Error(words.required);
      const made = await api.addChat(chat);
      if (values.get("bot") && !made.bot_member) await api.changeMember(made.id, { bot: true, action: "add" });
      return made;
    },
    done: created,
  });
}

/** Adds and removes people and the bot; each change takes effect at once, as in a messenger. */
export function manageMembers(chat, world) {
  const list = make("ul", { class: "member-list" });
  const row = (label, isMember, who) => {
    const change = async () => {
      try {
        fill(await api.changeMember(chat.id, { ...who, action: isMember ? "remove" : "add" }));
        list.querySelector(`[data-who="${who.person ?? "bot"}"]`)?.focus();
      } catch (error) {
        toastFailure(error);
      }
    };
    const words = texts.memberForm;
    const action = isMember ? words.remove : words.add;
    return make("li", {},
      make("span", { class: "member-name" }, make("span", { text: label, dir: "auto" }), make("small", { text: isMember ? words.isMember : words.notMember })),
      make("button", { type: "button", class: "button small", "aria-label": `${action}: ${label}`, data: { who: who.person ?? "bot" }, text: action, on: { click: change } }));
  };
  const fill = (info) => list.replaceChildren(
    row(`${world.bot.first_name} (${texts.memberForm.bot})`, info.bot_member, { bot: true }),
    ...world.people.map((person) => row(fullName(person), info.members.includes(person.id), { person: person.id })));
  fill(chat);
  openDialog({ title: texts.manageMembers, testid: "member-form", body: list });
}

/** Asks whether the person's made-up telephone number may go to the bot. */
export function askForContact(send, done) {
  const words = texts.contactForm;
  openForm({ title: words.title, testid: "contact-form", action: texts.send, fields: [make("p", { text: words.question })], submit: send, done });
}

/** Asks for a place: one of the examples or coordinates; `send({latitude, longitude})`, and `done()` afterwards. */
export function askForLocation(send, done) {
  const words = texts.locationForm;
  const latitude = field("latitude", words.latitude, { required: true, inputmode: "decimal", hint: words.hint });
  const longitude = field("longitude", words.longitude, { required: true, inputmode: "decimal" });
  const pick = (place) => {
    latitude.querySelector("input").value = String(place.latitude).replace(".", ",");
    longitude.querySelector("input").value = String(place.longitude).replace(".", ",");
  };
  const places = make("fieldset", { class: "places" }, make("legend", { text: words.places }),
    make("div", { class: "place-buttons" }, ...texts.places.map((place) =>
      make("button", { type: "button", class: "button small", text: place.name, data: { testid: "place" }, on: { click: () => pick(place) } }))));
  pick(texts.places[0]);
  openForm({
    title: words.title,
    testid: "location-form",
    action: texts.send,
    fields: [places, latitude, longitude],
    submit: async (values) => {
      const [north, east] = ["latitude", "longitude"].map((name) => Number((values.get(name) || "x").replace(",", ".")));
      if (!(Math.abs(north) <= 90 && Math.abs(east) <= 180)) throw new Error(words.required);
      await send({ latitude: north, longitude: east });
    },
    done,
  });
}
