//! `mkdir`, `mknod`, `symlink` and their `*at` forms (`fs/namei.c`).

use std::sync::Arc;

use super::{CWD, open::plain_name};
use crate::{
    abi,
    arguments::Arguments,
    capability::Capability,
    context::Context,
    errno::Errno,
    gate::{capability, dac, mount_flags},
    id::InodeId,
    lsm, overlay,
    vfs::{Content, Location, Name, walk::Parent},
};

/// `mkdir(path, mode)`
pub(super) fn mkdir(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    make_directory(context, CWD, &args.path(0)?, args.uint(1))
}

/// `mkdirat(dirfd, path, mode)`
pub(super) fn mkdirat(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    make_directory(context, args.int(0), &args.path(1)?, args.uint(2))
}

/// `mknod(path, mode, dev)`
pub(super) fn mknod(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    make_node(context, CWD, &args.path(0)?, args.uint(1), args.uint(2))
}

/// `mknodat(dirfd, path, mode, dev)`
pub(super) fn mknodat(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    make_node(
        context,
        args.int(0),
        &args.path(1)?,
        args.uint(2),
        args.uint(3),
    )
}

/// `symlink(target, path)`
pub(super) fn symlink(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    make_symlink(context, &args.path(0)?, CWD, &args.path(1)?)
}

/// `symlinkat(target, dirfd, path)`
pub(super) fn symlinkat(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    make_symlink(context, &args.path(0)?, args.int(1), &args.path(2)?)
}

fn make_directory(context: &mut Context, start: i32, path: &[u8], mode: u32) -> Result<i64, Errno> {
    let (directory, name) = new_name(context, start, path, true)?;
    let umask = context.task()?.umask;
    lsm::file::create(context, "mkdir", directory, &name, true)?;
    dac::may_create(context, directory)?;
    let mode = mode & 0o1777 & !umask;
    add(
        context,
        directory,
        &name,
        Content::Directory(sorted::SharedMap::new()),
        mode,
    )?;
    Ok(0)
}

fn make_node(
    context: &mut Context,
    start: i32,
    path: &[u8],
    mode: u32,
    device: u32,
) -> Result<i64, Errno> {
    let major = device >> 8 & 0xfff;
    let minor = device & 0xff | device >> 12 & 0xf_ff00;
    let content = match mode & abi::S_IFMT {
        0 | abi::S_IFREG => Content::File(Arc::from([])),
        abi::S_IFIFO => Content::Fifo,
        abi::S_IFSOCK => Content::Socket(None),
        abi::S_IFCHR => Content::CharacterDevice(major, minor),
        abi::S_IFBLK => Content::BlockDevice(major, minor),
        abi::S_IFDIR => return Err(Errno::EPERM),
        _ => return Err(Errno::EINVAL),
    };
    let (directory, name) = new_name(context, start, path, false)?;
    let umask = context.task()?.umask;
    lsm::file::create(context, "mknod", directory, &name, false)?;
    dac::may_create(context, directory)?;
    // A character device 0:0 marks a name as gone in overlays and needs no privilege.
    let whiteout = matches!(content, Content::CharacterDevice(0, 0));
    let device = matches!(
        content,
        Content::CharacterDevice(..) | Content::BlockDevice(..)
    );
    if device && !whiteout {
        capability::require(context, Capability::Mknod)?;
    }
    add(context, directory, &name, content, mode & 0o7777 & !umask)?;
    Ok(0)
}

fn make_symlink(
    context: &mut Context,
    target: &[u8],
    start: i32,
    path: &[u8],
) -> Result<i64, Errno> {
    if target.is_empty() {
        return Err(Errno::ENOENT);
    }
    let (directory, name) = new_name(context, start, path, false)?;
    lsm::file::create(context, "symlink", directory, &name, false)?;
    dac::may_create(context, directory)?;
    add(
        context,
        directory,
        &name,
        Content::Symlink(Arc::from(target)),
        0o777,
    )?;
    Ok(0)
}

/// The directory and name of something about to be made (`filename_create`):
/// `EEXIST` before `EROFS`.
pub(super) fn new_name(
    context: &mut Context,
    start: i32,
    path: &[u8],
    is_directory: bool,
) -> Result<(Location, Name), Errno> {
    let parent = context.lookup_parent(start, path)?;
    match check_new_name(context, &parent, is_directory) {
        Ok(name) => {
            mount_flags::want_write(context, parent.directory)?;
            context.note_found(parent.directory);
            let (_, inode) = context.world.inode_at(parent.directory.dentry)?;
            if !matches!(inode.content, Content::Directory(_))
                || !overlay::stores(context.world, parent.directory.dentry)?
            {
                return context.fail(Errno::ENOENT, "this filesystem makes its own names");
            }
            Ok((parent.directory, name))
        }
        Err(errno) => {
            context.note_walk(&Err(errno), path);
            Err(errno)
        }
    }
}

fn check_new_name(
    context: &mut Context,
    parent: &Parent,
    is_directory: bool,
) -> Result<Name, Errno> {
    let name = plain_name(parent, Errno::EEXIST)?;
    if context.entry(parent.directory, &name)?.is_some() {
        return Err(Errno::EEXIST);
    }
    if parent.slash && !is_directory {
        return Err(Errno::ENOENT);
    }
    Ok(name)
}

/// Puts a new inode into a directory, owned by the caller; a setgid directory
/// hands its group on (`inode_init_owner`).
pub(super) fn add(
    context: &mut Context,
    directory: Location,
    name: &Name,
    content: Content,
    mode: u32,
) -> Result<InodeId, Errno> {
    overlay::copy_up(context.world, directory.dentry)?;
    let (_, parent) = context.world.inode_at(directory.dentry)?;
    let filesystem = parent.filesystem;
    let uid = context.credentials.uid.fs;
    let mut gid = context.credentials.gid.fs;
    let mut mode = mode;
    if parent.mode & abi::S_ISGID != 0 {
        gid = parent.gid;
        if matches!(content, Content::Directory(_)) {
            mode |= abi::S_ISGID;
        }
    }
    let inode = context.world.add_inode(filesystem, content, mode, uid, gid);
    let dentry = context
        .world
        .link_name(directory.dentry, Arc::clone(name), inode)?;
    overlay::created(context.world, dentry)?;
    Ok(inode)
}
