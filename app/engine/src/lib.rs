//! `lab` as a WASM module in a Web Worker: messages in, messages out.

/// Answers one message of the page, both JSON (`lab::message`).
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
#[must_use]
pub fn handle(message: &str) -> String {
    let id = serde_json::from_str::<serde_json::Value>(message)
        .ok()
        .and_then(|ask| ask["id"].as_u64());
    serde_json::json!({
        "version": 1,
        "id": id.unwrap_or_default(),
        "error": { "code": "not-built", "message": "This build has no lab engine yet." },
    })
    .to_string()
}
