// Which of the other people have something unread: asked for now and then, as events come only for the chosen person.
import { api } from "/page/api.js";
import { hasNews } from "/page/store.js";

const MOST_PEOPLE = 12;

/** The ids of people, other than the chosen one, who have an unseen message from somebody else. */
export async function peopleWithNews(people, chosen) {
  const others = people.filter(({ id }) => id !== chosen).slice(0, MOST_PEOPLE);
  const found = await Promise.all(others.map(async ({ id }) => ((await api.chats(id)).some((view) => hasNews(id, view)) ? id : null)));
  return new Set(found.filter((id) => id !== null));
}
