// Pictures, files, places and other attachments inside a message.
import { api } from "/page/api.js";
import { openDialog } from "/page/dialogs.js";
import { make } from "/page/dom.js";
import { coordinates, durationOf, fullName, sizeOf } from "/page/format.js";
import { icon, svg } from "/page/icons.js";
import { texts } from "/page/texts.js";

const INLINE_WIDTH = 800;

/** Pictures sent together as a grid, files sent together as a list; every picture has its own text alternative. */
export function albumOf(messages) {
  const pictures = messages.every((message) => message.photo);
  const name = texts.album(messages.length, pictures);
  return make("div", { class: pictures ? "album" : "album-files", role: "group", "aria-label": name, data: { testid: "album", count: messages.length } },
    ...messages.map((message, index) => (pictures ? photo(message, texts.photoOf(index + 1, messages.length)) : mediaOf(message))));
}

/** The attachment of a message as an element, or null for a plain text. */
export function mediaOf(message) {
  if (message.photo?.length) return photo(message);
  if (message.venue) return place(message.venue.location, message.venue);
  if (message.location) return place(message.location);
  if (message.video ?? message.animation) return player("video", message.video ?? message.animation, texts.video);
  if (message.document) return file(message.document, texts.document);
  if (message.voice ?? message.audio) return recording(message);
  if (message.contact) return contact(message.contact);
  if (message.sticker ?? message.dice) return make("p", { class: "big-emoji", text: (message.sticker ?? message.dice).emoji ?? texts.sticker });
  return null;
}

function photo(message, fallback = texts.photo) {
  const sizes = [...message.photo].sort((one, other) => one.width - other.width);
  const inline = sizes.find((size) => size.width >= INLINE_WIDTH) ?? sizes.at(-1);
  const alt = message.caption || fallback;
  const image = make("img", { src: api.filePath(inline.file_id), alt, width: inline.width, height: inline.height, loading: "lazy", "data-testid": "photo" });
  const enlarge = () => openDialog({ title: texts.photo, wide: true, body: make("img", { class: "large-photo", src: api.filePath(sizes.at(-1).file_id), alt }) });
  return make("button", { type: "button", class: "photo", title: texts.enlarge, on: { click: enlarge } }, image);
}

function file(document, fallback) {
  const name = document.file_name ?? fallback;
  return make("a", { class: "file", href: api.filePath(document.file_id), download: name, "aria-label": texts.download(name), "data-testid": "document" },
    make("span", { class: "file-icon" }, icon("file")),
    make("span", { class: "file-text" },
      make("span", { class: "file-name", text: name, dir: "auto" }),
      make("span", { class: "file-size", text: sizeOf(document.file_size) })),
    icon("download"));
}

function player(tag, media, label) {
  return make(tag, { class: "player", controls: true, preload: "none", src: api.filePath(media.file_id), "aria-label": label });
}

/** A recording with its length and a hint where its words can be read. */
function recording(message) {
  const sound = message.voice ?? message.audio;
  const length = sound.duration === undefined ? texts.audio : `${texts.audio}, ${durationOf(sound.duration)}`;
  return make("figure", { class: "recording", data: { testid: "voice" } }, player("audio", sound, length),
    make("figcaption", { text: `${length} · ${message.caption ? texts.transcriptBelow : texts.noTranscript}` }));
}

function place(location, venue = null) {
  const where = coordinates(location);
  return make("div", { class: "place", data: { testid: "location" } },
    sketch(location, texts.map(where)),
    make("div", { class: "place-text" },
      venue && make("strong", { text: venue.title, dir: "auto" }),
      venue && make("span", { text: venue.address, dir: "auto" }),
      make("span", { class: "place-coordinates", text: where })));
}

/** A map-like drawing without any map data: its lines follow from the coordinates, so different places look different. */
function sketch({ latitude, longitude }, label) {
  const slope = Math.round((latitude * 997) % 40);
  const bend = Math.round((longitude * 991) % 60);
  const roads = [
    `M-10 ${30 + slope} C 70 ${20 + bend}, 150 ${110 - slope}, 290 ${60 + slope / 2}`,
    `M${60 + bend} -10 C ${80 + slope} 50, ${120 + bend} 90, ${100 + bend} 150`,
    `M${190 + slope} -10 L ${170 + bend} 150`,
  ];
  const water = `M-10 ${112 - bend / 2} C 60 ${90 - bend / 3}, 180 ${142 - slope}, 290 ${100 - slope / 2} L 290 150 L -10 150 Z`;
  return svg("svg", { class: "sketch", viewBox: "0 0 280 130", preserveAspectRatio: "xMidYMid slice", role: "img", "aria-label": label },
    svg("rect", { class: "sketch-land", width: 280, height: 130 }),
    svg("path", { class: "sketch-water", d: water }),
    ...roads.map((d, index) => svg("path", { class: index ? "sketch-lane" : "sketch-road", d })),
    svg("circle", { class: "sketch-halo", cx: 140, cy: 66, r: 22 }),
    svg("path", { class: "sketch-pin", d: "M140 70s-13-13-13-23a13 13 0 0 1 26 0c0 10-13 23-13 23z" }),
    svg("circle", { class: "sketch-dot", cx: 140, cy: 46, r: 4.5 }));
}

function contact(person) {
  return make("div", { class: "file" },
    make("span", { class: "file-icon" }, icon("phone")),
    make("span", { class: "file-text" },
      make("span", { class: "file-name", text: fullName(person), dir: "auto" }),
      make("span", { class: "file-size", text: person.phone_number })));
}
