//! `lab` as a WASM module in a Web Worker: messages in, messages out.
