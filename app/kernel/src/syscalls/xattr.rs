//! Extended attributes (`fs/xattr.c`): no AppArmor hook; capabilities for
//! `trusted.` and `security.`.

use std::sync::Arc;

use super::CWD;
use crate::{
    abi::{MAY_READ, MAY_WRITE, S_IFDIR, S_IFREG},
    arguments::{Arguments, NAME_MAX},
    capability::Capability,
    context::Context,
    errno::Errno,
    event::Answer,
    gate::{capability, dac, mount_flags},
    id::InodeId,
    overlay,
    vfs::{FilesystemKind, Location, walk::Lookup},
};

/// `setxattr(path, name, value, size, flags)`
pub(super) fn setxattr(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    set_path(context, args, Lookup::FOLLOW)
}

/// `lsetxattr(path, name, value, size, flags)`
pub(super) fn lsetxattr(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    set_path(context, args, Lookup::NOFOLLOW)
}

fn set_path(context: &mut Context, args: &Arguments, how: Lookup) -> Result<i64, Errno> {
    let name = check_set(args)?;
    let at = context.lookup(CWD, &args.path(0)?, how)?;
    set(context, at, &name, args)
}

/// `fsetxattr(fd, name, value, size, flags)`
pub(super) fn fsetxattr(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let name = check_set(args)?;
    let at = context.file(args.int(0))?.1.at;
    context.note_found(at);
    set(context, at, &name, args)
}

fn check_set(args: &Arguments) -> Result<Arc<[u8]>, Errno> {
    /// `XATTR_SIZE_MAX`
    const MAX_VALUE: u64 = 65536;
    if args.int(4) & !3 != 0 {
        return Err(Errno::EINVAL);
    }
    let name = attribute_name(args)?;
    if args.word(3) > MAX_VALUE {
        return Err(Errno::E2BIG);
    }
    Ok(name)
}

fn attribute_name(args: &Arguments) -> Result<Arc<[u8]>, Errno> {
    let name = args.memory(1)?;
    if name.is_empty() || name.len() > NAME_MAX {
        return Err(Errno::ERANGE);
    }
    Ok(Arc::clone(name))
}

fn set(
    context: &mut Context,
    at: Location,
    name: &Arc<[u8]>,
    args: &Arguments,
) -> Result<i64, Errno> {
    mount_flags::want_write(context, at)?;
    let (id, _) = context.world.inode_at(at.dentry)?;
    permission(context, id, name, MAY_WRITE)?;
    may_set_security(context, id, name)?;
    supported(context, id, name)?;
    let flags = args.int(4);
    let present = context.world.inode(id)?.xattrs.contains_key(name);
    if flags & 1 != 0 && present {
        return context.fail(Errno::EEXIST, "the attribute exists");
    }
    if flags & 2 != 0 && !present {
        return context.fail(Errno::ENODATA, "the attribute does not exist");
    }
    let id = overlay::copy_up(context.world, at.dentry)?;
    let size = usize::try_from(args.word(3)).map_err(|_| Errno::E2BIG)?;
    let value = args
        .optional_memory(2)?
        .map_or_else(|| Arc::from([]), Arc::clone);
    let value: Arc<[u8]> = Arc::from(&value[..size.min(value.len())]);
    let time = context.world.counters.time;
    let inode = context.world.inode_mut(id)?;
    inode.xattrs.insert(Arc::clone(name), value);
    inode.times[2] = time;
    Ok(0)
}

/// `xattr_permission`
fn permission(context: &mut Context, id: InodeId, name: &[u8], wanted: u32) -> Result<(), Errno> {
    if name.starts_with(b"security.") || name.starts_with(b"system.") {
        return Ok(());
    }
    let refusal = if wanted == MAY_WRITE {
        Errno::EPERM
    } else {
        Errno::ENODATA
    };
    if name.starts_with(b"trusted.") {
        if !capability::capable(context, Capability::SysAdmin) {
            return Err(refusal);
        }
        return Ok(());
    }
    if name.starts_with(b"user.") {
        let inode = context.world.inode(id)?;
        let kind = inode.kind();
        let sticky = inode.mode & crate::abi::S_ISVTX != 0;
        if kind != S_IFREG && kind != S_IFDIR {
            return context.fail(refusal, "only files and directories have user attributes");
        }
        if kind == S_IFDIR && sticky && wanted == MAY_WRITE && !dac::owner_or_capable(context, id) {
            return Err(Errno::EPERM);
        }
    }
    dac::inode_permission(context, id, wanted)
}

/// `cap_inode_setxattr`: `security.capability` needs `CAP_SETFCAP`, other
/// `security.` names `CAP_SYS_ADMIN`.
fn may_set_security(context: &mut Context, id: InodeId, name: &[u8]) -> Result<(), Errno> {
    if name == b"security.capability" {
        if !capability::capable_over_inode(context, id, Capability::Setfcap) {
            return Err(Errno::EPERM);
        }
    } else if name.starts_with(b"security.") && context.world.release.guards_security_attributes {
        let namespace = context.credentials.user_namespace;
        if !capability::ns_capable(context, namespace, Capability::SysAdmin) {
            return Err(Errno::EPERM);
        }
    }
    Ok(())
}

/// Which attributes the filesystem keeps; tmpfs has `user.` since 6.6.
fn supported(context: &mut Context, id: InodeId, name: &[u8]) -> Result<(), Errno> {
    /// The release since which tmpfs keeps `user.` attributes.
    const TMPFS_USER: (u16, u16) = (6, 6);
    let filesystem = context.world.inode(id)?.filesystem;
    let kind = overlay::storage(context.world, filesystem)?;
    let kept = match kind {
        FilesystemKind::Tmpfs | FilesystemKind::Devtmpfs | FilesystemKind::Internal => {
            name.starts_with(b"trusted.")
                || name.starts_with(b"security.")
                || (name.starts_with(b"user.") && context.world.release.version >= TMPFS_USER)
        }
        FilesystemKind::Ext4 | FilesystemKind::Overlay => {
            [&b"trusted."[..], b"security.", b"user."]
                .iter()
                .any(|prefix| name.starts_with(prefix))
        }
        _ => name.starts_with(b"security."),
    };
    if kept {
        Ok(())
    } else {
        context.fail(Errno::EOPNOTSUPP, "the filesystem does not keep it")
    }
}

/// `getxattr(path, name, value, size)`
pub(super) fn getxattr(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let name = attribute_name(args)?;
    let at = context.lookup(CWD, &args.path(0)?, Lookup::FOLLOW)?;
    get(context, at, &name, args)
}

/// `lgetxattr(path, name, value, size)`
pub(super) fn lgetxattr(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let name = attribute_name(args)?;
    let at = context.lookup(CWD, &args.path(0)?, Lookup::NOFOLLOW)?;
    get(context, at, &name, args)
}

/// `fgetxattr(fd, name, value, size)`
pub(super) fn fgetxattr(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let name = attribute_name(args)?;
    let at = context.file(args.int(0))?.1.at;
    context.note_found(at);
    get(context, at, &name, args)
}

fn get(context: &mut Context, at: Location, name: &[u8], args: &Arguments) -> Result<i64, Errno> {
    let (id, _) = context.world.inode_at(at.dentry)?;
    permission(context, id, name, MAY_READ)?;
    supported(context, id, name)?;
    let Some(value) = context.world.inode(id)?.xattrs.get(name).cloned() else {
        return context.fail(Errno::ENODATA, "the attribute does not exist");
    };
    let size = args.word(3);
    let length = i64::try_from(value.len()).map_err(|_| Errno::E2BIG)?;
    if size != 0 && size < value.len() as u64 {
        return Err(Errno::ERANGE);
    }
    if size != 0 {
        context.answer = Answer::Data(value.to_vec());
    }
    Ok(length)
}

/// `listxattr(path, list, size)`
pub(super) fn listxattr(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let at = context.lookup(CWD, &args.path(0)?, Lookup::FOLLOW)?;
    list(context, at)
}

/// `flistxattr(fd, list, size)`
pub(super) fn flistxattr(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let at = context.file(args.int(0))?.1.at;
    context.note_found(at);
    list(context, at)
}

fn list(context: &mut Context, at: Location) -> Result<i64, Errno> {
    let trusted =
        capability::ns_capable_noaudit(context, capability::INITIAL_USER, Capability::SysAdmin);
    let (_, inode) = context.world.inode_at(at.dentry)?;
    let mut names = Vec::new();
    for name in inode.xattrs.keys() {
        if !name.starts_with(b"trusted.") || trusted {
            names.extend_from_slice(name);
            names.push(0);
        }
    }
    let length = i64::try_from(names.len()).map_err(|_| Errno::E2BIG)?;
    context.answer = Answer::Data(names);
    Ok(length)
}

/// `removexattr(path, name)`
pub(super) fn removexattr(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let name = attribute_name(args)?;
    let at = context.lookup(CWD, &args.path(0)?, Lookup::FOLLOW)?;
    remove(context, at, &name)
}

/// `fremovexattr(fd, name)`
pub(super) fn fremovexattr(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let name = attribute_name(args)?;
    let at = context.file(args.int(0))?.1.at;
    context.note_found(at);
    remove(context, at, &name)
}

fn remove(context: &mut Context, at: Location, name: &[u8]) -> Result<i64, Errno> {
    mount_flags::want_write(context, at)?;
    let (id, _) = context.world.inode_at(at.dentry)?;
    permission(context, id, name, MAY_WRITE)?;
    may_set_security(context, id, name)?;
    supported(context, id, name)?;
    if !context.world.inode(id)?.xattrs.contains_key(name) {
        return context.fail(Errno::ENODATA, "the attribute does not exist");
    }
    let id = overlay::copy_up(context.world, at.dentry)?;
    context.world.inode_mut(id)?.xattrs.remove(name);
    Ok(0)
}
