// The cluster's time line: who led when, who came and went, and why. Newest first.

import { LiveQuery } from "./api.js";
import { el, KeyedList, shape } from "./dom.js";
import { Notice } from "./notice.js";
import { crumbs } from "./parts.js";

const kShapes = { leads: "leader", joined: "good", returned: "good", silent: "bad", left: "warning", lost: "bad" };
const kDay = new Intl.DateTimeFormat(undefined, { dateStyle: "full" });
const kTime = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

/** Moments, newest first, as [{day, moments}]. A moment without time is of the day around it. Pure. */
export function byDay(moments, dayOf) {
  const days = [];
  for (const moment of [...moments].reverse()) {
    const day = moment.time ? dayOf(moment.time) : days.at(-1)?.day ?? "";
    if (days.at(-1)?.day !== day) days.push({ day, moments: [] });
    days.at(-1).moments.push(moment);
  }
  return days;
}

class History {
  title = "History";
  element;
  #notice = new Notice();
  #none = el("p", { class: "notice", hidden: true }, "Nothing has happened yet.");
  #days;
  #query = new LiveQuery("/cluster/v1/timeline", {
    onData: (moments) => this.#show(moments),
    onFailure: (error) => this.#notice.failed(error, this.#days.size > 0 ? "What is below may be old." : ""),
  });

  constructor() {
    const days = el("div", { class: "days" });
    this.#days = new KeyedList(days, makeDay, fillDay);
    this.element = el("div", {}, crumbs([["History"]]), this.#notice.element, this.#none, days);
  }

  enter() { this.#query.start(); }
  leave() { this.#query.stop(); }

  #show(moments) {
    this.#notice.clear();
    this.#none.hidden = moments.length > 0;
    const days = byDay(moments, (seconds) => kDay.format(seconds * 1000));
    // A day is named by its oldest moment: that stays while it grows.
    this.#days.show(days, ({ moments: ones }) => ones.at(-1).id);
  }
}

function makeDay() {
  const list = el("ol", { class: "moments" });
  const day = el("section", { class: "day" }, el("h3"), list);
  day.moments = new KeyedList(list, (moment) => el("li", { "data-kind": moment.kind }), fillMoment);
  return day;
}

function fillDay(element, { day, moments }) {
  element.querySelector("h3").textContent = day || "Before the clock was set";
  element.moments.show(moments, (moment) => moment.id);
}

function fillMoment(item, moment) {
  const time = moment.time
    ? el("time", { datetime: new Date(moment.time * 1000).toISOString() }, kTime.format(moment.time * 1000))
    : el("span", { class: "time" }, "clock not set");
  item.replaceChildren(time, shape(kShapes[moment.kind] ?? "busy"), el("span", { class: "what" }, moment.text));
}

export function historyView() {
  return new History();
}
