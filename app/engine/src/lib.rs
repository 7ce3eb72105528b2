//! `lab` as a WASM module in a Web Worker: messages in, messages out.

#![cfg_attr(not(target_arch = "wasm32"), forbid(unsafe_code))]

use lab::desk::Desk;
use std::cell::RefCell;

/// The standard library's allocator for browsers is slower and larger.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

thread_local! {
    static DESK: RefCell<Desk> = RefCell::new(Desk::default());
}

/// Answers one request in JSON with one answer in JSON (`lab::message`).
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
pub fn handle(message: &str) -> String {
    DESK.with_borrow_mut(|desk| desk.answer_json(message))
}

/// Goes on with a search that is under way, by up to `calls` system calls:
/// one more answer to the request that began it, or nothing when there is no
/// search. The worker calls this between two messages.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
pub fn work(calls: u32) -> Option<String> {
    DESK.with_borrow_mut(|desk| desk.work_json(u64::from(calls)))
}
