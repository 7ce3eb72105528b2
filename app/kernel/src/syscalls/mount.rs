//! `mount`, `umount2`, `pivot_root` (`fs/namespace.c`).

use std::sync::Arc;

use super::CWD;
use crate::{
    abi,
    arguments::Arguments,
    capability::Capability,
    context::Context,
    errno::Errno,
    gate::capability::{self, INITIAL_USER},
    id::{MountId, NamespaceId},
    lsm::{self, mount::Source},
    vfs::{FilesystemKind, Location, Mount, MountFlags, walk::Lookup},
};

/// Flags that ask for a change of propagation.
const PROPAGATION: u64 = abi::MS_SHARED | abi::MS_PRIVATE | abi::MS_SLAVE | abi::MS_UNBINDABLE;
/// Flags that AppArmor never sees.
const INTERNAL_FLAGS: u64 = 1 << 28 | 1 << 29 | 1 << 30;

/// `mount(source, target, type, flags, data)`
pub(super) fn mount(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let kind = args.optional_memory(2)?.cloned();
    let source = args.optional_memory(0)?.cloned();
    let data = args.optional_memory(4)?.cloned();
    let mut flags = args.word(3);
    if flags & abi::MS_MGC_MSK == abi::MS_MGC_VAL {
        flags &= !abi::MS_MGC_MSK;
    }
    let target = context.lookup(CWD, &args.path(1)?, Lookup::FOLLOW)?;
    let request = Request {
        source,
        target,
        kind,
        flags,
        data,
    };
    ask_apparmor(context, &request)?;
    may_mount(context)?;
    match flags {
        flags if flags & (abi::MS_REMOUNT | abi::MS_BIND) == abi::MS_REMOUNT | abi::MS_BIND => {
            remount(context, &request, false)
        }
        flags if flags & abi::MS_REMOUNT != 0 => remount(context, &request, true),
        flags if flags & abi::MS_BIND != 0 => bind(context, &request),
        flags if flags & PROPAGATION != 0 => change_propagation(context, &request),
        flags if flags & abi::MS_MOVE != 0 => {
            let source = request.source_path(context)?;
            move_mount(context, source, request.target)
        }
        _ => new_mount(context, &request),
    }
}

/// What `mount(2)` was asked.
struct Request {
    source: Option<Arc<[u8]>>,
    target: Location,
    kind: Option<Arc<[u8]>>,
    flags: u64,
    data: Option<Arc<[u8]>>,
}

impl Request {
    fn source_path(&self, context: &mut Context) -> Result<Location, Errno> {
        match self.source.as_deref() {
            None | Some([]) => Err(Errno::EINVAL),
            Some(path) => context.lookup(CWD, path, Lookup::FOLLOW),
        }
    }
}

/// `apparmor_sb_mount`: before any capability.
fn ask_apparmor(context: &mut Context, request: &Request) -> Result<(), Errno> {
    let label = context.credentials.label.clone();
    if context.world.is_unconfined(&label) {
        lsm::absent(context);
        return Ok(());
    }
    let flags = request.flags & !INTERNAL_FLAGS;
    let target = request.target;
    let data = request.data.as_deref();
    if flags & abi::MS_REMOUNT != 0 {
        return lsm::mount::mount(context, target, Source::None, None, flags, data);
    }
    if flags & abi::MS_BIND != 0 {
        let flags = flags & (abi::MS_REC | abi::MS_BIND);
        let source = match request.source_path(context) {
            Ok(source) => source,
            Err(errno) => {
                if errno != Errno::EINVAL && context.world.release.audits_missing_source {
                    lsm::mount::missing_source(context, flags)?;
                }
                return Err(errno);
            }
        };
        return lsm::mount::mount(context, target, Source::Place(source), None, flags, None);
    }
    if flags & PROPAGATION != 0 {
        let flags = flags & (abi::MS_REC | abi::MS_SILENT | PROPAGATION);
        return lsm::mount::mount(context, target, Source::None, None, flags, None);
    }
    if flags & abi::MS_MOVE != 0 {
        let source = request.source_path(context)?;
        return lsm::mount::mount(
            context,
            target,
            Source::Place(source),
            None,
            abi::MS_MOVE,
            None,
        );
    }
    let kind = request.kind.as_deref();
    let mut source = request.source.as_deref().map_or(Source::None, Source::Word);
    if let Some(kind) = kind {
        let Some(known) = FilesystemKind::from_name(kind) else {
            return context.fail(Errno::ENODEV, "the kernel has no such filesystem");
        };
        if known == FilesystemKind::Ext4 {
            if request.source.as_deref().is_none_or(<[u8]>::is_empty) {
                return Err(Errno::ENOENT);
            }
            source = Source::Place(request.source_path(context)?);
        }
    }
    lsm::mount::mount(context, target, source, kind, flags, data)
}

/// `may_mount`: `CAP_SYS_ADMIN` in the user namespace that owns the mount
/// namespace.
pub(super) fn may_mount(context: &mut Context) -> Result<(), Errno> {
    let namespace = context.task()?.namespaces.mount;
    let owner = context.world.owner_of(namespace);
    if capability::ns_capable(context, owner, Capability::SysAdmin) {
        Ok(())
    } else {
        Err(Errno::EPERM)
    }
}

/// True when the mount is one of the caller's namespace (`check_mnt`).
fn is_ours(context: &Context, mount: MountId) -> Result<bool, Errno> {
    Ok(context.world.mount(mount)?.namespace == Some(context.task()?.namespaces.mount))
}

fn is_root_of_mount(context: &Context, at: Location) -> Result<bool, Errno> {
    Ok(context.world.mount(at.mount)?.root == at.dentry)
}

/// `do_reconfigure_mnt` and `do_remount`.
fn remount(context: &mut Context, request: &Request, whole: bool) -> Result<i64, Errno> {
    let at = request.target;
    if !is_ours(context, at.mount)? || !is_root_of_mount(context, at)? {
        return context.fail(Errno::EINVAL, "not a mount point");
    }
    let wanted = MountFlags::from_mount_flags(request.flags);
    let mount = context.world.mount(at.mount)?;
    let filesystem = mount.filesystem;
    let locked =
        MountFlags::MASK & (abi::MS_RDONLY | abi::MS_NOSUID | abi::MS_NODEV | abi::MS_NOEXEC);
    if mount.locked && mount.flags.0 & locked & !wanted.0 != 0 {
        return context.fail(
            Errno::EPERM,
            "the option is locked by a more privileged namespace",
        );
    }
    if whole {
        let owner = context.world.filesystem(filesystem)?.user_namespace;
        if !capability::ns_capable(context, owner, Capability::SysAdmin) {
            return Err(Errno::EPERM);
        }
        if let Some(filesystem) = context.world.filesystems.get_mut(&filesystem) {
            Arc::make_mut(filesystem).read_only = request.flags & abi::MS_RDONLY != 0;
        }
    }
    if let Some(mount) = context.world.mounts.get_mut(&at.mount) {
        Arc::make_mut(mount).flags = wanted;
    }
    Ok(0)
}

/// `do_loopback`
fn bind(context: &mut Context, request: &Request) -> Result<i64, Errno> {
    let source = request.source_path(context)?;
    let recursive = request.flags & abi::MS_REC != 0;
    let mount = clone_tree(context, source, recursive)?;
    attach(context, mount, request.target)
}

/// A detached copy of a mount, with those below it (`copy_tree`).
pub(super) fn clone_tree(
    context: &mut Context,
    source: Location,
    recursive: bool,
) -> Result<MountId, Errno> {
    let original = context.world.mount(source.mount)?.clone();
    let foreign = original.namespace.is_some() && !is_ours(context, source.mount)?;
    if original.unbindable || foreign {
        return context.fail(Errno::EINVAL, "the mount cannot be bound");
    }
    let below: Vec<(MountId, Mount)> = children(context, source);
    if !recursive && below.iter().any(|(_, mount)| mount.locked) {
        return context.fail(Errno::EINVAL, "a locked mount would be uncovered");
    }
    let top = context.world.insert_mount(Mount {
        root: source.dentry,
        on: None,
        namespace: None,
        locked: false,
        ..original
    });
    if recursive {
        copy_below(context, source, top)?;
    }
    Ok(top)
}

/// The mounts on top of a place or on directories below it, in that mount.
fn children(context: &Context, at: Location) -> Vec<(MountId, Mount)> {
    let world = &*context.world;
    world
        .mounts
        .iter()
        .filter(|(_, mount)| {
            mount
                .on
                .is_some_and(|on| on.mount == at.mount && is_at_or_below(context, on, at))
        })
        .map(|(id, mount)| (*id, (**mount).clone()))
        .collect()
}

fn is_at_or_below(context: &Context, place: Location, above: Location) -> bool {
    let mut dentry = place.dentry;
    loop {
        if dentry == above.dentry {
            return true;
        }
        match context.world.dentries.get(&dentry) {
            Some(entry) if entry.parent != dentry => dentry = entry.parent,
            _ => return false,
        }
    }
}

fn copy_below(context: &mut Context, source: Location, top: MountId) -> Result<(), Errno> {
    /// The most mounts that one copy makes (`sysctl fs.mount-max`).
    const MOUNT_MAX: usize = 100_000;
    let mut pending = vec![(source, top)];
    let mut made = 0;
    while let Some((from, to)) = pending.pop() {
        for (id, mount) in children(context, from) {
            if mount.unbindable {
                continue;
            }
            made += 1;
            if made > MOUNT_MAX {
                return context.fail(Errno::ENOSPC, "too many mounts");
            }
            let Some(on) = mount.on else {
                continue;
            };
            let on = Location {
                mount: to,
                dentry: on.dentry,
            };
            let root = mount.root;
            let copy = context.world.insert_mount(Mount {
                on: Some(on),
                namespace: None,
                ..mount
            });
            context.world.mounted.insert(on, copy);
            pending.push((
                Location {
                    mount: id,
                    dentry: root,
                },
                copy,
            ));
        }
    }
    Ok(())
}

/// Puts a detached mount, with those below it, on a place (`graft_tree`).
pub(super) fn attach(
    context: &mut Context,
    mount: MountId,
    target: Location,
) -> Result<i64, Errno> {
    let root = context.world.mount(mount)?.root;
    let directory = context.world.inode_at(root)?.1.is_directory();
    if !is_ours(context, target.mount)? {
        return context.fail(Errno::EINVAL, "the target is in another namespace");
    }
    if context.world.inode_at(target.dentry)?.1.is_directory() != directory {
        return context.fail(
            Errno::ENOTDIR,
            "a directory and a file cannot cover each other",
        );
    }
    let namespace = context.task()?.namespaces.mount;
    adopt(context, mount, Some(namespace));
    if let Some(entry) = context.world.mounts.get_mut(&mount) {
        Arc::make_mut(entry).on = Some(target);
    }
    context.world.mounted.insert(target, mount);
    Ok(0)
}

/// Moves a tree of mounts into a namespace.
fn adopt(context: &mut Context, top: MountId, namespace: Option<NamespaceId>) {
    let mut pending = vec![top];
    while let Some(id) = pending.pop() {
        if let Some(entry) = context.world.mounts.get_mut(&id) {
            Arc::make_mut(entry).namespace = namespace;
        }
        pending.extend(
            context
                .world
                .mounts
                .iter()
                .filter(|(_, mount)| mount.on.is_some_and(|on| on.mount == id))
                .map(|(id, _)| *id),
        );
    }
}

/// `do_change_type`
fn change_propagation(context: &mut Context, request: &Request) -> Result<i64, Errno> {
    let at = request.target;
    if !is_root_of_mount(context, at)? {
        return context.fail(Errno::EINVAL, "not a mount point");
    }
    let kind = request.flags & PROPAGATION;
    let known = PROPAGATION | abi::MS_REC | abi::MS_SILENT;
    if !kind.is_power_of_two() || request.flags & !known != 0 {
        return context.fail(Errno::EINVAL, "one kind of propagation at a time");
    }
    let mut pending = vec![at];
    while let Some(place) = pending.pop() {
        context.world.counters.peer_group += 1;
        let group = context.world.counters.peer_group;
        if request.flags & abi::MS_REC != 0 {
            pending.extend(children(context, place).iter().map(|(id, mount)| Location {
                mount: *id,
                dentry: mount.root,
            }));
        }
        let Some(mount) = context.world.mounts.get_mut(&place.mount) else {
            continue;
        };
        let mount = Arc::make_mut(mount);
        mount.unbindable = kind == abi::MS_UNBINDABLE;
        match kind {
            abi::MS_SHARED => mount.shared = mount.shared.or(Some(group)),
            abi::MS_SLAVE => {
                if let Some(group) = mount.shared.take() {
                    mount.master = Some(group);
                }
            }
            _ => {
                mount.shared = None;
                mount.master = None;
            }
        }
    }
    Ok(0)
}

/// `do_move_mount`
pub(super) fn move_mount(
    context: &mut Context,
    source: Location,
    target: Location,
) -> Result<i64, Errno> {
    let mount = context.world.mount(source.mount)?.clone();
    let attached = mount.namespace.is_some();
    if attached && !is_ours(context, source.mount)? {
        return context.fail(Errno::EINVAL, "the mount is in another namespace");
    }
    if !is_ours(context, target.mount)? {
        return context.fail(Errno::EINVAL, "the target is in another namespace");
    }
    if mount.root != source.dentry || mount.locked || (attached && mount.on.is_none()) {
        return context.fail(Errno::EINVAL, "not a mount point that can move");
    }
    let directory = context.world.inode_at(mount.root)?.1.is_directory();
    if context.world.inode_at(target.dentry)?.1.is_directory() != directory {
        return context.fail(
            Errno::EINVAL,
            "a directory and a file cannot cover each other",
        );
    }
    let mut above = Some(target.mount);
    while let Some(id) = above {
        if id == source.mount {
            return context.fail(Errno::ELOOP, "a mount cannot move below itself");
        }
        above = context.world.mount(id)?.on.map(|on| on.mount);
    }
    if let Some(on) = mount.on {
        context.world.mounted.remove(&on);
    }
    attach(context, source.mount, target)
}

/// `do_new_mount`
fn new_mount(context: &mut Context, request: &Request) -> Result<i64, Errno> {
    let Some(kind) = &request.kind else {
        return context.fail(Errno::EINVAL, "no filesystem type");
    };
    let Some(kind) = FilesystemKind::from_name(kind) else {
        return context.fail(Errno::ENODEV, "the kernel has no such filesystem");
    };
    let source = request
        .source
        .clone()
        .unwrap_or_else(|| Arc::from(&b"none"[..]));
    may_create(context, kind)?;
    let data = request.data.as_deref().unwrap_or_default();
    let mount = create(context, kind, &source, data)?;
    if let Some(entry) = context.world.mounts.get_mut(&mount) {
        Arc::make_mut(entry).flags = MountFlags::from_mount_flags(request.flags);
    }
    let filesystem = context.world.mount(mount)?.filesystem;
    if let Some(entry) = context.world.filesystems.get_mut(&filesystem) {
        Arc::make_mut(entry).read_only = request.flags & abi::MS_RDONLY != 0;
    }
    let result = attach(context, mount, request.target);
    if result.is_err() {
        context.world.mounts.remove(&mount);
    }
    result
}

/// `mount_capable`
pub(super) fn may_create(context: &mut Context, kind: FilesystemKind) -> Result<(), Errno> {
    let namespace = if kind.allows_user_namespaces() {
        context.credentials.user_namespace
    } else {
        INITIAL_USER
    };
    if capability::ns_capable(context, namespace, Capability::SysAdmin) {
        Ok(())
    } else {
        Err(Errno::EPERM)
    }
}

/// A new filesystem of a kind, mounted nowhere (`vfs_get_tree`).
pub(super) fn create(
    context: &mut Context,
    kind: FilesystemKind,
    source: &[u8],
    data: &[u8],
) -> Result<MountId, Errno> {
    let namespace = context.credentials.user_namespace;
    match kind {
        FilesystemKind::Ext4 => return context.fail(Errno::ENOTBLK, "not a block device"),
        FilesystemKind::Proc | FilesystemKind::Sysfs if namespace != INITIAL_USER => {
            let owner = match kind {
                FilesystemKind::Proc => context.world.owner_of(context.task()?.namespaces.pid),
                _ => context.world.owner_of(context.task()?.namespaces.network),
            };
            if owner != namespace {
                return context.fail(
                    Errno::EPERM,
                    "the namespace it shows belongs to another user namespace",
                );
            }
        }
        _ => {}
    }
    let options = Options::read(data);
    let mount = match kind {
        FilesystemKind::Overlay => crate::overlay::create(context, source, data)?,
        FilesystemKind::Tmpfs => {
            let Some(options) = options else {
                return context.fail(Errno::EINVAL, "an option that tmpfs does not have");
            };
            let mount = context
                .world
                .add_mount(kind, None, source, options.mode.unwrap_or(0o1777));
            let root = context.world.mount(mount)?.root;
            let (uid, gid) = (context.credentials.uid.fs, context.credentials.gid.fs);
            let id = context.world.dentry(root)?.inode;
            let inode = context.world.inode_mut(id)?;
            inode.uid = options.uid.unwrap_or(uid);
            inode.gid = options.gid.unwrap_or(gid);
            mount
        }
        FilesystemKind::Proc | FilesystemKind::Sysfs | FilesystemKind::Securityfs => {
            context.world.mount_again(kind, source)
        }
        _ => context.world.add_mount(kind, None, source, 0o755),
    };
    let filesystem = context.world.mount(mount)?.filesystem;
    if let Some(entry) = context.world.filesystems.get_mut(&filesystem)
        && !matches!(
            kind,
            FilesystemKind::Proc | FilesystemKind::Sysfs | FilesystemKind::Securityfs
        )
    {
        Arc::make_mut(entry).user_namespace = namespace;
    }
    Ok(mount)
}

/// The mount options of tmpfs that the model reads.
#[derive(Default)]
struct Options {
    mode: Option<u32>,
    uid: Option<u32>,
    gid: Option<u32>,
}

impl Options {
    fn read(data: &[u8]) -> Option<Self> {
        let mut options = Self::default();
        let text = std::str::from_utf8(data).ok()?;
        for word in text.split(',').filter(|word| !word.is_empty()) {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            match name {
                "mode" => options.mode = Some(u32::from_str_radix(value, 8).ok()? & 0o7777),
                "uid" => options.uid = Some(value.parse().ok()?),
                "gid" => options.gid = Some(value.parse().ok()?),
                "size" | "nr_blocks" | "nr_inodes" | "huge" | "mpol" | "inode64" | "inode32"
                | "noswap" => {}
                _ => return None,
            }
        }
        Some(options)
    }
}

/// `umount2(target, flags)`
pub(super) fn umount2(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let flags = args.word(1);
    let known = abi::MNT_FORCE | abi::MNT_DETACH | abi::MNT_EXPIRE | abi::UMOUNT_NOFOLLOW;
    if flags & !known != 0 {
        return Err(Errno::EINVAL);
    }
    let how = if flags & abi::UMOUNT_NOFOLLOW == 0 {
        Lookup::FOLLOW
    } else {
        Lookup::NOFOLLOW
    };
    let mut at = context.lookup(CWD, &args.path(0)?, how)?;
    while let Some(&above) = context.world.mounted.get(&at) {
        at = context.world.root_of_mount(above);
    }
    may_mount(context)?;
    if !is_root_of_mount(context, at)? || !is_ours(context, at.mount)? {
        return context.fail(Errno::EINVAL, "not a mount point");
    }
    let mount = context.world.mount(at.mount)?.clone();
    if mount.locked {
        return context.fail(Errno::EINVAL, "the mount is locked");
    }
    if flags & abi::MNT_FORCE != 0 && !capability::capable(context, Capability::SysAdmin) {
        return Err(Errno::EPERM);
    }
    lsm::mount::umount(context, at)?;
    if flags & abi::MNT_EXPIRE != 0 {
        if flags & (abi::MNT_FORCE | abi::MNT_DETACH) != 0 {
            return context.fail(Errno::EINVAL, "MNT_EXPIRE goes with no other flag");
        }
        return context.fail(Errno::EAGAIN, "the mount is only marked");
    }
    let Some(on) = mount.on else {
        return context.fail(Errno::EBUSY, "the root cannot go");
    };
    let detach = flags & abi::MNT_DETACH != 0;
    if !detach && is_busy(context, at.mount) {
        return context.fail(Errno::EBUSY, "the mount is in use");
    }
    unhook(context, at.mount, on);
    Ok(0)
}

/// `may_umount_tree`: files, working directories or mounts below.
fn is_busy(context: &Context, id: MountId) -> bool {
    let world = &*context.world;
    world
        .mounts
        .values()
        .any(|mount| mount.on.is_some_and(|on| on.mount == id))
        || world.files.values().any(|file| file.at.mount == id)
        || world.tasks.values().any(|task| {
            task.state == crate::task::State::Running
                && (task.cwd.mount == id
                    || task.root.mount == id
                    || task.exe.is_some_and(|exe| exe.mount == id))
        })
}

/// Takes a mount, with those below it, out of the tree; it stays as long as
/// something points into it.
fn unhook(context: &mut Context, id: MountId, on: Location) {
    context.world.mounted.remove(&on);
    let mut pending = vec![id];
    while let Some(id) = pending.pop() {
        let below: Vec<(MountId, Option<Location>)> = context
            .world
            .mounts
            .iter()
            .filter(|(_, mount)| mount.on.is_some_and(|on| on.mount == id))
            .map(|(id, mount)| (*id, mount.on))
            .collect();
        for (below, on) in below {
            if let Some(on) = on {
                context.world.mounted.remove(&on);
            }
            pending.push(below);
        }
        if let Some(mount) = context.world.mounts.get_mut(&id) {
            let mount = Arc::make_mut(mount);
            mount.on = None;
            mount.namespace = None;
        }
        if !is_busy(context, id) {
            context.world.mounts.remove(&id);
        }
    }
}

/// `pivot_root(new_root, put_old)`
pub(super) fn pivot_root(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    may_mount(context)?;
    let how = Lookup {
        directory: true,
        ..Lookup::FOLLOW
    };
    let new = context.lookup(CWD, &args.path(0)?, how)?;
    let old = context.lookup(CWD, &args.path(1)?, how)?;
    lsm::mount::pivot_root(context, new, old)?;
    let root = context.task()?.root;
    if !is_ours(context, new.mount)? || !is_ours(context, root.mount)? {
        return context.fail(Errno::EINVAL, "a mount of another namespace");
    }
    let new_mount = context.world.mount(new.mount)?.clone();
    let shared = |context: &Context, id: MountId| -> Result<bool, Errno> {
        Ok(context.world.mount(id)?.shared.is_some())
    };
    if shared(context, old.mount)?
        || new_mount
            .on
            .is_some_and(|on| shared(context, on.mount).unwrap_or(false))
    {
        return context.fail(Errno::EINVAL, "shared mounts cannot take part");
    }
    if new_mount.locked {
        return context.fail(Errno::EINVAL, "the mount is locked");
    }
    if new.mount == root.mount || old.mount == root.mount {
        return context.fail(Errno::EBUSY, "the present root is on the same mount");
    }
    let Some(on) = new_mount
        .on
        .filter(|_| is_root_of_mount(context, new) == Ok(true))
    else {
        return context.fail(Errno::EINVAL, "the new root is not a mount point");
    };
    if !is_root_of_mount(context, root)? {
        return context.fail(Errno::EINVAL, "the present root is not a mount point");
    }
    if !reachable(context, old, new)? || !reachable(context, new, root)? {
        return context.fail(Errno::EINVAL, "the old root would not be below the new one");
    }
    context.world.mounted.remove(&on);
    let above = context.world.mount(root.mount)?.on;
    if let Some(above) = above {
        context.world.mounted.insert(above, new.mount);
    }
    if let Some(mount) = context.world.mounts.get_mut(&new.mount) {
        Arc::make_mut(mount).on = above;
    }
    if let Some(mount) = context.world.mounts.get_mut(&root.mount) {
        Arc::make_mut(mount).on = Some(old);
    }
    context.world.mounted.insert(old, root.mount);
    let namespace = context.task()?.namespaces.mount;
    if let Some(entry) = context.world.namespaces.get_mut(&namespace)
        && entry.root == Some(root)
    {
        Arc::make_mut(entry).root = Some(new);
    }
    let pids: Vec<_> = context.world.tasks.keys().copied().collect();
    for pid in pids {
        let task = context.world.task_mut(pid)?;
        if task.root == root {
            task.root = new;
        }
        if task.cwd == root {
            task.cwd = new;
        }
    }
    Ok(0)
}

/// `is_path_reachable`: whether `place` is at or below `above`.
fn reachable(context: &Context, mut place: Location, above: Location) -> Result<bool, Errno> {
    loop {
        if place.mount == above.mount {
            return Ok(is_at_or_below(context, place, above));
        }
        match context.world.mount(place.mount)?.on {
            Some(on) => place = on,
            None => return Ok(false),
        }
    }
}
