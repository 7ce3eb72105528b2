//! What is kept on this device: named values. How they are kept, with
//! versions, migrations and what is damaged, is `web/store.js`'s.

use serde::{Serialize, de::DeserializeOwned};

use crate::platform;

/// The value kept under `name`, or why it cannot be read. What cannot be read
/// is set aside under another name, so that the next write destroys nothing.
pub fn read<T: DeserializeOwned>(name: &str) -> Result<Option<T>, String> {
    match platform::load(name)? {
        None => Ok(None),
        Some(text) => {
            serde_json::from_str(&text).map_err(|error| format!("it is damaged ({error})"))
        }
    }
}

/// Keeps `value` under `name`, or says why the browser does not.
pub fn write<T: Serialize>(name: &str, value: &T) -> Result<(), String> {
    let text = serde_json::to_string(value).map_err(|error| error.to_string())?;
    platform::save(name, &text)
}

/// Forgets what is kept under `name`.
pub fn forget(name: &str) {
    platform::forget(name);
}
