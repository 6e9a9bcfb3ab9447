// The table of nodes. Rows are kept by node id, so that only what changed moves.

import { byName, duration } from "./format.js";

const kHealth = {
  passing: { shape: "good", word: "healthy" },
  warning: { shape: "warning", word: "warning" },
  critical: { shape: "bad", word: "critical" },
};

export class NodeTable {
  #table = document.getElementById("nodes");
  #body = document.getElementById("node-rows");
  #template = document.getElementById("node-row");
  #count = document.getElementById("node-count");
  #none = document.getElementById("no-nodes");
  #rows = new Map(); // node id -> {row, age at arrival, arrival}

  /** `arrived`: when the ages were true. `here`: node id of the node that serves this page. */
  show(nodes, arrived, here) {
    const first = this.#rows.size === 0;
    const sorted = [...nodes].sort(byName);
    this.#forget(new Set(sorted.map((node) => node.id)));
    sorted.forEach((node, position) => {
      const entry = this.#entryOf(node.id, first);
      entry.age = node.age_seconds;
      entry.arrived = arrived;
      fill(entry.row, node, node.id === here);
      if (this.#body.children[position] !== entry.row) {
        this.#body.insertBefore(entry.row, this.#body.children[position] ?? null);
      }
    });
    this.#table.hidden = sorted.length === 0;
    this.#none.hidden = sorted.length > 0;
    this.#count.textContent = sorted.length > 0 ? String(sorted.length) : "";
    this.tick();
  }

  /** Lets the ages count up. */
  tick() {
    const now = performance.now();
    for (const { row, age, arrived } of this.#rows.values()) {
      setText(row.querySelector(".age"), duration(age + (now - arrived) / 1000));
    }
  }

  /** What is shown may be old, since the node does not answer. */
  setStale(stale) {
    this.#table.classList.toggle("stale", stale);
  }

  #entryOf(id, first) {
    let entry = this.#rows.get(id);
    if (!entry) {
      const row = this.#template.content.firstElementChild.cloneNode(true);
      row.classList.toggle("new", !first);
      entry = { row, age: 0, arrived: 0 };
      this.#rows.set(id, entry);
    }
    return entry;
  }

  #forget(alive) {
    for (const [id, { row }] of this.#rows) {
      if (alive.has(id)) continue;
      row.remove();
      this.#rows.delete(id);
    }
  }
}

function fill(row, node, isHere) {
  const health = kHealth[node.health] ?? { shape: "busy", word: node.health };
  row.dataset.health = node.health;
  row.dataset.role = node.role;
  row.dataset.node = node.name;
  row.classList.toggle("here", isHere);
  row.querySelector(".name").replaceChildren(...nameParts(node, isHere));
  row.querySelector(".role").replaceChildren(...roleParts(node.role));
  row.querySelector(".health use").setAttribute("href", `#shape-${health.shape}`);
  setText(row.querySelector(".health .word"), health.word);
  setText(row.querySelector(".note"), node.health === "passing" ? "" : node.health_note ?? "");
  setText(row.querySelector(".address"), node.address ?? "");
  setText(row.querySelector(".mac"), node.mac ?? "");
  row.querySelector(".labels").replaceChildren(...labelParts(node.labels ?? {}));
}

function nameParts(node, isHere) {
  const name = document.createElement("span");
  name.textContent = node.name;
  const tag = document.createElement("span");
  tag.className = "tag";
  tag.textContent = "this page";
  return isHere ? [name, " ", tag] : [name];
}

function roleParts(role) {
  if (role !== "leader") return [role];
  const crown = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  crown.setAttribute("class", "shape");
  crown.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", "#shape-leader");
  crown.append(use);
  return [crown, role];
}

function labelParts(labels) {
  return Object.entries(labels).map(([key, value]) => {
    const label = document.createElement("span");
    label.className = "label";
    label.textContent = `${key}=${value}`;
    return label;
  });
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
