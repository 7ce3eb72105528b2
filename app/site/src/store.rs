//! What is kept on this device: named values, each with the version of the
//! form it is written in.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::platform;

/// Version of the form in which values are kept. [`migrate`] lifts values of
/// earlier versions; a later one, left by a newer page, is not touched.
pub const SCHEMA: u32 = 1;

/// Everything of this site begins with this, because other pages of the same
/// host may keep things too.
const PREFIX: &str = "armorlab.";

#[derive(Serialize, Deserialize)]
struct Record<T> {
    schema: u32,
    value: T,
}

/// The value kept under `name`, or why it cannot be read. What cannot be read
/// is set aside under another name, so that the next write destroys nothing.
pub fn read<T: DeserializeOwned>(name: &str) -> Result<Option<T>, String> {
    let key = format!("{PREFIX}{name}");
    let Some(text) = platform::load(&key) else {
        return Ok(None);
    };
    match parse(&text) {
        Ok(value) => Ok(Some(value)),
        Err(reason) => {
            platform::save(&format!("{key}.unreadable"), &text).ok();
            platform::forget(&key);
            Err(reason)
        }
    }
}

/// Keeps `value` under `name`, or says why the browser does not.
pub fn write<T: Serialize>(name: &str, value: &T) -> Result<(), String> {
    let record = Record {
        schema: SCHEMA,
        value,
    };
    let text = serde_json::to_string(&record).map_err(|error| error.to_string())?;
    platform::save(&format!("{PREFIX}{name}"), &text)
}

/// Forgets what is kept under `name`.
pub fn forget(name: &str) {
    platform::forget(&format!("{PREFIX}{name}"));
}

/// Forgets everything that this site keeps.
pub fn forget_all() {
    for key in platform::keys() {
        if key.starts_with(PREFIX) {
            platform::forget(&key);
        }
    }
}

/// The name under which a browser's key was kept here, if it is one of ours.
pub fn name(key: &str) -> Option<&str> {
    key.strip_prefix(PREFIX)
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let record: Record<serde_json::Value> =
        serde_json::from_str(text).map_err(|error| format!("it is damaged ({error})"))?;
    let value = migrate(record.schema, record.value)?;
    serde_json::from_value(value).map_err(|error| format!("it is damaged ({error})"))
}

/// Lifts a value from an earlier version to [`SCHEMA`].
fn migrate(schema: u32, value: serde_json::Value) -> Result<serde_json::Value, String> {
    match schema {
        SCHEMA => Ok(value),
        other => Err(format!(
            "it was written by another version of this site ({other})"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_back_as_it_was_written() {
        let text = serde_json::to_string(&Record {
            schema: SCHEMA,
            value: "x",
        })
        .expect("it is JSON");
        assert_eq!(parse::<String>(&text), Ok("x".to_owned()));
    }

    #[test]
    fn a_damaged_value_says_so() {
        for text in ["", "{", r#"{"schema":1,"value":3}"#, r#"{"value":"x"}"#] {
            let error = parse::<String>(text).expect_err("it is refused");
            assert!(error.starts_with("it is damaged"), "{error}");
        }
    }

    #[test]
    fn a_value_of_a_later_version_is_not_touched() {
        let error = parse::<String>(r#"{"schema":99,"value":"x"}"#).expect_err("it is refused");
        assert_eq!(error, "it was written by another version of this site (99)");
    }
}
