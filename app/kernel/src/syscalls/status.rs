//! `stat` and its forms, `statfs`, `access`, `chdir`, `getcwd` and the like.

use super::CWD;
use crate::{
    abi::{self, MAY_EXEC, MAY_READ, MAY_WRITE},
    arguments::Arguments,
    capability::Capability,
    context::Context,
    errno::Errno,
    event::{Answer, FileStatus},
    gate::{capability, dac, mount_flags},
    lsm::{self, name::Reach},
    vfs::{Location, walk::Lookup},
};

/// `stat(path, buf)`
pub(super) fn stat(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let path = args.path(0)?;
    args.room(1)?;
    let at = context.lookup(CWD, &path, Lookup::FOLLOW)?;
    answer(context, at)
}

/// `lstat(path, buf)`
pub(super) fn lstat(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let path = args.path(0)?;
    args.room(1)?;
    let at = context.lookup(CWD, &path, Lookup::NOFOLLOW)?;
    answer(context, at)
}

/// `fstat(fd, buf)`
pub(super) fn fstat(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let at = context.any_file(args.int(0))?.1.at;
    context.note_found(at);
    answer(context, at)
}

/// `newfstatat(dirfd, path, buf, flags)`
pub(super) fn newfstatat(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let flags = u64::from(args.uint(3));
    let at = at_flags(context, args, 0, flags)?;
    answer(context, at)
}

/// `statx(dirfd, path, flags, mask, buf)`
pub(super) fn statx(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let flags = u64::from(args.uint(2));
    if args.uint(3) & 0x8000_0000 != 0 || flags & abi::AT_STATX_SYNC_TYPE == abi::AT_STATX_SYNC_TYPE
    {
        return Err(Errno::EINVAL);
    }
    let at = at_flags(context, args, 0, flags & !abi::AT_STATX_SYNC_TYPE)?;
    answer(context, at)
}

fn at_flags(
    context: &mut Context,
    args: &Arguments,
    first: usize,
    flags: u64,
) -> Result<Location, Errno> {
    let known = abi::AT_SYMLINK_NOFOLLOW | abi::AT_NO_AUTOMOUNT | abi::AT_EMPTY_PATH;
    if flags & !known != 0 {
        return Err(Errno::EINVAL);
    }
    let how = Lookup {
        follow: flags & abi::AT_SYMLINK_NOFOLLOW == 0,
        empty: flags & abi::AT_EMPTY_PATH != 0,
        ..Lookup::NOFOLLOW
    };
    context.lookup(args.int(first), &args.path(first + 1)?, how)
}

/// `vfs_getattr`: AppArmor's `inode_getattr`, then the numbers.
fn answer(context: &mut Context, at: Location) -> Result<i64, Errno> {
    lsm::file::getattr(context, at)?;
    let (_, inode) = context.world.inode_at(at.dentry)?;
    let status = FileStatus {
        size: context.world.size_of(at, inode)?,
        ..inode.status()
    };
    let namespace = context.credentials.user_namespace;
    let status = FileStatus {
        uid: context.world.id_into(namespace, status.uid, true),
        gid: context.world.id_into(namespace, status.gid, false),
        ..status
    };
    context.answer = Answer::Status(Box::new(status));
    Ok(0)
}

/// `statfs(path, buf)`
pub(super) fn statfs(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let path = args.path(0)?;
    args.room(1)?;
    context.lookup(CWD, &path, Lookup::FOLLOW)?;
    Ok(0)
}

/// `fstatfs(fd, buf)`
pub(super) fn fstatfs(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let at = context.any_file(args.int(0))?.1.at;
    context.note_found(at);
    Ok(0)
}

/// `access(path, mode)`
pub(super) fn access(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    check_access(context, CWD, args, 0, 0)
}

/// `faccessat(dirfd, path, mode)`
pub(super) fn faccessat(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    check_access(context, args.int(0), args, 1, 0)
}

/// `faccessat2(dirfd, path, mode, flags)`
pub(super) fn faccessat2(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    check_access(context, args.int(0), args, 1, u64::from(args.uint(3)))
}

/// `do_faccessat`: asks as the real ids would be answered; AppArmor is only
/// asked about capabilities.
fn check_access(
    context: &mut Context,
    start: i32,
    args: &Arguments,
    path: usize,
    flags: u64,
) -> Result<i64, Errno> {
    let mode = args.uint(path + 1);
    let known = abi::AT_EACCESS | abi::AT_SYMLINK_NOFOLLOW | abi::AT_EMPTY_PATH;
    if mode & !7 != 0 || flags & !known != 0 {
        return Err(Errno::EINVAL);
    }
    let path = args.path(path)?;
    let credentials = context.credentials.clone();
    if flags & abi::AT_EACCESS == 0 {
        let mut real = (*credentials).clone();
        real.uid.fs = real.uid.real;
        real.gid.fs = real.gid.real;
        if real.securebits & crate::credentials::securebits::NO_SETUID_FIXUP == 0 {
            let root = context
                .world
                .id_into(real.user_namespace, real.uid.real, true)
                == 0;
            real.effective = if root {
                real.permitted
            } else {
                crate::capability::CapabilitySet::EMPTY
            };
        }
        context.credentials = real.into();
    }
    let how = Lookup {
        follow: flags & abi::AT_SYMLINK_NOFOLLOW == 0,
        empty: flags & abi::AT_EMPTY_PATH != 0,
        ..Lookup::NOFOLLOW
    };
    let result = access_as(context, start, &path, how, mode);
    context.credentials = credentials;
    result
}

fn access_as(
    context: &mut Context,
    start: i32,
    path: &[u8],
    how: Lookup,
    mode: u32,
) -> Result<i64, Errno> {
    let at = context.lookup(start, path, how)?;
    let (id, inode) = context.world.inode_at(at.dentry)?;
    if mode & MAY_EXEC != 0 && inode.is_regular() {
        mount_flags::may_execute(context, at)?;
    }
    let special = matches!(
        context.world.inode(id)?.kind(),
        abi::S_IFCHR | abi::S_IFBLK | abi::S_IFIFO | abi::S_IFSOCK
    );
    if mode != 0 {
        dac::inode_permission(context, id, mode & (MAY_READ | MAY_WRITE | MAY_EXEC))?;
    }
    if mode & MAY_WRITE != 0 && !special {
        mount_flags::want_write(context, at)?;
    }
    Ok(0)
}

/// `chdir(path)`
pub(super) fn chdir(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let how = Lookup {
        directory: true,
        ..Lookup::FOLLOW
    };
    let at = context.lookup(CWD, &args.path(0)?, how)?;
    enter(context, at)
}

/// `fchdir(fd)`
pub(super) fn fchdir(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let at = context.any_file(args.int(0))?.1.at;
    context.note_found(at);
    if !context.world.inode_at(at.dentry)?.1.is_directory() {
        return Err(Errno::ENOTDIR);
    }
    enter(context, at)
}

fn enter(context: &mut Context, at: Location) -> Result<i64, Errno> {
    let (id, _) = context.world.inode_at(at.dentry)?;
    dac::inode_permission(context, id, MAY_EXEC)?;
    context.task_mut()?.cwd = at;
    Ok(0)
}

/// `chroot(path)`
pub(super) fn chroot(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let how = Lookup {
        directory: true,
        ..Lookup::FOLLOW
    };
    let at = context.lookup(CWD, &args.path(0)?, how)?;
    let (id, _) = context.world.inode_at(at.dentry)?;
    dac::inode_permission(context, id, MAY_EXEC)?;
    let namespace = context.credentials.user_namespace;
    if !capability::ns_capable(context, namespace, Capability::SysChroot) {
        return Err(Errno::EPERM);
    }
    context.task_mut()?.root = at;
    Ok(0)
}

/// `getcwd(buf, size)`
pub(super) fn getcwd(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    args.room(0)?;
    let cwd = context.task()?.cwd;
    if !context.world.dentry(cwd.dentry)?.linked {
        return Err(Errno::ENOENT);
    }
    let root = context.task()?.root;
    let (mut path, reach) = context.world.path_up(cwd, Some(root));
    if path.is_empty() {
        path.push(b'/');
    }
    if reach != Reach::Root {
        path.splice(..0, *b"(unreachable)");
    }
    let length = i64::try_from(path.len() + 1).map_err(|_| Errno::ERANGE)?;
    if length > args.long(1) {
        return Err(Errno::ERANGE);
    }
    context.answer = Answer::Data(path);
    Ok(length)
}

/// `umask(mask)`
pub(super) fn umask(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let mask = args.uint(0) & 0o777;
    let task = context.task_mut()?;
    let old = std::mem::replace(&mut task.umask, mask);
    Ok(i64::from(old))
}
