//! File permissions as the kernel counts them.

use std::ops::{BitAnd, BitOr, BitOrAssign, Not};

/// A set of file permissions: the bits of `security/apparmor/include/perms.h` (kernel 6.12).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilePermissions(pub u32);

impl FilePermissions {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// `x`: execute.
    pub const EXEC: Self = Self(0x1);
    /// `w`: write.
    pub const WRITE: Self = Self(0x2);
    /// `r`: read.
    pub const READ: Self = Self(0x4);
    /// `a`: append.
    pub const APPEND: Self = Self(0x8);
    /// `c`: create.
    pub const CREATE: Self = Self(0x10);
    /// `d`: delete.
    pub const DELETE: Self = Self(0x20);
    /// Open, whatever for.
    pub const OPEN: Self = Self(0x40);
    /// Rename.
    pub const RENAME: Self = Self(0x80);
    /// Change attributes; logged as `w`.
    pub const SETATTR: Self = Self(0x100);
    /// Read attributes; logged as `r`.
    pub const GETATTR: Self = Self(0x200);
    /// Change the mode; logged as `w`.
    pub const CHMOD: Self = Self(0x1000);
    /// Change the owner; logged as `w`.
    pub const CHOWN: Self = Self(0x2000);
    /// Change the group.
    pub const CHGRP: Self = Self(0x4000);
    /// `k`: lock.
    pub const LOCK: Self = Self(0x8000);
    /// `m`: map executable.
    pub const EXEC_MMAP: Self = Self(0x1_0000);
    /// `l`: be the new name of a hard link.
    pub const LINK: Self = Self(0x4_0000);
    /// Change the profile at the next exec.
    pub const CHANGE_ONEXEC: Self = Self(0x2000_0000);
    /// Change the profile now.
    pub const CHANGE_PROFILE: Self = Self(0x4000_0000);

    /// On the pair of a link, the lock bit says that the subset test applies
    /// (`AA_LINK_SUBSET` of `security/apparmor/include/file.h`).
    pub(crate) const LINK_SUBSET: Self = Self::LOCK;
    /// What the kernel prints letters for (`AA_AUDIT_FILE_MASK`).
    pub(crate) const AUDITED: Self = Self(0x1_b33f | 0x4_0000);

    /// The letters a permission mask is logged with, in the kernel's order
    /// (`map_mask_to_chr_mask` and `aa_perm_mask_to_str` of `security/apparmor/lib.c`).
    const LETTERS: [(Self, char); 9] = [
        (Self::EXEC, 'x'),
        (Self::WRITE, 'w'),
        (Self::READ, 'r'),
        (Self::APPEND, 'a'),
        (Self::CREATE, 'c'),
        (Self::DELETE, 'd'),
        (Self::LOCK, 'k'),
        (Self::EXEC_MMAP, 'm'),
        (Self::LINK, 'l'),
    ];

    /// Reads kernel log letters: `x w r a c d k m l`. None where a letter is unknown.
    pub fn from_letters(letters: &str) -> Option<Self> {
        letters.chars().try_fold(Self::NONE, |mask, letter| {
            let (bit, _) = Self::LETTERS.iter().find(|(_, known)| *known == letter)?;
            Some(mask | *bit)
        })
    }

    /// The letters of the bits that have one.
    pub fn letters(self) -> String {
        Self::LETTERS
            .iter()
            .filter(|(bit, _)| self.intersects(*bit))
            .map(|(_, letter)| letter)
            .collect()
    }

    /// The letters as `requested_mask=` and `denied_mask=` print them: attribute changes count
    /// as `w`, reading attributes as `r` (`map_mask_to_chr_mask`).
    pub fn log_letters(self) -> String {
        let mut mask = self;
        if mask.intersects(Self::GETATTR) {
            mask |= Self::READ;
        }
        if mask.intersects(Self::SETATTR | Self::CHMOD | Self::CHOWN) {
            mask |= Self::WRITE;
        }
        mask.letters()
    }

    /// Whether no bit is set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether every bit of `other` is set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any bit of `other` is set.
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The bits that are not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl BitOr for FilePermissions {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for FilePermissions {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl BitAnd for FilePermissions {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl Not for FilePermissions {
    type Output = Self;
    fn not(self) -> Self {
        Self(!self.0)
    }
}

/// Permissions on a socket: the `AA_MAY_*` bits that `security/apparmor/net.c` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum NetworkPermission {
    /// `send`
    Send = 0x2,
    /// `receive`
    Receive = 0x4,
    /// `create`
    Create = 0x10,
    /// `shutdown`
    Shutdown = 0x20,
    /// `connect`
    Connect = 0x40,
    /// `setattr`
    SetAttr = 0x100,
    /// `getattr`
    GetAttr = 0x200,
    /// `accept`
    Accept = 0x10_0000,
    /// `bind`
    Bind = 0x20_0000,
    /// `listen`
    Listen = 0x40_0000,
    /// `setopt`
    SetOpt = 0x100_0000,
    /// `getopt`
    GetOpt = 0x200_0000,
}

impl NetworkPermission {
    /// Every permission with its word, in the kernel's order of printing.
    pub const ALL: [(Self, &'static str); 12] = [
        (Self::Send, "send"),
        (Self::Receive, "receive"),
        (Self::Create, "create"),
        (Self::Shutdown, "shutdown"),
        (Self::Connect, "connect"),
        (Self::SetAttr, "setattr"),
        (Self::GetAttr, "getattr"),
        (Self::Accept, "accept"),
        (Self::Bind, "bind"),
        (Self::Listen, "listen"),
        (Self::SetOpt, "setopt"),
        (Self::GetOpt, "getopt"),
    ];

    /// The permission of a word.
    pub fn from_name(name: &str) -> Option<Self> {
        let (permission, _) = Self::ALL.iter().find(|(_, known)| *known == name)?;
        Some(*permission)
    }

    /// Its bit.
    pub const fn bit(self) -> u32 {
        self as u32
    }
}

/// Permissions between two tasks: `ptrace` and its kin (`security/apparmor/include/ipc.h`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum PtracePermission {
    /// `trace`: the tracer's side.
    Trace = 0x2,
    /// `read`: the reader's side of `/proc/PID/…`.
    Read = 0x4,
    /// `tracedby`: the tracee's side.
    TracedBy = 0x8,
    /// `readby`: the side of the one who is read.
    ReadBy = 0x10,
}

/// Permissions on a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum SignalPermission {
    /// `send`: the sender's side.
    Send = 0x2,
    /// `receive`: the receiver's side.
    Receive = 0x4,
}

/// Permissions on `io_uring`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum IoUringPermission {
    /// `override_creds`
    OverrideCreds = 0x8,
    /// `sqpoll`
    SqPoll = 0x10,
}
