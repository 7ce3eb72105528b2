//! Which checks belong to a level and version, and running them.

use super::{Level, PolicyVersion, baseline, restricted};
use crate::object::Pod;

/// The newest minor release whose checks are known.
pub const NEWEST: u16 = 37;

/// What a check needs besides the pod.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    /// The minor release of the API server, which decides on some wording.
    pub server: u16,
}

/// A check's reason and detail.
pub(super) type Finding = Option<(&'static str, String)>;

/// One check from one release on.
pub(super) struct Check {
    /// Its id in the admission plugin.
    pub id: &'static str,
    /// The first minor release that has it in this form.
    pub since: u16,
    /// The baseline check that it stands in for.
    pub replaces: Option<&'static str>,
    /// The check.
    pub run: fn(&Pod, Setting) -> Finding,
}

/// A check that a pod fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The check's id, such as `capabilities_restricted`.
    pub check: &'static str,
    /// What it objects to.
    pub reason: String,
    /// Where, and what to do.
    pub detail: String,
}

/// The checks that a pod fails at a level and version, in the order in which
/// messages list them.
///
/// `server` is the minor release of the API server: a newer policy version
/// is evaluated as that of the server, capped at [`NEWEST`].
pub fn evaluate(pod: &Pod, level: Level, version: PolicyVersion, server: u16) -> Vec<Violation> {
    let server = server.min(NEWEST);
    let minor = match version {
        PolicyVersion::Latest => server,
        PolicyVersion::Minor(minor) => minor.min(server),
    };
    let setting = Setting { server };
    let strict = if level == Level::Restricted {
        in_force(restricted::CHECKS, minor)
    } else {
        Vec::new()
    };
    let base = if level == Level::Privileged {
        Vec::new()
    } else {
        in_force(baseline::CHECKS, minor)
    };
    base.into_iter()
        .filter(|check| {
            !strict
                .iter()
                .any(|stricter| stricter.replaces == Some(check.id))
        })
        .chain(strict.iter().copied())
        .filter_map(|check| {
            let (reason, detail) = (check.run)(pod, setting)?;
            Some(Violation {
                check: check.id,
                reason: reason.to_owned(),
                detail,
            })
        })
        .collect()
}

/// Of each check the form that holds at a release; ids in order.
fn in_force(checks: &'static [Check], minor: u16) -> Vec<&'static Check> {
    let mut chosen: Vec<&Check> = Vec::new();
    for check in checks.iter().filter(|check| check.since <= minor) {
        match chosen.last_mut() {
            Some(last) if last.id == check.id => *last = check,
            _ => chosen.push(check),
        }
    }
    chosen
}

/// The message of a refusal or warning: every reason with its detail.
pub fn summary(violations: &[Violation]) -> String {
    let parts: Vec<String> = violations
        .iter()
        .map(|violation| {
            if violation.detail.is_empty() {
                violation.reason.clone()
            } else {
                format!("{} ({})", violation.reason, violation.detail)
            }
        })
        .collect();
    parts.join(", ")
}
