// Questions to the node that serves this page.

const kAnswerTime = 5_000; // a question that does not block
const kWaitSeconds = 60;
const kFirstPause = 500;
const kLongestPause = 5_000;

/** An answer other than 2xx. Its message is what the node said. */
export class Refused extends Error {
  constructor(status, said) {
    super(said || `status ${status}`);
    this.status = status;
  }
}

/** What went wrong, for a person. */
export function inWords(error) {
  if (!(error instanceof Refused)) return "This node does not answer";
  if (error.status === 500 && /no cluster leader/i.test(error.message)) {
    return "The cluster has no leader at the moment";
  }
  return error.message;
}

/**
 * Fetches JSON. Rejects when there is no answer in time, with Refused when it is not 2xx, and when
 * `abort` fires. Resolves to {data, index}, index being Consul's X-Consul-Index as text: it may have
 * more digits than a Number ("": none). A 404 where there may be nothing (`optional`) is data null.
 */
export async function ask(path, { method = "GET", body, time = kAnswerTime, abort, optional = false } = {}) {
  const controller = new AbortController();
  const giveUp = () => controller.abort();
  const timer = setTimeout(giveUp, time);
  abort?.addEventListener("abort", giveUp);
  try {
    const answer = await fetch(path, { method, body, signal: controller.signal, cache: "no-store" });
    const index = answer.headers.get("X-Consul-Index") ?? "";
    if (optional && answer.status === 404) return { data: null, index };
    if (!answer.ok) throw new Refused(answer.status, (await answer.text()).trim());
    return { data: await answer.json(), index };
  } finally {
    clearTimeout(timer);
    abort?.removeEventListener("abort", giveUp);
  }
}

/** 500 ms, 1 s, 2 s, 4 s, 5 s, 5 s ... */
class BackOff {
  #next = kFirstPause;
  reset() { this.#next = kFirstPause; }
  take() {
    const pause = this.#next;
    this.#next = Math.min(kLongestPause, this.#next * 2);
    return pause;
  }
}

const running = new Set(); // of LiveQuery

// A tab that nobody sees holds no connection: a browser has six for all tabs of one node.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) for (const query of running) query.suspend();
});

function whenVisible(signal) {
  return new Promise((resolve) => {
    const look = () => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener("visibilitychange", look);
      resolve();
    };
    document.addEventListener("visibilitychange", look);
    signal.addEventListener("abort", look);
    look();
  });
}

function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); });
  });
}

/**
 * An answer that is kept up to date by Consul's blocking queries: asks again and again between start()
 * and stop(), each time for what is newer than the last answer. Rests while the tab is hidden.
 */
export class LiveQuery {
  #path;
  #onData;
  #onFailure;
  #optional;
  #index = "";
  #life = null;     // AbortController from start() to stop()
  #question = null; // AbortController of the question under way

  /** onData(data) on each answer, changed or not; onFailure(error) on each try that failed. */
  constructor(path, { onData, onFailure, optional = false }) {
    this.#path = path;
    this.#onData = onData;
    this.#onFailure = onFailure;
    this.#optional = optional;
  }

  start() {
    if (this.#life) return;
    this.#life = new AbortController();
    running.add(this);
    this.#run(this.#life.signal);
  }

  stop() {
    running.delete(this);
    this.#life?.abort();
    this.#life = null;
    this.#index = "";
  }

  /** Forgets the question under way and asks anew, e.g. since the node seems to have gone. */
  restart() {
    if (!this.#life) return;
    this.stop();
    this.start();
  }

  suspend() {
    this.#question?.abort();
  }

  async #run(life) {
    const backOff = new BackOff();
    while (!life.aborted) {
      await whenVisible(life);
      try {
        await this.#askOnce(life);
        backOff.reset();
      } catch (error) {
        if (life.aborted || document.hidden) continue;
        this.#index = "";
        this.#onFailure(error);
        await pause(backOff.take(), life);
      }
    }
  }

  async #askOnce(life) {
    if (life.aborted) return;
    this.#question = new AbortController();
    life.addEventListener("abort", () => this.suspend(), { signal: this.#question.signal });
    const before = this.#index;
    const separator = this.#path.includes("?") ? "&" : "?";
    const path = before ? `${this.#path}${separator}index=${before}&wait=${kWaitSeconds}s` : this.#path;
    // A server may add wait/16 (Consul's blocking queries); two more seconds for the way.
    const time = before ? (kWaitSeconds * 17 / 16 + 2) * 1000 : kAnswerTime;
    const asked = performance.now();
    const { data, index } = await ask(path, { time, abort: this.#question.signal, optional: this.#optional });
    if (life.aborted) return;
    // An index that goes backward starts anew; one that is missing must not make a busy loop.
    this.#index = isForward(before, index) ? index : "";
    this.#onData(data);
    if (index !== before && performance.now() - asked < 100) await pause(100, life);
    if (!index) await pause(kLongestPause, life);
  }
}

function isForward(before, after) {
  return after !== "" && BigInt(after) > 0n && BigInt(after) >= BigInt(before || "0");
}
