// Weighs the built site as a browser downloads it (brotli) and fails on excess.
// usage: node budgets.mjs FOLDER
import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { LESSON } from "./settings.mjs";

const KB = 1000;
// `limit` is what holds. Where it is above `goal`, it is the weight that was
// reached: raising it needs a reason in ARCHITECTURE.md.
const BUDGETS = [
  { name: "a lesson until it can be read", weigh: readable, goal: 45 },
  { name: "the pages' program", weigh: () => file(/^site-.*\.wasm$/), goal: 150, limit: 236 },
  { name: "the engine", weigh: () => file(/^engine_bg-.*\.wasm$/), goal: 300, limit: 779 },
  { name: "the code editor", weigh: () => file(/^editor-.*\.js$/), goal: 120 },
  { name: "the style sheet", weigh: () => file(/\.css$/), goal: 14 },
];

const folder = process.argv[2];
const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));

function packed(path) {
  const bytes = readFileSync(path);
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
}

/** The one file of this name. */
function file(name) {
  const found = files.filter((path) => name.test(basename(path)));
  if (found.length !== 1) throw new Error(`${folder} has ${found.length} files like ${name}, not one`);
  return packed(found[0]);
}

/** The page and whatever it waits for or fetches before its text is shown: style sheets, scripts that hold up the parser, preloads. */
function readable() {
  const page = join(folder, LESSON, "index.html");
  const html = readFileSync(page, "utf8");
  const attribute = (tag, name) => tag.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1];
  const links = [...html.matchAll(/<link\b[^>]*>/g)].map(([tag]) => tag).filter((tag) => /\brel="(stylesheet|preload|modulepreload)"/.test(tag));
  const scripts = [...html.matchAll(/<script\b[^>]*\bsrc="[^>]*>/g)].map(([tag]) => tag).filter((tag) => !/\btype="module"|\basync\b|\bdefer\b/.test(tag));
  const addresses = [...links.map((tag) => attribute(tag, "href")), ...scripts.map((tag) => attribute(tag, "src"))];
  if (addresses.some((address) => address.endsWith(".wasm"))) throw new Error(`${page} fetches WASM before it can be read`);
  const parts = addresses.map((address) => files.find((path) => basename(path) === basename(address)));
  if (parts.includes(undefined)) throw new Error(`${page} names a file that is not there: ${addresses}`);
  return [page, ...parts].reduce((sum, path) => sum + packed(path), 0);
}

let failed = 0;
for (const { name, weigh, goal, limit = goal } of BUDGETS) {
  let line;
  try {
    const weight = weigh() / KB;
    const held = weight <= limit;
    failed += !held;
    line = `${held ? "holds" : "EXCEEDS"}  ${weight.toFixed(1)} of ${limit} KB${limit > goal ? ` (goal ${goal})` : ""}`;
  } catch (error) {
    failed += 1;
    line = `FAILS  ${error.message}`;
  }
  console.log(`${name.padEnd(32)} ${line}`);
}
console.log(`budgets: ${BUDGETS.length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
