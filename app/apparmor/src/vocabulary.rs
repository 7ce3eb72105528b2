//! The words that rules may use, with the numbers they stand for.

/// Socket families and the numbers that Linux gives them (`AF_*`, 6.12). DECnet is left out: Linux
/// has dropped it, and the parser knows no word for it.
pub const FAMILIES: &[(&str, u8)] = &[
    ("unspec", 0),
    ("unix", 1),
    ("inet", 2),
    ("ax25", 3),
    ("ipx", 4),
    ("appletalk", 5),
    ("netrom", 6),
    ("bridge", 7),
    ("atmpvc", 8),
    ("x25", 9),
    ("inet6", 10),
    ("rose", 11),
    ("netbeui", 13),
    ("security", 14),
    ("key", 15),
    ("netlink", 16),
    ("packet", 17),
    ("ash", 18),
    ("econet", 19),
    ("atmsvc", 20),
    ("rds", 21),
    ("sna", 22),
    ("irda", 23),
    ("pppox", 24),
    ("wanpipe", 25),
    ("llc", 26),
    ("ib", 27),
    ("mpls", 28),
    ("can", 29),
    ("tipc", 30),
    ("bluetooth", 31),
    ("iucv", 32),
    ("rxrpc", 33),
    ("isdn", 34),
    ("phonet", 35),
    ("ieee802154", 36),
    ("caif", 37),
    ("alg", 38),
    ("nfc", 39),
    ("vsock", 40),
    ("kcm", 41),
    ("qipcrtr", 42),
    ("smc", 43),
    ("xdp", 44),
    ("mctp", 45),
];

/// The number of DECnet, which the kernel still has a name for.
const DECNET: u16 = 12;

/// The kernel's name of a family (`address_family_names` of `security/apparmor/net.c`).
pub fn family_name(number: u16) -> Option<&'static str> {
    if number == DECNET {
        return Some("decnet");
    }
    FAMILIES
        .iter()
        .find(|(_, known)| u16::from(*known) == number)
        .map(|(name, _)| *name)
}

/// Socket types and their numbers (`SOCK_*`).
pub const SOCKET_TYPES: &[(&str, u8)] = &[
    ("stream", 1),
    ("dgram", 2),
    ("raw", 3),
    ("rdm", 4),
    ("seqpacket", 5),
    ("dccp", 6),
    ("packet", 10),
];

/// The types that `network` rules pair with every family.
pub const NETWORK_TYPES: &[&str] = &["stream", "dgram", "seqpacket", "rdm", "raw", "packet"];

/// The capabilities by number, as rules name them (`include/uapi/linux/capability.h`, 6.12).
pub const CAPABILITIES: &[&str] = &[
    "chown",
    "dac_override",
    "dac_read_search",
    "fowner",
    "fsetid",
    "kill",
    "setgid",
    "setuid",
    "setpcap",
    "linux_immutable",
    "net_bind_service",
    "net_broadcast",
    "net_admin",
    "net_raw",
    "ipc_lock",
    "ipc_owner",
    "sys_module",
    "sys_rawio",
    "sys_chroot",
    "sys_ptrace",
    "sys_pacct",
    "sys_admin",
    "sys_boot",
    "sys_nice",
    "sys_resource",
    "sys_time",
    "sys_tty_config",
    "mknod",
    "lease",
    "audit_write",
    "audit_control",
    "setfcap",
    "mac_override",
    "mac_admin",
    "syslog",
    "wake_alarm",
    "block_suspend",
    "audit_read",
    "perfmon",
    "bpf",
    "checkpoint_restore",
];

/// Signal names with the numbers that policy uses for them; `exists` is signal 0.
pub const SIGNALS: &[(&str, u16)] = &[
    ("hup", 1),
    ("int", 2),
    ("quit", 3),
    ("ill", 4),
    ("trap", 5),
    ("abrt", 6),
    ("bus", 7),
    ("fpe", 8),
    ("kill", 9),
    ("usr1", 10),
    ("segv", 11),
    ("usr2", 12),
    ("pipe", 13),
    ("alrm", 14),
    ("term", 15),
    ("stkflt", 16),
    ("chld", 17),
    ("cont", 18),
    ("stop", 19),
    ("stp", 20),
    ("tstp", 20),
    ("ttin", 21),
    ("ttou", 22),
    ("urg", 23),
    ("xcpu", 24),
    ("xfsz", 25),
    ("vtalrm", 26),
    ("prof", 27),
    ("winch", 28),
    ("io", 29),
    ("poll", 29),
    ("pwr", 30),
    ("sys", 31),
    ("emt", 32),
    ("exists", 35),
];

/// The policy number of the first real-time signal.
pub const FIRST_REAL_TIME_SIGNAL: u16 = 128;

/// How many real-time signals policy can name.
pub const REAL_TIME_SIGNALS: u16 = 32;

/// The policy number of a signal name, `rtmin+N` included.
pub fn signal_number(name: &str) -> Option<u16> {
    if let Some(offset) = name.strip_prefix("rtmin+") {
        let digits = offset.len()
            - offset
                .trim_start_matches(|c: char| c.is_ascii_digit())
                .len();
        let offset = offset.get(..digits)?;
        let offset: u16 = if offset.is_empty() {
            return None;
        } else {
            offset.parse().ok()?
        };
        return (offset <= REAL_TIME_SIGNALS).then_some(FIRST_REAL_TIME_SIGNAL + offset);
    }
    SIGNALS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, number)| *number)
}

/// Resource limits with the numbers that Linux gives them.
pub const RLIMITS: &[(&str, u8)] = &[
    ("cpu", 0),
    ("fsize", 1),
    ("data", 2),
    ("stack", 3),
    ("core", 4),
    ("rss", 5),
    ("nproc", 6),
    ("nofile", 7),
    ("ofile", 7),
    ("memlock", 8),
    ("as", 9),
    ("locks", 10),
    ("sigpending", 11),
    ("msgqueue", 12),
    ("nice", 13),
    ("rtprio", 14),
    ("rttime", 15),
];

/// A mount option: the flag bits it asks for and those it asks to be clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MountOption {
    /// Its name.
    pub name: &'static str,
    /// `MS_*` bits that must be set.
    pub set: u32,
    /// `MS_*` bits that must be clear.
    pub clear: u32,
}

const fn set(name: &'static str, set: u32) -> MountOption {
    MountOption {
        name,
        set,
        clear: 0,
    }
}

const fn clear(name: &'static str, clear: u32) -> MountOption {
    MountOption {
        name,
        set: 0,
        clear,
    }
}

/// `MS_REMOUNT`
pub const MS_REMOUNT: u32 = 1 << 5;
/// `MS_BIND`
pub const MS_BIND: u32 = 1 << 12;
/// `MS_MOVE`
pub const MS_MOVE: u32 = 1 << 13;
/// `MS_REC`
pub const MS_REC: u32 = 1 << 14;
const MS_UNBINDABLE: u32 = 1 << 17;
const MS_PRIVATE: u32 = 1 << 18;
const MS_SLAVE: u32 = 1 << 19;
const MS_SHARED: u32 = 1 << 20;

/// The bits that change how a mount propagates; each may stand with `MS_REC`.
pub const MS_PROPAGATION: u32 = MS_UNBINDABLE | MS_PRIVATE | MS_SLAVE | MS_SHARED | MS_REC;

/// Every bit that a mount rule can name.
pub const MS_ALL: u32 = 0x03bf_ffff & !(1 << 9) & !(1 << 22);

/// The mount options of `options=`. Source: `mount.cc`, `mnt_opts_table`.
pub const MOUNT_OPTIONS: &[MountOption] = &[
    set("ro", 1),
    set("r", 1),
    set("read-only", 1),
    clear("rw", 1),
    clear("w", 1),
    clear("suid", 1 << 1),
    set("nosuid", 1 << 1),
    clear("dev", 1 << 2),
    set("nodev", 1 << 2),
    clear("exec", 1 << 3),
    set("noexec", 1 << 3),
    set("sync", 1 << 4),
    clear("async", 1 << 4),
    set("remount", MS_REMOUNT),
    set("mand", 1 << 6),
    clear("nomand", 1 << 6),
    set("dirsync", 1 << 7),
    clear("symfollow", 1 << 8),
    set("nosymfollow", 1 << 8),
    clear("atime", 1 << 10),
    set("noatime", 1 << 10),
    clear("diratime", 1 << 11),
    set("nodiratime", 1 << 11),
    set("bind", MS_BIND),
    set("B", MS_BIND),
    set("move", MS_MOVE),
    set("M", MS_MOVE),
    set("rbind", MS_BIND | MS_REC),
    set("R", MS_BIND | MS_REC),
    set("verbose", 1 << 15),
    set("silent", 1 << 15),
    clear("loud", 1 << 15),
    set("acl", 1 << 16),
    clear("noacl", 1 << 16),
    set("unbindable", MS_UNBINDABLE),
    set("make-unbindable", MS_UNBINDABLE),
    set("runbindable", MS_UNBINDABLE | MS_REC),
    set("make-runbindable", MS_UNBINDABLE | MS_REC),
    set("private", MS_PRIVATE),
    set("make-private", MS_PRIVATE),
    set("rprivate", MS_PRIVATE | MS_REC),
    set("make-rprivate", MS_PRIVATE | MS_REC),
    set("slave", MS_SLAVE),
    set("make-slave", MS_SLAVE),
    set("rslave", MS_SLAVE | MS_REC),
    set("make-rslave", MS_SLAVE | MS_REC),
    set("shared", MS_SHARED),
    set("make-shared", MS_SHARED),
    set("rshared", MS_SHARED | MS_REC),
    set("make-rshared", MS_SHARED | MS_REC),
    set("relatime", 1 << 21),
    clear("norelatime", 1 << 21),
    set("iversion", 1 << 23),
    clear("noiversion", 1 << 23),
    set("strictatime", 1 << 24),
    clear("nostrictatime", 1 << 24),
    set("lazytime", 1 << 25),
    clear("nolazytime", 1 << 25),
    clear("user", 1 << 31),
    set("nouser", 1 << 31),
];

/// The mount option of a name.
pub fn mount_option(name: &str) -> Option<MountOption> {
    MOUNT_OPTIONS
        .iter()
        .find(|option| option.name == name)
        .copied()
}

/// The names that `error=` takes: the error numbers of Linux.
pub const ERROR_NAMES: &[&str] = &[
    "EPERM",
    "ENOENT",
    "ESRCH",
    "EINTR",
    "EIO",
    "ENXIO",
    "E2BIG",
    "ENOEXEC",
    "EBADF",
    "ECHILD",
    "EAGAIN",
    "ENOMEM",
    "EACCES",
    "EFAULT",
    "ENOTBLK",
    "EBUSY",
    "EEXIST",
    "EXDEV",
    "ENODEV",
    "ENOTDIR",
    "EISDIR",
    "EINVAL",
    "ENFILE",
    "EMFILE",
    "ENOTTY",
    "ETXTBSY",
    "EFBIG",
    "ENOSPC",
    "ESPIPE",
    "EROFS",
    "EMLINK",
    "EPIPE",
    "EDOM",
    "ERANGE",
    "EDEADLK",
    "ENAMETOOLONG",
    "ENOLCK",
    "ENOSYS",
    "ENOTEMPTY",
    "ELOOP",
    "EWOULDBLOCK",
    "ENOMSG",
    "EIDRM",
    "ECHRNG",
    "EL2NSYNC",
    "EL3HLT",
    "EL3RST",
    "ELNRNG",
    "EUNATCH",
    "ENOCSI",
    "EL2HLT",
    "EBADE",
    "EBADR",
    "EXFULL",
    "ENOANO",
    "EBADRQC",
    "EBADSLT",
    "EDEADLOCK",
    "EBFONT",
    "ENOSTR",
    "ENODATA",
    "ETIME",
    "ENOSR",
    "ENONET",
    "ENOPKG",
    "EREMOTE",
    "ENOLINK",
    "EADV",
    "ESRMNT",
    "ECOMM",
    "EPROTO",
    "EMULTIHOP",
    "EDOTDOT",
    "EBADMSG",
    "EOVERFLOW",
    "ENOTUNIQ",
    "EBADFD",
    "EREMCHG",
    "ELIBACC",
    "ELIBBAD",
    "ELIBSCN",
    "ELIBMAX",
    "ELIBEXEC",
    "EILSEQ",
    "ERESTART",
    "ESTRPIPE",
    "EUSERS",
    "ENOTSOCK",
    "EDESTADDRREQ",
    "EMSGSIZE",
    "EPROTOTYPE",
    "ENOPROTOOPT",
    "EPROTONOSUPPORT",
    "ESOCKTNOSUPPORT",
    "EOPNOTSUPP",
    "EPFNOSUPPORT",
    "EAFNOSUPPORT",
    "EADDRINUSE",
    "EADDRNOTAVAIL",
    "ENETDOWN",
    "ENETUNREACH",
    "ENETRESET",
    "ECONNABORTED",
    "ECONNRESET",
    "ENOBUFS",
    "EISCONN",
    "ENOTCONN",
    "ESHUTDOWN",
    "ETOOMANYREFS",
    "ETIMEDOUT",
    "ECONNREFUSED",
    "EHOSTDOWN",
    "EHOSTUNREACH",
    "EALREADY",
    "EINPROGRESS",
    "ESTALE",
    "EUCLEAN",
    "ENOTNAM",
    "ENAVAIL",
    "EISNAM",
    "EREMOTEIO",
    "EDQUOT",
    "ENOMEDIUM",
    "EMEDIUMTYPE",
    "ECANCELED",
    "ENOKEY",
    "EKEYEXPIRED",
    "EKEYREVOKED",
    "EKEYREJECTED",
    "EOWNERDEAD",
    "ENOTRECOVERABLE",
    "ERFKILL",
    "EHWPOISON",
];
