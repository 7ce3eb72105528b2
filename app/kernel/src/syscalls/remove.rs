//! `unlink`, `rmdir`, `unlinkat` (`fs/namei.c`).

use super::CWD;
use crate::{
    abi,
    arguments::Arguments,
    context::Context,
    errno::Errno,
    gate::{dac, mount_flags},
    id::Pid,
    lsm, overlay,
    vfs::{Location, walk::Last},
    world::World,
};

/// `unlink(path)`
pub(super) fn unlink(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    remove_name(context, CWD, &args.path(0)?)
}

/// `rmdir(path)`
pub(super) fn rmdir(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    remove_directory(context, CWD, &args.path(0)?)
}

/// `unlinkat(dirfd, path, flags)`
pub(super) fn unlinkat(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let flags = u64::from(args.uint(2));
    if flags & !abi::AT_REMOVEDIR != 0 {
        return Err(Errno::EINVAL);
    }
    if flags & abi::AT_REMOVEDIR == 0 {
        remove_name(context, args.int(0), &args.path(1)?)
    } else {
        remove_directory(context, args.int(0), &args.path(1)?)
    }
}

fn remove_name(context: &mut Context, start: i32, path: &[u8]) -> Result<i64, Errno> {
    let parent = context.lookup_parent(start, path)?;
    let Last::Normal(name) = &parent.last else {
        return context.fail(Errno::EISDIR, "not a name in a directory");
    };
    mount_flags::want_write(context, parent.directory)?;
    let Some(victim) = context.entry(parent.directory, name)? else {
        return context.missing(path);
    };
    context.note_found(victim);
    if parent.slash {
        let directory = context.world.inode_at(victim.dentry)?.1.is_directory();
        let errno = if directory {
            Errno::EISDIR
        } else {
            Errno::ENOTDIR
        };
        return context.fail(errno, "a slash follows the name");
    }
    lsm::file::remove(context, "unlink", victim)?;
    dac::may_delete(context, parent.directory, victim, false)?;
    if is_mountpoint(context.world, context.pid, victim) {
        return context.fail(Errno::EBUSY, "something is mounted there");
    }
    erase(context, victim)
}

fn remove_directory(context: &mut Context, start: i32, path: &[u8]) -> Result<i64, Errno> {
    let parent = context.lookup_parent(start, path)?;
    let name = match &parent.last {
        Last::Normal(name) => name,
        Last::DotDot => return context.fail(Errno::ENOTEMPTY, "the path ends in .."),
        Last::Dot => return context.fail(Errno::EINVAL, "the path ends in ."),
        Last::Root | Last::Jumped => return context.fail(Errno::EBUSY, "the root"),
    };
    mount_flags::want_write(context, parent.directory)?;
    let Some(victim) = context.entry(parent.directory, name)? else {
        return context.missing(path);
    };
    context.note_found(victim);
    lsm::file::remove(context, "rmdir", victim)?;
    dac::may_delete(context, parent.directory, victim, true)?;
    if is_mountpoint(context.world, context.pid, victim) {
        return context.fail(Errno::EBUSY, "something is mounted there");
    }
    if !is_empty(context.world, victim)? {
        return context.fail(Errno::ENOTEMPTY, "the directory is not empty");
    }
    erase(context, victim)
}

/// True when something is mounted on a name in the caller's mount namespace
/// (`is_local_mountpoint`).
pub(super) fn is_mountpoint(world: &World, pid: Pid, at: Location) -> bool {
    let own = world.mount_namespace(pid);
    world
        .mounts
        .values()
        .any(|mount| mount.on.is_some_and(|on| on.dentry == at.dentry) && mount.namespace == own)
}

/// True when a directory has no names.
pub(super) fn is_empty(world: &World, at: Location) -> Result<bool, Errno> {
    if let Some(names) = overlay::names(world, at.dentry)? {
        return Ok(names.is_empty());
    }
    let (_, inode) = world.inode_at(at.dentry)?;
    Ok(inode.entries().is_none_or(sorted::SharedMap::is_empty))
}

/// Takes the name away; procfs and sysfs do not let it go (`EPERM`).
fn erase(context: &mut Context, victim: Location) -> Result<i64, Errno> {
    if !overlay::stores(context.world, victim.dentry)? {
        return context.fail(Errno::EPERM, "this filesystem keeps its names");
    }
    overlay::erasing(context.world, victim.dentry)?;
    context.world.unlink_name(victim.dentry)?;
    Ok(0)
}
