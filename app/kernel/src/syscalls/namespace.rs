//! `unshare`, `setns`, host names (`kernel/nsproxy.c`, `user_namespace.c`).

use std::sync::Arc;

use super::process::NEW_NAMESPACES;
use crate::{
    abi,
    arguments::Arguments,
    capability::{Capability, CapabilitySet},
    context::Context,
    errno::Errno,
    gate::capability,
    id::NamespaceId,
    lsm,
    namespace::{IdMaps, Namespace, NamespaceKind},
};

/// `unshare(flags)`
pub(super) fn unshare(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let flags = args.word(0);
    let known = NEW_NAMESPACES
        | abi::CLONE_FS
        | abi::CLONE_FILES
        | abi::CLONE_SYSVSEM
        | abi::CLONE_THREAD
        | abi::CLONE_SIGHAND
        | abi::CLONE_VM;
    if flags & !known != 0 {
        return Err(Errno::EINVAL);
    }
    make(context, flags & NEW_NAMESPACES, false)?;
    Ok(0)
}

/// Gives the caller new namespaces (`create_new_namespaces`); for a new
/// process its pid namespace is its own, otherwise that of its children.
pub(super) fn make(context: &mut Context, flags: u64, for_child: bool) -> Result<(), Errno> {
    if flags & abi::CLONE_NEWUSER != 0 {
        new_user_namespace(context)?;
    }
    let others = flags & !abi::CLONE_NEWUSER;
    if others == 0 {
        return Ok(());
    }
    let owner = context.credentials.user_namespace;
    if !capability::ns_capable(context, owner, Capability::SysAdmin) {
        return Err(Errno::EPERM);
    }
    let host_name = context.world.host_name_of(context.pid);
    for (flag, kind) in KINDS {
        if others & flag == 0 {
            continue;
        }
        let id = context.world.add_namespace(Namespace {
            kind,
            owner: Some(owner),
            creator: 0,
            root: None,
            maps: IdMaps::default(),
            host_name: Arc::clone(&host_name),
        });
        match kind {
            NamespaceKind::Mount => context.world.copy_mounts(context.pid, id)?,
            _ => set(context, kind, id, for_child)?,
        }
    }
    Ok(())
}

const KINDS: [(u64, NamespaceKind); 7] = [
    (abi::CLONE_NEWNS, NamespaceKind::Mount),
    (abi::CLONE_NEWUTS, NamespaceKind::Uts),
    (abi::CLONE_NEWIPC, NamespaceKind::Ipc),
    (abi::CLONE_NEWPID, NamespaceKind::Pid),
    (abi::CLONE_NEWNET, NamespaceKind::Network),
    (abi::CLONE_NEWCGROUP, NamespaceKind::Cgroup),
    (abi::CLONE_NEWTIME, NamespaceKind::Time),
];

fn set(
    context: &mut Context,
    kind: NamespaceKind,
    id: NamespaceId,
    for_child: bool,
) -> Result<(), Errno> {
    let task = context.task_mut()?;
    let slot = &mut task.namespaces;
    match kind {
        NamespaceKind::Uts => slot.uts = id,
        NamespaceKind::Ipc => slot.ipc = id,
        NamespaceKind::Pid if for_child => {
            slot.pid = id;
            slot.pid_for_children = id;
            task.local_pid = 1;
        }
        NamespaceKind::Pid => slot.pid_for_children = id,
        NamespaceKind::Network => slot.network = id,
        NamespaceKind::Cgroup => slot.cgroup = id,
        NamespaceKind::Time => slot.time = id,
        NamespaceKind::Mount => slot.mount = id,
        NamespaceKind::User => {}
    }
    Ok(())
}

/// `create_user_ns`: AppArmor is asked before anything is made; the new
/// namespace's first task has every capability in it.
fn new_user_namespace(context: &mut Context) -> Result<(), Errno> {
    /// `user.max_user_namespaces` nests at most this deep.
    const DEPTH: usize = 32;
    let parent = context.credentials.user_namespace;
    let mut depth = 0;
    let mut above = Some(parent);
    while let Some(id) = above {
        depth += 1;
        above = context
            .world
            .namespaces
            .get(&id)
            .and_then(|namespace| namespace.owner);
    }
    if depth > DEPTH {
        return context.fail(Errno::ENOSPC, "user namespaces nest too deeply");
    }
    if !context.world.settings.unprivileged_userns_clone
        && !capability::capable(context, Capability::SysAdmin)
    {
        return Err(Errno::EPERM);
    }
    let (uid, gid) = (
        context.credentials.uid.effective,
        context.credentials.gid.effective,
    );
    if context.is_chrooted()? {
        return context.fail(Errno::EPERM, "the caller is in a chroot");
    }
    if !context.world.maps_ids(parent, uid, gid) {
        return context.fail(Errno::EPERM, "the caller's ids are not mapped");
    }
    lsm::userns::create(context)?;
    let id = context.world.add_namespace(Namespace {
        kind: NamespaceKind::User,
        owner: Some(parent),
        creator: uid,
        root: None,
        maps: IdMaps::default(),
        host_name: Arc::from([]),
    });
    let mut new = (*context.credentials).clone();
    new.user_namespace = id;
    new.securebits = 0;
    new.permitted = CapabilitySet::FULL;
    new.effective = CapabilitySet::FULL;
    new.bounding = CapabilitySet::FULL;
    new.inheritable = CapabilitySet::EMPTY;
    new.ambient = CapabilitySet::EMPTY;
    context.set_credentials(new)
}

/// `sethostname(name, length)`
pub(super) fn sethostname(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    may_name(context)?;
    let name = name(args)?;
    context.world.set_host_name(context.pid, &name)?;
    Ok(0)
}

/// `setdomainname(name, length)`
pub(super) fn setdomainname(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    may_name(context)?;
    name(args).map(|_| 0)
}

fn may_name(context: &mut Context) -> Result<(), Errno> {
    let uts = context.task()?.namespaces.uts;
    let owner = context.world.owner_of(uts);
    if capability::ns_capable(context, owner, Capability::SysAdmin) {
        Ok(())
    } else {
        Err(Errno::EPERM)
    }
}

fn name(args: &Arguments) -> Result<Vec<u8>, Errno> {
    /// `__NEW_UTS_LEN`
    const LONGEST: i32 = 64;
    let length = args.int(1);
    if !(0..=LONGEST).contains(&length) {
        return Err(Errno::EINVAL);
    }
    let length = usize::try_from(length).map_err(|_| Errno::EINVAL)?;
    let name = args.memory(0)?;
    Ok(name[..length.min(name.len())].to_vec())
}
