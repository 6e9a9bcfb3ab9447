// The boards of the nodes, in words; most of the one that serves this page. Pure.

import { count, list } from "./format.js";

/** The facts as [label, text, isCommand]; empty texts for what it does not tell, nothing for a PC. */
export function boardFacts(board, name) {
  if (!board) return [];
  return [
    [`Board of ${name}`, words([board.model, board.serial && `serial ${board.serial}`]), false],
    ["Heat and power", words([degrees(board.celsius), throttlingText(board.throttling)]), false],
    ["Memory", memoryText(board.memory), false],
    ["Card", cardText(board.card), false],
  ];
}

/** What stays the same of any node's board, out of its labels. */
export function boardLine(labels) {
  const serial = labels["pi-serial"];
  return words([labels["pi-memory"], labels["pi-card"], serial && `serial ${serial}`]);
}

/** What one looks for when one looks at all of them: heat, power, and a card that wears out. */
export function readingsLine(board) {
  if (!board) return "";
  const card = cardText({ ...board.card, name: "" });
  return words([degrees(board.celsius), throttlingText(board.throttling), card && `card: ${card}`]);
}

function words(parts) {
  return parts.filter(Boolean).join(", ");
}

function degrees(celsius) {
  return typeof celsius === "number" ? `${celsius.toFixed(1)} °C` : "";
}

function throttlingText(throttling) {
  if (!throttling) return "";
  const { now, since_boot: sinceBoot } = throttling;
  if (now.length + sinceBoot.length === 0) return "not throttled";
  return words([now.length > 0 && `now ${list(now)}`, sinceBoot.length > 0 && `since the boot ${list(sinceBoot)}`]);
}

function memoryText(memory) {
  return memory ? `${size(memory.available_bytes)} of ${size(memory.total_bytes)} free` : "";
}

function size(bytes) {
  const mebi = bytes / 2 ** 20;
  return mebi < 1024 ? `${Math.round(mebi)} MiB` : `${(mebi / 1024).toFixed(1)} GiB`;
}

function cardText(card) {
  if (!card) return "";
  const { name, used_percent: used, pre_end_of_life: end, errors } = card;
  return words([
    name,
    typeof used === "number" && `${used} % used`,
    end && end !== "normal" && `end of life: ${end}`,
    typeof errors === "number" && (errors === 0 ? "no errors" : count(errors, "error")),
  ]);
}
