//! Which capabilities a container's process has.

use crate::{node::RuntimeKind, object::SecurityContext};

/// Every capability without its prefix, in the order of their numbers
/// (`include/uapi/linux/capability.h`).
pub const ALL_CAPABILITIES: &[&str] = &[
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "KILL",
    "SETGID",
    "SETUID",
    "SETPCAP",
    "LINUX_IMMUTABLE",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_ADMIN",
    "NET_RAW",
    "IPC_LOCK",
    "IPC_OWNER",
    "SYS_MODULE",
    "SYS_RAWIO",
    "SYS_CHROOT",
    "SYS_PTRACE",
    "SYS_PACCT",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_NICE",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "MKNOD",
    "LEASE",
    "AUDIT_WRITE",
    "AUDIT_CONTROL",
    "SETFCAP",
    "MAC_OVERRIDE",
    "MAC_ADMIN",
    "SYSLOG",
    "WAKE_ALARM",
    "BLOCK_SUSPEND",
    "AUDIT_READ",
    "PERFMON",
    "BPF",
    "CHECKPOINT_RESTORE",
];

/// Docker's and containerd's default set.
const DOCKER_DEFAULT: &[&str] = &[
    "CHOWN",
    "DAC_OVERRIDE",
    "FSETID",
    "FOWNER",
    "MKNOD",
    "NET_RAW",
    "SETGID",
    "SETUID",
    "SETFCAP",
    "SETPCAP",
    "NET_BIND_SERVICE",
    "SYS_CHROOT",
    "KILL",
    "AUDIT_WRITE",
];

/// CRI-O's default set.
const CRIO_DEFAULT: &[&str] = &[
    "CHOWN",
    "DAC_OVERRIDE",
    "FSETID",
    "FOWNER",
    "SETGID",
    "SETUID",
    "SETPCAP",
    "NET_BIND_SERVICE",
    "KILL",
];

/// The capabilities of a container's bounding set: the runtime's default set
/// with `drop` and `add` applied, all of them when privileged. In the order of
/// their numbers. Names are taken with or without `CAP_`, in any case.
pub fn effective_capabilities(
    security: &SecurityContext,
    runtime: RuntimeKind,
) -> Vec<&'static str> {
    if security.privileged == Some(true) {
        return ALL_CAPABILITIES.to_vec();
    }
    let default = match runtime {
        RuntimeKind::Containerd | RuntimeKind::Docker => DOCKER_DEFAULT,
        RuntimeKind::CriO => CRIO_DEFAULT,
    };
    let empty = Vec::new();
    let (add, drop) = match &security.capabilities {
        Some(capabilities) => (&capabilities.add, &capabilities.drop),
        None => (&empty, &empty),
    };
    let names = |list: &[String], name: &str| {
        list.iter().any(|item| {
            let item = item.to_ascii_uppercase();
            item == "ALL" || item.strip_prefix("CAP_").unwrap_or(&item) == name
        })
    };
    ALL_CAPABILITIES
        .iter()
        .copied()
        .filter(|name| names(add, name) || (default.contains(name) && !names(drop, name)))
        .collect()
}
