//! The checks that the restricted level adds.

use super::{
    baseline::{added_capabilities, proc_mount, set_to_other_seccomp},
    checks::{Check, Finding, Setting},
    containers::{containers, named, plural, setters, sorted},
};
use crate::{
    api::go::join_quoted,
    object::{Pod, ProfileType},
};

macro_rules! check {
    ($id:literal, $since:literal, $run:expr) => {
        Check {
            id: $id,
            since: $since,
            replaces: None,
            run: $run,
        }
    };
    ($id:literal, $since:literal, $run:expr, replaces $replaces:literal) => {
        Check {
            id: $id,
            since: $since,
            replaces: Some($replaces),
            run: $run,
        }
    };
}

/// Every check in each of its forms, by id and then by release.
pub(super) const CHECKS: &[Check] = &[
    check!("allowPrivilegeEscalation", 8, privilege_escalation),
    check!("allowPrivilegeEscalation", 25, |pod, setting| {
        unless_windows(pod, setting, privilege_escalation)
    }),
    check!("capabilities_restricted", 22, capabilities, replaces "capabilities_baseline"),
    check!(
        "capabilities_restricted",
        25,
        |pod, setting| unless_windows(pod, setting, capabilities),
        replaces "capabilities_baseline"
    ),
    check!("procMount_restricted", 35, proc_mount, replaces "procMount"),
    check!("restrictedVolumes", 0, volumes, replaces "hostPathVolumes"),
    check!("runAsNonRoot", 0, run_as_non_root),
    check!("runAsNonRoot", 35, |pod, setting| unless_user_namespace(
        pod,
        setting,
        run_as_non_root
    )),
    check!("runAsUser", 23, run_as_user),
    check!("runAsUser", 35, |pod, setting| unless_user_namespace(
        pod,
        setting,
        run_as_user
    )),
    check!("seccompProfile_restricted", 19, seccomp, replaces "seccompProfile_baseline"),
    check!(
        "seccompProfile_restricted",
        25,
        |pod, setting| unless_windows(pod, setting, seccomp),
        replaces "seccompProfile_baseline"
    ),
];

fn unless_windows(pod: &Pod, setting: Setting, check: fn(&Pod, Setting) -> Finding) -> Finding {
    if pod.is_windows() {
        None
    } else {
        check(pod, setting)
    }
}

fn unless_user_namespace(
    pod: &Pod,
    setting: Setting,
    check: fn(&Pod, Setting) -> Finding,
) -> Finding {
    if pod.spec.host_users == Some(false) {
        None
    } else {
        check(pod, setting)
    }
}

fn privilege_escalation(pod: &Pod, _: Setting) -> Finding {
    let bad = containers(pod, |container| {
        container.security.allow_privilege_escalation != Some(false)
    });
    (!bad.is_empty()).then(|| {
        (
            "allowPrivilegeEscalation != false",
            format!(
                "{} must set securityContext.allowPrivilegeEscalation=false",
                named(&bad)
            ),
        )
    })
}

fn capabilities(pod: &Pod, _: Setting) -> Finding {
    let drops_all = |container: &crate::object::Container| {
        container
            .security
            .capabilities
            .as_ref()
            .is_some_and(|set| set.drop.iter().any(|name| name == "ALL"))
    };
    let missing = containers(pod, |container| !drops_all(container));
    let (adding, names) = added_capabilities(pod, &["NET_BIND_SERVICE"]);
    let mut details = Vec::new();
    if !missing.is_empty() {
        details.push(format!(
            "{} must set securityContext.capabilities.drop=[\"ALL\"]",
            named(&missing)
        ));
    }
    if !adding.is_empty() {
        details.push(format!(
            "{} must not include {} in securityContext.capabilities.add",
            named(&adding),
            join_quoted(&names)
        ));
    }
    (!details.is_empty()).then(|| ("unrestricted capabilities", details.join("; ")))
}

const VOLUMES: [&str; 9] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

fn volumes(pod: &Pod, _: Setting) -> Finding {
    let bad: Vec<_> = pod
        .spec
        .volumes
        .iter()
        .filter(|volume| !VOLUMES.contains(&volume.source.as_str()))
        .collect();
    let names: Vec<&str> = bad.iter().map(|volume| volume.name.as_str()).collect();
    let sources = sorted(bad.iter().map(|volume| volume.source.clone()));
    (!bad.is_empty()).then(|| {
        (
            "restricted volume types",
            format!(
                "{} {} {} restricted volume {} {}",
                plural("volume", "volumes", names.len()),
                join_quoted(&names),
                plural("uses", "use", names.len()),
                plural("type", "types", sources.len()),
                join_quoted(&sources)
            ),
        )
    })
}

fn run_as_non_root(pod: &Pod, _: Setting) -> Finding {
    const REASON: &str = "runAsNonRoot != true";
    let pod_value = pod.spec.security.run_as_non_root;
    let explicit = containers(pod, |container| {
        container.security.run_as_non_root == Some(false)
    });
    if let Some(who) = setters(pod_value == Some(false), &explicit) {
        return Some((
            REASON,
            format!("{who} must not set securityContext.runAsNonRoot=false"),
        ));
    }
    let implicit = containers(pod, |container| {
        container.security.run_as_non_root.is_none() && pod_value != Some(true)
    });
    (!implicit.is_empty()).then(|| {
        (
            REASON,
            format!(
                "pod or {} must set securityContext.runAsNonRoot=true",
                named(&implicit)
            ),
        )
    })
}

fn run_as_user(pod: &Pod, _: Setting) -> Finding {
    let bad = containers(pod, |container| container.security.run_as_user == Some(0));
    let who = setters(pod.spec.security.run_as_user == Some(0), &bad)?;
    Some(("runAsUser=0", format!("{who} must not set runAsUser=0")))
}

fn seccomp(pod: &Pod, _: Setting) -> Finding {
    const REASON: &str = "seccompProfile";
    if let Some(detail) = set_to_other_seccomp(pod) {
        return Some((REASON, detail));
    }
    let pod_is_set = pod.spec.security.seccomp.as_ref().is_some_and(|profile| {
        profile.is(ProfileType::RuntimeDefault) || profile.is(ProfileType::Localhost)
    });
    let implicit = containers(pod, |container| {
        container.security.seccomp.is_none() && !pod_is_set
    });
    (!implicit.is_empty()).then(|| {
        (
            REASON,
            format!(
                "pod or {} must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"",
                named(&implicit)
            ),
        )
    })
}
