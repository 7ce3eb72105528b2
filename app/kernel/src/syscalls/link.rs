//! `link`, `linkat`, `readlink` (`do_linkat`, `vfs_link`).

use super::CWD;
use crate::{
    abi,
    arguments::Arguments,
    capability::Capability,
    context::Context,
    errno::Errno,
    event::Answer,
    gate::{capability, dac},
    lsm, overlay, procfs,
    vfs::{Content, walk::Lookup},
};

/// `link(old, new)`
pub(super) fn link(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    make(context, (CWD, &args.path(0)?), (CWD, &args.path(1)?), 0)
}

/// `linkat(olddirfd, old, newdirfd, new, flags)`
pub(super) fn linkat(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let flags = u64::from(args.uint(4));
    make(
        context,
        (args.int(0), &args.path(1)?),
        (args.int(2), &args.path(3)?),
        flags,
    )
}

fn make(
    context: &mut Context,
    old: (i32, &[u8]),
    new: (i32, &[u8]),
    flags: u64,
) -> Result<i64, Errno> {
    if flags & !(abi::AT_SYMLINK_FOLLOW | abi::AT_EMPTY_PATH) != 0 {
        return Err(Errno::EINVAL);
    }
    let empty = flags & abi::AT_EMPTY_PATH != 0;
    if empty && old.1.is_empty() && !may_link_descriptor(context, old.0)? {
        return context.fail(Errno::ENOENT, "an empty path needs CAP_DAC_READ_SEARCH");
    }
    let how = Lookup {
        follow: flags & abi::AT_SYMLINK_FOLLOW != 0,
        empty,
        ..Lookup::NOFOLLOW
    };
    let source = context.lookup(old.0, old.1, how)?;
    let (directory, name) = super::create::new_name(context, new.0, new.1, false)?;
    if source.mount != directory.mount {
        return context.fail(Errno::EXDEV, "different mounts");
    }
    let (id, inode) = context.world.inode_at(source.dentry)?;
    let is_directory = inode.is_directory();
    let unnamed = inode.links == 0;
    let temporary = context.world.dentry(source.dentry)?.name.starts_with(b"#");
    dac::may_link(context, id)?;
    lsm::file::link(context, source, directory, &name)?;
    dac::may_create(context, directory)?;
    if is_directory {
        return context.fail(Errno::EPERM, "directories have one name only");
    }
    if unnamed && !temporary {
        return context.fail(Errno::ENOENT, "the file has been removed");
    }
    overlay::copy_up(context.world, directory.dentry)?;
    let dentry = context.world.link_name(directory.dentry, name, id)?;
    overlay::created(context.world, dentry)?;
    Ok(0)
}

/// Whether an empty old path may name a descriptor: with
/// `CAP_DAC_READ_SEARCH`, and since 6.10 for whoever opened it.
fn may_link_descriptor(context: &mut Context, descriptor: i32) -> Result<bool, Errno> {
    if context.world.release.link_own_descriptor && i64::from(descriptor) != abi::AT_FDCWD {
        let (_, file) = context.any_file(descriptor)?;
        if file.opener == context.credentials {
            return Ok(true);
        }
    }
    Ok(capability::capable(context, Capability::DacReadSearch))
}

/// `readlink(path, buf, size)`
pub(super) fn readlink(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    read(context, CWD, &args.path(0)?, args.int(2))
}

/// `readlinkat(dirfd, path, buf, size)`
pub(super) fn readlinkat(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    read(context, args.int(0), &args.path(1)?, args.int(3))
}

fn read(context: &mut Context, start: i32, path: &[u8], size: i32) -> Result<i64, Errno> {
    let size = usize::try_from(size)
        .ok()
        .filter(|size| *size > 0)
        .ok_or(Errno::EINVAL)?;
    let how = Lookup {
        empty: true,
        ..Lookup::NOFOLLOW
    };
    let at = context.lookup(start, path, how)?;
    let (_, inode) = context.world.inode_at(at.dentry)?;
    let mut target = match &inode.content {
        Content::Symlink(target) => target.to_vec(),
        Content::Pseudo(pseudo) if pseudo.is_link() => {
            let pseudo = *pseudo;
            procfs::link_text(context, pseudo)?
        }
        _ if path.is_empty() => return Err(Errno::ENOENT),
        _ => return context.fail(Errno::EINVAL, "not a symbolic link"),
    };
    target.truncate(size);
    let length = i64::try_from(target.len()).map_err(|_| Errno::EINVAL)?;
    context.answer = Answer::Data(target);
    Ok(length)
}
