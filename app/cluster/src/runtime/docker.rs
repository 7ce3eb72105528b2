//! The kubelet's dockershim, and the Docker daemon behind it
//! (`pkg/kubelet/dockershim` up to 1.23, moby `daemon/oci_linux.go`).

use super::Answer;
use crate::{kubelet::CriProfile, object::ProfileType, step::Verdict};

/// The name of the profile that dockerd generates and loads.
pub const DEFAULT_PROFILE: &str = "docker-default";

const APPARMOR: &str = "moby daemon/oci_linux.go, v17.03 to v28";
const SECCOMP: &str = "moby daemon/seccomp_linux.go, v17.03 to v28";

/// Which AppArmor profile a container gets. `enabled`: the host has AppArmor.
pub fn apparmor(request: Option<&CriProfile>, privileged: bool, enabled: bool) -> Answer {
    match request.map(|request| request.kind) {
        Some(ProfileType::Unconfined) => {
            Answer::without(Verdict::Honoured, "No profile, as asked.", APPARMOR)
        }
        Some(ProfileType::RuntimeDefault | ProfileType::Localhost) if !enabled => Answer::without(
            Verdict::Dropped,
            "dockerd finds no AppArmor on the host and ignores the option; nothing is said.",
            APPARMOR,
        ),
        None if !enabled => Answer::without(
            Verdict::NothingAsked,
            "dockerd finds no AppArmor on the host, and nothing was asked: no profile.",
            APPARMOR,
        ),
        Some(ProfileType::Localhost) => {
            let name = request.map_or("", |request| request.localhost_ref.as_str());
            Answer::with(name, "The name is passed on as `apparmor=NAME`.", APPARMOR)
        }
        Some(ProfileType::RuntimeDefault) if privileged => Answer::without(
            Verdict::Dropped,
            "A privileged container is `unconfined` unless a profile is named; nothing is said.",
            APPARMOR,
        ),
        None if privileged => Answer::without(
            Verdict::NothingAsked,
            "A privileged container is `unconfined`.",
            APPARMOR,
        ),
        Some(ProfileType::RuntimeDefault) => {
            Answer::with(DEFAULT_PROFILE, "The default profile.", APPARMOR)
        }
        None => Answer {
            verdict: Verdict::NothingAsked,
            ..Answer::with(
                DEFAULT_PROFILE,
                "Nothing was asked: the default profile.",
                APPARMOR,
            )
        },
    }
}

/// Which seccomp profile a container gets: the word `default`, or a path.
/// `enabled`: the kernel has seccomp filters.
pub fn seccomp(request: Option<&CriProfile>, privileged: bool, enabled: bool) -> Answer {
    match request.map(|request| request.kind) {
        None => Answer::without(
            Verdict::NothingAsked,
            "Nothing was asked: no filter.",
            SECCOMP,
        ),
        Some(ProfileType::Unconfined) => {
            Answer::without(Verdict::Honoured, "No filter, as asked.", SECCOMP)
        }
        Some(ProfileType::RuntimeDefault) if privileged => Answer::without(
            Verdict::Dropped,
            "A privileged container gets no default filter; nothing is said.",
            SECCOMP,
        ),
        Some(ProfileType::RuntimeDefault) if !enabled => Answer::without(
            Verdict::Dropped,
            "The kernel has no seccomp filters: dockerd warns in its own log and goes on without.",
            SECCOMP,
        ),
        Some(ProfileType::Localhost) if !enabled => Answer::refused(
            "seccomp is not enabled in your kernel, cannot run a custom seccomp profile",
            SECCOMP,
        ),
        Some(ProfileType::RuntimeDefault) => {
            Answer::with("default", "The default filter.", SECCOMP)
        }
        Some(ProfileType::Localhost) => {
            let file = request.map_or("", |request| request.localhost_ref.as_str());
            Answer::with(file, "The filter in this file of the node.", SECCOMP)
        }
    }
}
