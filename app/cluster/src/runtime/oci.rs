//! runc, crun and gVisor's runsc: what becomes of the profile in their
//! configuration.

use super::Answer;
use crate::{
    api::go,
    node::{Host, OciKind},
    step::Verdict,
};

const RUNC: &str = "runc libcontainer/apparmor, v1.0.0-rc10 to main";
const CRUN: &str = "crun src/libcrun/utils.c, 1.8 to main";
const RUNSC: &str = "gVisor runsc/specutils ValidateSpec";

/// What becomes of the AppArmor profile in a container's configuration.
///
/// `exists` tells whether a profile of this name is loaded.
pub fn apparmor(
    kind: OciKind,
    profile: Option<&str>,
    host: &Host,
    exists: &dyn Fn(&str) -> bool,
) -> Answer {
    let source = source(kind);
    let Some(name) = profile else {
        return Answer::without(
            Verdict::NothingAsked,
            "No profile in the configuration: nothing is written to attr/exec, and nothing is checked.",
            source,
        );
    };
    match kind {
        OciKind::Runsc => Answer::without(
            Verdict::Dropped,
            format!("AppArmor profile {} is being ignored", go::quote(name)),
            source,
        ),
        OciKind::Crun if host.apparmor.enabled != Some(true) => Answer::without(
            Verdict::Dropped,
            "/sys/module/apparmor/parameters/enabled is missing or not Y: the profile is skipped; nothing is said.",
            source,
        ),
        OciKind::Runc | OciKind::Crun if !host.apparmor.works() => {
            Answer::refused(write_error(kind, "invalid argument"), source)
        }
        OciKind::Runc | OciKind::Crun if !exists(name) => {
            Answer::refused(write_error(kind, "no such file or directory"), source)
        }
        OciKind::Runc | OciKind::Crun => Answer::with(
            name,
            format!("`exec {name}` is written to /proc/thread-self/attr/apparmor/exec."),
            source,
        ),
    }
}

/// What becomes of the seccomp filter in a container's configuration.
pub fn seccomp(kind: OciKind, profile: Option<&str>) -> Answer {
    let source = source(kind);
    match (profile, kind) {
        (None, _) => Answer::without(
            Verdict::NothingAsked,
            "No filter in the configuration: none is loaded.",
            source,
        ),
        (Some(_), OciKind::Runsc) => {
            Answer::without(Verdict::Dropped, "Seccomp spec is being ignored", source)
        }
        (Some(profile), _) => Answer::with(
            profile,
            "The filter is loaded before the container's execve.",
            source,
        ),
    }
}

fn source(kind: OciKind) -> &'static str {
    match kind {
        OciKind::Runc => RUNC,
        OciKind::Crun => CRUN,
        OciKind::Runsc => RUNSC,
    }
}

/// The error of the write to `attr/exec`.
fn write_error(kind: OciKind, errno: &str) -> String {
    match kind {
        OciKind::Crun => format!(
            "write file `/proc/thread-self/attr/apparmor/exec`: {}",
            capitalised(errno)
        ),
        _ => format!(
            "unable to apply apparmor profile: apparmor failed to apply profile: write /proc/thread-self/attr/apparmor/exec: {errno}"
        ),
    }
}

/// As C's `strerror` begins its messages.
fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}
