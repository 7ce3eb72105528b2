//! The labels of a namespace that choose its policy (`api/helpers.go`).

use sorted::SortedMap;

use super::{Level, PolicyVersion};
use crate::api::FieldError;

pub(super) const PREFIX: &str = "pod-security.kubernetes.io/";

/// What a policy is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Pods that violate it are refused.
    Enforce,
    /// Violations go to the audit log.
    Audit,
    /// Violations are shown to the client.
    Warn,
}

impl Mode {
    const ALL: [Self; 3] = [Self::Enforce, Self::Audit, Self::Warn];

    /// The label that chooses the level.
    pub fn label(self) -> String {
        let name = match self {
            Self::Enforce => "enforce",
            Self::Audit => "audit",
            Self::Warn => "warn",
        };
        format!("{PREFIX}{name}")
    }
}

/// A level and its version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ModePolicy {
    /// The level.
    pub level: Level,
    /// The version.
    pub version: PolicyVersion,
}

/// A namespace's policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// For refusals.
    pub enforce: ModePolicy,
    /// For the audit log.
    pub audit: ModePolicy,
    /// For warnings.
    pub warn: ModePolicy,
}

impl Policy {
    /// The part for a mode.
    pub fn of(&self, mode: Mode) -> ModePolicy {
        match mode {
            Mode::Enforce => self.enforce,
            Mode::Audit => self.audit,
            Mode::Warn => self.warn,
        }
    }
}

/// The policy that labels choose, over the server's defaults, and what is
/// wrong with them (`PolicyToEvaluate`).
///
/// Only six exact keys are looked up: a label with any other key is no error
/// and has no effect. A bad `enforce` level counts as restricted, a bad
/// version as latest, a bad `audit` or `warn` level as privileged.
pub fn policy_of(
    labels: &SortedMap<String, String>,
    defaults: &Policy,
) -> (Policy, Vec<FieldError>) {
    let mut policy = *defaults;
    let mut errors = Vec::new();
    for mode in Mode::ALL {
        let part = match mode {
            Mode::Enforce => &mut policy.enforce,
            Mode::Audit => &mut policy.audit,
            Mode::Warn => &mut policy.warn,
        };
        let key = mode.label();
        if let Some(value) = labels.get(&key) {
            part.level = Level::parse(value).unwrap_or_else(|| {
                errors.push(FieldError::invalid(
                    format!("metadata.labels[{key}]"),
                    value,
                    "must be one of privileged, baseline, restricted",
                ));
                if mode == Mode::Enforce {
                    Level::Restricted
                } else {
                    Level::Privileged
                }
            });
        }
        let key = format!("{key}-version");
        if let Some(value) = labels.get(&key) {
            part.version = PolicyVersion::parse(value).unwrap_or_else(|| {
                errors.push(FieldError::invalid(
                    format!("metadata.labels[{key}]"),
                    value,
                    "must be \"latest\" or \"v1.x\"",
                ));
                PolicyVersion::Latest
            });
        }
    }
    (policy, errors)
}

/// What is refused when a namespace with these labels is created.
pub fn namespace_errors(labels: &SortedMap<String, String>) -> Vec<FieldError> {
    policy_of(labels, &Policy::default()).1
}

/// What is refused when a namespace's labels change: errors that were not
/// there before.
pub fn new_namespace_errors(
    old: &SortedMap<String, String>,
    new: &SortedMap<String, String>,
) -> Vec<FieldError> {
    let before = namespace_errors(old);
    namespace_errors(new)
        .into_iter()
        .filter(|error| !before.contains(error))
        .collect()
}
