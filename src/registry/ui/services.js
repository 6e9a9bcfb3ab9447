// All services, and the instances of one with their checks.

import { LiveQuery } from "./api.js";
import { el, KeyedList, setText } from "./dom.js";
import { byName, count } from "./format.js";
import { healthMark, worst } from "./health.js";
import { Notice } from "./notice.js";
import { routeOf } from "./router.js";
import { crumbs, labels, table } from "./parts.js";

const kOld = "What is below may be old.";

/** #/services: a table, a row per service. */
class ServiceList {
  title = "Services";
  element;
  #notice = new Notice();
  #none = el("p", { class: "notice", hidden: true }, "No service is registered. A program registers itself, " +
    "or is registered, at its own node: PUT /v1/agent/service/register.");
  #table;
  #rows;
  #query = new LiveQuery("/v1/internal/ui/services", {
    onData: (services) => this.#show(services ?? []),
    onFailure: (error) => this.#notice.failed(error, this.#rows.size > 0 ? kOld : ""),
  });

  constructor() {
    this.#table = table("Services", ["Name", "Health", "Instances", "Checks", "Tags"]);
    this.#rows = new KeyedList(this.#table.body, () => this.#table.row(), fillService);
    this.element = el("div", {}, crumbs([["Services"]]), this.#notice.element, this.#none, this.#table.element);
  }

  enter() { this.#query.start(); }
  leave() { this.#query.stop(); }

  #show(services) {
    this.#notice.clear();
    this.#rows.show([...services].sort((left, right) => byName({ name: left.Name }, { name: right.Name })),
      (service) => service.Name);
    this.#none.hidden = services.length > 0;
    this.#table.element.hidden = services.length === 0;
  }
}

function healthOf(service) {
  if (service.ChecksCritical > 0) return "critical";
  return service.ChecksWarning > 0 ? "warning" : "passing";
}

function checksText(service) {
  const parts = [[service.ChecksPassing, "passing"], [service.ChecksWarning, "warning"],
    [service.ChecksCritical, "critical"]];
  return parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`).join(", ");
}

function fillService(row, service) {
  row.dataset.service = service.Name;
  row.dataset.health = healthOf(service);
  const [name, health, instances, checks, tags] = row.children;
  name.replaceChildren(el("a", { href: routeOf("services", service.Name) }, service.Name));
  health.replaceChildren(healthMark(healthOf(service)));
  setText(instances, String(service.InstanceCount));
  setText(checks, checksText(service));
  tags.replaceChildren(...(service.Tags?.length ? [labels(service.Tags)] : []));
}

/** #/services/NAME: a card per instance. */
class ServiceDetail {
  title;
  element;
  #notice = new Notice();
  #none;
  #cards;
  #query;

  constructor(name) {
    this.title = name;
    const list = el("ul", { class: "cards", "aria-label": `Instances of ${name}` });
    this.#none = el("p", { class: "notice", hidden: true }, `No instance of ${name} is registered.`);
    this.#cards = new KeyedList(list, () => el("li", { class: "card" }), fillInstance);
    this.element = el("div", {}, crumbs([["Services", routeOf("services")], [name]]),
      this.#notice.element, this.#none, list);
    this.#query = new LiveQuery(`/v1/health/service/${encodeURIComponent(name)}`, {
      onData: (instances) => this.#show(instances),
      onFailure: (error) => this.#notice.failed(error, this.#cards.size > 0 ? kOld : ""),
    });
  }

  enter() { this.#query.start(); }
  leave() { this.#query.stop(); }

  #show(instances) {
    this.#notice.clear();
    this.#none.hidden = instances.length > 0;
    this.#cards.show(instances, ({ Node, Service }) => `${Node.Node}/${Service.ID}`);
  }
}

function fillInstance(card, { Node: node, Service: service, Checks: checks }) {
  const health = worst(checks.map((check) => check.Status));
  const place = `${service.Address || node.Address}${service.Port ? `:${service.Port}` : ""}`;
  const meta = Object.entries(service.Meta ?? {}).map(([key, value]) => `${key}=${value}`);
  card.dataset.health = health;
  card.dataset.instance = service.ID;
  card.replaceChildren(
    el("div", { class: "card-head" }, el("h3", {}, service.ID), healthMark(health)),
    el("p", { class: "where" }, el("span", { class: "address" }, place), ` on ${node.Node}`),
    labels([...(service.Tags ?? []), ...meta]),
    checks.length === 0
      ? el("p", { class: "quiet" }, "It has no checks.")
      : el("ul", { class: "checks", "aria-label": count(checks.length, "check") }, ...checks.map(checkItem)));
}

function checkItem(check) {
  const output = (check.Output ?? "").trim();
  return el("li", {},
    el("p", {}, healthMark(check.Status), el("span", { class: "check-name" }, check.Name || check.CheckID),
      check.ServiceID ? "" : el("span", { class: "quiet" }, "of the node")),
    check.Notes ? el("p", { class: "quiet" }, check.Notes) : "",
    output ? el("pre", { class: "output", tabindex: output.length > 300 ? "0" : null }, output) : "");
}

export function servicesView({ path }) {
  return path ? new ServiceDetail(path) : new ServiceList();
}
