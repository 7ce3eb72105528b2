//! `rename`, `renameat`, `renameat2` (`do_renameat2`, `vfs_rename`).

use std::sync::Arc;

use super::{
    CWD,
    remove::{is_empty, is_mountpoint},
};
use crate::{
    abi,
    arguments::Arguments,
    context::Context,
    errno::Errno,
    gate::{dac, mount_flags},
    id::DentryId,
    lsm, overlay,
    vfs::{Content, Location, Name, walk::Last},
    world::World,
};

/// `rename(old, new)`
pub(super) fn rename(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    go(context, (CWD, &args.path(0)?), (CWD, &args.path(1)?), 0)
}

/// `renameat(olddirfd, old, newdirfd, new)`
pub(super) fn renameat(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    go(
        context,
        (args.int(0), &args.path(1)?),
        (args.int(2), &args.path(3)?),
        0,
    )
}

/// `renameat2(olddirfd, old, newdirfd, new, flags)`
pub(super) fn renameat2(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let flags = u64::from(args.uint(4));
    go(
        context,
        (args.int(0), &args.path(1)?),
        (args.int(2), &args.path(3)?),
        flags,
    )
}

fn go(
    context: &mut Context,
    old: (i32, &[u8]),
    new: (i32, &[u8]),
    flags: u64,
) -> Result<i64, Errno> {
    let known = abi::RENAME_NOREPLACE | abi::RENAME_EXCHANGE | abi::RENAME_WHITEOUT;
    if flags & !known != 0 {
        return Err(Errno::EINVAL);
    }
    let exchange = flags & abi::RENAME_EXCHANGE != 0;
    if exchange && flags & (abi::RENAME_NOREPLACE | abi::RENAME_WHITEOUT) != 0 {
        return Err(Errno::EINVAL);
    }
    let from = context.lookup_parent(old.0, old.1)?;
    let to = context.lookup_parent(new.0, new.1)?;
    if from.directory.mount != to.directory.mount {
        return context.fail(Errno::EXDEV, "different mounts");
    }
    let Last::Normal(old_name) = &from.last else {
        return context.fail(Errno::EBUSY, "the old path does not end in a name");
    };
    let Last::Normal(new_name) = &to.last else {
        let errno = if flags & abi::RENAME_NOREPLACE == 0 {
            Errno::EBUSY
        } else {
            Errno::EEXIST
        };
        return context.fail(errno, "the new path does not end in a name");
    };
    mount_flags::want_write(context, from.directory)?;
    let Some(source) = context.entry(from.directory, old_name)? else {
        return context.missing(old.1);
    };
    context.note_found(source);
    let target = context.entry(to.directory, new_name)?;
    if target.is_some() && flags & abi::RENAME_NOREPLACE != 0 {
        return context.fail(Errno::EEXIST, "the new name exists");
    }
    let source_is_directory = context.world.inode_at(source.dentry)?.1.is_directory();
    if exchange {
        let Some(target) = target else {
            return context.missing(new.1);
        };
        if to.slash && !context.world.inode_at(target.dentry)?.1.is_directory() {
            return context.fail(Errno::ENOTDIR, "a slash follows the new name");
        }
    }
    if !source_is_directory && (from.slash || (!exchange && to.slash)) {
        return context.fail(
            Errno::ENOTDIR,
            "a slash follows a name that is no directory",
        );
    }
    if is_below(context.world, to.directory.dentry, source.dentry) {
        return context.fail(Errno::EINVAL, "a directory cannot move into itself");
    }
    if let Some(target) = target
        && is_below(context.world, from.directory.dentry, target.dentry)
    {
        let errno = if exchange {
            Errno::EINVAL
        } else {
            Errno::ENOTEMPTY
        };
        return context.fail(errno, "the new name is a directory above the old one");
    }
    if let (true, Some(target)) = (exchange, target) {
        lsm::file::rename(context, target, from.directory, old_name)?;
    }
    lsm::file::rename(context, source, to.directory, new_name)?;
    let places = Places {
        from: from.directory,
        to: to.directory,
        source,
        target,
        old_name,
        new_name,
    };
    vfs_rename(context, &places, flags, source_is_directory)
}

struct Places<'a> {
    from: Location,
    to: Location,
    source: Location,
    target: Option<Location>,
    old_name: &'a Name,
    new_name: &'a Name,
}

/// `vfs_rename`: the permissions of both directories, then the move.
fn vfs_rename(
    context: &mut Context,
    places: &Places,
    flags: u64,
    source_is_directory: bool,
) -> Result<i64, Errno> {
    let exchange = flags & abi::RENAME_EXCHANGE != 0;
    let (source_id, _) = context.world.inode_at(places.source.dentry)?;
    let target = match places.target {
        Some(target) => {
            let (id, inode) = context.world.inode_at(target.dentry)?;
            Some((target, id, inode.is_directory()))
        }
        None => None,
    };
    if target.is_some_and(|(_, id, _)| id == source_id) {
        return Ok(0);
    }
    dac::may_delete(context, places.from, places.source, source_is_directory)?;
    match target {
        None => dac::may_create(context, places.to)?,
        Some((target, _, directory)) if exchange => {
            dac::may_delete(context, places.to, target, directory)?;
        }
        Some((target, ..)) => dac::may_delete(context, places.to, target, source_is_directory)?,
    }
    if places.from.dentry != places.to.dentry {
        if source_is_directory {
            dac::permission(context, source_id, abi::MAY_WRITE)?;
        }
        if let Some((_, id, true)) = target.filter(|_| exchange) {
            dac::permission(context, id, abi::MAY_WRITE)?;
        }
    }
    if is_mountpoint(context.world, context.pid, places.source)
        || places
            .target
            .is_some_and(|target| is_mountpoint(context.world, context.pid, target))
    {
        return context.fail(Errno::EBUSY, "something is mounted there");
    }
    if let (Some((target, ..)), false, true) = (target, exchange, source_is_directory)
        && !is_empty(context.world, target)?
    {
        return context.fail(Errno::ENOTEMPTY, "the directory is not empty");
    }
    carry_out(context, places, flags)
}

fn carry_out(context: &mut Context, places: &Places, flags: u64) -> Result<i64, Errno> {
    let world = &mut *context.world;
    if !overlay::stores(world, places.from.dentry)? {
        return context.fail(Errno::EPERM, "this filesystem keeps its names");
    }
    overlay::copy_up(world, places.source.dentry)?;
    overlay::copy_up(world, places.to.dentry)?;
    if let (Some(target), true) = (places.target, flags & abi::RENAME_EXCHANGE != 0) {
        detach(world, places.source.dentry)?;
        detach(world, target.dentry)?;
        attach(
            world,
            places.source.dentry,
            places.to.dentry,
            places.new_name,
        )?;
        attach(world, target.dentry, places.from.dentry, places.old_name)?;
        return Ok(0);
    }
    if let Some(target) = places.target {
        overlay::erasing(world, target.dentry)?;
        world.unlink_name(target.dentry)?;
    }
    overlay::erasing(world, places.source.dentry)?;
    detach(world, places.source.dentry)?;
    attach(
        world,
        places.source.dentry,
        places.to.dentry,
        places.new_name,
    )?;
    overlay::created(world, places.source.dentry)?;
    if flags & abi::RENAME_WHITEOUT != 0 {
        let whiteout = Content::CharacterDevice(0, 0);
        super::create::add(context, places.from, places.old_name, whiteout, 0)?;
    }
    Ok(0)
}

/// True when `place` is `above` or below it.
fn is_below(world: &World, mut place: DentryId, above: DentryId) -> bool {
    loop {
        if place == above {
            return true;
        }
        match world.dentries.get(&place) {
            Some(dentry) if dentry.parent != place => place = dentry.parent,
            _ => return false,
        }
    }
}

/// Takes a dentry out of its directory, keeping it alive.
fn detach(world: &mut World, dentry: DentryId) -> Result<(), Errno> {
    let entry = world.dentry(dentry)?.clone();
    let directory = world.inode(entry.inode)?.is_directory();
    let time = world.counters.time;
    world.discount_name(dentry)?;
    let parent = world.dentry(entry.parent)?.inode;
    let above = world.inode_mut(parent)?;
    if let Content::Directory(entries) = &mut above.content {
        entries.remove(&entry.name);
    }
    above.times[1] = time;
    above.times[2] = time;
    if directory {
        above.links = above.links.saturating_sub(1);
    }
    Ok(())
}

/// Puts a dentry into a directory under a new name.
fn attach(
    world: &mut World,
    dentry: DentryId,
    directory: DentryId,
    name: &Name,
) -> Result<(), Errno> {
    let entry = world.dentry_mut(dentry)?;
    entry.parent = directory;
    entry.name = Arc::clone(name);
    let inode = entry.inode;
    let is_directory = world.inode(inode)?.is_directory();
    let time = world.counters.time;
    world.inode_mut(inode)?.times[2] = time;
    let above = world.dentry(directory)?.inode;
    let above = world.inode_mut(above)?;
    if let Content::Directory(entries) = &mut above.content {
        entries.insert(Arc::clone(name), dentry);
    }
    above.times[1] = time;
    above.times[2] = time;
    if is_directory {
        above.links += 1;
    }
    world.move_place(dentry)?;
    world.count_name(dentry)
}
