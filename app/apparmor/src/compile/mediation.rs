//! What is mediated: the classes of a policy's feature set.

use std::sync::Arc;

use crate::features::Features;

/// The classes that a policy is compiled for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Mediation {
    /// The families of `network_v8`.
    pub(crate) network: Option<Arc<[String]>>,
    pub(crate) mount: bool,
    pub(crate) signal: bool,
    pub(crate) ptrace: bool,
    pub(crate) userns: bool,
    pub(crate) io_uring: bool,
    pub(crate) mqueue: bool,
    pub(crate) unix: bool,
    /// Attachment looks at extended attributes.
    pub(crate) xattrs: bool,
}

impl Mediation {
    /// The classes of a feature set.
    pub(crate) fn of(features: &Features) -> Self {
        Self {
            network: features
                .words("network_v8/af_mask")
                .map(|families| families.map(str::to_owned).collect()),
            mount: features.has_class("mount"),
            signal: features.has_class("signal"),
            ptrace: features.has_class("ptrace"),
            userns: features.lists("namespaces/mask", "userns_create"),
            io_uring: features.has_class("io_uring"),
            mqueue: features.has_class("ipc/posix_mqueue"),
            unix: features.has_unix_sockets(),
            xattrs: features.lists("domain/attach_conditions/xattr", "yes"),
        }
    }
}
