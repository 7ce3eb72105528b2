// The lab engine's worker: the first message is the compiled program, each
// later one a request `[id, text]`, answered by `[id, answer]` or
// `[id, null, error]`. While a search is under way it goes on between the
// requests, and tells of it with `[0, answer]`. Bundled with wasm-bindgen's
// glue into one file.
import { initSync, handle, work } from "../../../target/web/engine/engine.js";

// How long the worker may go on without looking for a request, in milliseconds.
const SLICE = 30;
let calls = 1000; // system calls in a slice, so that it takes about that long
let busy = false;

/** Does something with the program; a trap leaves it unusable: the page starts a new worker. */
function attempt(id, what) {
  try {
    return what();
  } catch (error) {
    postMessage([id, null, String(error)]);
  }
}

/** One slice of the search that is under way, if there is one. */
function turn() {
  const begun = performance.now();
  const answer = attempt(0, () => work(calls));
  busy = answer !== undefined;
  if (!busy) return;
  calls = Math.round(Math.min(Math.max((calls * SLICE) / Math.max(performance.now() - begun, 1), 100), 1e6));
  postMessage([0, answer]);
  setTimeout(turn);
}

onmessage = ({ data }) => {
  if (data instanceof WebAssembly.Module) {
    initSync({ module: data });
    return;
  }
  const [id, text] = data;
  const answer = attempt(id, () => handle(text));
  if (answer === undefined) return;
  postMessage([id, answer]);
  if (!busy) {
    busy = true;
    setTimeout(turn);
  }
};
