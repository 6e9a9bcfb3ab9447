// How the boards of the nodes are now: each is asked through the node that serves this page, one after the other.

import { ask } from "./api.js";

const kPause = 30_000;
const kAnswerTime = 4_000; // that node has 2 s

/** Asks while the tab is seen; tells onReading(node name, board). */
export class Readings {
  #names = [];
  #onReading;
  #asking = false;
  #timer = 0;

  constructor(onReading) {
    this.#onReading = onReading;
    document.addEventListener("visibilitychange", () => this.#askAll());
  }

  /** The nodes with a board that tells something. New ones are asked at once. */
  of(names) {
    const isNew = names.some((name) => !this.#names.includes(name));
    this.#names = names;
    if (isNew) this.#askAll();
  }

  async #askAll() {
    if (this.#asking || document.hidden) return;
    this.#asking = true;
    clearTimeout(this.#timer);
    const asked = new Set();
    const next = () => this.#names.find((name) => !asked.has(name)); // of() may bring more meanwhile
    for (let name = next(); name !== undefined; name = next()) {
      asked.add(name);
      await this.#ask(name);
    }
    this.#asking = false;
    this.#timer = setTimeout(() => this.#askAll(), kPause);
  }

  async #ask(name) {
    try {
      const { data } = await ask(`/cluster/v1/status/${encodeURIComponent(name)}`, { time: kAnswerTime });
      this.#onReading(name, data.board);
    } catch {
      this.#onReading(name, null); // its health tells why
    }
  }
}
