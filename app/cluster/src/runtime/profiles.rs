//! The profiles that runtimes generate themselves.

use crate::node::RuntimeKind;

/// The name of a runtime's default AppArmor profile; CRI-O's is configured.
pub fn default_apparmor_name(kind: RuntimeKind) -> &'static str {
    match kind {
        RuntimeKind::Containerd => super::containerd::DEFAULT_PROFILE,
        RuntimeKind::CriO => "crio-default",
        RuntimeKind::Docker => super::docker::DEFAULT_PROFILE,
    }
}

/// The text of a runtime's default seccomp profile, in the template form:
/// read it as [`seccomp::Format::Common`] for CRI-O, else as
/// [`seccomp::Format::Docker`].
///
/// Written from the facts of moby/profiles seccomp v0.2.3, containerd main
/// and containers/common v0.64.0.
pub fn default_seccomp_text(kind: RuntimeKind) -> &'static str {
    match kind {
        RuntimeKind::Containerd => include_str!("seccomp/containerd.json"),
        RuntimeKind::CriO => include_str!("seccomp/crio.json"),
        RuntimeKind::Docker => include_str!("seccomp/docker.json"),
    }
}

/// The text of a runtime's default AppArmor profile, for a node that has the
/// usual tunables and abstractions: the runtimes include them where they exist.
///
/// Written from what the templates of moby/profiles, containerd main and
/// containers/common v0.64 allow and deny.
pub fn default_apparmor_text(kind: RuntimeKind, name: &str) -> String {
    let powercap = match kind {
        RuntimeKind::Containerd | RuntimeKind::Docker => {
            "  deny /sys/devices/virtual/powercap/** rwklx,\n"
        }
        RuntimeKind::CriO => "",
    };
    let sockets = match kind {
        RuntimeKind::Docker => "  deny network alg,\n",
        RuntimeKind::Containerd | RuntimeKind::CriO => "",
    };
    let (peers, ptrace) = match kind {
        RuntimeKind::Containerd => (
            &[
                "unconfined",
                "runc",
                "crun",
                "cri-containerd",
                "/usr/bin/containerd",
            ][..],
            "trace, tracedby, read, readby",
        ),
        RuntimeKind::Docker => (
            &["unconfined", "runc", "crun", "dockerd", "docker"][..],
            "trace, tracedby, read, readby",
        ),
        RuntimeKind::CriO => (
            &["unconfined", "runc", "crun*", "podman"][..],
            "trace, read",
        ),
    };
    let mut signals = String::new();
    for peer in peers {
        signals.push_str("  signal (receive) peer=");
        signals.push_str(peer);
        signals.push_str(",\n");
    }
    format!(
        "#include <tunables/global>

profile {name} flags=(attach_disconnected,mediate_deleted) {{
  #include <abstractions/base>

  network,
  capability,
  file,
  umount,
{signals}  signal (send, receive) peer={name},

  deny @{{PROC}}/* w,
  deny @{{PROC}}/{{[^1-9],[^1-9][^0-9],[^1-9s][^0-9y][^0-9s],[^1-9][^0-9][^0-9][^0-9]*}}/** w,
  deny @{{PROC}}/sys/[^k]** w,
  deny @{{PROC}}/sys/kernel/{{?,??,[^s][^h][^m]**}} w,
  deny @{{PROC}}/sysrq-trigger rwklx,
  deny @{{PROC}}/kcore rwklx,
  deny mount,
{sockets}  deny /sys/[^f]*/** wklx,
  deny /sys/f[^s]*/** wklx,
  deny /sys/fs/[^c]*/** wklx,
  deny /sys/fs/c[^g]*/** wklx,
  deny /sys/fs/cg[^r]*/** wklx,
  deny /sys/firmware/** rwklx,
{powercap}  deny /sys/kernel/security/** rwklx,

  ptrace ({ptrace}) peer={name},
}}
"
    )
}
