// How the health of nodes, services and checks is shown: by shape and word, not by colour alone.

import { el, shape } from "./dom.js";

const kHealth = {
  passing: { shape: "good", word: "healthy" },
  warning: { shape: "warning", word: "warning" },
  critical: { shape: "bad", word: "critical" },
};

export function healthMark(status) {
  const { shape: name, word } = kHealth[status] ?? { shape: "busy", word: status };
  return el("span", { class: "health", "data-health": status }, shape(name), el("span", { class: "word" }, word));
}

/** The worst of them; of none: passing. Pure. */
export function worst(statuses) {
  return ["critical", "maintenance", "warning"].find((status) => statuses.includes(status)) ?? "passing";
}
