// What one needs to use the cluster: where its leader, its network and its Docker endpoint are; and the board of
// the node that serves this page.

import { boardFacts } from "./board.js";

/** The facts as [label, text, isCommand]. Pure. */
export function factsOf(status) {
  const { link, leader_address: leader, ports } = status;
  const facts = [
    ["Cluster", status.cluster_id, false],
    ["Leader address", leader, false],
    ["Cluster link", linkText(link), false],
    ["Addresses by DHCP", status.range?.replace("-", " – "), false],
    ["Registry", registryText(status.registry), false],
    ["Docker for all nodes", ports ? `docker -H tcp://${leader}:${ports.scheduler} info` : "", true],
    ...boardFacts(status.board, status.name),
  ];
  return facts.filter(([, text]) => text);
}

/** Which nodes keep it, where that is not every node's card. */
function registryText(registry) {
  return registry?.members.length ? `In ${registry.kind} on ${registry.members.join(", ")}` : "";
}

function linkText(link) {
  if (!link) return "";
  if (link.kind === "none") return link.name;
  return `${link.kind.toUpperCase()} ${link.id} on ${link.parent}`;
}

export function showFacts(status) {
  const place = document.getElementById("facts");
  const facts = factsOf(status);
  const key = JSON.stringify(facts);
  if (place.dataset.key === key) return;
  place.dataset.key = key;
  place.hidden = false;
  place.replaceChildren(...facts.map(factItem));
}

function factItem([label, text, isCommand]) {
  const item = document.createElement("div");
  const term = document.createElement("dt");
  term.textContent = label;
  const value = document.createElement("dd");
  if (isCommand) {
    const code = document.createElement("code");
    code.textContent = text;
    value.append(code);
  } else {
    value.textContent = text;
  }
  item.append(term, value);
  return item;
}
