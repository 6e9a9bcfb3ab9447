// Pieces that several views are made of.

import { el } from "./dom.js";

/** The heading of a view as the way to it: [[text, href], ..., [text]]. */
export function crumbs(steps) {
  const last = steps.at(-1);
  const way = steps.slice(0, -1).map(([text, href]) => el("li", {}, el("a", { href }, text)));
  return el("nav", { class: "crumbs", "aria-label": "You are here" },
    el("ol", {}, ...way, el("li", { "aria-current": "page" }, el("h2", { tabindex: "-1" }, last[0]))));
}

/** A span of labels; empty for none. */
export function labels(words) {
  return el("span", { class: "labels" }, ...words.map((word) => el("span", { class: "label" }, word)));
}

/**
 * A table whose rows are cards on a narrow screen; the roles keep it a table for a screen reader there.
 * row(): an empty row, its first cell the row's header.
 */
export function table(name, titles) {
  const head = titles.map((title) => el("th", { role: "columnheader", scope: "col" }, title));
  const body = el("tbody", { role: "rowgroup" });
  const element = el("table", { role: "table", "aria-label": name, hidden: true, class: "plain" },
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...head)), body);
  const row = () => el("tr", { role: "row" },
    el("th", { role: "rowheader", scope: "row", class: "name" }),
    ...titles.slice(1).map((title) => el("td", { role: "cell", "data-label": title })));
  return { element, body, row };
}

/** A button that must be pressed twice: asks `question` in its place first. */
export function askingButton({ text, question, yes, no, onYes }) {
  const place = el("span", { class: "asking" });
  const button = el("button", { type: "button", class: "danger", onclick: () => ask() }, text);
  const rest = () => { place.replaceChildren(button); button.focus(); };
  const ask = () => {
    const sure = el("button", { type: "button", class: "danger", onclick: () => { rest(); onYes(); } }, yes);
    place.replaceChildren(el("span", { role: "alert" }, question), sure,
      el("button", { type: "button", onclick: rest }, no));
    sure.focus();
  };
  place.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !button.isConnected) { event.stopPropagation(); rest(); }
  });
  place.append(button);
  return place;
}
