// Puts the page together: a live list of nodes, and the status of the node that serves it.

import { ask, LiveList } from "./api.js";
import { showFacts } from "./facts.js";
import { NodeTable } from "./nodes.js";
import { stateOf, StateLine } from "./state_line.js";

const kNodes = "/cluster/v1/nodes";
const kStatus = "/cluster/v1/status";
const kWaitSeconds = 60;
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
  #nodeList = new LiveList(kNodes, {
    waitSeconds: kWaitSeconds,
    onData: (nodes) => this.#nodesChanged(nodes),
    onFailure: () => this.#look(),
  });

  start() {
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#look();
    });
    setInterval(() => this.#tick(), 1000);
    this.#nodeList.run();
    this.#look();
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
    this.#table.setStale(!this.#answering);
    if (this.#nodes) this.#table.show(this.#nodes, this.#nodesArrived, this.#status?.node_id);
    if (!this.#status) return;
    this.#stateLine.showProblems(this.#status.problems ?? [], this.#status.name);
    showFacts(this.#status);
    const served = document.getElementById("served");
    served.hidden = false;
    served.textContent = `This page is served by ${this.#status.name}`;
  }

  #tick() {
    this.#table.tick();
    this.#stateLine.show(this.#state());
  }
}

new App().start();
