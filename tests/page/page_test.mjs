// Drives the page of running nodes with headless Chromium. The environment: pages.mjs, node_cases.mjs.

import { runAll } from "./cases.mjs";
import { launch, urls } from "./pages.mjs";

import "./node_cases.mjs";
import "./view_cases.mjs";
import "./kv_cases.mjs";

if (urls.length < 3) throw new Error("CLUSTER_LAB_PAGE_URLS must name at least three nodes");
const browser = await launch();
try {
  process.exitCode = await runAll(browser, process.argv.slice(2)) ? 0 : 1;
} finally {
  await browser.close();
}
