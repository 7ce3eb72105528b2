//! Who a task is: ids, capability sets, securebits, label (`credentials(7)`).

use std::sync::Arc;

use crate::{
    capability::{Capability, CapabilitySet},
    id::NamespaceId,
    lsm::label::Label,
};

/// `SECBIT_NOROOT` and its companions (`include/uapi/linux/securebits.h`).
pub mod securebits {
    /// uid 0 means nothing at exec.
    pub const NOROOT: u32 = 1;
    /// Changing ids does not touch the capability sets.
    pub const NO_SETUID_FIXUP: u32 = 1 << 2;
    /// Capabilities survive giving up uid 0.
    pub const KEEP_CAPS: u32 = 1 << 4;
    /// No ambient capability can be raised.
    pub const NO_CAP_AMBIENT_RAISE: u32 = 1 << 6;
    /// Each flag's lock is the next bit.
    pub const LOCKS: u32 = 0xaa;
    /// Every bit that exists.
    pub const ALL: u32 = 0xff;
}

/// A real, an effective, a saved and a file-system id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ids {
    /// Real.
    pub real: u32,
    /// Effective.
    pub effective: u32,
    /// Saved.
    pub saved: u32,
    /// For files.
    pub fs: u32,
}

impl Ids {
    /// All four the same.
    pub fn all(id: u32) -> Self {
        Self {
            real: id,
            effective: id,
            saved: id,
            fs: id,
        }
    }
}

/// `struct cred`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Credentials {
    /// User ids, as the initial user namespace has them.
    pub uid: Ids,
    /// Group ids.
    pub gid: Ids,
    /// Supplementary groups.
    pub groups: Arc<[u32]>,
    /// What checks look at.
    pub effective: CapabilitySet,
    /// What effective may be raised to.
    pub permitted: CapabilitySet,
    /// What exec may keep together with a file's inheritable set.
    pub inheritable: CapabilitySet,
    /// What exec can at most give.
    pub bounding: CapabilitySet,
    /// What exec of a plain program keeps.
    pub ambient: CapabilitySet,
    /// See [`securebits`].
    pub securebits: u32,
    /// The user namespace in which the sets count.
    pub user_namespace: NamespaceId,
    /// AppArmor's label.
    pub label: Label,
}

impl Credentials {
    /// Root of `user_namespace`, with every capability, unconfined.
    pub fn root(user_namespace: NamespaceId) -> Self {
        Self {
            uid: Ids::default(),
            gid: Ids::default(),
            groups: Arc::from([]),
            effective: CapabilitySet::FULL,
            permitted: CapabilitySet::FULL,
            inheritable: CapabilitySet::EMPTY,
            bounding: CapabilitySet::FULL,
            ambient: CapabilitySet::EMPTY,
            securebits: 0,
            user_namespace,
            label: Label::unconfined(),
        }
    }

    /// True when `gid` is the file-system group or a supplementary one.
    pub fn in_group(&self, gid: u32) -> bool {
        self.gid.fs == gid || self.groups.contains(&gid)
    }

    /// True when the effective set has `capability`.
    pub fn holds(&self, capability: Capability) -> bool {
        self.effective.has(capability)
    }
}
