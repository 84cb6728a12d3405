// The page's own line icons (24 x 24), drawn as SVG elements; always hidden from assistive technology.

const SHAPES = {
  plus: ["M12 5v14", "M5 12h14"],
  back: ["M15 5l-7 7 7 7"],
  send: ["M5 12h13", "M12.5 5.5L19 12l-6.5 6.5"],
  clip: ["M19.5 11.5l-7.6 7.6a4.6 4.6 0 0 1-6.5-6.5l8-8a3.1 3.1 0 0 1 4.4 4.4l-8 8a1.6 1.6 0 0 1-2.2-2.2l7.3-7.4"],
  keyboard: ["M4 6.5h16a1.5 1.5 0 0 1 1.5 1.5v8a1.5 1.5 0 0 1-1.5 1.5H4A1.5 1.5 0 0 1 2.5 16V8A1.5 1.5 0 0 1 4 6.5z", "M6.5 10h.01", "M10 10h.01", "M14 10h.01", "M17.5 10h.01", "M8.5 14h7"],
  close: ["M6 6l12 12", "M18 6L6 18"],
  more: ["M12 5.5h.01", "M12 12h.01", "M12 18.5h.01"],
  photo: ["M4.5 5h15A1.5 1.5 0 0 1 21 6.5v11a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5v-11A1.5 1.5 0 0 1 4.5 5z", "M3.5 16.5l5-5 4 4 2.5-2.5 5.5 5", "M15.5 9.2h.01"],
  file: ["M7 3.5h6.5L18.5 8.5V19a1.5 1.5 0 0 1-1.5 1.5H7A1.5 1.5 0 0 1 5.5 19V5A1.5 1.5 0 0 1 7 3.5z", "M13.5 3.5v5h5"],
  download: ["M12 4v11", "M7.5 11l4.5 4.5 4.5-4.5", "M5 20h14"],
  pin: ["M12 21s-6.5-6.2-6.5-11a6.5 6.5 0 0 1 13 0c0 4.8-6.5 11-6.5 11z", "M12 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z"],
  reply: ["M10 6l-6 5.5 6 5.5", "M4.5 11.5H14a6 6 0 0 1 6 6v.5"],
  external: ["M9 6H6.5A1.5 1.5 0 0 0 5 7.5v10A1.5 1.5 0 0 0 6.5 19h10a1.5 1.5 0 0 0 1.5-1.5V15", "M13 5h6v6", "M19 5l-8 8"],
  copy: ["M9 8.5h9.5V20H9z", "M15 8V4H5.5v11.5H9"],
  down: ["M12 5v14", "M6 13l6 6 6-6"],
  bot: ["M7 8h10a2.5 2.5 0 0 1 2.5 2.5v5A2.5 2.5 0 0 1 17 18h-4l-3.5 3v-3H7a2.5 2.5 0 0 1-2.5-2.5v-5A2.5 2.5 0 0 1 7 8z", "M12 8V4.5", "M9.5 12.5v1", "M14.5 12.5v1"],
  group: ["M9 11.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6z", "M3.5 19c0-3 2.5-5 5.5-5s5.5 2 5.5 5", "M15.5 6a3 3 0 0 1 0 5.5", "M17 14.3c2.2.6 3.5 2.4 3.5 4.7"],
  channel: ["M4 10.5v3.5a1 1 0 0 0 1 1h2.5l8.5 4V5.5l-8.5 4H5a1 1 0 0 0-1 1z", "M8 15.5l1 4", "M19 10a3 3 0 0 1 0 4.5"],
  info: ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z", "M12 11v5", "M12 8h.01"],
  location: ["M12 21s-6.5-6.2-6.5-11a6.5 6.5 0 0 1 13 0c0 4.8-6.5 11-6.5 11z", "M12 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z"],
  block: ["M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z", "M6 6l12 12"],
  smile: ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z", "M8.5 14a4.2 4.2 0 0 0 7 0", "M9 9.5h.01", "M15 9.5h.01"],
  clock: ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z", "M12 7v5l3.5 2"],
  fault: ["M13 3L5 13.5h6L10.5 21 19 10h-6.5z"],
  person: ["M12 11.5a3.7 3.7 0 1 0 0-7.4 3.7 3.7 0 0 0 0 7.4z", "M5 20c0-3.6 3-6 7-6s7 2.4 7 6"],
  phone: ["M7 4h3l1.5 4-2 1.5a10 10 0 0 0 5 5l1.5-2 4 1.5v3a2 2 0 0 1-2 2A15 15 0 0 1 5 6a2 2 0 0 1 2-2z"],
};
const SVG = "http://www.w3.org/2000/svg";

/** An SVG element with presentation attributes only (a strict CSP forbids style attributes). */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

export function icon(name) {
  const paths = SHAPES[name].map((shape) => svg("path", { d: shape }));
  return svg("svg", { viewBox: "0 0 24 24", class: `icon icon-${name}`, "aria-hidden": "true", focusable: "false" }, ...paths);
}
