//! The capabilities of `capabilities(7)` and sets of them.

use std::fmt;

macro_rules! capabilities {
    ($($name:ident = $number:literal $text:literal,)*) => {
        /// A privilege that root's power is cut into
        /// (`include/uapi/linux/capability.h`).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Capability {
            $(#[doc = concat!("`CAP_", stringify!($name), "`")] $name = $number,)*
        }

        impl Capability {
            /// All of them, by number.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name as AppArmor writes it: lower case, no `CAP_`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

capabilities! {
    Chown = 0 "chown",
    DacOverride = 1 "dac_override",
    DacReadSearch = 2 "dac_read_search",
    Fowner = 3 "fowner",
    Fsetid = 4 "fsetid",
    Kill = 5 "kill",
    Setgid = 6 "setgid",
    Setuid = 7 "setuid",
    Setpcap = 8 "setpcap",
    LinuxImmutable = 9 "linux_immutable",
    NetBindService = 10 "net_bind_service",
    NetBroadcast = 11 "net_broadcast",
    NetAdmin = 12 "net_admin",
    NetRaw = 13 "net_raw",
    IpcLock = 14 "ipc_lock",
    IpcOwner = 15 "ipc_owner",
    SysModule = 16 "sys_module",
    SysRawio = 17 "sys_rawio",
    SysChroot = 18 "sys_chroot",
    SysPtrace = 19 "sys_ptrace",
    SysPacct = 20 "sys_pacct",
    SysAdmin = 21 "sys_admin",
    SysBoot = 22 "sys_boot",
    SysNice = 23 "sys_nice",
    SysResource = 24 "sys_resource",
    SysTime = 25 "sys_time",
    SysTtyConfig = 26 "sys_tty_config",
    Mknod = 27 "mknod",
    Lease = 28 "lease",
    AuditWrite = 29 "audit_write",
    AuditControl = 30 "audit_control",
    Setfcap = 31 "setfcap",
    MacOverride = 32 "mac_override",
    MacAdmin = 33 "mac_admin",
    Syslog = 34 "syslog",
    WakeAlarm = 35 "wake_alarm",
    BlockSuspend = 36 "block_suspend",
    AuditRead = 37 "audit_read",
    Perfmon = 38 "perfmon",
    Bpf = 39 "bpf",
    CheckpointRestore = 40 "checkpoint_restore",
}

impl Capability {
    /// Its number.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The capability of this number, if the kernel has it.
    pub fn from_number(number: u64) -> Option<Self> {
        Self::ALL.get(usize::try_from(number).ok()?).copied()
    }

    /// The capability of this name (`chown`, `CHOWN` or `CAP_CHOWN`).
    pub fn from_name(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let bare = lower.strip_prefix("cap_").unwrap_or(&lower);
        Self::ALL
            .iter()
            .copied()
            .find(|capability| capability.name() == bare)
    }
}

/// A set of capabilities.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct CapabilitySet(u64);

impl CapabilitySet {
    /// No capability.
    pub const EMPTY: Self = Self(0);
    /// Every capability of the kernel.
    pub const FULL: Self = Self((1 << 41) - 1);

    /// The set of these bits; bits of no capability are dropped.
    pub fn from_bits(bits: u64) -> Self {
        Self(bits & Self::FULL.0)
    }

    /// The bit mask, as in `/proc/PID/status`.
    pub fn bits(self) -> u64 {
        self.0
    }

    /// True when `capability` is in the set.
    pub fn has(self, capability: Capability) -> bool {
        self.0 & (1 << capability.number()) != 0
    }

    /// The set with `capability` added.
    #[must_use]
    pub fn with(self, capability: Capability) -> Self {
        Self(self.0 | 1 << capability.number())
    }

    /// The set with `capability` removed.
    #[must_use]
    pub fn without(self, capability: Capability) -> Self {
        Self(self.0 & !(1 << capability.number()))
    }

    /// What is in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// True when every member is also in `other`.
    pub fn is_subset(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// True when nothing is in it.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Capability> for CapabilitySet {
    fn from_iter<I: IntoIterator<Item = Capability>>(list: I) -> Self {
        list.into_iter().fold(Self::EMPTY, Self::with)
    }
}

impl fmt::Debug for CapabilitySet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:016x}", self.0)
    }
}
