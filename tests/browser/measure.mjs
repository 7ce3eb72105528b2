// Measures what the site promises about speed, on the site in dist, built for /.
// usage: node measure.mjs [engine|keystroke|load|lighthouse ...]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { CHROMIUM, CHROMIUM_OPTIONS, LESSON, ORIGIN, PLAYGROUND, PORT } from "./settings.mjs";
import { predict } from "./site.mjs";
import { asked } from "../../app/site/web/message.js";

const KEYS = 60;
/** Between a verdict and the next key, in milliseconds: a good typist presses five keys a second. */
const REST = 200;
const EDITS = 300;
const LOADS = 5;
const DEBUGGING_PORT = PORT + 2;
/** Lighthouse's own slow network, for our own loads. */
const SLOW = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 };

const wanted = process.argv.slice(2);
const wants = (part) => !wanted.length || wanted.includes(part);
const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const spread = (times) => {
  const sorted = times.toSorted((a, b) => a - b);
  return `p50 ${at(sorted, 0.5).toFixed(1)}, p95 ${at(sorted, 0.95).toFixed(1)}, worst ${sorted.at(-1).toFixed(1)} ms (n=${sorted.length})`;
};

const here = dirname(fileURLToPath(import.meta.url));
const server = spawn("node", [join(here, "serve.mjs"), join(here, "../../dist"), "/", String(PORT)], { stdio: ["ignore", "pipe", "inherit"] });
await once(server.stdout, "data");
const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...CHROMIUM_OPTIONS, `--remote-debugging-port=${DEBUGGING_PORT}`] });
try {
  if (wants("engine")) await engine();
  if (wants("keystroke")) for (const slowdown of [1, 4]) await keystrokes(slowdown);
  if (wants("load")) for (const slowdown of [1, 4]) await loads(slowdown);
  if (wants("lighthouse")) for (const path of [LESSON, PLAYGROUND]) await lighthouse(path);
} finally {
  await browser.close();
  server.kill();
}

async function opened(slowdown, network) {
  const context = await browser.newContext({ serviceWorkers: "block" });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  if (network) {
    await devtools.send("Network.enable");
    await devtools.send("Network.emulateNetworkConditions", network);
  }
  if (slowdown > 1) await devtools.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  await page.addInitScript(() => {
    globalThis.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  return { context, page };
}

/** The engine in its worker, asked as the page asks it: from an edit sent to its answer, and a search through all attacks of four calls. */
async function engine() {
  const { context, page } = await opened(1);
  await page.goto(`${ORIGIN}/${LESSON}`);
  const module = readdirSync(join(here, "../../dist/vendor")).find((file) => /^engine-[^-]+\.js$/.test(file));
  const found = await page.evaluate(async ({ module, edits, version }) => {
    const { ask, news } = await import(module);
    const question = async (request) => {
      const { outcome } = JSON.parse(await ask(JSON.stringify({ version, id: 1, request })));
      if (outcome.error) throw new Error(outcome.error.message);
      return Object.values(outcome.response)[0];
    };
    const { document: lab } = JSON.parse(document.querySelector("#content").textContent).lab;
    const profile = lab.files.find(({ path }) => path === "k8s-deny-data");
    const times = {};
    for (const rules of [0, 2000]) {
      const more = Array.from({ length: rules }, (_, number) => `  /srv/app${number % 97}/data${number}/** r,\n`).join("");
      const end = profile.text.lastIndexOf("}");
      const text = profile.text.slice(0, end) + more + profile.text.slice(end);
      const open = { ...lab, files: lab.files.map((file) => (file === profile ? { ...file, text } : file)) };
      await question({ open: { document: open } });
      times[rules] = [];
      for (let edit = 0; edit < edits; edit += 1) {
        const since = performance.now();
        await question({ edit: { path: profile.path, text: edit % 2 ? text : text.replace("deny /data/**", "# deny /data/**") } });
        times[rules].push(performance.now() - since);
      }
    }
    await question({ open: { document: lab } });
    const since = performance.now();
    const over = new Promise((resolve) => {
      news((response) => {
        const view = response?.search;
        if (view && view.state !== "running") resolve(view);
      });
    });
    const first = await question({ search: { order: { goal: { bytes_change: { path: "/data/readme" } }, attacker: { container: {} }, nodes: ["ubuntu"], depth: 4 } } });
    const view = first.state === "running" ? await over : first;
    return { times, search: { took: performance.now() - since, state: view.state, calls: view.calls, states: view.states } };
  }, { module: `${ORIGIN}/vendor/${module}`, edits: EDITS, version: JSON.parse(asked("check")).version });
  console.log(`an edit answered by the worker, the first lesson's lab: ${spread(found.times[0])}`);
  console.log(`  a profile of 2,000 rules: ${spread(found.times[2000])}`);
  console.log(`  a search of 4 calls: ${found.search.took.toFixed(0)} ms, ${found.search.state}, ${found.search.calls} calls, ${found.search.states} states`);
  await context.close();
}

/** From a key pressed in the code editor to the trace that says the new verdict, each key turning it round. */
async function keystrokes(slowdown) {
  const { context, page } = await opened(slowdown);
  await page.goto(`${ORIGIN}/${LESSON}`);
  await page.locator("html[data-live]").waitFor();
  await predict(page);
  await page.locator("#file-0").focus();
  await page.locator(".has-rich").first().waitFor();
  await page.locator("#engine-state", { hasText: "ready" }).waitFor();
  const denied = page.locator('[id^="row-ubuntu-"][data-outcome="blocked"]');
  await page.locator(".cm-line", { hasText: "deny /data/** w," }).click();
  await page.keyboard.press("Home");
  await page.evaluate(() => {
    globalThis.times = { told: [], seen: [] };
    let pressed = 0;
    // One row: to look for all that are blocked takes the page as long as to draw some.
    const [{ id }] = document.querySelectorAll('[id^="row-ubuntu-"][data-outcome="blocked"]');
    const blocked = () => document.getElementById(id).dataset.outcome;
    let last = blocked();
    addEventListener("keydown", (event) => { pressed = event.timeStamp; }, true);
    new MutationObserver(() => {
      const now = blocked();
      if (now === last || !pressed) return;
      last = now;
      const since = pressed;
      globalThis.times.told.push(performance.now() - since);
      pressed = 0;
      requestAnimationFrame(() => globalThis.times.seen.push(performance.now() - since));
    }).observe(document.querySelector("#lab"), { subtree: true, childList: true, attributes: true, characterData: true });
  });
  for (let key = 0; key < KEYS; key += 1) {
    const count = await page.evaluate(() => globalThis.times.told.length);
    await page.keyboard.press(key % 2 ? "Backspace" : "#");
    await page.waitForFunction((count) => globalThis.times.told.length > count, count);
    await page.waitForTimeout(REST);
  }
  const { times, shift } = await page.evaluate(() => ({ times: globalThis.times, shift: globalThis.shift }));
  console.log(`keystroke to verdicts in the page, CPU / ${slowdown}: ${spread(times.told)}`);
  console.log(`  with the frame that shows them: ${spread(times.seen)}; layout shift ${shift.toFixed(4)}; rows blocked at the end: ${await denied.count()}`);
  await context.close();
}

/** A first visit to the lesson: until it can be read, until it is live. */
async function loads(slowdown) {
  const found = { readable: [], largest: [], live: [], shift: [] };
  for (let visit = 0; visit < LOADS; visit += 1) {
    const { context, page } = await opened(slowdown, slowdown > 1 ? SLOW : undefined);
    await page.addInitScript(() => {
      new PerformanceObserver((list) => { globalThis.largest = list.getEntries().at(-1).startTime; }).observe({ type: "largest-contentful-paint", buffered: true });
      new MutationObserver(() => {
        if (document.documentElement.dataset.live !== undefined) globalThis.live ??= performance.now();
      }).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-live"] });
    });
    await page.goto(`${ORIGIN}/${LESSON}`);
    await page.waitForFunction(() => globalThis.live !== undefined);
    await page.waitForTimeout(300);
    const times = await page.evaluate(() => ({
      readable: performance.getEntriesByName("first-contentful-paint")[0].startTime,
      largest: globalThis.largest, live: globalThis.live, shift: globalThis.shift,
    }));
    for (const name of Object.keys(found)) found[name].push(times[name]);
    await context.close();
  }
  const middle = (times) => at(times.toSorted((a, b) => a - b), 0.5);
  const network = slowdown > 1 ? ", 1.6 Mbit/s, 150 ms" : "";
  console.log(`lesson, CPU / ${slowdown}${network}: readable ${middle(found.readable).toFixed(0)} ms, largest paint ${middle(found.largest).toFixed(0)} ms, live ${middle(found.live).toFixed(0)} ms, layout shift ${middle(found.shift).toFixed(4)} (median of ${LOADS})`);
}

async function lighthouse(path) {
  const { default: run } = await import("../../target/tools/lighthouse/node_modules/lighthouse/core/index.js");
  const { lhr } = await run(`${ORIGIN}/${path}`, { port: DEBUGGING_PORT, output: "json", logLevel: "error" });
  const scores = Object.values(lhr.categories).map(({ title, score }) => `${title} ${Math.round(score * 100)}`);
  const value = (audit) => lhr.audits[audit].displayValue;
  console.log(`lighthouse /${path}: ${scores.join(", ")}; largest paint ${value("largest-contentful-paint")}, blocked ${value("total-blocking-time")}, shift ${value("cumulative-layout-shift")}`);
  for (const category of Object.values(lhr.categories)) {
    for (const { id, weight } of category.auditRefs) {
      if (weight && lhr.audits[id].score !== null && lhr.audits[id].score < 0.9) console.log(`  ${category.title}: ${id} ${lhr.audits[id].displayValue ?? ""}`);
    }
  }
}
