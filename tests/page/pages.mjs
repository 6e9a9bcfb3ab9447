// Pages of running nodes in headless Chromium, and those nodes asked directly.
//   CLUSTER_LAB_PAGE_URLS    base URLs of the nodes: "http://10.0.0.1:8500 http://10.0.0.2:8500"
//   CLUSTER_LAB_PAGE_OUTPUT  folder for the pictures (optional)
//   CLUSTER_LAB_CHROMIUM     default /usr/bin/chromium

import { mkdir } from "node:fs/promises";
import path from "node:path";
import { chromium } from "playwright-core";

import { check } from "./cases.mjs";

export const urls = (process.env.CLUSTER_LAB_PAGE_URLS ?? "").split(/\s+/).filter(Boolean);
const output = process.env.CLUSTER_LAB_PAGE_OUTPUT;
export const kDesktop = { width: 1366, height: 768 };
export const kPhone = { width: 390, height: 844 };
export const kScreens = [["desktop", kDesktop], ["phone", kPhone]].flatMap(([screen, viewport]) =>
  ["light", "dark"].map((colorScheme) => ({ screen, viewport, colorScheme })));

export async function launch() {
  if (output) await mkdir(output, { recursive: true });
  return chromium.launch({
    executablePath: process.env.CLUSTER_LAB_CHROMIUM ?? "/usr/bin/chromium",
    args: process.getuid() === 0 ? ["--no-sandbox"] : [],
  });
}

/**
 * Opens a node's page at a view ("kv/a"); `seen` collects its console errors, the hosts it asked, and
 * how many of its questions wait at the node now.
 */
async function openPage(browser, url, { viewport = kDesktop, colorScheme = "light", view = "" } = {}) {
  const context = await browser.newContext({ viewport, colorScheme });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const seen = { errors: [], hosts: new Set(), waiting: new Set(), mostWaiting: 0 };
  page.on("console", (message) => {
    if (message.type() === "error") seen.errors.push(message.text());
  });
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  page.on("request", (request) => {
    seen.hosts.add(new URL(request.url()).origin);
    if (/[?&]index=/.test(request.url())) seen.waiting.add(request);
    seen.mostWaiting = Math.max(seen.mostWaiting, seen.waiting.size);
  });
  for (const end of ["requestfinished", "requestfailed"]) page.on(end, (request) => seen.waiting.delete(request));
  await page.goto(`${url}/ui/${view ? `#/${view}` : ""}`);
  await page.waitForSelector("#node-rows tr", { state: "attached" });
  return { page, seen, close: () => context.close() };
}

export async function withPage(browser, url, options, use) {
  const opened = await openPage(browser, url, options);
  try {
    await use(opened.page, opened.seen);
  } finally {
    await opened.close();
  }
}

/** Asks a node and gives the answer, whatever it is. */
export function send(url, target, { method = "PUT", body } = {}) {
  const sent = typeof body === "object" && !(body instanceof Uint8Array) ? JSON.stringify(body) : body;
  return fetch(url + target, { method, body: sent, signal: AbortSignal.timeout(5000) });
}

export async function askJson(url, target, options = { method: "GET" }) {
  const answer = await send(url, target, options);
  check(answer.ok, `${url}${target} answers ${answer.status}`);
  return answer.json();
}

/** A node that takes changes from here, and one that does not. */
export async function writerAndReader() {
  const access = await Promise.all(urls.map((url) => askJson(url, "/cluster/v1/access")));
  const writer = urls.find((_, which) => access[which].may_write);
  const reader = urls.find((_, which) => !access[which].may_write);
  check(writer, "a node takes changes from here (registry.lan-writes=yes)");
  check(reader, "a node takes no changes from here");
  return { writer, reader };
}

/** As if the reader went to another tab, or came back. */
export function setHidden(page, hidden) {
  return page.evaluate((value) => {
    Object.defineProperty(document, "hidden", { configurable: true, value });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}

export async function picture(page, name) {
  if (output) await page.screenshot({ path: path.join(output, `${name}.png`), fullPage: true });
}

/** Nothing sticks out, text has contrast, the ground fits the colour scheme, nothing went wrong. */
export async function checkLooks(page, seen, { url, colorScheme, places }) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  check(overflow <= 0, `${overflow} pixels too wide`);
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const isDark = Number(ground.match(/\d+/)[0]) < 128;
  check(isDark === (colorScheme === "dark"), `the ground is ${ground}`);
  await checkContrast(page, places);
  check(seen.errors.length === 0, `no console errors, got ${seen.errors.join("; ")}`);
  check([...seen.hosts].join() === url, `asks its own node only, asked ${[...seen.hosts]}`);
}

/** WCAG 2.1 success criterion 1.4.3: 4.5 to 1. `places`: a selector. */
async function checkContrast(page, places) {
  const ratios = await page.evaluate((selector) => {
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
    return [...document.querySelectorAll(selector)]
      .filter((element) => element.textContent)
      .map((element) => [element.className || element.tagName, ratio(element)]);
  }, places);
  check(ratios.length > 0, `there is something at ${places}`);
  for (const [place, ratio] of ratios) check(ratio >= 4.5, `${place} has contrast ${ratio.toFixed(2)}`);
}
