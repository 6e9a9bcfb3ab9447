// The table of nodes.

import { boardLine, readingsLine } from "./board.js";
import { KeyedList, setText, shape } from "./dom.js";
import { byName, duration } from "./format.js";
import { healthMark } from "./health.js";
import { labels } from "./parts.js";
import { Readings } from "./readings.js";

export class NodeTable {
  #table = document.getElementById("nodes");
  #body = document.getElementById("node-rows");
  #count = document.getElementById("node-count");
  #none = document.getElementById("no-nodes");
  #rows = new KeyedList(this.#body, makeRow, fill);
  #readings = new Readings((name, board) => this.#showReadings(name, board));
  #ages = new Map(); // node id -> seconds at #arrived
  #arrived = 0;

  /** `arrived`: when the ages were true. `here`: node id of the node that serves this page. */
  show(nodes, arrived, here) {
    this.#ages = new Map(nodes.map((node) => [node.id, node.age_seconds]));
    this.#arrived = arrived;
    const items = nodes.map(({ age_seconds: _, ...node }) => ({ ...node, isHere: node.id === here }));
    this.#rows.show(items.sort(byName), (node) => node.id);
    this.#table.hidden = nodes.length === 0;
    this.#none.hidden = nodes.length > 0;
    setText(this.#count, nodes.length > 0 ? String(nodes.length) : "");
    this.#readings.of(items.filter((node) => node.labels?.["pi-model"]).map((node) => node.name));
    this.tick();
  }

  #showReadings(name, board) {
    const row = this.#body.querySelector(`tr[data-node="${CSS.escape(name)}"]`);
    if (row) setText(row.querySelector(".readings"), readingsLine(board));
  }

  /** Lets the ages count up. */
  tick() {
    const since = (performance.now() - this.#arrived) / 1000;
    for (const row of this.#body.children) {
      setText(row.querySelector(".age"), duration(this.#ages.get(row.dataset.id) + since));
    }
  }

  /** What is shown may be old, since the node does not answer. */
  setStale(stale) {
    this.#table.classList.toggle("stale", stale);
  }
}

function makeRow() {
  return document.getElementById("node-row").content.firstElementChild.cloneNode(true);
}

function fill(row, node) {
  Object.assign(row.dataset, { id: node.id, health: node.health, role: node.role, node: node.name });
  row.classList.toggle("here", node.isHere);
  setText(row.querySelector(".name span"), node.name);
  setText(row.querySelector(".model"), node.labels?.["pi-model"] ?? "");
  setText(row.querySelector(".board"), boardLine(node.labels ?? {}));
  row.querySelector(".tag").hidden = !node.isHere;
  row.querySelector(".role").replaceChildren(...(node.role === "leader" ? [shape("leader")] : []), node.role);
  row.querySelector(".state-of").replaceChildren(healthMark(node.health));
  setText(row.querySelector(".note"), node.health === "passing" ? "" : node.health_note ?? "");
  setText(row.querySelector(".address"), node.address ?? "");
  setText(row.querySelector(".mac"), node.mac ?? "");
  // What the board says of itself has its own places.
  const texts = Object.entries(node.labels ?? {})
    .filter(([key]) => !key.startsWith("pi-"))
    .map(([key, value]) => `${key}=${value}`);
  row.querySelector(".labels").replaceWith(labels(texts));
}
