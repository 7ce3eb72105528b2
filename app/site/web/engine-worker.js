// The lab engine's worker: the first message is the compiled program, each
// later one a request `[id, text]`, answered by `[id, answer]` or
// `[id, null, error]`. Bundled with wasm-bindgen's glue into one file.
import { initSync, handle } from "../../../target/web/engine/engine.js";

onmessage = ({ data }) => {
  if (data instanceof WebAssembly.Module) {
    initSync({ module: data });
    return;
  }
  const [id, text] = data;
  try {
    postMessage([id, handle(text)]);
  } catch (error) {
    // A trap leaves the program unusable: the page starts a new worker.
    postMessage([id, null, String(error)]);
  }
};
