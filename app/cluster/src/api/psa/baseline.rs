//! The checks of the baseline level.

use super::{
    checks::{Check, Finding, Setting},
    containers::{containers, named, plural, setters, sorted},
};
use crate::{
    api::{
        annotation::{
            APPARMOR_PREFIX, DOCKER_DEFAULT, LOCALHOST_PREFIX, RUNTIME_DEFAULT, SECCOMP_POD,
            SECCOMP_PREFIX,
        },
        go::{join_quoted, quote},
    },
    object::{Pod, Profile, ProfileType, SeLinuxOptions},
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
}

/// Every check in each of its forms, by id and then by release.
pub(super) const CHECKS: &[Check] = &[
    check!("appArmorProfile", 0, apparmor),
    check!("capabilities_baseline", 0, capabilities),
    check!("hostNamespaces", 0, host_namespaces),
    check!("hostPathVolumes", 0, host_path_volumes),
    check!("hostPorts", 0, host_ports),
    check!("hostProbesAndHostLifecycle", 34, probe_hosts),
    check!("privileged", 0, privileged),
    check!("procMount", 0, proc_mount),
    check!("procMount", 35, |pod, setting| {
        if pod.spec.host_users == Some(false) {
            None
        } else {
            proc_mount(pod, setting)
        }
    }),
    check!("seLinuxOptions", 0, |pod, _| se_linux(pod, SE_LINUX_TYPES)),
    check!("seLinuxOptions", 31, |pod, _| se_linux(
        pod,
        SE_LINUX_TYPES_1_31
    )),
    check!("seccompProfile_baseline", 0, seccomp_annotations),
    check!("seccompProfile_baseline", 19, seccomp_fields),
    check!("sysctls", 0, |pod, _| sysctls(pod, 0)),
    check!("sysctls", 27, |pod, _| sysctls(pod, 27)),
    check!("sysctls", 29, |pod, _| sysctls(pod, 29)),
    check!("sysctls", 32, |pod, _| sysctls(pod, 32)),
    check!("sysctls", 37, |pod, _| sysctls(pod, 37)),
    check!("windowsHostProcess", 0, host_process),
];

/// The first release whose check reads the field, and words its finding anew.
const APPARMOR_FIELD: u16 = 30;

fn apparmor(pod: &Pod, setting: Setting) -> Finding {
    let annotations: Vec<String> = pod
        .annotations
        .iter()
        .filter(|(key, value)| {
            key.starts_with(APPARMOR_PREFIX)
                && !value.is_empty()
                && *value != RUNTIME_DEFAULT
                && !value.starts_with(LOCALHOST_PREFIX)
        })
        .map(|(key, value)| format!("{key}={}", quote(value)))
        .collect();
    if setting.server < APPARMOR_FIELD {
        let reason = plural(
            "forbidden AppArmor profile",
            "forbidden AppArmor profiles",
            annotations.len(),
        );
        return (!annotations.is_empty()).then(|| (reason, annotations.join(", ")));
    }
    let forbidden = |profile: &Option<Profile>| {
        profile
            .as_ref()
            .filter(|profile| {
                !profile.is(ProfileType::RuntimeDefault) && !profile.is(ProfileType::Localhost)
            })
            .map(|profile| profile.kind.clone())
    };
    let pod_value = forbidden(&pod.spec.security.app_armor);
    let bad = containers(pod, |container| {
        forbidden(&container.security.app_armor).is_some()
    });
    let values = pod_value.iter().cloned().chain(
        pod.spec
            .all_containers()
            .filter_map(|(_, _, container)| forbidden(&container.security.app_armor)),
    );
    let mut values = sorted(values);
    let mut who = Vec::from_iter(setters(pod_value.is_some(), &bad));
    if !annotations.is_empty() {
        who.push(plural("annotation", "annotations", annotations.len()).to_owned());
        values.extend(annotations);
    }
    (!who.is_empty()).then(|| {
        (
            plural(
                "forbidden AppArmor profile",
                "forbidden AppArmor profiles",
                values.len(),
            ),
            format!(
                "{} must not set AppArmor profile type to {}",
                who.join(" and "),
                join_quoted(&values)
            ),
        )
    })
}

const CAPABILITIES: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

fn capabilities(pod: &Pod, _: Setting) -> Finding {
    let (bad, names) = added_capabilities(pod, &CAPABILITIES);
    (!bad.is_empty()).then(|| {
        (
            "non-default capabilities",
            format!(
                "{} must not include {} in securityContext.capabilities.add",
                named(&bad),
                join_quoted(&names)
            ),
        )
    })
}

/// The containers that add other capabilities than these, and which.
pub(super) fn added_capabilities(pod: &Pod, allowed: &[&str]) -> (Vec<String>, Vec<String>) {
    let others = |container: &crate::object::Container| -> Vec<String> {
        let added = container
            .security
            .capabilities
            .iter()
            .flat_map(|capabilities| &capabilities.add);
        added
            .filter(|name| !allowed.contains(&name.as_str()))
            .cloned()
            .collect()
    };
    let bad = containers(pod, |container| !others(container).is_empty());
    let names = sorted(
        pod.spec
            .all_containers()
            .flat_map(|(_, _, container)| others(container)),
    );
    (bad, names)
}

fn host_namespaces(pod: &Pod, _: Setting) -> Finding {
    let shared: Vec<&str> = [
        (pod.spec.host_network, "hostNetwork=true"),
        (pod.spec.host_pid, "hostPID=true"),
        (pod.spec.host_ipc, "hostIPC=true"),
    ]
    .into_iter()
    .filter_map(|(set, words)| set.then_some(words))
    .collect();
    (!shared.is_empty()).then(|| ("host namespaces", shared.join(", ")))
}

fn host_path_volumes(pod: &Pod, _: Setting) -> Finding {
    let volumes: Vec<&str> = pod
        .spec
        .volumes
        .iter()
        .filter(|volume| volume.source == "hostPath")
        .map(|volume| volume.name.as_str())
        .collect();
    (!volumes.is_empty()).then(|| {
        let noun = plural("volume", "volumes", volumes.len());
        (
            "hostPath volumes",
            format!("{noun} {}", join_quoted(&volumes)),
        )
    })
}

fn host_ports(pod: &Pod, _: Setting) -> Finding {
    let used =
        |container: &crate::object::Container| container.host_ports.iter().any(|port| *port != 0);
    let bad = containers(pod, used);
    let ports = pod
        .spec
        .all_containers()
        .flat_map(|(_, _, container)| &container.host_ports);
    let ports = sorted(ports.filter(|port| **port != 0).map(ToString::to_string));
    (!bad.is_empty()).then(|| {
        let verb = plural("uses", "use", bad.len());
        let noun = plural("hostPort", "hostPorts", ports.len());
        (
            "hostPort",
            format!("{} {verb} {noun} {}", named(&bad), ports.join(", ")),
        )
    })
}

fn probe_hosts(pod: &Pod, _: Setting) -> Finding {
    let bad = containers(pod, |container| !container.probe_hosts.is_empty());
    let hosts = sorted(
        pod.spec
            .all_containers()
            .flat_map(|(_, _, container)| container.probe_hosts.clone()),
    );
    (!bad.is_empty()).then(|| {
        let verb = plural("uses", "use", bad.len());
        let noun = plural(
            "probe or lifecycle host",
            "probe or lifecycle hosts",
            hosts.len(),
        );
        (
            "probe or lifecycle host",
            format!("{} {verb} {noun} {}", named(&bad), join_quoted(&hosts)),
        )
    })
}

fn privileged(pod: &Pod, _: Setting) -> Finding {
    let bad = containers(pod, |container| container.security.privileged == Some(true));
    (!bad.is_empty()).then(|| {
        (
            "privileged",
            format!(
                "{} must not set securityContext.privileged=true",
                named(&bad)
            ),
        )
    })
}

/// The check of `procMount` in its first form; restricted 1.35 takes it up again.
pub(super) fn proc_mount(pod: &Pod, _: Setting) -> Finding {
    let value = |container: &crate::object::Container| {
        container
            .security
            .proc_mount
            .clone()
            .filter(|mount| mount != "Default")
    };
    let bad = containers(pod, |container| value(container).is_some());
    let values = sorted(
        pod.spec
            .all_containers()
            .filter_map(|(_, _, container)| value(container)),
    );
    (!bad.is_empty()).then(|| {
        let who = named(&bad);
        (
            "procMount",
            format!(
                "{who} must not set securityContext.procMount to {}",
                join_quoted(&values)
            ),
        )
    })
}

const SE_LINUX_TYPES: &[&str] = &["", "container_t", "container_init_t", "container_kvm_t"];
const SE_LINUX_TYPES_1_31: &[&str] = &[
    "",
    "container_t",
    "container_init_t",
    "container_kvm_t",
    "container_engine_t",
];

fn se_linux(pod: &Pod, types: &[&str]) -> Finding {
    let bad_options = |options: &SeLinuxOptions| {
        !types.contains(&options.kind.as_str())
            || !options.user.is_empty()
            || !options.role.is_empty()
    };
    let pod_options = pod.spec.security.se_linux.as_ref();
    let bad = containers(pod, |container| {
        container
            .security
            .se_linux
            .as_ref()
            .is_some_and(bad_options)
    });
    let who = setters(pod_options.is_some_and(bad_options), &bad)?;
    let all: Vec<&SeLinuxOptions> = pod_options
        .into_iter()
        .chain(
            pod.spec
                .all_containers()
                .filter_map(|(_, _, container)| container.security.se_linux.as_ref()),
        )
        .collect();
    let kinds = all.iter().map(|options| options.kind.clone());
    let kinds = sorted(kinds.filter(|kind| !types.contains(&kind.as_str())));
    let mut details = Vec::new();
    if !kinds.is_empty() {
        details.push(format!(
            "{} {}",
            plural("type", "types", kinds.len()),
            join_quoted(&kinds)
        ));
    }
    if all.iter().any(|options| !options.user.is_empty()) {
        details.push("user may not be set".to_owned());
    }
    if all.iter().any(|options| !options.role.is_empty()) {
        details.push("role may not be set".to_owned());
    }
    let detail = format!(
        "{who} set forbidden securityContext.seLinuxOptions: {}",
        details.join("; ")
    );
    Some(("seLinuxOptions", detail))
}

fn seccomp_annotations(pod: &Pod, _: Setting) -> Finding {
    let allowed = |value: &str| {
        value == RUNTIME_DEFAULT || value == DOCKER_DEFAULT || value.starts_with(LOCALHOST_PREFIX)
    };
    let keys = pod
        .spec
        .all_containers()
        .map(|(_, _, container)| format!("{SECCOMP_PREFIX}{}", container.name));
    let forbidden = std::iter::once(SECCOMP_POD.to_owned())
        .chain(keys)
        .filter_map(|key| {
            let value = pod.annotations.get(&key).filter(|value| !allowed(value))?;
            Some(format!("{key}={}", quote(value)))
        });
    let forbidden = sorted(forbidden);
    (!forbidden.is_empty()).then(|| {
        let noun = plural("annotation", "annotations", forbidden.len());
        (
            "seccompProfile",
            format!("forbidden {noun} {}", forbidden.join(", ")),
        )
    })
}

fn seccomp_fields(pod: &Pod, _: Setting) -> Finding {
    set_to_other_seccomp(pod).map(|detail| ("seccompProfile", detail))
}

/// The words about explicit seccomp types other than RuntimeDefault and Localhost.
pub(super) fn set_to_other_seccomp(pod: &Pod) -> Option<String> {
    let other = |profile: &Option<Profile>| {
        profile
            .as_ref()
            .filter(|profile| {
                !profile.is(ProfileType::RuntimeDefault) && !profile.is(ProfileType::Localhost)
            })
            .map(|profile| profile.kind.clone())
    };
    let pod_value = other(&pod.spec.security.seccomp);
    let bad = containers(pod, |container| {
        other(&container.security.seccomp).is_some()
    });
    let who = setters(pod_value.is_some(), &bad)?;
    let values = pod_value.into_iter().chain(
        pod.spec
            .all_containers()
            .filter_map(|(_, _, container)| other(&container.security.seccomp)),
    );
    let values = join_quoted(&sorted(values));
    Some(format!(
        "{who} must not set securityContext.seccompProfile.type to {values}"
    ))
}

/// The safe sysctls, each with the first release that holds it safe.
const SYSCTLS: &[(u16, &str)] = &[
    (0, "kernel.shm_rmid_forced"),
    (0, "net.ipv4.ip_local_port_range"),
    (0, "net.ipv4.ip_unprivileged_port_start"),
    (0, "net.ipv4.ping_group_range"),
    (0, "net.ipv4.tcp_syncookies"),
    (27, "net.ipv4.ip_local_reserved_ports"),
    (29, "net.ipv4.tcp_fin_timeout"),
    (29, "net.ipv4.tcp_keepalive_intvl"),
    (29, "net.ipv4.tcp_keepalive_probes"),
    (29, "net.ipv4.tcp_keepalive_time"),
    (32, "net.ipv4.tcp_rmem"),
    (32, "net.ipv4.tcp_wmem"),
    (37, "net.ipv4.tcp_notsent_lowat"),
    (37, "net.ipv4.tcp_slow_start_after_idle"),
];

fn sysctls(pod: &Pod, minor: u16) -> Finding {
    let safe = |name: &str| {
        SYSCTLS
            .iter()
            .any(|(since, safe)| *since <= minor && *safe == name)
    };
    let forbidden: Vec<&str> = pod
        .spec
        .security
        .sysctls
        .iter()
        .map(String::as_str)
        .filter(|name| !safe(name))
        .collect();
    (!forbidden.is_empty()).then(|| ("forbidden sysctls", forbidden.join(", ")))
}

fn host_process(pod: &Pod, _: Setting) -> Finding {
    let bad = containers(pod, |container| {
        container.security.host_process == Some(true)
    });
    let who = setters(pod.spec.security.host_process == Some(true), &bad)?;
    Some((
        "hostProcess",
        format!("{who} must not set securityContext.windowsOptions.hostProcess=true"),
    ))
}
