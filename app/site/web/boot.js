// Starts the page's program. The pre-renderer puts this module's script tag
// into every page, with the names of the program's two files as attributes;
// all addresses follow from where this file lies, so a page has no inline
// script and needs to be told nothing else.
import { register } from "./offline.js";

const { dataset } = document.querySelector("script[data-wasm]");
const root = new URL("../", import.meta.url);

// What the Rust side (src/platform.rs) finds in the page. The engine is
// fetched on first use.
globalThis.armorlab = {
  base: root.pathname.replace(/\/$/, ""),
  ask: async (message, limit) => (await import(ENGINE)).ask(message, limit),
};

const { default: init } = await import(new URL(dataset.js, root));
await init({ module_or_path: new URL(dataset.wasm, root) });
document.documentElement.dataset.live = "";
if (dataset.offline !== undefined) register(new URL("sw.js", root));
