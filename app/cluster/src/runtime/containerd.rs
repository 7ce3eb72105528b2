//! containerd's CRI plugin (`internal/cri/sputil`; `pkg/cri` before 2.0).

use super::Answer;
use crate::{
    api::{annotation, go},
    kubelet::CriProfile,
    node::{ParserPlace, Stack},
    object::ProfileType,
    step::Verdict,
};

/// The name of the profile that is generated and loaded.
pub const DEFAULT_PROFILE: &str = "cri-containerd.apparmor.d";

const APPARMOR: &str = "containerd internal/cri/sputil/apparmor_linux.go";
const SECCOMP: &str = "containerd internal/cri/sputil/seccomp_linux.go";

/// Whether containerd holds that the host has AppArmor; found out once.
pub fn apparmor_enabled(stack: &Stack) -> bool {
    !stack.runtime.settings.disable_apparmor
        && stack.host.apparmor.works()
        && !stack.host.container_variable
        && stack.host.apparmor.parser == ParserPlace::Sbin
}

/// The old string form of an AppArmor request as a profile; nothing for none.
pub fn apparmor_from_string(text: &str) -> Result<Option<CriProfile>, String> {
    from_string(text).map_err(|text| format!("invalid profile {}", go::quote(text)))
}

/// The old string form of a seccomp request; `unset` stands in for an empty one.
pub fn seccomp_from_string(text: &str, unset: &str) -> Result<Option<CriProfile>, String> {
    let text = if text.is_empty() { unset } else { text };
    from_string(text).map_err(|text| format!("invalid seccomp profile {}", go::quote(text)))
}

fn from_string(text: &str) -> Result<Option<CriProfile>, &str> {
    let of = |kind| {
        Ok(Some(CriProfile {
            kind,
            localhost_ref: String::new(),
        }))
    };
    match text {
        "" => Ok(None),
        annotation::RUNTIME_DEFAULT | annotation::DOCKER_DEFAULT => of(ProfileType::RuntimeDefault),
        annotation::UNCONFINED => of(ProfileType::Unconfined),
        _ => match text.strip_prefix(annotation::LOCALHOST_PREFIX) {
            Some(name) => Ok(Some(CriProfile {
                kind: ProfileType::Localhost,
                localhost_ref: name.to_owned(),
            })),
            None => Err(text),
        },
    }
}

/// Which AppArmor profile a container gets (`GenerateApparmorSpecOpts`).
///
/// `exists` tells whether a profile of this name is in the kernel's list, in
/// whatever mode.
pub fn apparmor(
    request: Option<&CriProfile>,
    privileged: bool,
    enabled: bool,
    exists: &dyn Fn(&str) -> bool,
) -> Answer {
    let asked = request.map(|request| request.kind);
    if !enabled {
        return match asked {
            None => Answer::without(
                Verdict::NothingAsked,
                "AppArmor is not supported here, and nothing was asked: no profile.",
                APPARMOR,
            ),
            Some(ProfileType::Unconfined) => {
                Answer::without(Verdict::Honoured, "No profile, as asked.", APPARMOR)
            }
            Some(_) => Answer::refused("apparmor is not supported", APPARMOR),
        };
    }
    let localhost_ref = request.map_or("", |request| request.localhost_ref.as_str());
    if asked != Some(ProfileType::Localhost) && !localhost_ref.is_empty() {
        return Answer::refused(
            "apparmor config invalid LocalhostRef must only be set if ProfileType is Localhost",
            APPARMOR,
        );
    }
    match asked {
        Some(ProfileType::Unconfined) => {
            Answer::without(Verdict::Honoured, "No profile, as asked.", APPARMOR)
        }
        None if privileged => Answer::without(
            Verdict::NothingAsked,
            "A privileged container gets no default profile.",
            APPARMOR,
        ),
        Some(ProfileType::RuntimeDefault) if privileged => Answer::without(
            Verdict::Dropped,
            "A privileged container gets no default profile, not even when it asks for it; nothing is said.",
            APPARMOR,
        ),
        None => Answer {
            verdict: Verdict::NothingAsked,
            ..Answer::with(
                DEFAULT_PROFILE,
                "Nothing was asked: the default profile.",
                APPARMOR,
            )
        },
        Some(ProfileType::RuntimeDefault) => {
            Answer::with(DEFAULT_PROFILE, "The default profile.", APPARMOR)
        }
        Some(ProfileType::Localhost) => {
            let name = localhost_ref
                .strip_prefix(annotation::LOCALHOST_PREFIX)
                .unwrap_or(localhost_ref);
            if name.is_empty() {
                Answer::refused(
                    "failed to generate apparmor spec opts: nil apparmor profile is not supported",
                    APPARMOR,
                )
            } else if exists(name) {
                Answer::with(
                    name,
                    "A profile of this name is loaded; its content and mode are not looked at.",
                    APPARMOR,
                )
            } else {
                Answer::refused(format!("apparmor profile not found {name}"), APPARMOR)
            }
        }
    }
}

/// Which seccomp profile a container gets (`GenerateSeccompSpecOpts`): the
/// word `default`, or the path of a file.
pub fn seccomp(request: Option<&CriProfile>, privileged: bool, enabled: bool) -> Answer {
    let asked = request.map(|request| request.kind);
    if privileged {
        return match asked {
            Some(ProfileType::RuntimeDefault | ProfileType::Localhost) => Answer::without(
                Verdict::Dropped,
                "A privileged container gets no seccomp filter, not even when it asks for one; nothing is said.",
                SECCOMP,
            ),
            Some(ProfileType::Unconfined) => {
                Answer::without(Verdict::Honoured, "No filter, as asked.", SECCOMP)
            }
            None => Answer::without(
                Verdict::NothingAsked,
                "Nothing was asked: no filter.",
                SECCOMP,
            ),
        };
    }
    if !enabled {
        return match asked {
            Some(ProfileType::RuntimeDefault | ProfileType::Localhost) => {
                Answer::refused("seccomp is not supported", SECCOMP)
            }
            Some(ProfileType::Unconfined) => {
                Answer::without(Verdict::Honoured, "No filter, as asked.", SECCOMP)
            }
            None => Answer::without(
                Verdict::NothingAsked,
                "Nothing was asked: no filter.",
                SECCOMP,
            ),
        };
    }
    let localhost_ref = request.map_or("", |request| request.localhost_ref.as_str());
    if asked != Some(ProfileType::Localhost) && !localhost_ref.is_empty() {
        return Answer::refused(
            "seccomp config invalid LocalhostRef must only be set if ProfileType is Localhost",
            SECCOMP,
        );
    }
    match asked {
        None => Answer::without(
            Verdict::NothingAsked,
            "Nothing was asked: no filter.",
            SECCOMP,
        ),
        Some(ProfileType::Unconfined) => {
            Answer::without(Verdict::Honoured, "No filter, as asked.", SECCOMP)
        }
        Some(ProfileType::RuntimeDefault) => {
            Answer::with("default", "The default filter.", SECCOMP)
        }
        Some(ProfileType::Localhost) => {
            let file = localhost_ref
                .strip_prefix(annotation::LOCALHOST_PREFIX)
                .unwrap_or(localhost_ref);
            Answer::with(file, "The filter in this file of the node.", SECCOMP)
        }
    }
}
