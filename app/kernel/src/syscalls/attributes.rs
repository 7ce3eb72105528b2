//! `chmod`, `chown`, `truncate`, `utimensat` and their forms (`fs/open.c`,
//! `fs/attr.c`).

use std::sync::Arc;

use apparmor::FilePermissions;

use super::CWD;
use crate::{
    abi::{self, MAY_WRITE},
    arguments::Arguments,
    capability::Capability,
    context::Context,
    errno::Errno,
    event::{DacClass, DacEvidence, Evidence, GateKind, Verdict},
    gate::{capability, dac, mount_flags},
    lsm, overlay,
    vfs::{Content, FileKind, Location, walk::Lookup},
};

/// `chmod(path, mode)`
pub(super) fn chmod(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let at = context.lookup(CWD, &args.path(0)?, Lookup::FOLLOW)?;
    change_mode(context, at, args.uint(1))
}

/// `fchmod(fd, mode)`
pub(super) fn fchmod(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let at = context.file(args.int(0))?.1.at;
    context.note_found(at);
    change_mode(context, at, args.uint(1))
}

/// `fchmodat(dirfd, path, mode)`
pub(super) fn fchmodat(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let at = context.lookup(args.int(0), &args.path(1)?, Lookup::FOLLOW)?;
    change_mode(context, at, args.uint(2))
}

/// `fchmodat2(dirfd, path, mode, flags)` (6.6)
pub(super) fn fchmodat2(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    /// The release that brought it.
    const SINCE: (u16, u16) = (6, 6);
    if context.world.release.version < SINCE {
        return context.fail(Errno::ENOSYS, "this kernel does not have the call");
    }
    let flags = u64::from(args.uint(3));
    if flags & !(abi::AT_SYMLINK_NOFOLLOW | abi::AT_EMPTY_PATH) != 0 {
        return Err(Errno::EINVAL);
    }
    let at = context.lookup(args.int(0), &args.path(1)?, how(flags))?;
    change_mode(context, at, args.uint(2))
}

/// `chown(path, uid, gid)`
pub(super) fn chown(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let at = context.lookup(CWD, &args.path(0)?, Lookup::FOLLOW)?;
    change_owner(context, at, args.uint(1), args.uint(2))
}

/// `lchown(path, uid, gid)`
pub(super) fn lchown(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let at = context.lookup(CWD, &args.path(0)?, Lookup::NOFOLLOW)?;
    change_owner(context, at, args.uint(1), args.uint(2))
}

/// `fchown(fd, uid, gid)`
pub(super) fn fchown(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let at = context.file(args.int(0))?.1.at;
    context.note_found(at);
    change_owner(context, at, args.uint(1), args.uint(2))
}

/// `fchownat(dirfd, path, uid, gid, flags)`
pub(super) fn fchownat(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let flags = u64::from(args.uint(4));
    if flags & !(abi::AT_SYMLINK_NOFOLLOW | abi::AT_EMPTY_PATH) != 0 {
        return Err(Errno::EINVAL);
    }
    let at = context.lookup(args.int(0), &args.path(1)?, how(flags))?;
    change_owner(context, at, args.uint(2), args.uint(3))
}

fn how(flags: u64) -> Lookup {
    Lookup {
        follow: flags & abi::AT_SYMLINK_NOFOLLOW == 0,
        empty: flags & abi::AT_EMPTY_PATH != 0,
        ..Lookup::NOFOLLOW
    }
}

/// `chmod_common`: read-only mount, AppArmor, then ownership.
fn change_mode(context: &mut Context, at: Location, mode: u32) -> Result<i64, Errno> {
    mount_flags::want_write(context, at)?;
    lsm::file::existing(context, "chmod", at, FilePermissions::CHMOD)?;
    let (id, inode) = context.world.inode_at(at.dentry)?;
    if inode.is_symlink() {
        return context.fail(Errno::EOPNOTSUPP, "a symbolic link has no mode of its own");
    }
    if !dac::owner_or_capable(context, id) {
        return Err(Errno::EPERM);
    }
    let gid = context.world.inode(id)?.gid;
    let mut mode = mode & 0o7777;
    // `in_group_or_capable` is asked whatever the mode.
    if !context.credentials.in_group(gid)
        && !capability::capable_over_inode(context, id, Capability::Fsetid)
    {
        mode &= !abi::S_ISGID;
    }
    let id = overlay::copy_up(context.world, at.dentry)?;
    let time = context.world.counters.time;
    let inode = context.world.inode_mut(id)?;
    inode.mode = mode;
    inode.times[2] = time;
    Ok(0)
}

/// `chown_common`: read-only mount, AppArmor, then `CAP_CHOWN`.
fn change_owner(context: &mut Context, at: Location, uid: u32, gid: u32) -> Result<i64, Errno> {
    mount_flags::want_write(context, at)?;
    lsm::file::existing(context, "chown", at, FilePermissions::CHOWN)?;
    let (id, inode) = context.world.inode_at(at.dentry)?;
    let (old_uid, old_gid, mode) = (inode.uid, inode.gid, inode.mode);
    let directory = inode.is_directory();
    let namespace = context.credentials.user_namespace;
    let new_uid = if uid == KEEP {
        None
    } else {
        Some(context.world.id_from(namespace, uid, true)?)
    };
    let new_gid = if gid == KEEP {
        None
    } else {
        Some(context.world.id_from(namespace, gid, false)?)
    };
    if let Some(new) = new_uid
        && !(old_uid == context.credentials.uid.fs && new == old_uid)
    {
        own(context, id, "changing the owner needs CAP_CHOWN")?;
    }
    if let Some(new) = new_gid
        && !(old_uid == context.credentials.uid.fs
            && (new == old_gid || context.credentials.in_group(new)))
    {
        own(
            context,
            id,
            "changing to a group that is not one's own needs CAP_CHOWN",
        )?;
    }
    let id = overlay::copy_up(context.world, at.dentry)?;
    let time = context.world.counters.time;
    let inode = context.world.inode_mut(id)?;
    inode.uid = new_uid.unwrap_or(old_uid);
    inode.gid = new_gid.unwrap_or(old_gid);
    inode.times[2] = time;
    if !directory {
        inode.mode = mode & !abi::S_ISUID;
        if mode & 0o010 != 0 {
            inode.mode &= !abi::S_ISGID;
        }
    }
    Ok(0)
}

/// The id that leaves owner or group alone.
const KEEP: u32 = u32::MAX;

fn own(context: &mut Context, id: crate::id::InodeId, rule: &'static str) -> Result<(), Errno> {
    let inode = context.world.inode(id)?;
    let evidence = Evidence::Dac(DacEvidence {
        inode: inode.number,
        mode: inode.mode,
        uid: inode.uid,
        gid: inode.gid,
        class: DacClass::Other,
        wanted: 0,
        rule: Some(rule),
    });
    let mark = context.gates.len();
    context.gate(GateKind::Dac, Verdict::Denied(Errno::EPERM), evidence);
    if !capability::capable_over_inode(context, id, Capability::Chown) {
        return Err(Errno::EPERM);
    }
    dac::excuse(context, mark);
    Ok(())
}

/// `truncate(path, length)`
pub(super) fn truncate(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let length = usize::try_from(args.long(1)).map_err(|_| Errno::EINVAL)?;
    let at = context.lookup(CWD, &args.path(0)?, Lookup::FOLLOW)?;
    let (id, inode) = context.world.inode_at(at.dentry)?;
    if inode.is_directory() {
        return context.fail(Errno::EISDIR, "a directory");
    }
    if !inode.is_regular() {
        return context.fail(Errno::EINVAL, "not a regular file");
    }
    if context.world.release.truncate_asks_mode_first {
        dac::inode_permission(context, id, MAY_WRITE)?;
        mount_flags::want_write(context, at)?;
    } else {
        mount_flags::want_write(context, at)?;
        dac::inode_permission(context, id, MAY_WRITE)?;
    }
    if context.world.is_running(id) {
        return context.fail(Errno::ETXTBSY, "the program is running");
    }
    cut(context, at, length)
}

/// `ftruncate(fd, length)`
pub(super) fn ftruncate(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let length = usize::try_from(args.long(1)).map_err(|_| Errno::EINVAL)?;
    let (_, file) = context.file(args.int(0))?;
    let (at, writable) = (file.at, file.writable());
    let plain = matches!(file.kind, FileKind::Plain);
    let regular = context.world.inode_at(at.dentry)?.1.is_regular();
    if !plain || !regular || !writable {
        return Err(Errno::EINVAL);
    }
    context.note_found(at);
    cut(context, at, length)
}

/// The largest file that a world keeps: enough for policy and scripts.
const MAX_FILE: usize = 1 << 20;

/// `do_truncate` after AppArmor's `path_truncate`.
fn cut(context: &mut Context, at: Location, length: usize) -> Result<i64, Errno> {
    let request = FilePermissions::WRITE | FilePermissions::SETATTR;
    lsm::file::existing(context, "truncate", at, request)?;
    let id = overlay::copy_up(context.world, at.dentry)?;
    if length > MAX_FILE {
        return context.fail(Errno::EFBIG, "larger than this world keeps files");
    }
    let time = context.world.counters.time;
    let inode = context.world.inode_mut(id)?;
    if let Content::File(data) = &mut inode.content {
        let mut bytes = data.to_vec();
        bytes.resize(length, 0);
        *data = Arc::from(bytes);
        inode.times[1] = time;
        inode.times[2] = time;
    }
    Ok(0)
}

/// `utimensat(dirfd, path, times, flags)`: no AppArmor hook at all.
pub(super) fn utimensat(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let flags = u64::from(args.uint(3));
    if flags & !(abi::AT_SYMLINK_NOFOLLOW | abi::AT_EMPTY_PATH) != 0 {
        return Err(Errno::EINVAL);
    }
    let at = if args.is_null(1) && !args.is_cwd(0) {
        if flags != 0 {
            return Err(Errno::EINVAL);
        }
        let at = context.file(args.int(0))?.1.at;
        context.note_found(at);
        at
    } else {
        context.lookup(args.int(0), &args.path(1)?, how(flags))?
    };
    set_times(context, at, args, 2)
}

/// `utime(path, times)` and `utimes`.
pub(super) fn utime(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let at = context.lookup(CWD, &args.path(0)?, Lookup::FOLLOW)?;
    set_times(context, at, args, 1)
}

/// `vfs_utimes`
fn set_times(
    context: &mut Context,
    at: Location,
    args: &Arguments,
    times: usize,
) -> Result<i64, Errno> {
    mount_flags::want_write(context, at)?;
    let (id, inode) = context.world.inode_at(at.dentry)?;
    let owner = inode.uid == context.credentials.uid.fs;
    let now = args.is_null(times);
    if now {
        if !owner {
            // `may_setattr`: the owner's right first, then the right to write.
            let mark = context.gates.len();
            if !dac::owner_or_capable(context, id) {
                dac::inode_permission(context, id, MAY_WRITE)?;
                dac::excuse(context, mark);
            }
        }
    } else if !dac::owner_or_capable(context, id) {
        return Err(Errno::EPERM);
    }
    let time = context.world.counters.time;
    let (access, change) = if now {
        (time, time)
    } else {
        (seconds(args, times, 0)?, seconds(args, times, 16)?)
    };
    let id = overlay::copy_up(context.world, at.dentry)?;
    let inode = context.world.inode_mut(id)?;
    inode.times = [access, change, time];
    Ok(0)
}

fn seconds(args: &Arguments, index: usize, offset: usize) -> Result<i64, Errno> {
    let seconds = args.field(index, offset, 8)?.cast_signed();
    Ok(seconds.saturating_mul(1_000_000_000))
}
