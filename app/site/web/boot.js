// Starts the page's program. The pre-renderer puts this module's script tag
// into every page that has one, with the names of the program's two files as
// attributes; all addresses follow from where this file lies, so a page has no
// inline script and needs to be told nothing else.
import { listen } from "./copy.js";
import { begin } from "./page.js";
import { score, show } from "./progress.js";
import * as store from "./store.js";

const { dataset } = document.querySelector("script[data-wasm]");
const root = new URL("../", import.meta.url);

let editor; // the editor's module, once it is here
let tell = () => {}; // tells the program what it did not ask for itself

let engine; // the engine's module, once it is here

/** Fetches it; what it tells between its answers goes to the program. */
async function fetched() {
  engine = await import(ENGINE);
  engine.news(hear);
  return engine;
}

const hear = (response, text) => { if (response?.changed) tell(text); };

// What the Rust side (src/platform.rs) finds in the page. The engine and the
// editor are fetched on first use. What is kept goes to and fro as JSON.
globalThis.armorlab = {
  base: root.pathname.replace(/\/$/, ""),
  ask: (message, limit) => (engine ? engine.ask(message, limit) : fetched().then((engine) => engine.ask(message, limit))),
  open: async (area, ask) => (editor = await import(EDITOR)).open(area, ask),
  show: (area, json) => editor?.show(area, json),
  place: (area, at) => editor?.place(area, at),
  read: (name) => JSON.stringify(store.read(name)),
  write: (name, json) => store.write(name, JSON.parse(json)),
  forget: store.forget,
  watch: store.watch,
  score,
  progress: () => show(),
  news: (told) => { tell = told; },
};

// No page waits for the program: it is fetched, glue and all at once, when the page has been painted, so that on a
// slow line it takes nothing from what is read. A page out of sight is not painted, nor does every browser tell of it.
const LATEST = 1000; // milliseconds
await new Promise((painted) => {
  setTimeout(painted, document.hidden ? 0 : LATEST);
  const observer = new PerformanceObserver((list) => { if (list.getEntriesByName("first-contentful-paint").length) painted(); });
  observer.observe({ type: "paint", buffered: true });
});
const program = fetch(new URL(dataset.wasm, root));
const { default: init } = await import(new URL(dataset.js, root));
await init({ module_or_path: program });

/** Fills a tool of the lab, whose code is fetched when the first one is opened. */
async function fill(details) {
  if (details.dataset.tool && details.open) (await import(TOOLS)).fill(details, (told) => tell(told));
}
document.addEventListener("toggle", ({ target }) => fill(target), true);
document.querySelectorAll("details[data-tool]").forEach(fill);
listen();
begin();
