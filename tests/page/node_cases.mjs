// The page's list of nodes, and how it tells what happens to them.
//   CLUSTER_LAB_PAGE_LAB     the `lab` command that runs them, to cut a node's power (optional)

import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { check, eventually, Skip, test } from "./cases.mjs";
import { askJson, checkLooks, kPhone, kScreens, picture, urls, withPage, writerAndReader } from "./pages.mjs";

const run = promisify(execFile);
const lab = process.env.CLUSTER_LAB_PAGE_LAB;
const kNarrowest = { width: 360, height: 740 };

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

test("page: a Raspberry Pi has its board and how it is in the list, and on its own page all of it", async (browser) => {
  const { writer, reader } = await writerAndReader();
  const { name } = await askJson(writer, "/cluster/v1/status");
  for (const url of [writer, reader]) {
    await withPage(browser, url, {}, async (page) => {
      await page.waitForSelector("#facts div");
      check(await rowText(page, name, ".model") === "Raspberry Pi 4 Model B Rev 1.4", "its model is in the list");
      check(await rowText(page, name, ".board") === "3.7 GiB, SC32G, made 06/2019, serial 10000000a1b2c3d4",
        `its memory, card and serial number are too, got ${await rowText(page, name, ".board")}`);
      check(await rowText(page, name, ".labels") === "", "and is no label");
      await eventually(10, "how it is stands there", async () =>
        await rowText(page, name, ".readings") === "48.3 °C, not throttled, card: no errors");
      const facts = await page.textContent("#facts");
      for (const fact of [`Board of ${name}`, "serial 10000000a1b2c3d4", "48.3 °C, not throttled",
        "3.1 GiB of 3.7 GiB free", "SC32G, made 06/2019, no errors"]) {
        check(facts.includes(fact) === (url === writer), `${fact}: on its own page only`);
      }
    });
  }
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

const kPlaces = ".brand, .served, .views a, .sentence, .detail, h2, thead th, .name, .tag, .role, .word, .address, " +
  ".mac, .age, .label, dt, dd";

for (const { screen, viewport, colorScheme } of [...kScreens,
  { screen: "narrow", viewport: kNarrowest, colorScheme: "light" }]) {
  test(`page: nodes: ${screen}, ${colorScheme}: nothing sticks out, text has contrast, no errors`, async (browser) => {
    await withPage(browser, urls[0], { viewport, colorScheme }, async (page, seen) => {
      await page.waitForSelector("tr.here");
      await picture(page, `nodes-${screen}-${colorScheme}`);
      await checkLooks(page, seen, { url: urls[0], colorScheme, places: kPlaces });
    });
  });
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
