// The lab engine's worker: the first message is the compiled program, each
// later one a request `[id, text]`, answered by `[id, answer]` or
// `[id, null, error]`. What takes longer goes on once no request has come for
// a moment, and tells of itself with `[0, answer]`. Bundled with
// wasm-bindgen's glue into one file.
import { initSync, handle, work } from "../../../target/web/engine/engine.js";

// How long the worker may go on without looking for a request, in milliseconds.
const SLICE = 30;
// How long no request may have come before it goes on: longer than a typist's keys are apart.
const PAUSE = 150;
let calls = 1000; // system calls in a slice, so that it takes about that long
let timer;

/** Does something with the program; a trap leaves it unusable: the page starts a new worker. */
function attempt(id, what) {
  try {
    return what();
  } catch (error) {
    postMessage([id, null, String(error)]);
  }
}

/** One slice of what is left to do, if there is anything. */
function turn() {
  const begun = performance.now();
  const answer = attempt(0, () => work(calls));
  if (answer === undefined) return;
  calls = Math.round(Math.min(Math.max((calls * SLICE) / Math.max(performance.now() - begun, 1), 100), 1e6));
  postMessage([0, answer]);
  timer = setTimeout(turn);
}

onmessage = ({ data }) => {
  if (data instanceof WebAssembly.Module) {
    initSync({ module: data });
    return;
  }
  const [id, text] = data;
  clearTimeout(timer);
  const answer = attempt(id, () => handle(text));
  if (answer === undefined) return;
  postMessage([id, answer]);
  timer = setTimeout(turn, PAUSE);
};
