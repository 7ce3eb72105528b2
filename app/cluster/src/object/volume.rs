//! Volumes, and where containers mount them.

use super::{flag, text};
use crate::yaml::Value;

/// A volume of a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// `name`.
    pub name: String,
    /// The key of its source: `hostPath`, `emptyDir`, `configMap`, …; `emptyDir`
    /// where none is given, which is what the API server fills in.
    pub source: String,
    /// The path on the node of a `hostPath`.
    pub host_path: Option<String>,
    /// The object that a `configMap` or `secret` source names.
    pub object: Option<String>,
}

impl Volume {
    pub(super) fn read(value: &Value) -> Self {
        let source = value
            .entries()
            .iter()
            .find(|entry| entry.key != "name" && !entry.value.is_null());
        Self {
            name: text(value, "name").unwrap_or_default(),
            source: source.map_or_else(|| "emptyDir".to_owned(), |entry| entry.key.clone()),
            host_path: value
                .get("hostPath")
                .and_then(|source| text(source, "path")),
            object: source.and_then(|entry| {
                text(&entry.value, "name").or_else(|| text(&entry.value, "secretName"))
            }),
        }
    }
}

/// Where a container mounts a volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// The volume's name.
    pub volume: String,
    /// `mountPath`.
    pub path: String,
    /// `subPath`.
    pub sub_path: Option<String>,
    /// `readOnly`.
    pub read_only: bool,
}

impl Mount {
    pub(super) fn read(value: &Value) -> Self {
        Self {
            volume: text(value, "name").unwrap_or_default(),
            path: text(value, "mountPath").unwrap_or_default(),
            sub_path: text(value, "subPath"),
            read_only: flag(value, "readOnly").unwrap_or(false),
        }
    }
}
