//! Symbolic flags of the recordings.

/// The value of a `|`-joined expression of the flag names of one set; any set's
/// when `set` is empty.
pub fn value(text: &str, set: &str) -> Option<u64> {
    text.split('|')
        .map(str::trim)
        .try_fold(0, |sum, part| Some(sum | single(part, set)?))
}

fn single(part: &str, set: &str) -> Option<u64> {
    if let Some(digits) = part.strip_prefix("0x") {
        return u64::from_str_radix(digits, 16).ok();
    }
    if part.starts_with('0') {
        return u64::from_str_radix(part, 8).ok();
    }
    if let Ok(number) = part.parse::<i64>() {
        return Some(number.cast_unsigned());
    }
    SETS.iter()
        .filter(|(name, _)| set.is_empty() || *name == set)
        .flat_map(|(_, flags)| flags.iter())
        .find(|(name, _)| *name == part)
        .map(|(_, value)| *value)
}

/// Whether there is a set of this name.
pub fn is_set(name: &str) -> bool {
    SETS.iter().any(|(known, _)| *known == name)
}

type Set = (&'static str, &'static [(&'static str, u64)]);

const SETS: &[Set] = &[
    (
        "O",
        &[
            ("O_RDONLY", 0x0),
            ("O_WRONLY", 0x1),
            ("O_RDWR", 0x2),
            ("O_CREAT", 0x40),
            ("O_EXCL", 0x80),
            ("O_NOCTTY", 0x100),
            ("O_TRUNC", 0x200),
            ("O_APPEND", 0x400),
            ("O_NONBLOCK", 0x800),
            ("O_DIRECTORY", 0x10000),
            ("O_NOFOLLOW", 0x20000),
            ("O_CLOEXEC", 0x80000),
            ("O_PATH", 0x200000),
            ("O_TMPFILE", 0x410000),
            ("O_SYNC", 0x101000),
            ("O_NOATIME", 0x40000),
            ("O_ACCMODE3", 0x3),
        ],
    ),
    (
        "AT",
        &[
            ("AT_SYMLINK_NOFOLLOW", 0x100),
            ("AT_REMOVEDIR", 0x200),
            ("AT_SYMLINK_FOLLOW", 0x400),
            ("AT_EMPTY_PATH", 0x1000),
            ("AT_EACCESS", 0x200),
            ("AT_NO_AUTOMOUNT", 0x800),
            ("AT_RECURSIVE", 0x8000),
        ],
    ),
    (
        "RENAME",
        &[
            ("RENAME_NOREPLACE", 0x1),
            ("RENAME_EXCHANGE", 0x2),
            ("RENAME_WHITEOUT", 0x4),
        ],
    ),
    (
        "MS",
        &[
            ("MS_RDONLY", 0x1),
            ("MS_NOSUID", 0x2),
            ("MS_NODEV", 0x4),
            ("MS_NOEXEC", 0x8),
            ("MS_SYNCHRONOUS", 0x10),
            ("MS_REMOUNT", 0x20),
            ("MS_BIND", 0x1000),
            ("MS_MOVE", 0x2000),
            ("MS_REC", 0x4000),
            ("MS_SILENT", 0x8000),
            ("MS_UNBINDABLE", 0x20000),
            ("MS_PRIVATE", 0x40000),
            ("MS_SLAVE", 0x80000),
            ("MS_SHARED", 0x100000),
            ("MS_RELATIME", 0x200000),
            ("MS_STRICTATIME", 0x1000000),
            ("MS_NOATIME", 0x400),
            ("MS_NODIRATIME", 0x800),
            ("MS_MANDLOCK", 0x40),
            ("MS_DIRSYNC", 0x80),
        ],
    ),
    (
        "MNT",
        &[
            ("MNT_FORCE", 0x1),
            ("MNT_DETACH", 0x2),
            ("MNT_EXPIRE", 0x4),
            ("UMOUNT_NOFOLLOW", 0x8),
        ],
    ),
    (
        "CLONE",
        &[
            ("CLONE_NEWNS", 0x20000),
            ("CLONE_NEWUTS", 0x4000000),
            ("CLONE_NEWIPC", 0x8000000),
            ("CLONE_NEWUSER", 0x10000000),
            ("CLONE_NEWPID", 0x20000000),
            ("CLONE_NEWNET", 0x40000000),
            ("CLONE_NEWCGROUP", 0x2000000),
            ("CLONE_NEWTIME", 0x80),
            ("CLONE_FILES", 0x400),
            ("CLONE_FS", 0x200),
        ],
    ),
    (
        "S",
        &[
            ("S_IFREG", 0x8000),
            ("S_IFCHR", 0x2000),
            ("S_IFBLK", 0x6000),
            ("S_IFIFO", 0x1000),
            ("S_IFSOCK", 0xc000),
            ("S_IFDIR", 0x4000),
        ],
    ),
    (
        "PROT",
        &[
            ("PROT_NONE", 0x0),
            ("PROT_READ", 0x1),
            ("PROT_WRITE", 0x2),
            ("PROT_EXEC", 0x4),
        ],
    ),
    (
        "MAP",
        &[
            ("MAP_SHARED", 0x1),
            ("MAP_PRIVATE", 0x2),
            ("MAP_ANONYMOUS", 0x20),
        ],
    ),
    (
        "AF",
        &[
            ("AF_UNSPEC", 0x0),
            ("AF_UNIX", 0x1),
            ("AF_INET", 0x2),
            ("AF_INET6", 0xa),
            ("AF_NETLINK", 0x10),
            ("AF_PACKET", 0x11),
            ("AF_ALG", 0x26),
            ("AF_VSOCK", 0x28),
            ("AF_BLUETOOTH", 0x1f),
            ("AF_KEY", 0xf),
            ("AF_CAN", 0x1d),
            ("AF_AX25", 0x3),
            ("AF_TIPC", 0x1e),
            ("AF_XDP", 0x2c),
        ],
    ),
    (
        "SOCK",
        &[
            ("SOCK_STREAM", 0x1),
            ("SOCK_DGRAM", 0x2),
            ("SOCK_RAW", 0x3),
            ("SOCK_RDM", 0x4),
            ("SOCK_SEQPACKET", 0x5),
            ("SOCK_CLOEXEC", 0x80000),
            ("SOCK_NONBLOCK", 0x800),
        ],
    ),
    (
        "PROTO",
        &[
            ("IPPROTO_ICMP", 0x1),
            ("IPPROTO_TCP", 0x6),
            ("IPPROTO_UDP", 0x11),
            ("IPPROTO_RAW", 0xff),
            ("NETLINK_ROUTE", 0x0),
            ("NETLINK_AUDIT", 0x9),
            ("NETLINK_KOBJECT_UEVENT", 0xf),
            ("ETH_P_ALL", 0x300),
        ],
    ),
    (
        "LOCK",
        &[
            ("LOCK_SH", 0x1),
            ("LOCK_EX", 0x2),
            ("LOCK_NB", 0x4),
            ("LOCK_UN", 0x8),
        ],
    ),
    (
        "FCNTL",
        &[
            ("F_DUPFD", 0x0),
            ("F_GETFD", 0x1),
            ("F_SETFD", 0x2),
            ("F_GETFL", 0x3),
            ("F_SETFL", 0x4),
            ("F_GETLK", 0x5),
            ("F_SETLK", 0x6),
            ("F_SETLKW", 0x7),
            ("F_SETLEASE", 0x400),
            ("F_ADD_SEALS", 0x409),
        ],
    ),
    (
        "MFD",
        &[
            ("MFD_CLOEXEC", 0x1),
            ("MFD_ALLOW_SEALING", 0x2),
            ("MFD_NOEXEC_SEAL", 0x8),
            ("MFD_EXEC", 0x10),
        ],
    ),
    (
        "ACC",
        &[("F_OK", 0x0), ("R_OK", 0x4), ("W_OK", 0x2), ("X_OK", 0x1)],
    ),
    (
        "SIG",
        &[
            ("SIGHUP", 0x1),
            ("SIGINT", 0x2),
            ("SIGQUIT", 0x3),
            ("SIGILL", 0x4),
            ("SIGTRAP", 0x5),
            ("SIGABRT", 0x6),
            ("SIGBUS", 0x7),
            ("SIGFPE", 0x8),
            ("SIGKILL", 0x9),
            ("SIGUSR1", 0xa),
            ("SIGSEGV", 0xb),
            ("SIGUSR2", 0xc),
            ("SIGPIPE", 0xd),
            ("SIGALRM", 0xe),
            ("SIGTERM", 0xf),
            ("SIGSTKFLT", 0x10),
            ("SIGCHLD", 0x11),
            ("SIGCONT", 0x12),
            ("SIGSTOP", 0x13),
            ("SIGTSTP", 0x14),
            ("SIGTTIN", 0x15),
            ("SIGTTOU", 0x16),
            ("SIGURG", 0x17),
            ("SIGXCPU", 0x18),
            ("SIGXFSZ", 0x19),
            ("SIGVTALRM", 0x1a),
            ("SIGPROF", 0x1b),
            ("SIGWINCH", 0x1c),
            ("SIGIO", 0x1d),
            ("SIGPWR", 0x1e),
            ("SIGSYS", 0x1f),
            ("SIGRTMIN", 0x22),
            ("SIGRTMAX", 0x40),
        ],
    ),
    ("XATTR", &[("XATTR_CREATE", 0x1), ("XATTR_REPLACE", 0x2)]),
    (
        "PR",
        &[
            ("PR_SET_NO_NEW_PRIVS", 0x26),
            ("PR_CAPBSET_DROP", 0x18),
            ("PR_CAPBSET_READ", 0x17),
            ("PR_SET_SECCOMP", 0x16),
            ("PR_SET_KEEPCAPS", 0x8),
            ("PR_SET_DUMPABLE", 0x4),
            ("PR_SET_SECUREBITS", 0x1c),
            ("PR_SET_NAME", 0xf),
        ],
    ),
    (
        "FALLOC",
        &[("FALLOC_FL_KEEP_SIZE", 0x1), ("FALLOC_FL_PUNCH_HOLE", 0x2)],
    ),
    (
        "OPEN_TREE",
        &[
            ("OPEN_TREE_CLONE", 0x1),
            ("OPEN_TREE_CLOEXEC", 0x80000),
            ("AT_RECURSIVE", 0x8000),
            ("AT_EMPTY_PATH", 0x1000),
        ],
    ),
    (
        "MOVE",
        &[
            ("MOVE_MOUNT_F_EMPTY_PATH", 0x4),
            ("MOVE_MOUNT_T_EMPTY_PATH", 0x40),
        ],
    ),
    (
        "RESOLVE",
        &[
            ("RESOLVE_NO_XDEV", 0x1),
            ("RESOLVE_NO_MAGICLINKS", 0x2),
            ("RESOLVE_NO_SYMLINKS", 0x4),
            ("RESOLVE_BENEATH", 0x8),
            ("RESOLVE_IN_ROOT", 0x10),
        ],
    ),
];

/// The first name of a value in a set.
pub fn name(set: &str, value: u64) -> Option<&'static str> {
    SETS.iter()
        .filter(|(name, _)| *name == set)
        .flat_map(|(_, flags)| flags.iter())
        .find(|(_, known)| *known == value)
        .map(|(name, _)| *name)
}
