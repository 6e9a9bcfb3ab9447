// Services, events and sessions, the history; and what all views have in common.

import { check, eventually, test } from "./cases.mjs";
import { askJson, checkLooks, kScreens, picture, send, setHidden, urls, withPage,
  writerAndReader } from "./pages.mjs";

const kViews = ["nodes", "services", "kv", "events", "history"];
const kMark = `t${process.pid}`; // in the names of what this run makes

/** Runs `use` while a service of that body is registered at the node. */
async function withService(url, service, use) {
  const answer = await send(url, "/v1/agent/service/register", { body: service });
  check(answer.ok, `${service.Name} is registered, got ${answer.status}`);
  try {
    await use();
  } finally {
    await send(url, `/v1/agent/service/deregister/${encodeURIComponent(service.ID ?? service.Name)}`);
  }
}

function ttlService(name, checkId) {
  return { Name: name, Port: 8080, Tags: ["blue"], Meta: { team: "a" },
    Check: { CheckID: checkId, Name: "says it is well", TTL: "10m", Status: "passing" } };
}

test("page: a service appears, turns critical and goes, without a reload", async (browser) => {
  const { writer, reader } = await writerAndReader();
  const name = `${kMark}-web`;
  await withPage(browser, reader, { view: "services" }, async (page) => {
    const row = page.locator(`tr[data-service="${name}"]`);
    await withService(writer, ttlService(name, `${kMark}-c`), async () => {
      await eventually(5, "the row", async () => await row.getAttribute("data-health") === "passing");
      await send(writer, `/v1/agent/check/fail/${kMark}-c?note=it%20burns`);
      await eventually(5, "it is critical", async () => await row.getAttribute("data-health") === "critical");
      await row.locator("a").click();
      const card = page.locator(`[data-instance="${name}"]`);
      await eventually(5, "the check's output", async () => (await card.textContent()).includes("it burns"));
      check((await card.textContent()).includes(":8080"), "its port");
      check((await card.locator(".label").allTextContents()).join() === "blue,team=a", "tags and meta");
      await page.reload();
      await send(writer, `/v1/agent/check/pass/${kMark}-c`);
      await eventually(5, "it is healthy", async () => await card.getAttribute("data-health") === "passing");
    });
    await page.waitForSelector(`text=No instance of ${name} is registered.`);
    await page.click(".crumbs >> text=Services");
    await eventually(5, "it is gone", async () => await row.count() === 0);
  });
});

test("page: what others named is text, never markup", async (browser) => {
  const { writer } = await writerAndReader();
  const name = `${kMark}<img src=x onerror="document.title='owned'">`;
  await send(writer, `/v1/kv/${encodeURIComponent(name)}`, { body: name });
  await withPage(browser, writer, { view: "kv" }, async (page) => {
    await page.click(`.entries a[href*="${kMark}"]`);
    await eventually(5, "the value", async () => await page.textContent(".value-card pre") === name);
    check(await page.locator("main img").count() === 0, "no image came of it");
    check(!(await page.title()).includes("owned") || (await page.title()).includes("<img"), "no script ran");
  });
  await send(writer, `/v1/kv/${encodeURIComponent(name)}`, { method: "DELETE" });
});

test("page: an event appears when it is fired, the newest first, binary payloads as such", async (browser) => {
  const { writer, reader } = await writerAndReader();
  await withPage(browser, reader, { view: "events" }, async (page) => {
    const first = () => page.textContent('table[aria-label="Events"] tbody tr:first-child', { timeout: 1000 });
    await send(writer, `/v1/event/fire/${kMark}-deploy`, { body: "version 7" });
    await eventually(5, "the event", async () => /deployversion 7all nodes/.test(await first()) || first());
    await send(writer, `/v1/event/fire/${kMark}-bytes?node=pi.*`, { body: new Uint8Array([0, 255]) });
    await eventually(5, "the bytes", async () => /bytes00 ffnode pi\.\*/.test(await first()) || first());
  });
});

test("page: a session tells which locks it holds, and a key who locked it", async (browser) => {
  const { writer, reader } = await writerAndReader();
  const key = `page-test/${kMark}-lock`;
  const { ID: id } = await askJson(writer, "/v1/session/create", { body: { Name: `${kMark}-job`, TTL: "300s" } });
  try {
    await withPage(browser, reader, { view: "events" }, async (page) => {
      const row = page.locator(`tr[data-session="${id}"]`);
      await eventually(5, "no lock yet", async () => /no lock/.test(await row.textContent()));
      await send(writer, `/v1/kv/${key}?acquire=${id}`, { body: "me" });
      await row.locator(`a:text-is("${key}")`).click();
      await eventually(5, "the holder", async () =>
        (await page.textContent(".held-by")).startsWith(`Locked by ${kMark}-job on `));
      await send(writer, `/v1/session/destroy/${id}`);
      await page.waitForSelector(".held-by", { state: "hidden" });
    });
  } finally {
    await send(writer, `/v1/session/destroy/${id}`);
    await send(writer, `/v1/kv/${key}`, { method: "DELETE" });
  }
});

test("page: the history tells who led and who came, the newest first, and grows by itself", async (browser) => {
  const { writer, reader } = await writerAndReader();
  const told = await askJson(reader, "/cluster/v1/timeline");
  await withPage(browser, reader, { view: "history" }, async (page) => {
    const moments = () => page.locator(".moments .what").allTextContents();
    const expected = told.map((moment) => moment.text).reverse().join("\n");
    await eventually(5, "every moment", async () => (await moments()).join("\n") === expected);
    check(await page.locator('[data-kind="leads"]').count() > 0, "somebody leads");
    const snapshot = await send(writer, "/v1/snapshot", { method: "GET" });
    await send(writer, "/v1/snapshot", { body: new Uint8Array(await snapshot.arrayBuffer()) });
    await eventually(5, "the newest is the restored snapshot", async () =>
      (await moments())[0].includes("restored from a snapshot") || (await moments())[0]);
  });
});

test("page: days and clocks that were not set", async (browser) => {
  await withPage(browser, urls[0], {}, async (page) => {
    const days = await page.evaluate(async () => {
      const { byDay } = await import("/ui/history.js");
      const moments = [[1, 0], [2, 100], [3, 0], [4, 200], [5, 300]].map(([id, time]) => ({ id, time }));
      const told = byDay(moments, (time) => (time < 250 ? "monday" : "tuesday"));
      return told.map(({ day, moments: ones }) => `${day}: ${ones.map(({ id }) => id).join(" ")}`).join("; ");
    });
    check(days === "tuesday: 5; monday: 4 3 2 1", `got ${days}`);
  });
});

test("page: addresses name views and paths, and are read back as they were", async (browser) => {
  await withPage(browser, urls[0], {}, async (page) => {
    const wrong = await page.evaluate(async () => {
      const { parseRoute, routeOf } = await import("/ui/router.js");
      const paths = ["", "a", "a/", "a/b c/ä?&#%", "//", "a/?", "?"];
      const same = (path, leaf) => {
        const route = parseRoute(routeOf("kv", path, { leaf }));
        return route.view === "kv" && route.path === path && route.leaf === (leaf && path.endsWith("/"));
      };
      const lost = paths.filter((path) => !same(path, false) || !same(path, true));
      return [...lost, ...["", "#", "#/", "#/nowhere/x", "#/kv/%zz"].map((text) => parseRoute(text).view)].join(" ");
    });
    check(wrong === "nodes nodes nodes nodes kv", `got ${wrong}`);
  });
});

test("page: every view is reached by Tab and Enter, has a title, and is told to a screen reader", async (browser) => {
  await withPage(browser, urls[0], {}, async (page) => {
    await page.keyboard.press("Tab"); // the brand
    for (const view of kViews) {
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await eventually(2, view, () => page.evaluate((name) => document.body.dataset.view === name, view));
      const link = page.locator("#views a[aria-current=page]");
      check(await link.getAttribute("data-view") === view, `${view} is the current one`);
      check(await page.evaluate(() => document.activeElement.matches(":focus-visible")), "the focus shows");
      check(await page.getByRole("heading", { level: 2 }).count() > 0, `${view} has a heading`);
    }
    check((await page.title()).startsWith("History"), "the title names the view");
    check(await page.getByRole("navigation", { name: "Views" }).count() === 1, "a named landmark");
  });
});

test("page: four questions at most wait at the node, and none while nobody looks", async (browser) => {
  await withPage(browser, urls[0], {}, async (page, seen) => {
    for (const view of [...kViews, ...kViews]) {
      await page.click(`#views [data-view=${view}]`);
      await eventually(5, `${view} waits`, () => seen.waiting.size >= (view === "nodes" ? 1 : 2));
    }
    await page.click("#views [data-view=events]");
    await eventually(5, "events, sessions, locks and nodes", () => seen.waiting.size === 4);
    check(seen.mostWaiting <= 4, `at most 4 waited, found ${seen.mostWaiting}`);
    await setHidden(page, true);
    await eventually(5, "none waits", () => seen.waiting.size === 0);
    await setHidden(page, false);
    await eventually(5, "they wait again", () => seen.waiting.size === 4);
  });
});

test("page: a view says when its node does not answer, and goes on by itself", async (browser) => {
  await withPage(browser, urls[0], { view: "services" }, async (page) => {
    await page.waitForSelector('table[aria-label="Services"], .notice:visible');
    await page.context().setOffline(true);
    await page.click("#views [data-view=history]");
    await page.waitForSelector("#view .trouble >> text=This node does not answer");
    await page.context().setOffline(false);
    await eventually(15, "the history is there", async () => await page.locator(".moments li").count() > 0);
    check(!await page.isVisible("#view .trouble"), "the trouble is over");
  });
});

const kPlaces = ".crumbs h2, h3, thead th, .name a, .word, .label, .where, .check-name, .output, .payload, .id, " +
  ".quiet, .what, time, .time, .notice";

for (const { screen, viewport, colorScheme } of kScreens) {
  test(`page: views: ${screen}, ${colorScheme}: nothing sticks out, text has contrast, no errors`, async (browser) => {
    const { writer } = await writerAndReader();
    const name = `${kMark}-looks`;
    await withService(writer, ttlService(name, `${kMark}-l`), async () => {
      await send(writer, `/v1/agent/check/warn/${kMark}-l?note=${"a-long-word-".repeat(9)}`);
      await withPage(browser, writer, { viewport, colorScheme, view: "services" }, async (page, seen) => {
        const look = async (view, awaited) => {
          await page.goto(`${writer}/ui/#/${view}`);
          await page.waitForSelector(awaited);
          await picture(page, `${view.replace(/\/.*/, "-one")}-${screen}-${colorScheme}`);
          await checkLooks(page, seen, { url: writer, colorScheme, places: kPlaces });
        };
        await look("services", `tr[data-service="${name}"][data-health=warning]`);
        await look(`services/${name}`, ".card[data-health=warning]");
        await look("events", 'table[aria-label="Events"] tbody tr, .notice:visible');
        await look("history", ".moments li");
      });
    });
  });
}
