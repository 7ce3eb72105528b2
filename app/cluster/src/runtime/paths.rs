//! Paths below /proc and /sys that are hidden or read-only in a container
//! (kubelet `pkg/securitycontext/util.go`, `ConvertToRuntimeMaskedPaths`).

use crate::{
    object::SecurityContext,
    version::{Era, Version, era},
};

const MASKED: &[Era<&[&str]>] = &[
    Era {
        from: Version::new(1, 0),
        rule: &[
            "/proc/asound",
            "/proc/acpi",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/sys/firmware",
        ],
        source: "k8s 1.25 tree",
    },
    Era {
        from: Version::new(1, 29),
        rule: &[
            "/proc/asound",
            "/proc/acpi",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/sys/firmware",
            "/sys/devices/virtual/powercap",
        ],
        source: "k8s 1.29.14 tree",
    },
    Era {
        from: Version::new(1, 31),
        rule: &[
            "/proc/interrupts",
            "/proc/asound",
            "/proc/acpi",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/sys/firmware",
            "/sys/devices/virtual/powercap",
        ],
        source: "k8s 1.31.14 tree; it also masks each CPU's thermal_throttle",
    },
];

const READ_ONLY: &[&str] = &[
    "/proc/bus",
    "/proc/fs",
    "/proc/irq",
    "/proc/sys",
    "/proc/sysrq-trigger",
];

fn unmasked(security: &SecurityContext) -> bool {
    security.privileged == Some(true) || security.proc_mount.as_deref() == Some("Unmasked")
}

/// The paths that a container cannot see into.
pub fn masked_paths(security: &SecurityContext, kubelet: Version) -> &'static [&'static str] {
    if unmasked(security) {
        &[]
    } else {
        era(MASKED, kubelet).rule
    }
}

/// The paths that a container can only read.
pub fn readonly_paths(security: &SecurityContext) -> &'static [&'static str] {
    if unmasked(security) { &[] } else { READ_ONLY }
}
