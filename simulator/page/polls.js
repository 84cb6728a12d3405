// Polls: a group of radio buttons or tick boxes until one has voted, then the votes as bars, counts and percentages.
import { make } from "/page/dom.js";
import { svg } from "/page/icons.js";
import { richText } from "/page/richtext.js";
import { texts } from "/page/texts.js";

/** The poll of a message. `wishes` keeps what is ticked but not yet sent; `actions`: vote(message, options), resolveLink. */
export function pollOf(message, wishes, actions) {
  const { poll } = message;
  const chosen = message.sim.chosen ?? [];
  const voted = chosen.length > 0;
  const open = !voted && !poll.is_closed && message.sim.chosen !== undefined;
  const facts = [poll.type === "quiz" ? texts.quiz : texts.poll, texts.pollVotes(poll.total_voter_count), !poll.is_anonymous && texts.pollPublic, poll.is_closed && texts.pollClosed];
  const title = make("strong", { class: "poll-question", text: poll.question, dir: "auto" });
  return make("div", { class: "poll", data: { testid: "poll" } },
    poll.description && make("p", { class: "text", text: poll.description, dir: "auto" }),
    open ? ballot(message, title, wishes, actions) : results(message, title, chosen),
    make("p", { class: "poll-facts", text: facts.filter(Boolean).join(" · ") }),
    (voted || poll.is_closed) && explanation(poll, actions),
    voted && !poll.is_closed && poll.allows_revoting && make("button", { type: "button", class: "button small", data: { testid: "retract" }, text: texts.retractVote, on: { click: () => actions.vote(message, []) } }));
}

/** Voting takes a button of its own: moving between radio buttons by arrow keys must not cast a vote. */
function ballot(message, title, wishes, actions) {
  const { poll } = message;
  const type = poll.allows_multiple_answers ? "checkbox" : "radio";
  const wish = wishes.get(message.message_id) ?? [];
  const boxes = poll.options.map((option, index) => make("label", { class: "check" },
    make("input", { type, name: `poll-${message.message_id}`, value: index, checked: wish.includes(index) }), make("span", { text: option.text, dir: "auto" })));
  const send = make("button", { type: "submit", class: "button small", "aria-disabled": wish.length ? null : "true", data: { testid: "vote" }, text: texts.vote });
  const form = make("form", {}, make("fieldset", {}, make("legend", {}, title), ...boxes), send);
  const ticked = () => new FormData(form).getAll(`poll-${message.message_id}`).map(Number);
  form.addEventListener("change", () => {
    wishes.set(message.message_id, ticked());
    ticked().length ? send.removeAttribute("aria-disabled") : send.setAttribute("aria-disabled", "true");
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (ticked().length) actions.vote(message, ticked());
  });
  return form;
}

function results(message, title, chosen) {
  const { poll, sim } = message;
  const rows = poll.options.map((option, index) => result(option, {
    share: sim.results_hidden ? null : Math.round((100 * option.voter_count) / Math.max(1, poll.total_voter_count)),
    own: chosen.includes(index),
    right: (poll.correct_option_ids ?? []).includes(index),
  }));
  return make("div", {}, title, make("ul", {}, ...rows), sim.results_hidden && make("p", { class: "poll-facts", text: texts.pollHidden }));
}

function result(option, { share, own, right }) {
  const votes = share === null ? "" : texts.pollShare(share, option.voter_count);
  const marks = [own && texts.ownVote, right && texts.rightAnswer].filter(Boolean).join(" · ");
  return make("li", { class: own ? "poll-result own-vote" : "poll-result" },
    make("span", { class: "poll-option" }, make("span", { text: option.text, dir: "auto" }), " ", make("span", { class: "poll-votes", text: votes })),
    share !== null && svg("svg", { class: "poll-bar", "aria-hidden": "true" }, svg("rect", { width: "100%", height: "100%", rx: 3, class: "poll-rail" }), svg("rect", { width: `${share}%`, height: "100%", rx: 3, class: "poll-share" })),
    marks && make("span", { class: "poll-mark", text: marks }));
}

function explanation({ explanation: text, explanation_entities: entities }, actions) {
  if (!text) return null;
  return make("div", { class: "poll-explanation", data: { testid: "explanation" } }, make("strong", { text: texts.explanation }), make("p", { dir: "auto" }, ...linked(text, entities ?? [], actions)));
}

/** Of an explanation's entities only links matter to the reader. */
function linked(text, entities, { resolveLink }) {
  const addresses = entities.filter(({ type }) => type === "text_link");
  const pieces = [];
  let end = 0;
  for (const { offset, length, url } of addresses) {
    const link = make("a", { href: url, text: text.slice(offset, offset + length) });
    pieces.push(text.slice(end, offset), richText(link.outerHTML, resolveLink));
    end = offset + length;
  }
  return [...pieces, text.slice(end)];
}
