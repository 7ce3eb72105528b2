//! The objects of a manifest, read from their trees.
//!
//! Reading is lenient: a value of the wrong type reads as absent, since
//! decoding in the API server has refused such an object before.

mod image;
mod kind;
mod pod;
mod profile;
mod security;
mod volume;

pub use image::ImageName;
pub use kind::{Kind, Place, pod_template};
pub use pod::{Container, ContainerRole, Pod, PodSpec, Toleration};
pub use profile::{Profile, ProfileType};
pub use security::{Capabilities, PodSecurityContext, SeLinuxOptions, SecurityContext};
pub use volume::{Mount, Volume};

use sorted::SortedMap;

use crate::yaml::Value;

/// A string under a key.
pub(crate) fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

/// A truth value under a key.
pub(crate) fn flag(value: &Value, key: &str) -> Option<bool> {
    value.get(key)?.as_bool()
}

/// A whole number under a key.
pub(crate) fn number(value: &Value, key: &str) -> Option<i64> {
    value.get(key)?.as_int()
}

/// The strings of a list under a key.
pub(crate) fn texts(value: &Value, key: &str) -> Vec<String> {
    value
        .get(key)
        .map(Value::items)
        .unwrap_or_default()
        .iter()
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

/// A mapping from strings to strings under a key.
pub fn string_map(value: &Value, key: &str) -> SortedMap<String, String> {
    value
        .get(key)
        .map(Value::entries)
        .unwrap_or_default()
        .iter()
        .filter_map(|entry| Some((entry.key.clone(), entry.value.as_str()?.to_owned())))
        .collect()
}
