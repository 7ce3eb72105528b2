// The page's side of the lab engine: loaded, compiled and started on the first
// `ask`, stopped and started again after a trap or a timeout.
import wasm from "../../../target/web/engine/engine_bg.wasm";

// Both are names beside this file, put in by build.mjs.
const program = new URL(wasm, import.meta.url);
const script = new URL(ENGINE_WORKER, import.meta.url);

let module = null; // Promise<WebAssembly.Module>: compiled once in a page's life
let live = null; // { worker, waiting, ready }
let next = 1;
const hearing = new Set();
/** Tells what the engine said between its answers; null when it stopped. */
function hear(text) {
  const response = text === null ? null : JSON.parse(text).outcome.response;
  for (const handler of hearing) handler(response, text);
}

/** What is told between the answers goes to `handler` too: further responses with their answers' text; null when the engine stopped. */
export function news(handler) {
  hearing.add(handler);
}

function compiled() {
  module ??= WebAssembly.compileStreaming(fetch(program)).catch((error) => {
    module = null; // the next ask tries again
    throw error;
  });
  return module;
}

function start() {
  const worker = new Worker(script, { type: "module", name: "engine" });
  const engine = { worker, waiting: new Map(), running: false };
  worker.onmessage = ({ data: [id, answer, error] }) => {
    if (id === 0 && error === undefined) return hear(answer);
    const call = engine.waiting.get(id);
    engine.waiting.delete(id);
    if (error === undefined) call?.resolve(answer);
    else {
      call?.reject(new Error(error));
      stop(new Error("engine stopped"), engine);
    }
  };
  worker.onerror = (event) => {
    event.preventDefault();
    stop(new Error(event.message || "the engine could not be loaded"), engine);
  };
  engine.ready = compiled().then((m) => {
    worker.postMessage(m);
    engine.running = true;
  });
  engine.ready.catch((error) => stop(error, engine));
  return engine;
}

/** Ends the worker; calls still waiting fail. The next `ask` starts a new one. */
export function stop(reason = new Error("engine stopped"), engine = live) {
  if (!engine) return;
  if (live === engine) live = null;
  engine.worker.terminate();
  for (const call of engine.waiting.values()) call.reject(reason);
  hear(null);
  engine.waiting.clear();
}

/** Sends one message, gives the answer. */
export function ask(text, limit = 0) {
  const engine = (live ??= start());
  const id = next++;
  return new Promise((resolve, reject) => {
    const timer = limit && setTimeout(() => stop(new Error("the engine took too long"), engine), limit);
    const end = (finish) => (value) => { clearTimeout(timer); finish(value); };
    engine.waiting.set(id, { resolve: end(resolve), reject: end(reject) });
    const send = () => engine.worker.postMessage([id, text]);
    if (engine.running) send();
    else engine.ready.then(send, () => {});
  });
}
