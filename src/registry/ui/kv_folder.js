// A folder of the key/value store: what lies in it, and a form for a new key.

import { LiveQuery } from "./api.js";
import { announce, el, KeyedList } from "./dom.js";
import { draftOf, dropDraft, keepDraft } from "./drafts.js";
import { putKey } from "./key_store.js";
import { Notice } from "./notice.js";
import { crumbs } from "./parts.js";
import { encodedPath, routeOf } from "./router.js";

const kAtOnce = 500; // entries shown before one asks for more

/** [["Key/value", "#/kv"], ["a", "#/kv/a/"], ["b"]] of "a/b" or "a/b/". Pure. */
export function stepsOf(path) {
  const names = path.split("/");
  if (names.at(-1) === "") names.pop();
  const steps = names.map((name, depth) => [name || "(no name)", routeOf("kv", `${names.slice(0, depth + 1).join("/")}/`)]);
  return [["Key/value", routeOf("kv")], ...steps];
}

export class Folder {
  title;
  element;
  #prefix;
  #notice = new Notice();
  #none;
  #more = el("button", { type: "button", hidden: true, onclick: () => { this.#limit += kAtOnce; this.#fill(); } });
  #names = [];
  #limit = kAtOnce;
  #rows;
  #newKey;
  #query;

  constructor(prefix) {
    this.#prefix = prefix;
    this.title = prefix || "Key/value";
    const list = el("ul", { class: "entries", "aria-label": prefix ? `In ${prefix}` : "Keys and folders" });
    this.#none = el("p", { class: "notice", hidden: true }, prefix ? "This folder is empty." : "There is no key yet.");
    this.#rows = new KeyedList(list, () => el("li"), (item, entry) => this.#fillEntry(item, entry));
    this.#newKey = new NewKey(prefix);
    this.element = el("div", {}, crumbs(stepsOf(prefix)), this.#notice.element, this.#newKey.element,
      this.#none, list, this.#more);
    this.#query = new LiveQuery(`/v1/kv/${encodedPath(prefix)}?keys&separator=/`, {
      optional: true,
      onData: (names) => this.#show(names ?? []),
      onFailure: (error) => this.#notice.failed(error, this.#names.length > 0 ? "What is below may be old." : ""),
    });
  }

  enter() { this.#query.start(); }
  leave() { this.#query.stop(); }
  allow(access) { this.#newKey.allow(access); }

  #show(names) {
    this.#notice.clear();
    this.#names = names;
    this.#none.hidden = names.length > 0;
    this.#fill();
  }

  #fill() {
    const shown = this.#names.slice(0, this.#limit);
    this.#rows.show(shown.map((name) => ({ name, draft: draftOf(name) !== null })), ({ name }) => name);
    this.#more.hidden = shown.length === this.#names.length;
    this.#more.textContent = `Show more (${this.#names.length - shown.length} left)`;
  }

  #fillEntry(item, { name, draft }) {
    const isFolder = name.endsWith("/") && name !== this.#prefix;
    const short = name.slice(this.#prefix.length) || "(the key of this folder's name)";
    item.dataset.key = name;
    item.className = isFolder ? "folder" : "key";
    item.replaceChildren(
      el("a", { href: routeOf("kv", name, { leaf: !isFolder }) }, short),
      draft ? el("span", { class: "tag" }, "not saved") : "");
  }
}

/** The form for a new key; shut until it is asked for. What is typed stays until it is saved. */
class NewKey {
  element;
  #prefix;
  #open = el("button", { type: "button", onclick: () => this.#show(true) }, "New key");
  #why = el("p", { class: "quiet" });
  #name = el("input", { type: "text", id: "new-name", autocomplete: "off", spellcheck: "false", required: true });
  #value = el("textarea", { id: "new-value", rows: "6", spellcheck: "false" });
  #notice = new Notice();
  #form;

  constructor(prefix) {
    this.#prefix = prefix;
    this.#form = el("form", { class: "editor", hidden: true, "aria-label": "New key",
      onsubmit: (event) => { event.preventDefault(); this.#create(); }, oninput: () => this.#keep(),
      onkeydown: (event) => this.#key(event) },
    el("label", { for: "new-name" }, "Name ", el("span", { class: "quiet" }, "(a / makes a folder)")), this.#name,
    el("label", { for: "new-value" }, "Value"), this.#value, this.#notice.element,
    el("p", { class: "actions" },
      el("button", { type: "submit", class: "main" }, "Create"),
      el("button", { type: "button", onclick: () => this.#cancel() }, "Cancel")));
    this.element = el("div", { class: "new-key", hidden: true }, this.#open, this.#why, this.#form);
    this.#restore();
  }

  allow({ mayWrite, why }) {
    this.element.hidden = false;
    this.#open.hidden = !mayWrite || !this.#form.hidden;
    if (!mayWrite && !this.#typed()) this.#form.hidden = true;
    this.#why.hidden = mayWrite;
    this.#why.textContent = `You can look only. ${why}`;
  }

  // The draft of a new key lies beside those of keys: no key's name begins with a blank line.
  get #draftName() { return `\nnew in ${this.#prefix}`; }

  #restore() {
    const draft = draftOf(this.#draftName);
    this.#name.value = draft?.name ?? this.#prefix;
    this.#value.value = draft?.text ?? "";
    if (draft) this.#show(true);
  }

  #typed() { return this.#value.value !== "" || this.#name.value !== this.#prefix; }

  #keep() {
    if (this.#typed()) keepDraft(this.#draftName, { name: this.#name.value, text: this.#value.value });
    else dropDraft(this.#draftName);
  }

  #show(open) {
    this.#form.hidden = !open;
    this.#open.hidden = open;
    if (!open) this.#open.focus();
    else if (this.#form.isConnected) {
      this.#name.focus();
      this.#name.setSelectionRange(this.#name.value.length, this.#name.value.length);
    }
  }

  #key(event) {
    if (event.key === "Escape" && !this.#typed()) this.#cancel();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#form.requestSubmit();
  }

  #cancel() {
    this.#name.value = this.#prefix;
    this.#value.value = "";
    this.#keep();
    this.#notice.clear();
    this.#show(false);
  }

  async #create() {
    const key = this.#name.value;
    try {
      if (!await putKey(key, this.#value.value, { index: 0 })) {
        this.#notice.say(`There is a key ${key} already: nothing was changed. Take another name, or edit that key.`);
        return;
      }
    } catch (error) {
      this.#notice.failed(error, "Nothing was created; what you typed is kept here.");
      return;
    }
    this.#cancel();
    announce(`${key} is created`);
    location.hash = routeOf("kv", key, { leaf: true });
  }
}
