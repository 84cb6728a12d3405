// One modal dialog at a time, on the browser's own <dialog>: it traps focus, closes with Escape and gives focus back.
import { iconButton, make } from "/page/dom.js";
import { texts } from "/page/texts.js";

/** Opens a dialog and returns its element. Without `footer` it has one OK button. */
export function openDialog({ title, body, footer = null, testid = "dialog", wide = false }) {
  const close = () => dialog.close();
  const buttons = footer ?? [make("button", { type: "button", class: "button primary", autofocus: true, text: texts.ok, on: { click: close } })];
  const dialog = make("dialog", { class: wide ? "dialog wide" : "dialog", "aria-labelledby": "dialog-title", data: { testid } },
    make("div", { class: "dialog-head" },
      make("h2", { id: "dialog-title", text: title }),
      iconButton("close", texts.close, { on: { click: close } })),
    make("div", { class: "dialog-body", tabindex: wide ? "0" : null }, body),
    make("div", { class: "dialog-foot" }, ...buttons));
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  dialog.addEventListener("close", () => dialog.remove());
  for (const open of document.querySelectorAll("dialog[open]")) open.close();
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * A dialog with a form; `submit(values)` may throw an Error, whose message is shown next to the fields.
 * `done` gets what submit returned, once the dialog is closed and has given the focus back.
 */
export function openForm({ title, fields, action, submit, done, testid }) {
  const problem = make("p", { class: "problem", role: "alert", id: "form-problem" });
  const form = make("form", { class: "form", id: "dialog-form", novalidate: true }, ...fields, problem);
  const save = make("button", { type: "submit", class: "button primary", form: "dialog-form", text: action, "data-testid": "dialog-submit" });
  const cancel = make("button", { type: "button", class: "button", text: texts.cancel, on: { click: () => dialog.close() } });
  const dialog = openDialog({ title, body: form, footer: [cancel, save], testid });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.textContent = "";
    try {
      const result = await submit(new FormData(form));
      dialog.close();
      done?.(result);
    } catch (error) {
      problem.textContent = error.message;
      form.querySelector("[aria-required]")?.focus();
    }
  });
  (form.querySelector("input, select") ?? save).focus();
  return dialog;
}

/** A labelled input; `required` fields are marked for screen readers and with a sign that the label explains. */
export function field(name, label, { hint = null, required = false, ...properties } = {}) {
  const id = `field-${name}`;
  return make("div", { class: "field" },
    make("label", { for: id, text: required ? `${label} *` : label }),
    make("input", { id, name, type: "text", autocomplete: "off", dir: "auto", "aria-required": required ? "true" : null, "aria-describedby": hint ? `${id}-hint` : null, ...properties }),
    hint && make("p", { class: "hint", id: `${id}-hint`, text: hint }));
}

/** A labelled choice; `options` are [value, text] pairs. */
export function choice(name, label, options) {
  const id = `field-${name}`;
  return make("div", { class: "field" },
    make("label", { for: id, text: label }),
    make("select", { id, name }, ...options.map(([value, text]) => make("option", { value, text }))));
}
