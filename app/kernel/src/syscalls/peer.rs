//! Calls by which one process reaches into another: pidfds, `kcmp`,
//! `process_vm_readv`; file handles, message queues.

use std::sync::Arc;

use super::{descriptor::anonymous, open::file_at, process::deliver};
use crate::{
    abi,
    arguments::Arguments,
    capability::Capability,
    context::Context,
    errno::Errno,
    event::Answer,
    gate::{capability, dac, mount_flags},
    id::{DentryId, InodeId, Pid},
    lsm::{
        self,
        ipc::{Access, ptrace_may_access},
    },
    vfs::{Content, FileKind, FilesystemKind, Location, walk::Lookup},
};

/// `pidfd_open(pid, flags)`
pub(super) fn pidfd_open(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    if args.word(1) & !(abi::O_NONBLOCK | abi::O_EXCL) != 0 || args.int(0) <= 0 {
        return Err(Errno::EINVAL);
    }
    let Some(pid) = context.world.task_seen(context.pid, args.int(0)) else {
        return context.fail(Errno::ESRCH, "no such process");
    };
    anonymous(
        context,
        "[pidfd]",
        FileKind::Process(pid),
        abi::O_RDWR,
        true,
    )
}

fn process(context: &Context, descriptor: i32) -> Result<Pid, Errno> {
    match context.file(descriptor)?.1.kind {
        FileKind::Process(pid) => Ok(pid),
        _ => Err(Errno::EBADF),
    }
}

/// `pidfd_send_signal(pidfd, signal, info, flags)`
pub(super) fn pidfd_send_signal(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    if args.uint(3) & !7 != 0 {
        return Err(Errno::EINVAL);
    }
    let target = process(context, args.int(0))?;
    let target = context.world.task(target).map(|task| task.pid);
    deliver(context, target, args.int(1))
}

/// `pidfd_getfd(pidfd, fd, flags)`
pub(super) fn pidfd_getfd(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    if args.uint(2) != 0 {
        return Err(Errno::EINVAL);
    }
    let target = process(context, args.int(0))?;
    let access = Access {
        attach: true,
        fs: false,
        audit: true,
    };
    ptrace_may_access(context, target, access).map_err(|_| Errno::EPERM)?;
    let file = context
        .world
        .running(target)?
        .descriptors
        .get(&args.int(1))
        .map(|entry| entry.file);
    match file {
        Some(file) => context.install_shared(file, true, 0),
        None => context.fail(Errno::EBADF, "the process has no such descriptor"),
    }
}

/// `kcmp(pid, pid, type, index, index)`
pub(super) fn kcmp(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let first = context.world.task_seen(context.pid, args.int(0));
    let second = context.world.task_seen(context.pid, args.int(1));
    let (Some(first), Some(second)) = (first, second) else {
        return context.fail(Errno::ESRCH, "no such process");
    };
    let access = Access {
        attach: false,
        fs: false,
        audit: true,
    };
    ptrace_may_access(context, first, access).map_err(|_| Errno::EPERM)?;
    ptrace_may_access(context, second, access).map_err(|_| Errno::EPERM)?;
    if !(0..=7).contains(&args.int(2)) {
        return Err(Errno::EINVAL);
    }
    Ok(i64::from(first != second))
}

/// `process_vm_readv(pid, local, count, remote, count, flags)`: with nothing
/// to copy nobody is asked.
pub(super) fn process_vm_readv(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    if args.word(2) == 0 || args.word(4) == 0 {
        return Ok(0);
    }
    let Some(target) = context.world.task_seen(context.pid, args.int(0)) else {
        return context.fail(Errno::ESRCH, "no such process");
    };
    let access = Access {
        attach: true,
        fs: false,
        audit: true,
    };
    ptrace_may_access(context, target, access).map_err(|_| Errno::EPERM)?;
    Ok(0)
}

/// `name_to_handle_at(dirfd, path, handle, mount, flags)`: no permission at
/// all beyond reaching the file.
pub(super) fn name_to_handle_at(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let flags = u64::from(args.uint(4));
    let how = Lookup {
        follow: flags & abi::AT_SYMLINK_FOLLOW != 0,
        empty: flags & abi::AT_EMPTY_PATH != 0,
        ..Lookup::NOFOLLOW
    };
    let at = context.lookup(args.int(0), &args.path(1)?, how)?;
    let (id, _) = context.world.inode_at(at.dentry)?;
    let filesystem = context.world.mount(at.mount)?.filesystem;
    match context.world.filesystem(filesystem)?.kind {
        FilesystemKind::Tmpfs | FilesystemKind::Ext4 | FilesystemKind::Devtmpfs => {}
        _ => return context.fail(Errno::EOPNOTSUPP, "the filesystem has no file handles"),
    }
    context.answer = Answer::Data(id.0.to_le_bytes().to_vec());
    Ok(0)
}

/// `open_by_handle_at(mountfd, handle, flags)`
pub(super) fn open_by_handle_at(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    /// Since this release the handle is read before anyone is asked.
    const HANDLE_FIRST: (u16, u16) = (6, 13);
    if context.world.release.version >= HANDLE_FIRST {
        args.memory(1)?;
    }
    capability::require(context, Capability::DacReadSearch)?;
    let id = InodeId(args.field(1, 0, 8)?);
    let mount = context.start(args.int(0))?.mount;
    let dentry = context
        .world
        .dentries
        .iter()
        .find(|(_, dentry)| dentry.inode == id)
        .map(|(dentry, _): (&DentryId, _)| *dentry);
    let Some(dentry) = dentry else {
        return context.fail(Errno::ESTALE, "the file is gone");
    };
    let at = Location { mount, dentry };
    context.note_found(at);
    let flags = args.word(2);
    let wanted = match flags & abi::O_ACCMODE {
        abi::O_RDONLY => abi::MAY_READ,
        abi::O_WRONLY => abi::MAY_WRITE,
        _ => abi::MAY_READ | abi::MAY_WRITE,
    };
    dac::inode_permission(context, id, wanted)?;
    if wanted & abi::MAY_WRITE != 0 {
        mount_flags::want_write(context, at)?;
    }
    let granted = lsm::file::open(context, at, flags)?;
    let file = file_at(context, at, flags, FileKind::Plain, granted);
    context.install(file, flags & abi::O_CLOEXEC != 0)
}

/// `mq_open(name, flags, mode, attributes)`: files of a filesystem that is
/// mounted nowhere, so their paths are disconnected.
pub(super) fn mq_open(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let name = Arc::clone(args.memory(0)?);
    if name.contains(&b'/') {
        return context.fail(Errno::EACCES, "a queue's name has no slash");
    }
    let flags = args.word(1);
    let root = context.world.queues();
    let known = context.entry(root, &name)?;
    let at = match known {
        Some(_) if flags & (abi::O_CREAT | abi::O_EXCL) == abi::O_CREAT | abi::O_EXCL => {
            return context.fail(Errno::EEXIST, "the queue exists");
        }
        Some(at) => at,
        None if flags & abi::O_CREAT == 0 => return context.missing(&name),
        None => {
            // Without the capability the queue is only held to smaller limits.
            let mark = context.gates.len();
            let _ = capability::capable(context, Capability::SysResource);
            dac::excuse(context, mark);
            let mode = args.uint(2) & 0o7777 & !context.task()?.umask;
            super::create::add(context, root, &name, Content::File(Arc::from([])), mode)?;
            context.entry(root, &name)?.ok_or(Errno::ENOENT)?
        }
    };
    context.note_found(at);
    let wanted = match flags & abi::O_ACCMODE {
        abi::O_RDONLY => abi::MAY_READ,
        abi::O_WRONLY => abi::MAY_WRITE,
        _ => abi::MAY_READ | abi::MAY_WRITE,
    };
    if known.is_some() {
        let id = context.world.dentry(at.dentry)?.inode;
        dac::inode_permission(context, id, wanted)?;
    }
    let granted = lsm::file::open(context, at, flags)?;
    let file = file_at(context, at, flags, FileKind::Plain, granted);
    context.install(file, true)
}

/// `mq_unlink(name)`
pub(super) fn mq_unlink(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let name = Arc::clone(args.memory(0)?);
    let root = context.world.queues();
    let Some(victim) = context.entry(root, &name)? else {
        return context.missing(&name);
    };
    dac::may_delete(context, root, victim, false)?;
    context.world.unlink_name(victim.dentry)?;
    Ok(0)
}

/// `inotify_add_watch(fd, path, mask)`
pub(super) fn inotify_add_watch(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    context.file(args.int(0))?;
    let at = context.lookup(super::CWD, &args.path(1)?, Lookup::FOLLOW)?;
    let id = context.world.dentry(at.dentry)?.inode;
    dac::inode_permission(context, id, abi::MAY_READ)?;
    Ok(1)
}
