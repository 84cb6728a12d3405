// The address of a view: #person=1001&chat=1001, with &start=… for a deep link as on a printed QR code.

const PAYLOAD = /^[A-Za-z0-9_-]{1,64}$/;

/** The payload of a deep link, or null for one that Telegram would not hand to the bot. */
const payload = (value) => (PAYLOAD.test(value ?? "") ? value : null);

export function linkTo({ person, chat, start }) {
  const parts = Object.entries({ person, chat, start }).filter(([, value]) => value !== undefined && value !== null);
  return `#${parts.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`;
}

/** Numbers or null, and the start parameter as text or null. */
export function currentRoute() {
  const values = new URLSearchParams(location.hash.slice(1));
  const number = (name) => (/^-?\d+$/.test(values.get(name) ?? "") ? Number(values.get(name)) : null);
  return { person: number("person"), chat: number("chat"), start: payload(values.get("start")) };
}

/** A link t.me/<bot>?start=… opens the private chat here, with that parameter waiting behind the start button. */
export function resolveLink(address, bot, person) {
  const url = new URL(address);
  const isTelegram = url.hostname === "t.me" || url.hostname === "telegram.me";
  if (!isTelegram || url.pathname.slice(1).toLowerCase() !== bot.username?.toLowerCase()) return { href: address, external: true };
  return { href: linkTo({ person, chat: person, start: payload(url.searchParams.get("start")) }), external: false };
}
