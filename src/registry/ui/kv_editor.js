// The editor of one text value. What is typed is kept until it is saved or given up on purpose.

import { announce, el } from "./dom.js";
import { draftOf, dropDraft, keepDraft } from "./drafts.js";
import { putKey, readKey } from "./key_store.js";
import { Notice } from "./notice.js";
import { lineEndOf, textOf } from "./values.js";

export class KeyEditor {
  element;
  #key;
  #onDone;
  #there = null;     // the value as the registry has it now; null: there is none
  #start = "";       // the text that the draft began with
  #index = 0;        // and its ModifyIndex
  #lineEnd = "\n";
  #box = el("textarea", { id: "value-box", rows: "10", spellcheck: "false", oninput: () => this.#keep() });
  #notice = new Notice();
  #clash = el("div", { class: "clash", role: "alert", hidden: true });
  #save = el("button", { type: "submit", class: "main" }, "Save");
  #leaving = el("span", { class: "asking", hidden: true });

  /** onDone(value saved) when the editor has shut; without a value: nothing was saved. */
  constructor(key, { onDone }) {
    this.#key = key;
    this.#onDone = onDone;
    this.element = el("form", { class: "editor", hidden: true, "aria-label": `Edit ${key}`,
      onsubmit: (event) => { event.preventDefault(); this.#store(); },
      onkeydown: (event) => this.#pressed(event) },
    el("label", { for: "value-box" }, "Value ",
      el("span", { class: "quiet" }, "(Ctrl+Enter saves, Escape cancels)")),
    this.#box, this.#clash, this.#notice.element,
    el("p", { class: "actions" }, this.#save,
      el("button", { type: "button", onclick: () => this.#cancel() }, "Cancel"), this.#leaving));
  }

  /** Begins with `value`, or goes on with what was typed before. */
  open(value) {
    const draft = draftOf(this.#key);
    const text = value ? textOf(value.bytes) ?? "" : "";
    this.#there = value;
    this.#lineEnd = lineEndOf(text) ?? "\n";
    this.#start = text.replaceAll("\r\n", "\n");
    this.#index = draft?.index ?? value?.index ?? 0;
    this.#box.value = draft?.text ?? this.#start;
    this.#notice.clear();
    this.#leaving.hidden = true;
    this.element.hidden = false;
    this.#showClash();
    this.#box.focus();
  }

  /** The registry has another value now. */
  there(value) {
    this.#there = value;
    if (!this.element.hidden) this.#showClash();
  }

  get #typed() { return this.#box.value !== this.#start; }

  #keep() {
    this.#leaving.hidden = true;
    if (this.#typed) keepDraft(this.#key, { text: this.#box.value, index: this.#index });
    else dropDraft(this.#key);
  }

  #pressed(event) {
    if (event.key === "Escape") this.#cancel();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#store();
    }
  }

  #cancel() {
    if (!this.#typed) this.#shut();
    else if (!this.#leaving.hidden) this.#stay();
    else this.#askWhetherToLeave();
  }

  #askWhetherToLeave() {
    const yes = el("button", { type: "button", class: "danger", onclick: () => this.#shut() }, "Throw it away");
    const no = el("button", { type: "button", onclick: () => this.#stay() }, "Go on editing");
    this.#leaving.replaceChildren(el("span", { role: "alert" }, "Throw away what you typed?"), yes, no);
    this.#leaving.hidden = false;
    yes.focus();
  }

  #stay() {
    this.#leaving.hidden = true;
    this.#box.focus();
  }

  #shut(saved) {
    dropDraft(this.#key);
    this.element.hidden = true;
    this.#onDone(saved);
  }

  get #isClash() { return (this.#there?.index ?? 0) !== this.#index; }

  #showClash() {
    this.#clash.hidden = !this.#isClash;
    this.#save.hidden = this.#isClash;
    if (!this.#isClash) return;
    const text = this.#there && textOf(this.#there.bytes);
    const what = this.#there ? "Somebody changed this value while you were editing. It is now:"
      : "Somebody deleted this key while you were editing.";
    const parts = [el("p", {}, what)];
    if (this.#there) parts.push(el("pre", { class: "value" }, text ?? "(not text)"));
    parts.push(el("p", { class: "actions" },
      el("button", { type: "button", class: "danger", onclick: () => this.#overwrite() },
        this.#there ? "Save mine over it" : "Create it with mine"),
      el("button", { type: "button", onclick: () => this.#shut() }, this.#there ? "Keep theirs" : "Leave it deleted")));
    this.#clash.replaceChildren(...parts);
  }

  /** What stands there now has been seen: the next check-and-set is about that. */
  #overwrite() {
    this.#index = this.#there?.index ?? 0;
    this.#keep();
    this.#store();
  }

  async #store() {
    const text = this.#box.value.replaceAll("\n", this.#lineEnd);
    try {
      const stored = await putKey(this.#key, text, { index: this.#index, flags: this.#there?.flags ?? 0 });
      const now = await readKey(this.#key);
      if (stored) {
        announce(`${this.#key} is saved`);
        this.#shut(now);
      } else {
        this.there(now);
      }
    } catch (error) {
      this.#notice.failed(error, "Nothing was saved; what you typed is kept here.");
    }
  }
}
