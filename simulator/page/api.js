// The person side of the server as functions: one per call of the control API.
import { texts } from "/page/texts.js";

async function request(method, path, body) {
  const options = { method, headers: { Accept: "application/json" } };
  if (body instanceof FormData) options.body = body;
  else if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const response = await fetch(path, options).catch(() => {
    throw new Error(texts.unreachable);
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `${response.status} ${response.statusText}`);
  return answer;
}

const inChat = (person, chat) => `/sim/people/${person}/chats/${chat}`;

export const api = {
  world: () => request("GET", "/sim/world"),
  addPerson: (person) => request("POST", "/sim/people", person),
  addChat: (chat) => request("POST", "/sim/chats", chat),
  changeMember: (chat, change) => request("POST", `/sim/chats/${chat}/members`, change),
  chats: (person) => request("GET", `/sim/people/${person}/chats`),
  messages: (person, chat, before) =>
    request("GET", `${inChat(person, chat)}/messages?limit=${api.pageSize}${before ? `&before=${before}` : ""}`),
  send: (person, chat, content) => request("POST", `${inChat(person, chat)}/send`, content),
  vote: (person, chat, vote) => request("POST", `${inChat(person, chat)}/vote`, vote),
  react: (person, chat, reaction) => request("POST", `${inChat(person, chat)}/react`, reaction),
  upgrade: (chat) => request("POST", `/sim/chats/${chat}/upgrade`, {}),
  setDeactivated: (person, deactivated) => request("POST", `/sim/people/${person}/deactivate`, { deactivated }),
  faults: () => request("GET", "/sim/faults"),
  setFaults: (plan) => request("POST", "/sim/faults", plan),
  clearFaults: () => request("DELETE", "/sim/faults"),
  limits: () => request("GET", "/sim/limits"),
  setLimits: (change) => request("POST", "/sim/limits", change),
  travel: (forward) => request("POST", "/sim/clock", { forward }),
  press: (person, chat, button) => request("POST", `${inChat(person, chat)}/press`, button),
  setBlocked: (person, blocked) => request("POST", `/sim/people/${person}/${blocked ? "block" : "unblock"}`, {}),
  commands: (person, chat) => request("GET", `${inChat(person, chat)}/commands`),
  profile: (person, chat) => request("GET", `${inChat(person, chat)}/profile`),
  eventsPath: (person) => `/sim/events?person=${person}`,
  filePath: (file) => `/sim/files/${encodeURIComponent(file)}`,
  pageSize: 50,
};
