//! Capability checks: what the task holds, then what its profile grants.

use crate::{
    capability::Capability,
    context::Context,
    credentials::Credentials,
    errno::Errno,
    event::{CapabilityEvidence, Evidence, GateKind, Verdict},
    id::{InodeId, NamespaceId},
    lsm,
    world::World,
};

impl World {
    /// Whether `credentials` hold a capability in a user namespace
    /// (`cap_capable`, `security/commoncap.c`).
    pub(crate) fn holds(
        &self,
        credentials: &Credentials,
        target: NamespaceId,
        capability: Capability,
    ) -> bool {
        let mut namespace = target;
        loop {
            if namespace == credentials.user_namespace {
                return credentials.effective.has(capability);
            }
            let Some(entry) = self.namespaces.get(&namespace) else {
                return false;
            };
            let Some(parent) = entry.owner else {
                return false;
            };
            if parent == credentials.user_namespace && entry.creator == credentials.uid.effective {
                return true;
            }
            namespace = parent;
        }
    }
}

/// The first user namespace.
pub(crate) const INITIAL_USER: NamespaceId = NamespaceId(1);

/// `capable`: a capability in the initial user namespace.
pub(crate) fn capable(context: &mut Context, capability: Capability) -> bool {
    ns_capable(context, INITIAL_USER, capability)
}

/// The same as a result: `EPERM` without it.
pub(crate) fn require(context: &mut Context, capability: Capability) -> Result<(), Errno> {
    if capable(context, capability) {
        Ok(())
    } else {
        Err(Errno::EPERM)
    }
}

/// `ns_capable`: a capability in a given user namespace; commoncap first, then
/// AppArmor.
pub(crate) fn ns_capable(
    context: &mut Context,
    namespace: NamespaceId,
    capability: Capability,
) -> bool {
    check(context, namespace, capability, true)
}

/// `ns_capable_noaudit` and `has_capability_noaudit`: no record either way.
pub(crate) fn ns_capable_noaudit(
    context: &mut Context,
    namespace: NamespaceId,
    capability: Capability,
) -> bool {
    check(context, namespace, capability, false)
}

fn check(
    context: &mut Context,
    namespace: NamespaceId,
    capability: Capability,
    audit: bool,
) -> bool {
    let held = context
        .world
        .holds(&context.credentials, namespace, capability);
    let verdict = if held {
        Verdict::Allowed
    } else {
        Verdict::Denied(Errno::EPERM)
    };
    let evidence = CapabilityEvidence {
        capability,
        namespace,
        held,
    };
    context.gate(
        GateKind::Capability,
        verdict,
        Evidence::Capability(evidence),
    );
    (held || context.waived.has(GateKind::Capability))
        && lsm::capability::capable(context, capability, audit).is_ok()
}

/// `capable_wrt_inode_uidgid`: in the caller's own user namespace, when it maps
/// the inode's owner and group.
pub(crate) fn capable_over_inode(
    context: &mut Context,
    inode: InodeId,
    capability: Capability,
) -> bool {
    let namespace = context.credentials.user_namespace;
    let Ok(inode) = context.world.inode(inode) else {
        return false;
    };
    let (uid, gid) = (inode.uid, inode.gid);
    if !context.world.maps_ids(namespace, uid, gid) {
        return false;
    }
    ns_capable(context, namespace, capability)
}

impl World {
    /// Whether a user namespace has a mapping for both ids
    /// (`privileged_wrt_inode_uidgid`).
    pub(crate) fn maps_ids(&self, namespace: NamespaceId, uid: u32, gid: u32) -> bool {
        if namespace == INITIAL_USER {
            return true;
        }
        let Some(namespace) = self.namespaces.get(&namespace) else {
            return false;
        };
        let covers = |map: &[(u32, u32, u32)], id: u32| {
            map.iter()
                .any(|&(_, outside, count)| id >= outside && id - outside < count)
        };
        covers(&namespace.maps.uid, uid) && covers(&namespace.maps.gid, gid)
    }
}
