// A key of the key/value store: its value, and an editor for it.

import { ask, LiveQuery } from "./api.js";
import { announce, el, setText } from "./dom.js";
import { draftOf } from "./drafts.js";
import { KeyEditor } from "./kv_editor.js";
import { stepsOf } from "./kv_folder.js";
import { deleteKey, keyUrl, readKey, valueOf } from "./key_store.js";
import { Notice } from "./notice.js";
import { askingButton, crumbs } from "./parts.js";
import { hexOf, lineEndOf, sizeText, textOf } from "./values.js";

export class Key {
  title;
  element;
  #key;
  #value;          // undefined: not known yet; null: there is no such key
  #mayWrite = false;
  #editing = false;
  #notice = new Notice();
  #why = el("p", { class: "quiet", hidden: true });
  #facts = el("p", { class: "quiet" });
  #held = el("p", { class: "held-by", hidden: true });
  #shown = el("div");
  #actions = el("p", { class: "actions" });
  #editor;
  #query;

  constructor(key) {
    this.#key = key;
    this.title = key;
    this.#editor = new KeyEditor(key, { onDone: (value) => this.#edited(value) });
    const steps = stepsOf(key);
    this.element = el("div", {}, crumbs([...steps.slice(0, -1), [steps.at(-1)[0]]]), this.#notice.element,
      el("div", { class: "card value-card" }, this.#facts, this.#held, this.#shown, this.#editor.element, this.#actions),
      this.#why);
    this.#query = new LiveQuery(keyUrl(key), {
      optional: true,
      onData: (answer) => this.#show(valueOf(answer)),
      onFailure: (error) => this.#notice.failed(error, this.#value ? "What is below may be old." : ""),
    });
  }

  enter() { this.#query.start(); }
  leave() { this.#query.stop(); }

  allow({ mayWrite, why }) {
    this.#mayWrite = mayWrite;
    this.#why.hidden = mayWrite;
    setText(this.#why, `You can look only. ${why}`);
    if (this.#value !== undefined) this.#showActions();
  }

  #show(value) {
    this.#notice.clear();
    const isFirst = this.#value === undefined;
    const isSame = !isFirst && value?.index === this.#value?.index && value?.session === this.#value?.session;
    this.#value = value;
    this.#editor.there(value);
    if (isSame) return;
    this.#showValue();
    if (isFirst && draftOf(this.#key)) this.#edit();
    else this.#showActions();
  }

  #showValue() {
    const value = this.#value;
    setText(this.#facts, value ? factsOf(value) : "There is no such key.");
    this.#showHolder(value?.session ?? "");
    const text = value && textOf(value.bytes);
    if (!value) this.#shown.replaceChildren();
    else if (text === null) this.#shown.replaceChildren(binaryPart(value.bytes, this.#key));
    else this.#shown.replaceChildren(el("pre", { class: "value", tabindex: "0", "aria-label": "Value" }, text));
  }

  async #showHolder(session) {
    this.#held.hidden = !session;
    if (!session) return;
    setText(this.#held, `Locked by session ${session}`);
    try {
      const { data } = await ask(`/v1/session/info/${encodeURIComponent(session)}`);
      const holder = data?.[0];
      if (holder && this.#value?.session === session) {
        setText(this.#held, `Locked by ${holder.Name || `session ${session}`} on ${holder.Node}`);
      }
    } catch {
      // Its number tells who it is.
    }
  }

  #showActions() {
    this.#shown.hidden = this.#editing;
    this.#actions.hidden = this.#editing || !this.#mayWrite;
    if (this.#actions.hidden) return;
    const key = this.#value ? `${this.#value.index}` : "none";
    if (this.#actions.dataset.key === key) return;
    this.#actions.dataset.key = key;
    this.#actions.replaceChildren(...this.#buttons());
  }

  #buttons() {
    if (!this.#value) return [el("button", { type: "button", onclick: () => this.#edit() }, "Create it")];
    const text = textOf(this.#value.bytes);
    const isText = text !== null && lineEndOf(text) !== null;
    const edit = el("button", { type: "button", class: "main edit", onclick: () => this.#edit() }, "Edit");
    const remove = askingButton({ text: "Delete", question: `Delete ${this.#key}?`, yes: "Delete it", no: "Keep it",
      onYes: () => this.#delete() });
    return isText ? [edit, remove] : [remove];
  }

  #edit() {
    this.#editing = true;
    this.#editor.open(this.#value);
    this.#showActions();
  }

  /** The editor is shut; `value`: what was saved, undefined: nothing was. */
  #edited(value) {
    this.#editing = false;
    if (value !== undefined) this.#show(value);
    this.#actions.dataset.key = "";
    this.#showActions();
    this.#actions.querySelector("button")?.focus();
  }

  async #delete() {
    try {
      if (!await deleteKey(this.#key, this.#value.index)) {
        this.#show(await readKey(this.#key));
        this.#notice.say("It was changed meanwhile, so it was not deleted. Below is what it is now.");
        return;
      }
      announce(`${this.#key} is deleted`);
      this.#show(null);
    } catch (error) {
      this.#notice.failed(error, "Nothing was deleted.");
    }
  }
}

function factsOf(value) {
  const flags = value.flags ? `, flags ${value.flags}` : "";
  return `${sizeText(value.bytes.length)}${flags}, changed at index ${value.index}`;
}

function binaryPart(bytes, key) {
  return el("div", {},
    el("p", {}, "The value is not text, so it cannot be edited here. ",
      el("a", { href: `${keyUrl(key)}?raw`, download: key.split("/").at(-1) }, "Download it")),
    el("pre", { class: "value", tabindex: "0", "aria-label": "First bytes of the value" }, hexOf(bytes)));
}
