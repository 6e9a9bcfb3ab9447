// Puts the page together: the state of the cluster, and below it the view that the address bar names.

import { ask, LiveQuery } from "./api.js";
import { setText } from "./dom.js";
import { eventsView } from "./events.js";
import { showFacts } from "./facts.js";
import { historyView } from "./history.js";
import { kvView } from "./kv.js";
import { NodeTable } from "./nodes.js";
import { parseRoute } from "./router.js";
import { servicesView } from "./services.js";
import { stateOf, StateLine } from "./state_line.js";

// Each makes a view for a route: {title, element, enter(), leave()}. The nodes are in the page itself.
const kMakers = { services: servicesView, kv: kvView, events: eventsView, history: historyView };
const kNodes = "/cluster/v1/nodes";
const kStatus = "/cluster/v1/status";
// The status has no index to wait on. While all is well a slow look tells that this node is still
// there (one that lost its power says nothing on the open connection) and knows of no problem.
const kLookWhenWell = 15_000;
const kLookWhenWrong = 5_000;
const kStatusTime = 4_000;

class App {
  #status = null;
  #statusArrived = 0;
  #nodes = null;
  #nodesArrived = 0;
  #answering = true;
  #lookTimer = 0;
  #looking = false;
  #stateLine = new StateLine();
  #table = new NodeTable();
  #went = false;
  #view = null; // the one shown below the state; null: the nodes
  #nodeList = new LiveQuery(kNodes, {
    onData: (nodes) => this.#nodesChanged(nodes),
    onFailure: () => this.#look(),
  });

  start() {
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#look();
    });
    window.addEventListener("hashchange", () => this.#go());
    setInterval(() => this.#tick(), 1000);
    this.#nodeList.start();
    this.#go();
    this.#look();
  }

  /** Shows what the address bar names. */
  #go() {
    const route = parseRoute(location.hash);
    this.#view?.leave();
    this.#view = kMakers[route.view]?.(route) ?? null;
    document.body.dataset.view = route.view;
    document.getElementById("nodes-view").hidden = this.#view !== null;
    document.getElementById("view").replaceChildren(...(this.#view ? [this.#view.element] : []));
    for (const link of document.querySelectorAll("#views a")) {
      const isHere = link.dataset.view === route.view;
      if (isHere) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    this.#view?.enter();
    // The link that was followed may be gone with its view: go on reading where the new one begins.
    if (this.#went && document.activeElement === document.body) this.#view?.element.querySelector("h2")?.focus();
    this.#went = true;
    this.#showTitle();
  }

  /** In a tab one sees what is shown, and first of all that something is wrong. */
  #showTitle() {
    const state = this.#state();
    const parts = [state.tone === "good" ? "" : state.announcement, this.#view?.title ?? "", "Cluster Lab"];
    document.title = parts.filter(Boolean).join(" – ");
  }

  #nodesChanged(nodes) {
    this.#nodes = nodes;
    this.#nodesArrived = performance.now();
    this.#answering = true;
    this.#show();
    this.#look();
  }

  /** Asks for the status, and decides by it when to ask again. */
  async #look() {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const { data } = await ask(kStatus, { time: kStatusTime });
      this.#statusChanged(data);
    } catch {
      this.#lost();
    } finally {
      this.#looking = false;
      this.#planLook();
    }
  }

  #statusChanged(status) {
    const wasLost = !this.#answering;
    const restarted = this.#status !== null && this.#status.node_id !== status.node_id;
    this.#status = status;
    this.#statusArrived = performance.now();
    this.#answering = true;
    if (wasLost || restarted) this.#nodeList.restart();
    this.#show();
  }

  #lost() {
    if (this.#answering) this.#nodeList.restart();
    this.#answering = false;
    this.#show();
  }

  #planLook() {
    clearTimeout(this.#lookTimer);
    const well = this.#state().tone === "good";
    const pause = this.#answering ? (well ? kLookWhenWell : kLookWhenWrong) : 1000;
    this.#lookTimer = setTimeout(() => {
      if (document.hidden) return; // visibilitychange looks again
      this.#look();
    }, pause);
  }

  #state() {
    return stateOf({
      status: this.#status,
      nodes: this.#nodes,
      answering: this.#answering,
      secondsSinceStatus: (performance.now() - this.#statusArrived) / 1000,
    });
  }

  #show() {
    this.#stateLine.show(this.#state());
    this.#showTitle();
    this.#table.setStale(!this.#answering);
    if (this.#nodes) this.#table.show(this.#nodes, this.#nodesArrived, this.#status?.node_id);
    if (!this.#status) return;
    this.#stateLine.showProblems(this.#status.problems ?? [], this.#status.name);
    showFacts(this.#status);
    const served = document.getElementById("served");
    served.hidden = false;
    setText(served, `This page is served by ${this.#status.name}`);
  }

  #tick() {
    this.#table.tick();
    this.#stateLine.show(this.#state());
  }
}

new App().start();
