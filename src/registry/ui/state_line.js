// The cluster's state in one sentence, and what is wrong with the remedy.

import { setText } from "./dom.js";
import { count, duration, list, sentence } from "./format.js";

const kWithoutLeader = {
  waiting_for_link: "waiting for the network",
  probing: "probing whether there is one",
  joining: "joining",
  blocked: "this node is blocked",
  stopping: "this node is stopping",
};

/**
 * What to say. Pure.
 * @param status    answer of /cluster/v1/status, or null
 * @param nodes     answer of /cluster/v1/nodes, or null
 * @param answering false: the node that serves this page has gone
 * @returns {tone: "good"|"warning"|"bad"|"busy", sentence, announcement, detail}; the announcement is the
 *          sentence without what changes by the second
 */
export function stateOf({ status, nodes, answering, secondsSinceStatus = 0 }) {
  if (!answering) {
    return same("bad", "This node does not answer, trying again",
      nodes ? "Below is what it said last." : "");
  }
  if (!status) return same("busy", "Asking this node", "");
  const problems = status.problems ?? [];
  if (!status.leader) {
    const doing = kWithoutLeader[status.state] ?? status.state;
    return same(problems.length > 0 ? "bad" : "busy", `No leader: ${doing}`, sentence(status.reason ?? ""));
  }
  if (!nodes) return same("busy", `${status.leader.name} leads, asking for the nodes`, "");
  return withLeader(status, nodes, problems, secondsSinceStatus);
}

function same(tone, words, detail) {
  return { tone, sentence: words, announcement: words, detail };
}

function withLeader(status, nodes, problems, secondsSinceStatus) {
  const leads = `${status.leader.name} leads`;
  const since = duration(status.since_seconds + secondsSinceStatus);
  const isLeader = status.state === "leading";
  const [tone, health] = healthOf(nodes, problems);
  const detail = isLeader || status.state !== "following"
    ? sentence(status.reason ?? "")
    : `${status.name} has been following for ${since}`;
  return {
    tone,
    sentence: `${count(nodes.length, "node")}, ${leads}${isLeader ? ` for ${since}` : ""}, ${health}`,
    announcement: `${count(nodes.length, "node")}, ${leads}, ${health}`,
    detail,
  };
}

function healthOf(nodes, problems) {
  const sick = nodes.filter((node) => node.health !== "passing");
  if (sick.length > 0) {
    const tone = sick.some((node) => node.health === "critical") ? "bad" : "warning";
    const names = sick.length <= 3 ? list(sick.map((node) => node.name)) : `${sick.length} of them`;
    return [tone, `${names} ${sick.length === 1 ? "is" : "are"} not healthy`];
  }
  if (problems.length > 0) return ["warning", `${count(problems.length, "problem")} here`];
  return ["good", "all healthy"];
}

/** Shows it: the big line, the announcement for a screen reader, the problems. */
export class StateLine {
  #panel = document.getElementById("state");
  #sentence = document.getElementById("state-sentence");
  #detail = document.getElementById("state-detail");
  #announcement = document.getElementById("announcement");
  #announced = ""; // others announce there too
  #problems = document.getElementById("problems");
  #problemsTitle = document.getElementById("problems-title");
  #problemList = document.getElementById("problem-list");

  show(state) {
    this.#panel.dataset.tone = state.tone;
    this.#panel.querySelector("use").setAttribute("href", `#shape-${state.tone}`);
    showClauses(this.#sentence, state.sentence);
    setText(this.#detail, state.detail);
    if (this.#announced !== state.announcement) setText(this.#announcement, state.announcement);
    this.#announced = state.announcement;
  }

  showProblems(problems, nodeName) {
    this.#problems.hidden = problems.length === 0;
    setText(this.#problemsTitle, `${count(problems.length, "problem")} on ${nodeName}`);
    const key = JSON.stringify(problems);
    if (this.#problemList.dataset.key === key) return;
    this.#problemList.dataset.key = key;
    this.#problemList.replaceChildren(...problems.map(problemItem));
  }
}

function problemItem(problem) {
  const item = document.createElement("li");
  const message = document.createElement("p");
  message.className = "message";
  message.textContent = sentence(problem.message);
  const remedy = document.createElement("p");
  remedy.className = "remedy";
  remedy.textContent = sentence(problem.remedy ?? "");
  item.append(message, ...(problem.remedy ? [remedy] : []));
  return item;
}

// Lines break between clauses where they can: not inside "pi-3".
function showClauses(element, text) {
  if (element.textContent === text) return;
  const clauses = text.split(/(?<=,) /);
  element.replaceChildren(...clauses.flatMap((words, position) => {
    const clause = document.createElement("span");
    clause.className = "clause";
    clause.textContent = words;
    return position === 0 ? [clause] : [" ", clause];
  }));
}
