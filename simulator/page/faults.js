// Faults on purpose: a panel that lets calls and updates go wrong, keeps limits and moves the clock.
import { api } from "/page/api.js";
import { field, openForm } from "/page/dialogs.js";
import { make } from "/page/dom.js";
import { showState, toast, toastFailure } from "/page/notices.js";
import { texts } from "/page/texts.js";

/** What each kind may be told besides its share; the value is what the panel offers at first. */
const KINDS = {
  latency: { seconds: 2 }, server_error: {}, too_many_requests: { burst: 3, retry_after: 5 }, reset_before: {}, reset_after: {},
  duplicate: {}, delay: { seconds: 5 }, reorder: {}, webhook_unreachable: {},
};
const JOURNEYS = { minute: 60, ten: 600, hour: 3600, day: 86_400 };

/** What goes wrong now, for the banner; null when the server knows no faults. */
export async function currentFaults() {
  const state = await api.faults().catch(() => null);
  showState({ faults: Object.keys(state?.faults ?? {}).map((kind) => texts.faults.kinds[kind] ?? kind) });
  return state;
}

export async function openFaults() {
  const [state, limits] = await Promise.all([api.faults(), api.limits().catch(() => null)]);
  const words = texts.faults;
  const note = make("p", { class: "hint", role: "status", data: { testid: "travelled" } });
  const journeys = make("div", { class: "place-buttons" }, ...Object.entries(JOURNEYS).map(([name, seconds]) =>
    make("button", { type: "button", class: "button small", data: { testid: `travel-${name}` }, text: words.journeys[name], on: { click: () => travel(seconds, words.journeys[name], note) } })));
  const dialog = openForm({
    title: words.title,
    testid: "faults-form",
    action: words.apply,
    fields: [
      make("fieldset", {}, make("legend", { text: words.what }), ...Object.keys(KINDS).map((kind) => faultRow(kind, state.faults[kind]))),
      field("seed", words.seed, { value: state.seed, inputmode: "numeric", hint: words.seedHint }),
      limits && make("label", { class: "check" }, make("input", { type: "checkbox", name: "strict", checked: limits.strict }), make("span", { text: words.strict })),
      make("fieldset", {}, make("legend", { text: words.travel }), journeys, note),
      make("button", { type: "button", class: "button", data: { testid: "faults-reset" }, text: words.reset, on: { click: () => reset(dialog, limits) } }),
    ].filter(Boolean),
    submit: async (values) => {
      await api.setFaults(planOf(values, state.faults));
      if (limits) await api.setLimits({ strict: values.get("strict") !== null });
    },
    done: currentFaults,
  });
}

/** One kind: switched on or off, how often in percent, and what else it may be told. */
function faultRow(kind, active) {
  const words = texts.faults;
  const numbers = { percent: Math.round(100 * (active?.share ?? 0.3)), ...Object.fromEntries(Object.entries(KINDS[kind]).map(([name, first]) => [name, active?.[name] ?? first])) };
  const name = words.kinds[kind];
  return make("div", { class: "fault" },
    make("label", { class: "check" }, make("input", { type: "checkbox", name: kind, checked: Boolean(active), data: { testid: `fault-${kind}` } }), make("span", { text: name })),
    make("span", { class: "fault-numbers" }, ...Object.entries(numbers).map(([part, value]) => make("label", {},
      make("input", { name: `${kind}.${part}`, value: String(value).replace(".", ","), inputmode: "decimal", autocomplete: "off", "aria-label": `${name}: ${words.numbers[part]}` }), make("span", { "aria-hidden": "true", text: words.numbers[part] })))));
}

/** The form as the server wants it; what it cannot show (times, methods, status) stays as it was. */
function planOf(values, before) {
  const number = (name) => {
    const value = Number(String(values.get(name) || "x").trim().replace(",", "."));
    if (!(value >= 0)) throw new Error(texts.faults.invalid);
    return value;
  };
  const wanted = Object.keys(KINDS).filter((kind) => values.get(kind) !== null).map((kind) => {
    const share = number(`${kind}.percent`) / 100;
    return [kind, { ...before[kind], share, ...Object.fromEntries(Object.keys(KINDS[kind]).map((name) => [name, number(`${kind}.${name}`)])) }];
  });
  return { seed: Math.trunc(number("seed")), faults: Object.fromEntries(wanted) };
}

/** What came of it stands in the panel itself: everything behind an open dialog is dimmed and silent. */
async function travel(seconds, name, note) {
  try {
    await api.travel(seconds);
    note.textContent = texts.faults.travelled(name);
  } catch (error) {
    note.textContent = texts.failed(error.message);
  }
}

/** Ends every fault and lifts the strict limits; the clock does not go back. */
async function reset(dialog, limits) {
  try {
    await api.clearFaults();
    if (limits) await api.setLimits({ strict: false, reset: true });
    dialog.close();
    toast(texts.faults.resetDone);
    await currentFaults();
  } catch (error) {
    toastFailure(error);
  }
}
