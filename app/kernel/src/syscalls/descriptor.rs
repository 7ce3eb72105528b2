//! Descriptors: `close`, `dup`, `fcntl`, `flock`, and calls that only make a
//! new anonymous file.

use std::sync::Arc;

use apparmor::FilePermissions;

use crate::{
    abi,
    arguments::Arguments,
    context::Context,
    errno::Errno,
    id::FileId,
    lsm,
    task::Descriptor,
    vfs::{FileKind, OpenFile},
};

/// `close(fd)`
pub(super) fn close(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let number = args.int(0);
    let entry = context
        .task_mut()?
        .descriptors
        .remove(&number)
        .ok_or(Errno::EBADF)?;
    context.world.release_file(entry.file);
    Ok(0)
}

/// `dup(fd)`
pub(super) fn dup(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let (id, _) = context.any_file(args.int(0))?;
    context.install_shared(id, false, 0)
}

/// `dup2(old, new)`
pub(super) fn dup2(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let (old, new) = (args.int(0), args.int(1));
    let (id, _) = context.any_file(old)?;
    if new < 0 || u64::from(new.unsigned_abs()) >= context.descriptor_limit()? {
        return Err(Errno::EBADF);
    }
    if old == new {
        return Ok(i64::from(new));
    }
    put(context, id, new, false)
}

/// `dup3(old, new, flags)`
pub(super) fn dup3(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let (old, new) = (args.int(0), args.int(1));
    let flags = args.word(2);
    if flags & !abi::O_CLOEXEC != 0 || old == new {
        return Err(Errno::EINVAL);
    }
    if new < 0 || u64::from(new.unsigned_abs()) >= context.descriptor_limit()? {
        return Err(Errno::EBADF);
    }
    let (id, _) = context.any_file(old)?;
    put(context, id, new, flags & abi::O_CLOEXEC != 0)
}

fn put(context: &mut Context, id: FileId, number: i32, close_on_exec: bool) -> Result<i64, Errno> {
    if let Some(file) = context.world.files.get_mut(&id) {
        Arc::make_mut(file).references += 1;
    }
    let entry = Descriptor {
        file: id,
        close_on_exec,
    };
    if let Some(old) = context.task_mut()?.descriptors.insert(number, entry) {
        context.world.release_file(old.file);
    }
    Ok(i64::from(number))
}

/// `fcntl(fd, command, argument)`
pub(super) fn fcntl(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let number = args.int(0);
    let (id, file) = context.any_file(number)?;
    let flags = file.flags;
    let path = file.is_path();
    let command = args.int(1);
    match command {
        DUPFD | DUPFD_CLOEXEC => {
            let least = args.int(2);
            if least < 0 {
                return Err(Errno::EINVAL);
            }
            context.install_shared(id, command == DUPFD_CLOEXEC, least)
        }
        GETFD => Ok(context
            .task()?
            .descriptors
            .get(&number)
            .map_or(0, |entry| i64::from(entry.close_on_exec))),
        SETFD => {
            let close_on_exec = args.int(2) & 1 != 0;
            if let Some(entry) = context.task_mut()?.descriptors.get_mut(&number) {
                entry.close_on_exec = close_on_exec;
            }
            Ok(0)
        }
        GETFL => Ok((flags & !abi::O_CLOEXEC).cast_signed() | O_LARGEFILE_SHOWN),
        _ if path => Err(Errno::EBADF),
        SETFL => {
            let changeable = abi::O_APPEND | abi::O_NONBLOCK | abi::O_NOATIME | abi::O_DIRECT;
            let new = flags & !changeable | args.word(2) & changeable;
            if let Some(file) = context.world.files.get_mut(&id) {
                Arc::make_mut(file).flags = new;
            }
            Ok(0)
        }
        GETLK | SETLK | SETLKW => lock_record(context, id, command, args),
        SETLEASE => lease(context, id, args.int(2)),
        ADD_SEALS => seals(context, id),
        _ => Err(Errno::EINVAL),
    }
}

const DUPFD: i32 = 0;
const GETFD: i32 = 1;
const SETFD: i32 = 2;
const GETFL: i32 = 3;
const SETFL: i32 = 4;
const GETLK: i32 = 5;
const SETLK: i32 = 6;
const SETLKW: i32 = 7;
const SETLEASE: i32 = 1024;
const DUPFD_CLOEXEC: i32 = 1030;
const ADD_SEALS: i32 = 1033;
/// A 64-bit kernel opens everything for large files and shows it.
const O_LARGEFILE_SHOWN: i64 = 0o100_000;

/// `F_SETLK` (`fcntl_setlk`): the mode of the descriptor, then AppArmor.
fn lock_record(
    context: &mut Context,
    id: FileId,
    command: i32,
    args: &Arguments,
) -> Result<i64, Errno> {
    let file = context.world.files.get(&id).ok_or(Errno::EBADF)?;
    let (readable, writable, at) = (file.readable(), file.writable(), file.at);
    let kind = args.field(2, 0, 2)?;
    context.note_found(at);
    if command == GETLK {
        return Ok(0);
    }
    let request = match kind {
        0 => FilePermissions::LOCK,
        1 => FilePermissions::LOCK | FilePermissions::WRITE,
        2 => FilePermissions::LOCK,
        _ => return Err(Errno::EINVAL),
    };
    lsm::file::used(context, "file_lock", id, request)?;
    match kind {
        0 if !readable => Err(Errno::EBADF),
        1 if !writable => Err(Errno::EBADF),
        _ => Ok(0),
    }
}

/// `flock(fd, operation)`
pub(super) fn flock(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let operation = args.int(1) & !4;
    let (id, file) = context.file(args.int(0))?;
    let at = file.at;
    let request = match operation {
        1 => FilePermissions::LOCK,
        2 => FilePermissions::LOCK | FilePermissions::WRITE,
        8 => FilePermissions::LOCK,
        _ => return Err(Errno::EINVAL),
    };
    context.note_found(at);
    if !readable_or_writable(context, id)? && operation != 8 {
        return Err(Errno::EBADF);
    }
    lsm::file::used(context, "file_lock", id, request)?;
    Ok(0)
}

fn readable_or_writable(context: &Context, id: FileId) -> Result<bool, Errno> {
    let file = context.world.files.get(&id).ok_or(Errno::EBADF)?;
    Ok(file.readable() || file.writable())
}

/// `F_SETLEASE`: the owner of the file, or `CAP_LEASE`.
fn lease(context: &mut Context, id: FileId, kind: i32) -> Result<i64, Errno> {
    let file = context.world.files.get(&id).ok_or(Errno::EBADF)?;
    let at = file.at;
    let (_, inode) = context.world.inode_at(at.dentry)?;
    let owner = inode.uid == context.credentials.uid.fs;
    let regular = inode.is_regular();
    if !owner {
        crate::gate::capability::capable(context, crate::capability::Capability::Lease)
            .then_some(())
            .ok_or(Errno::EACCES)?;
    }
    if !regular {
        return Err(Errno::EINVAL);
    }
    lsm::file::used(context, "file_lock", id, FilePermissions::LOCK)?;
    if kind == 0
        && context
            .world
            .files
            .get(&id)
            .is_some_and(|file| file.writable())
    {
        return Err(Errno::EAGAIN);
    }
    Ok(0)
}

fn seals(context: &Context, id: FileId) -> Result<i64, Errno> {
    let file = context.world.files.get(&id).ok_or(Errno::EBADF)?;
    let name = &context.world.dentry(file.at.dentry)?.name;
    if name.starts_with(b"memfd:") {
        Ok(0)
    } else {
        Err(Errno::EINVAL)
    }
}

/// `fsync(fd)`
pub(super) fn fsync(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    context.file(args.int(0)).map(|_| 0)
}

/// `pipe2(fds, flags)`
pub(super) fn pipe2(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let flags = args.word(1);
    let known = abi::O_CLOEXEC | abi::O_NONBLOCK | abi::O_DIRECT | 0o200;
    if flags & !known != 0 {
        return Err(Errno::EINVAL);
    }
    args.room(0)?;
    let close_on_exec = flags & abi::O_CLOEXEC != 0;
    let read = anonymous(
        context,
        "pipe:",
        FileKind::Pipe,
        abi::O_RDONLY,
        close_on_exec,
    )?;
    let write = anonymous(
        context,
        "pipe:",
        FileKind::Pipe,
        abi::O_WRONLY,
        close_on_exec,
    )?;
    let pair = (narrow(read)?, narrow(write)?);
    context.answer = crate::event::Answer::Pair(pair.0, pair.1);
    Ok(0)
}

fn narrow(number: i64) -> Result<i32, Errno> {
    i32::try_from(number).map_err(|_| Errno::EMFILE)
}

/// Makes an open file without a path of its own, and a descriptor for it.
pub(super) fn anonymous(
    context: &mut Context,
    name: &str,
    kind: FileKind,
    flags: u64,
    close_on_exec: bool,
) -> Result<i64, Errno> {
    let at = context.world.internal_file(name)?;
    let file = OpenFile {
        at,
        flags,
        position: 0,
        kind,
        opener: Arc::clone(&context.credentials),
        label: context.credentials.label.clone(),
        granted: 0,
        references: 0,
    };
    context.install(file, close_on_exec)
}

/// `eventfd2(value, flags)`
pub(super) fn eventfd2(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    simple(context, args.word(1), "[eventfd]")
}

/// `epoll_create1(flags)`
pub(super) fn epoll_create1(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    simple(context, args.word(0), "[eventpoll]")
}

/// `inotify_init1(flags)`
pub(super) fn inotify_init1(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    simple(context, args.word(0), "inotify")
}

/// `memfd_create(name, flags)`
pub(super) fn memfd_create(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let flags = args.word(1);
    if flags & !0x1f != 0 || flags & 0x18 == 0x18 {
        return Err(Errno::EINVAL);
    }
    let name = String::from_utf8_lossy(args.memory(0)?).into_owned();
    if name.len() > crate::arguments::NAME_MAX - "memfd:".len() {
        return Err(Errno::EINVAL);
    }
    anonymous(
        context,
        &format!("memfd:{name}"),
        FileKind::Plain,
        abi::O_RDWR,
        flags & 1 != 0,
    )
}

fn simple(context: &mut Context, flags: u64, name: &'static str) -> Result<i64, Errno> {
    if flags & !(abi::O_CLOEXEC | abi::O_NONBLOCK | 1) != 0 {
        return Err(Errno::EINVAL);
    }
    let kind = FileKind::Anonymous(name);
    anonymous(
        context,
        name,
        kind,
        abi::O_RDWR,
        flags & abi::O_CLOEXEC != 0,
    )
}

/// The descriptor on which a seccomp supervisor listens.
pub(super) fn listener(context: &mut Context) -> Result<i64, Errno> {
    anonymous(
        context,
        "seccomp notify",
        FileKind::Anonymous("seccomp notify"),
        abi::O_RDWR,
        true,
    )
}
