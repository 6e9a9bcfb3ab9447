// Questions to the node that serves this page.

const kAnswerTime = 5_000; // a question that does not block
const kFirstPause = 500;
const kLongestPause = 5_000;

/**
 * Fetches JSON. Rejects when there is no answer in time, when it is not 2xx or no JSON, and when
 * `abort` fires. Resolves to {data, index}, index being Consul's X-Consul-Index (0: none).
 */
export async function ask(path, { time = kAnswerTime, abort } = {}) {
  const controller = new AbortController();
  const giveUp = () => controller.abort();
  const timer = setTimeout(giveUp, time);
  abort?.addEventListener("abort", giveUp);
  try {
    const answer = await fetch(path, { signal: controller.signal, cache: "no-store" });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${answer.statusText}`);
    const data = await answer.json();
    return { data, index: Number(answer.headers.get("X-Consul-Index")) || 0 };
  } finally {
    clearTimeout(timer);
    abort?.removeEventListener("abort", giveUp);
  }
}

/** 500 ms, 1 s, 2 s, 4 s, 5 s, 5 s ... */
export class BackOff {
  #next = kFirstPause;
  reset() { this.#next = kFirstPause; }
  take() {
    const pause = this.#next;
    this.#next = Math.min(kLongestPause, this.#next * 2);
    return pause;
  }
}

/**
 * A list that is kept up to date by Consul's blocking queries: asks again and again, each time for
 * what is newer than the last answer, until the page goes.
 */
export class LiveList {
  #path;
  #waitSeconds;
  #onData;
  #onFailure;
  #index = 0;
  #running = null; // AbortController of the question under way
  #wake = null;    // ends a pause at once

  /** onData(list) on each change; onFailure(error) on each try that failed. */
  constructor(path, { waitSeconds, onData, onFailure }) {
    this.#path = path;
    this.#waitSeconds = waitSeconds;
    this.#onData = onData;
    this.#onFailure = onFailure;
  }

  async run() {
    const backOff = new BackOff();
    for (;;) {
      try {
        await this.#askOnce();
        backOff.reset();
      } catch (error) {
        this.#index = 0;
        this.#onFailure(error);
        await this.#pause(backOff.take());
      }
    }
  }

  /** Forgets the question under way and asks anew, e.g. since the node seems to have gone. */
  restart() {
    this.#index = 0;
    this.#running?.abort();
    this.#wake?.();
  }

  async #askOnce() {
    this.#running = new AbortController();
    const blocks = this.#index > 0;
    const path = blocks ? `${this.#path}?index=${this.#index}&wait=${this.#waitSeconds}s` : this.#path;
    // A server may add wait/16 (Consul's blocking queries); two more seconds for the way.
    const time = blocks ? (this.#waitSeconds * 17 / 16 + 2) * 1000 : kAnswerTime;
    const asked = performance.now();
    const { data, index } = await ask(path, { time, abort: this.#running.signal });
    const unchanged = blocks && index === this.#index;
    // An index that goes backward starts anew; one that is missing must not make a busy loop.
    this.#index = index >= this.#index ? index : 0;
    this.#onData(data);
    if (!unchanged && performance.now() - asked < 100) await this.#pause(100);
    if (index === 0) await this.#pause(kLongestPause);
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => { clearTimeout(timer); resolve(); };
    });
  }
}
