// User events, and sessions with the locks that they hold.

import { LiveQuery } from "./api.js";
import { el, KeyedList, setText } from "./dom.js";
import { duration, sentence } from "./format.js";
import { Notice } from "./notice.js";
import { crumbs, labels, table } from "./parts.js";
import { routeOf } from "./router.js";
import { bytesOf, hexOf, textOf } from "./values.js";

const kOld = "What is below may be old.";

/** A titled table that a live query fills; `none` where there is nothing. */
class Listing {
  element;
  #notice = new Notice();
  #none;
  #table;
  #rows;

  constructor(title, columns, none, fill) {
    this.#table = table(title, columns);
    this.#none = el("p", { class: "notice", hidden: true }, none);
    this.#rows = new KeyedList(this.#table.body, () => this.#table.row(), fill);
    this.element = el("section", { "aria-label": title }, el("h3", {}, title), this.#notice.element, this.#none,
      this.#table.element);
  }

  show(items, keyOf) {
    this.#notice.clear();
    this.#rows.show(items, keyOf);
    this.#none.hidden = items.length > 0;
    this.#table.element.hidden = items.length === 0;
  }

  failed(error) {
    this.#notice.failed(error, this.#rows.size > 0 ? kOld : "");
  }
}

class Events {
  title = "Events";
  element;
  #sessions = [];
  #locks = [];
  #eventList = new Listing("Events", ["Name", "Payload", "For", "ID"],
    "No event was fired. cluster-lab events fire NAME [PAYLOAD] fires one.", fillEvent);
  #sessionList = new Listing("Sessions", ["Name", "Holds", "Node", "Ends", "ID"],
    "There is no session, so nobody holds a lock.", fillSession);
  #queries = [
    new LiveQuery("/v1/event/list", {
      onData: (events) => this.#eventList.show([...events].reverse(), (event) => event.ID),
      onFailure: (error) => this.#eventList.failed(error),
    }),
    new LiveQuery("/v1/session/list", {
      onData: (sessions) => { this.#sessions = sessions; this.#showSessions(); },
      onFailure: (error) => this.#sessionList.failed(error),
    }),
    new LiveQuery("/cluster/v1/locks", {
      onData: (locks) => { this.#locks = locks; this.#showSessions(); },
      onFailure: (error) => this.#sessionList.failed(error),
    }),
  ];

  constructor() {
    this.element = el("div", {}, crumbs([["Events and sessions"]]), this.#eventList.element,
      this.#sessionList.element);
  }

  enter() { for (const query of this.#queries) query.start(); }
  leave() { for (const query of this.#queries) query.stop(); }

  #showSessions() {
    const keysOf = (id) => this.#locks.filter((lock) => lock.session === id).map((lock) => lock.key);
    const sessions = this.#sessions.map((session) => ({ ...session, keys: keysOf(session.ID) }));
    this.#sessionList.show(sessions, (session) => session.ID);
  }
}

function fillEvent(row, event) {
  const [name, payload, filters, id] = row.children;
  row.dataset.event = event.Name;
  setText(name, event.Name);
  payload.replaceChildren(...(event.Payload ? [payloadPart(bytesOf(event.Payload))] : []));
  setText(filters, filtersOf(event) || "all nodes");
  id.replaceChildren(el("code", { class: "id" }, event.ID));
}

function payloadPart(bytes) {
  const text = textOf(bytes);
  return el("span", { class: "payload" }, text ?? hexOf(bytes));
}

function filtersOf(event) {
  const filters = [["node", event.NodeFilter], ["service", event.ServiceFilter], ["tag", event.TagFilter]];
  return filters.filter(([, text]) => text).map(([kind, text]) => `${kind} ${text}`).join(", ");
}

function fillSession(row, session) {
  const [name, holds, node, ends, id] = row.children;
  row.dataset.session = session.ID;
  setText(name, session.Name || "without name");
  holds.replaceChildren(holdsPart(session.keys));
  setText(node, session.Node);
  const checks = checksOf(session);
  ends.replaceChildren(sentence(endOf(session)), ...(checks.length > 0 ? [" ", labels(checks)] : []));
  id.replaceChildren(el("code", { class: "id" }, session.ID));
}

function holdsPart(keys) {
  if (keys.length === 0) return el("span", { class: "quiet" }, "no lock");
  return el("span", { class: "held" }, ...keys.map((key) => el("a", { href: routeOf("kv", key, { leaf: true }) }, key)));
}

function endOf(session) {
  const delay = session.LockDelay > 0 ? `, lock delay ${duration(session.LockDelay / 1e9)}` : "";
  const after = session.TTL && session.TTL !== "0s" ? `${session.TTL} without a renewal` : "with its node";
  return `${after}; then ${session.Behavior === "delete" ? "deletes its keys" : "releases its locks"}${delay}`;
}

// serfHealth goes without saying.
function checksOf(session) {
  const checks = [...(session.NodeChecks ?? session.Checks ?? []), ...(session.ServiceChecks ?? []).map(({ ID }) => ID)];
  return checks.filter((check) => check !== "serfHealth");
}

export function eventsView() {
  return new Events();
}
