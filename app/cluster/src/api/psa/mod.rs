//! Pod Security admission: levels, versions, and the checks of each
//! (`kubernetes/pod-security-admission`).

mod admission;
mod baseline;
mod checks;
mod containers;
mod labels;
mod restricted;

pub use admission::PodSecurity;
pub use checks::{NEWEST, Violation, evaluate, summary};
pub use labels::{Mode, ModePolicy, Policy, namespace_errors, new_namespace_errors, policy_of};

use std::fmt;

/// A Pod Security level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Anything goes.
    #[default]
    Privileged,
    /// No known privilege escalation.
    Baseline,
    /// Current hardening practice.
    Restricted,
}

impl Level {
    /// Reads a label's value.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "privileged" => Some(Self::Privileged),
            "baseline" => Some(Self::Baseline),
            "restricted" => Some(Self::Restricted),
            _ => None,
        }
    }

    /// The spelling in labels and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Privileged => "privileged",
            Self::Baseline => "baseline",
            Self::Restricted => "restricted",
        }
    }
}

/// A version of the standards: `latest`, or the minor of a release of Kubernetes 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyVersion {
    /// As of a release.
    Minor(u16),
    /// The newest that the server knows.
    #[default]
    Latest,
}

impl PolicyVersion {
    /// Reads `latest` or `v1.N`.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "latest" {
            return Some(Self::Latest);
        }
        let minor = text.strip_prefix("v1.")?;
        let plain = minor == "0"
            || (!minor.starts_with('0') && minor.bytes().all(|byte| byte.is_ascii_digit()));
        minor.parse().ok().filter(|_| plain).map(Self::Minor)
    }
}

impl fmt::Display for PolicyVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Minor(minor) => write!(f, "v1.{minor}"),
            Self::Latest => f.write_str("latest"),
        }
    }
}
