// Drives the page of running nodes with headless Chromium.
//   CLUSTER_LAB_PAGE_URLS    base URLs of the nodes: "http://10.0.0.1:8500 http://10.0.0.2:8500"
//   CLUSTER_LAB_PAGE_LAB     the `lab` command that runs them, to cut a node's power (optional)
//   CLUSTER_LAB_PAGE_OUTPUT  folder for the pictures (optional)
//   CLUSTER_LAB_CHROMIUM     default /usr/bin/chromium

import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

import { check, eventually, runAll, Skip, test } from "./cases.mjs";

const run = promisify(execFile);
const urls = (process.env.CLUSTER_LAB_PAGE_URLS ?? "").split(/\s+/).filter(Boolean);
const lab = process.env.CLUSTER_LAB_PAGE_LAB;
const output = process.env.CLUSTER_LAB_PAGE_OUTPUT;
const kDesktop = { width: 1366, height: 768 };
const kPhone = { width: 360, height: 740 };

/** Opens a node's page; `seen` collects its console errors and the hosts it asked. */
async function openPage(browser, url, { viewport = kDesktop, colorScheme = "light" } = {}) {
  const context = await browser.newContext({ viewport, colorScheme });
  const page = await context.newPage();
  const seen = { errors: [], hosts: new Set() };
  page.on("console", (message) => {
    if (message.type() === "error") seen.errors.push(message.text());
  });
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  page.on("request", (request) => seen.hosts.add(new URL(request.url()).origin));
  await page.goto(`${url}/ui/`);
  await page.waitForSelector("#node-rows tr");
  return { page, seen, close: () => context.close() };
}

async function withPage(browser, url, options, use) {
  const opened = await openPage(browser, url, options);
  try {
    await use(opened.page, opened.seen);
  } finally {
    await opened.close();
  }
}

async function askJson(url, target) {
  const answer = await fetch(url + target, { signal: AbortSignal.timeout(5000) });
  check(answer.ok, `${url}${target} answers ${answer.status}`);
  return answer.json();
}

/** Resolves to {leader, follower, other}: URL and name of one node each. */
async function cast() {
  const nodes = await Promise.all(urls.map(async (url) => {
    const status = await askJson(url, "/cluster/v1/status");
    return { url, name: status.name, state: status.state };
  }));
  const followers = nodes.filter((node) => node.state === "following");
  check(followers.length >= 2, "two nodes follow");
  return { leader: nodes.find((node) => node.state === "leading"), follower: followers[0], other: followers[1] };
}

async function picture(page, name) {
  if (output) await page.screenshot({ path: path.join(output, `${name}.png`), fullPage: true });
}

function rowText(page, node, cell) {
  return page.textContent(`#node-rows tr[data-node="${node}"] ${cell}`);
}

test("page: the root leads to /ui/", async (browser) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${urls[0]}/`);
  check(page.url() === `${urls[0]}/ui/`, `expected /ui/, got ${page.url()}`);
  await context.close();
});

test("page: every node's page lists every node with role, health, address and age", async (browser) => {
  const nodes = await askJson(urls[0], "/cluster/v1/nodes");
  check(nodes.length === urls.length, `${urls.length} nodes are registered, found ${nodes.length}`);
  for (const url of urls) {
    await withPage(browser, url, {}, async (page) => {
      for (const node of nodes) {
        check(await rowText(page, node.name, ".role") === node.role, `${node.name} is a ${node.role}`);
        check(await rowText(page, node.name, ".health") === "healthy", `${node.name} is healthy`);
        check(await rowText(page, node.name, ".address") === node.address, `${node.name} has ${node.address}`);
        check(/^\d+ (s|min|h)/.test(await rowText(page, node.name, ".age")), `${node.name} has an age`);
      }
    });
  }
});

test("page: one line tells how many nodes there are, who leads and that all is well", async (browser) => {
  const { leader, follower } = await cast();
  for (const node of [leader, follower]) {
    await withPage(browser, node.url, {}, async (page) => {
      const expected = new RegExp(`^${urls.length} nodes, ${leader.name} leads.*, all healthy$`);
      await eventually(5, "the sentence", async () => {
        const sentence = await page.textContent("#state-sentence");
        return expected.test(sentence) || sentence;
      });
    });
  }
});

test("page: the node that serves it is marked", async (browser) => {
  const { follower } = await cast();
  await withPage(browser, follower.url, {}, async (page) => {
    await page.waitForSelector(`tr.here[data-node="${follower.name}"] .tag`);
    check(await page.textContent("#served") === `This page is served by ${follower.name}`, "it names its node");
  });
});

test("page: ages count up without a request", async (browser) => {
  await withPage(browser, urls[0], {}, async (page) => {
    const words = await page.evaluate(async () => {
      const { duration } = await import("/ui/format.js");
      return [5, 150, 4000, 200000].map(duration).join("|");
    });
    check(words === "5 s|2 min|1 h 6 min|2 d 7 h", `durations, got ${words}`);
    const sinceStart = await page.textContent("#node-rows .age");
    await eventually(70, "the age changes", async () => await page.textContent("#node-rows .age") !== sinceStart);
  });
});

/** Cuts the node's power for the time of `use`; then waits until its page is there again. */
async function withoutPower(node, use) {
  if (!lab) throw new Skip("CLUSTER_LAB_PAGE_LAB does not name the lab that runs the nodes");
  await run(lab, ["kill", node.name]);
  try {
    await use();
  } finally {
    await run(lab, ["start", node.name]);
    await eventually(20, `${node.name} leads or follows again`, async () =>
      ["leading", "following"].includes((await askJson(node.url, "/cluster/v1/status")).state));
  }
}

function allHealthy(page) {
  return eventually(20, "all healthy", async () => {
    const sentence = await page.textContent("#state-sentence");
    return sentence.endsWith("all healthy") || sentence;
  });
}

test("page: a node that loses its power turns critical within 5 s, and healthy when it is back", async (browser) => {
  const { leader, other } = await cast();
  await withPage(browser, leader.url, {}, async (page) => {
    await withoutPower(other, async () => {
      await eventually(5, `${other.name} is critical`, async () =>
        await rowText(page, other.name, ".health") === "critical");
      await eventually(2, "the line says so", async () =>
        (await page.textContent("#state-sentence")).endsWith(`${other.name} is not healthy`));
      await picture(page, "one-critical-desktop");
    });
    await eventually(20, `${other.name} is healthy`, async () =>
      await rowText(page, other.name, ".health") === "healthy");
    await allHealthy(page);
  });
});

test("page: says when its own node does not answer, and goes on by itself when it is back", async (browser) => {
  const { other } = await cast();
  await withPage(browser, other.url, {}, async (page) => {
    await withoutPower(other, async () => {
      await eventually(25, "it says that the node does not answer", async () =>
        (await page.textContent("#state-sentence")).startsWith("This node does not answer"));
      check(await page.isVisible("table.stale"), "the nodes stay, marked as old");
      await picture(page, "not-answering-desktop");
    });
    await allHealthy(page);
    check(!await page.isVisible("table.stale"), "the nodes are new again");
  });
});

test("page: shows another leader when the leader loses its power", async (browser) => {
  const { leader, follower } = await cast();
  await withPage(browser, follower.url, {}, async (page) => {
    await withoutPower(leader, () => eventually(15, "another leads", async () => {
      const sentence = await page.textContent("#state-sentence");
      return (/ leads/.test(sentence) && !sentence.includes(`${leader.name} leads`)) || sentence;
    }));
    await allHealthy(page);
  });
});

for (const [screen, viewport] of [["desktop", kDesktop], ["phone", kPhone]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`page: ${screen}, ${colorScheme}: nothing sticks out, text has contrast, no errors`, async (browser) => {
      await withPage(browser, urls[0], { viewport, colorScheme }, async (page, seen) => {
        await page.waitForSelector("tr.here");
        await picture(page, `${screen}-${colorScheme}`);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        check(overflow <= 0, `${overflow} pixels too wide`);
        const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        const isDark = Number(ground.match(/\d+/)[0]) < 128;
        check(isDark === (colorScheme === "dark"), `the ground is ${ground}`);
        await checkContrast(page);
        check(seen.errors.length === 0, `no console errors, got ${seen.errors.join("; ")}`);
        check([...seen.hosts].join() === urls[0], `asks its own node only, asked ${[...seen.hosts]}`);
      });
    });
  }
}

/** WCAG 2.1 success criterion 1.4.3: 4.5 to 1. */
async function checkContrast(page) {
  const ratios = await page.evaluate(() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const luminance = (colours) => {
      for (const colour of colours) {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
      }
      const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)
        .map((v) => v / 255)
        .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const grounds = (element) => element
      ? [...grounds(element.parentElement), getComputedStyle(element).backgroundColor] : [];
    const ratio = (element) => {
      const behind = luminance(grounds(element));
      const text = luminance([...grounds(element), getComputedStyle(element).color]);
      return (Math.max(behind, text) + 0.05) / (Math.min(behind, text) + 0.05);
    };
    const places = ".brand, .served, .sentence, .detail, h2, thead th, .name, .tag, .role, .word, .address, .mac, .age, .label, dt, dd";
    return [...document.querySelectorAll(places)]
      .filter((element) => element.textContent)
      .map((element) => [element.className || element.tagName, ratio(element)]);
  });
  for (const [place, ratio] of ratios) check(ratio >= 4.5, `${place} has contrast ${ratio.toFixed(2)}`);
}

test("page: a screen reader finds landmarks, a table and spoken changes", async (browser) => {
  await withPage(browser, urls[0], { viewport: kPhone }, async (page) => {
    check(await page.getByRole("main").count() === 1, "one main landmark");
    check(await page.getByRole("banner").count() === 1, "one banner");
    check(await page.getByRole("heading", { level: 1 }).count() === 1, "one first heading");
    check(await page.getByRole("table", { name: /Nodes/ }).count() === 1, "a named table, also as cards");
    check(await page.getByRole("rowheader").count() === urls.length, "a row header per node");
    const spoken = page.locator("[aria-live=polite]");
    await eventually(5, "the state is announced", async () => / leads/.test(await spoken.textContent()));
    await page.keyboard.press("Tab");
    check(await page.evaluate(() => document.activeElement.className) === "brand", "Tab reaches the first link");
  });
});

test("page: the state line finds the right words for what it is told", async (browser) => {
  await withPage(browser, urls[0], {}, async (page) => {
    const said = await page.evaluate(async () => {
      const { stateOf } = await import("/ui/state_line.js");
      const leading = { name: "a", state: "leading", since_seconds: 125, leader: { name: "a" }, problems: [] };
      const well = { name: "a", health: "passing" };
      const sick = { name: "b", health: "critical" };
      const say = (status, nodes) => {
        const { tone, sentence } = stateOf({ status, nodes, answering: true });
        return `${tone}: ${sentence}`;
      };
      return [
        say(leading, [well]),
        say({ ...leading, state: "following" }, [well, sick]),
        say({ ...leading, problems: [{}] }, [well]),
        say({ ...leading, state: "probing", leader: null }, []),
        say({ ...leading, state: "blocked", leader: null, problems: [{}] }, []),
      ];
    });
    const expected = [
      "good: 1 node, a leads for 2 min, all healthy",
      "bad: 2 nodes, a leads, b is not healthy",
      "warning: 1 node, a leads for 2 min, 1 problem here",
      "busy: No leader: probing whether there is one",
      "bad: No leader: this node is blocked",
    ];
    check(said.join("\n") === expected.join("\n"), `expected ${expected.join(" | ")}, got ${said.join(" | ")}`);
  });
});

async function main() {
  if (urls.length < 3) throw new Error("CLUSTER_LAB_PAGE_URLS must name at least three nodes");
  if (output) await mkdir(output, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env.CLUSTER_LAB_CHROMIUM ?? "/usr/bin/chromium",
    args: process.getuid() === 0 ? ["--no-sandbox"] : [],
  });
  try {
    return await runAll(browser);
  } finally {
    await browser.close();
  }
}

process.exitCode = await main() ? 0 : 1;
