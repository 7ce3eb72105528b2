//! CRI-O (`server/container_create_linux.go`, `internal/config/apparmor`,
//! `internal/config/seccomp`).

use super::Answer;
use crate::{
    api::annotation,
    kubelet::CriProfile,
    node::{ParserPlace, Stack},
    object::ProfileType,
    step::Verdict,
    version::{Era, Version, era},
};

const APPARMOR: &str = "cri-o server/container_create_linux.go, v1.20 to main";
const APPLY: &str = "cri-o internal/config/apparmor Apply";
const SECCOMP: &str = "cri-o internal/config/seccomp setupSeccomp";

const REFUSES_EMPTY_NAME: &[Era<bool>] = &[
    Era {
        from: Version::new(1, 0),
        rule: false,
        source: "cri-o pull request 5655: an empty name ran unconfined",
    },
    Era {
        from: Version::new(1, 24),
        rule: true,
        source: "cri-o pull request 5655",
    },
];

/// Whether CRI-O holds that the host has AppArmor.
pub fn apparmor_enabled(stack: &Stack) -> bool {
    let settings = &stack.runtime.settings;
    settings.apparmor_build
        && !settings.rootless
        && stack.host.apparmor.works()
        && stack.host.apparmor.parser != ParserPlace::Absent
}

/// Which AppArmor profile a container gets.
pub fn apparmor(
    request: Option<&CriProfile>,
    privileged: bool,
    enabled: bool,
    stack: &Stack,
) -> Answer {
    let asked = request.map(|request| request.kind);
    if !enabled || privileged {
        let words = if privileged {
            "CRI-O applies no profile to a privileged container; nothing is said."
        } else {
            "CRI-O holds that AppArmor is off here and goes on without the profile; nothing is said."
        };
        return match asked {
            Some(ProfileType::RuntimeDefault | ProfileType::Localhost) => {
                Answer::without(Verdict::Dropped, words, APPARMOR)
            }
            Some(ProfileType::Unconfined) => {
                Answer::without(Verdict::Honoured, "No profile, as asked.", APPARMOR)
            }
            None => Answer::without(
                Verdict::NothingAsked,
                "Nothing was asked: no profile.",
                APPARMOR,
            ),
        };
    }
    let default = stack.runtime.settings.apparmor_profile.as_ref();
    match asked {
        Some(ProfileType::Unconfined) => {
            Answer::without(Verdict::Honoured, "No profile, as asked.", APPLY)
        }
        None if default == annotation::UNCONFINED => Answer::without(
            Verdict::NothingAsked,
            "Nothing was asked, and the configured default is `unconfined`.",
            APPLY,
        ),
        Some(ProfileType::RuntimeDefault) if default == annotation::UNCONFINED => Answer::without(
            Verdict::Dropped,
            "The configured default, `apparmor_profile`, is `unconfined`: RuntimeDefault means no profile.",
            APPLY,
        ),
        None => Answer {
            verdict: Verdict::NothingAsked,
            ..Answer::with(
                default,
                "Nothing was asked: the configured default profile.",
                APPLY,
            )
        },
        Some(ProfileType::RuntimeDefault) => {
            Answer::with(default, "The configured default profile.", APPLY)
        }
        Some(ProfileType::Localhost) => {
            let name = request.map_or("", |request| request.localhost_ref.as_str());
            let refuses = era(REFUSES_EMPTY_NAME, stack.runtime.version);
            if !name.is_empty() {
                Answer::with(
                    name,
                    "The name is passed on; whether it is loaded is not looked at.",
                    APPLY,
                )
            } else if refuses.rule {
                Answer::refused(
                    "empty localhost AppArmor profile is forbidden",
                    refuses.source,
                )
            } else {
                Answer::without(
                    Verdict::Dropped,
                    "An empty name runs unconfined.",
                    refuses.source,
                )
            }
        }
    }
}

/// Which seccomp profile a container gets: the word `default`, or a path.
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
        Some(_) if privileged => Answer::without(
            Verdict::Dropped,
            "A privileged container gets no seccomp filter; nothing is said.",
            SECCOMP,
        ),
        Some(_) if !enabled => Answer::without(
            Verdict::Dropped,
            "Seccomp is off in the kernel or in this build: the container is made unconfined, whatever was asked.",
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
