//! What differs between kernel releases: data, each with its source.
//!
//! The three were recorded with the parser of their distribution; "recorded"
//! below names the group of recordings that shows the difference.

/// A kernel release and the behaviours in which releases differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// `uname -r`.
    pub name: &'static str,
    /// Major and minor.
    pub version: (u16, u16),
    /// Records carry `class="…"` (6.8, `security/apparmor/audit.c`).
    pub audit_class: bool,
    /// A profile without any file rule refuses even `stat` (recorded:
    /// mode, memfd-nofile).
    pub getattr_needs_file_rules: bool,
    /// A descriptor refused at exec is closed; before, it became
    /// `/apparmor/.null` (recorded: exec, inherit-px).
    pub refused_descriptors_are_closed: bool,
    /// `open_tree` and `move_mount` need a mount rule (6.8; recorded: mount).
    pub mediates_new_mount_api: bool,
    /// Creating a user namespace is mediated (6.7; recorded: userns).
    pub mediates_user_namespaces: bool,
    /// `io_uring`'s SQPOLL and `override_creds` are mediated (6.7).
    pub mediates_io_uring: bool,
    /// Unix sockets are mediated by address and label (6.17; recorded: unix).
    pub mediates_unix_sockets: bool,
    /// Socket records say `requested=` and `denied=` like the newer classes
    /// (recorded: network).
    pub network_records_name_requests: bool,
    /// Records of user namespaces name the program (recorded: userns).
    pub userns_records_program: bool,
    /// A missing `px` target in complain mode enters a learning profile
    /// (recorded: mode).
    pub learns_missing_targets: bool,
    /// `linkat(AT_EMPTY_PATH)` works for the descriptor's own opener without
    /// `CAP_DAC_READ_SEARCH` (6.10, `fs/namei.c`).
    pub link_own_descriptor: bool,
    /// A mount of a missing source is still asked about (recorded: mount).
    pub audits_missing_source: bool,
    /// `CAP_PERFMON` reads another task's memory map where ptrace is refused,
    /// which only leaves its record (`mm_access`, 6.16; recorded: ptrace,
    /// container).
    pub perfmon_reads_memory: bool,
    /// `truncate` asks the file's mode before the mount's read-only flag
    /// (recorded: random).
    pub truncate_asks_mode_first: bool,
    /// `security.` attributes other than `security.capability` need
    /// `CAP_SYS_ADMIN`; with the BPF module among those of 6.1 the default
    /// check is passed over (`security_inode_setxattr`; recorded: random).
    pub guards_security_attributes: bool,
    /// Records of `pivot_root` name the profile that goes on (recorded:
    /// mount).
    pub pivot_root_records_profile: bool,
    /// With `audit=quiet_denied` a mount is refused, silently, in complain mode
    /// too (recorded: mode).
    pub quiet_denied_enforces_mounts: bool,
    /// A directory that was made in an overlay's upper tree behind its back
    /// stops the copying up as `EEXIST`; before, as the rename over it says
    /// (recorded: bypass, overlay-none).
    pub copy_up_minds_strangers: bool,
    /// The new profile is asked whether it may open the null device that would
    /// take a refused descriptor's place (recorded: bypass, inherit-px).
    pub asks_for_null_device: bool,
    /// A refused `px -> NAME` records the name that was not found (recorded:
    /// exec, exec-px-missing).
    pub records_missing_target: bool,
    /// Attachments that fit equally well leave a record (recorded: exec,
    /// attach-314).
    pub records_conflicting_attachments: bool,
    /// `/sys/kernel/security/lsm` (recorded: apparmor-off).
    pub security_modules: &'static str,
}

/// Linux 6.1 as Debian 12 ships it.
pub static K61: Release = Release {
    name: "6.1.0-56-cloud-amd64",
    version: (6, 1),
    audit_class: false,
    getattr_needs_file_rules: false,
    refused_descriptors_are_closed: false,
    mediates_new_mount_api: false,
    mediates_user_namespaces: false,
    mediates_io_uring: false,
    mediates_unix_sockets: false,
    network_records_name_requests: false,
    userns_records_program: false,
    learns_missing_targets: false,
    link_own_descriptor: false,
    audits_missing_source: false,
    perfmon_reads_memory: false,
    truncate_asks_mode_first: false,
    guards_security_attributes: false,
    pivot_root_records_profile: false,
    quiet_denied_enforces_mounts: false,
    copy_up_minds_strangers: false,
    asks_for_null_device: false,
    records_missing_target: false,
    records_conflicting_attachments: false,
    security_modules: "lockdown,capability,landlock,yama,apparmor,bpf",
};

/// Linux 6.12 as Debian 13 ships it.
pub static K612: Release = Release {
    name: "6.12.117+deb13-cloud-amd64",
    version: (6, 12),
    audit_class: true,
    getattr_needs_file_rules: true,
    refused_descriptors_are_closed: true,
    mediates_new_mount_api: true,
    mediates_user_namespaces: true,
    mediates_io_uring: true,
    mediates_unix_sockets: false,
    network_records_name_requests: false,
    userns_records_program: false,
    learns_missing_targets: false,
    link_own_descriptor: true,
    audits_missing_source: false,
    perfmon_reads_memory: false,
    truncate_asks_mode_first: false,
    guards_security_attributes: true,
    pivot_root_records_profile: false,
    quiet_denied_enforces_mounts: false,
    copy_up_minds_strangers: true,
    asks_for_null_device: true,
    records_missing_target: true,
    records_conflicting_attachments: false,
    security_modules: "lockdown,capability,landlock,yama,apparmor,bpf,ima,evm",
};

/// Linux 7.3 as Debian 13 backports ships it.
pub static K73: Release = Release {
    name: "7.3.4+deb13-cloud-amd64",
    version: (7, 3),
    audit_class: true,
    getattr_needs_file_rules: true,
    refused_descriptors_are_closed: true,
    mediates_new_mount_api: true,
    mediates_user_namespaces: true,
    mediates_io_uring: true,
    mediates_unix_sockets: true,
    network_records_name_requests: true,
    userns_records_program: true,
    learns_missing_targets: true,
    link_own_descriptor: true,
    audits_missing_source: true,
    perfmon_reads_memory: true,
    truncate_asks_mode_first: true,
    guards_security_attributes: true,
    pivot_root_records_profile: true,
    quiet_denied_enforces_mounts: true,
    copy_up_minds_strangers: true,
    asks_for_null_device: false,
    records_missing_target: true,
    records_conflicting_attachments: true,
    security_modules: "lockdown,capability,landlock,yama,apparmor,bpf,ima,evm",
};
