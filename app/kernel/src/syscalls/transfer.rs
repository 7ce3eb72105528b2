//! Moving bytes: `read`, `write` and their kin, `lseek`, `fallocate`,
//! `getdents64`, `mmap` (`fs/read_write.c`).

use std::sync::Arc;

use apparmor::FilePermissions;

use crate::{
    abi,
    arguments::Arguments,
    context::Context,
    errno::Errno,
    event::Answer,
    id::FileId,
    lsm, procfs,
    vfs::{Content, FileKind, Location, OpenFile},
};

/// `read(fd, buf, count)`
pub(super) fn read(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    read_from(context, args, None)
}

/// `pread64(fd, buf, count, offset)`
pub(super) fn pread64(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let offset = u64::try_from(args.long(3)).map_err(|_| Errno::EINVAL)?;
    read_from(context, args, Some(offset))
}

fn read_from(context: &mut Context, args: &Arguments, offset: Option<u64>) -> Result<i64, Errno> {
    let (id, file) = context.file(args.int(0))?;
    let file = file.clone();
    if !file.readable() {
        return Err(Errno::EBADF);
    }
    let count = usize::try_from(args.word(2)).map_err(|_| Errno::EINVAL)?;
    args.room(1)?;
    context.note_found(file.at);
    if let FileKind::Socket(_) = file.kind {
        return super::network::receive(context, id, count);
    }
    if let FileKind::Refused = file.kind {
        return context.fail(Errno::EACCES, REFUSED);
    }
    lsm::file::used(context, "file_perm", id, FilePermissions::READ)?;
    let data = content(context, &file)?;
    let start = usize::try_from(offset.unwrap_or(file.position))
        .unwrap_or(usize::MAX)
        .min(data.len());
    let end = start.saturating_add(count).min(data.len());
    let part = data[start..end].to_vec();
    if offset.is_none() {
        advance(context, id, end)?;
    }
    let length = i64::try_from(part.len()).map_err(|_| Errno::EINVAL)?;
    context.answer = Answer::Data(part);
    Ok(length)
}

/// Why a descriptor that came along an exec cannot be used.
const REFUSED: &str = "the profile refused the descriptor at exec";

fn advance(context: &mut Context, id: FileId, position: usize) -> Result<(), Errno> {
    let file = context.world.files.get_mut(&id).ok_or(Errno::EBADF)?;
    Arc::make_mut(file).position = u64::try_from(position).map_err(|_| Errno::EINVAL)?;
    Ok(())
}

fn content(context: &mut Context, file: &OpenFile) -> Result<Vec<u8>, Errno> {
    match &file.kind {
        FileKind::Plain => {}
        FileKind::Pipe => return Err(Errno::EAGAIN),
        FileKind::Anonymous("[eventfd]") => return Err(Errno::EAGAIN),
        _ => return Err(Errno::EINVAL),
    }
    let (_, inode) = context.world.inode_at(file.at.dentry)?;
    match &inode.content {
        Content::File(data) => Ok(data.to_vec()),
        Content::Directory(_) => Err(Errno::EISDIR),
        Content::CharacterDevice(1, 5) => Ok(vec![0; 4096]),
        Content::Pseudo(pseudo) => {
            let pseudo = *pseudo;
            procfs::read(context, file.at, pseudo)
        }
        _ => Ok(Vec::new()),
    }
}

/// `write(fd, buf, count)`
pub(super) fn write(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    write_to(context, args, None)
}

/// `pwrite64(fd, buf, count, offset)`
pub(super) fn pwrite64(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let offset = u64::try_from(args.long(3)).map_err(|_| Errno::EINVAL)?;
    write_to(context, args, Some(offset))
}

fn write_to(context: &mut Context, args: &Arguments, offset: Option<u64>) -> Result<i64, Errno> {
    let (id, file) = context.file(args.int(0))?;
    let file = file.clone();
    if !file.writable() {
        return Err(Errno::EBADF);
    }
    let count = usize::try_from(args.word(2)).map_err(|_| Errno::EINVAL)?;
    let data = Arc::clone(args.memory(1)?);
    let data = &data[..count.min(data.len())];
    context.note_found(file.at);
    let length = i64::try_from(data.len()).map_err(|_| Errno::EINVAL)?;
    if let FileKind::Socket(_) = file.kind {
        return super::network::send(context, id, data);
    }
    if let FileKind::Refused = file.kind {
        return context.fail(Errno::EACCES, REFUSED);
    }
    lsm::file::used(context, "file_perm", id, FilePermissions::WRITE)?;
    match &file.kind {
        FileKind::Plain => {}
        FileKind::Pipe => return Ok(length),
        _ => return Err(Errno::EINVAL),
    }
    store(context, &file, id, data, offset)
}

/// `sendfile(out, in, offset, count)`: from the position of the second
/// descriptor, as with a null offset.
pub(super) fn sendfile(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    copy(context, args.int(1), args.int(0), args.word(3))
}

/// `copy_file_range(in, offset, out, offset, length, flags)`: from and to the
/// descriptors' positions, as with null offsets.
pub(super) fn copy_file_range(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    if args.uint(5) != 0 {
        return Err(Errno::EINVAL);
    }
    copy(context, args.int(0), args.int(2), args.word(4))
}

/// Bytes from one plain file to another; both are asked about, the source
/// first (`rw_verify_area` in `do_sendfile` and `vfs_copy_file_range`).
fn copy(context: &mut Context, from: i32, to: i32, count: u64) -> Result<i64, Errno> {
    let (source_id, source) = context.file(from)?;
    let source = source.clone();
    let (target_id, target) = context.file(to)?;
    let target = target.clone();
    if !source.readable() || !target.writable() {
        return Err(Errno::EBADF);
    }
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    context.note_found(source.at);
    lsm::file::used(context, "file_perm", source_id, FilePermissions::READ)?;
    context.note_found(target.at);
    lsm::file::used(context, "file_perm", target_id, FilePermissions::WRITE)?;
    let data = content(context, &source)?;
    let start = usize::try_from(source.position)
        .unwrap_or(usize::MAX)
        .min(data.len());
    let end = start.saturating_add(count).min(data.len());
    let part = &data[start..end];
    let length = i64::try_from(part.len()).map_err(|_| Errno::EINVAL)?;
    let length = match &target.kind {
        FileKind::Plain => store(context, &target, target_id, part, None)?,
        FileKind::Pipe => length,
        _ => return Err(Errno::EINVAL),
    };
    advance(context, source_id, end)?;
    Ok(length)
}

/// The largest file that a world keeps.
const MAX_FILE: usize = 1 << 20;

fn store(
    context: &mut Context,
    file: &OpenFile,
    id: FileId,
    data: &[u8],
    offset: Option<u64>,
) -> Result<i64, Errno> {
    let length = i64::try_from(data.len()).map_err(|_| Errno::EINVAL)?;
    let (inode_id, inode) = context.world.inode_at(file.at.dentry)?;
    let mut bytes = match &inode.content {
        Content::File(old) => old.to_vec(),
        Content::Pseudo(pseudo) => {
            let pseudo = *pseudo;
            return procfs::write(context, file.at, pseudo, data);
        }
        Content::Directory(_) => return Err(Errno::EISDIR),
        _ => return Ok(length),
    };
    let mode = inode.mode;
    let position = if file.flags & abi::O_APPEND != 0 {
        bytes.len()
    } else {
        usize::try_from(offset.unwrap_or(file.position)).map_err(|_| Errno::EFBIG)?
    };
    let end = position
        .checked_add(data.len())
        .filter(|end| *end <= MAX_FILE)
        .ok_or(Errno::EFBIG)?;
    if bytes.len() < end {
        bytes.resize(end, 0);
    }
    bytes[position..end].copy_from_slice(data);
    let time = context.world.counters.time;
    let privileged = drop_privilege(context, mode);
    let inode = context.world.inode_mut(inode_id)?;
    inode.content = Content::File(Arc::from(bytes));
    inode.times[1] = time;
    inode.times[2] = time;
    if !privileged {
        inode.mode &= !abi::S_ISUID;
    }
    if offset.is_none() {
        advance(context, id, end)?;
    }
    Ok(length)
}

/// Writing to a setuid file clears the bit unless the writer has
/// `CAP_FSETID` (`file_remove_privs`); true when the bits stay.
fn drop_privilege(context: &mut Context, mode: u32) -> bool {
    if mode & abi::S_ISUID == 0 {
        return true;
    }
    crate::gate::capability::capable(context, crate::capability::Capability::Fsetid)
}

/// `lseek(fd, offset, whence)`
pub(super) fn lseek(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let (id, file) = context.file(args.int(0))?;
    if !matches!(file.kind, FileKind::Plain) {
        return Err(Errno::ESPIPE);
    }
    let position = i64::try_from(file.position).map_err(|_| Errno::EINVAL)?;
    let size = i64::try_from(context.world.inode_at(file.at.dentry)?.1.size())
        .map_err(|_| Errno::EINVAL)?;
    let base = match args.int(2) {
        0 => 0,
        1 => position,
        2 => size,
        _ => return Err(Errno::EINVAL),
    };
    let target = base
        .checked_add(args.long(1))
        .filter(|target| *target >= 0)
        .ok_or(Errno::EINVAL)?;
    advance(
        context,
        id,
        usize::try_from(target).map_err(|_| Errno::EINVAL)?,
    )?;
    Ok(target)
}

/// `fallocate(fd, mode, offset, len)`
pub(super) fn fallocate(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let (id, file) = context.file(args.int(0))?;
    let file = file.clone();
    let (offset, length) = (args.long(2), args.long(3));
    if offset < 0 || length <= 0 {
        return Err(Errno::EINVAL);
    }
    if !file.writable() {
        return Err(Errno::EBADF);
    }
    context.note_found(file.at);
    lsm::file::used(context, "file_perm", id, FilePermissions::WRITE)?;
    let end = usize::try_from(offset.saturating_add(length)).map_err(|_| Errno::EFBIG)?;
    if end > MAX_FILE {
        return context.fail(Errno::EFBIG, "larger than this world keeps files");
    }
    let (inode, entry) = context.world.inode_at(file.at.dentry)?;
    let keep_size = args.uint(1) & 1 != 0;
    if let (Content::File(data), false) = (&entry.content, keep_size)
        && data.len() < end
    {
        let mut bytes = data.to_vec();
        bytes.resize(end, 0);
        context.world.inode_mut(inode)?.content = Content::File(Arc::from(bytes));
    }
    Ok(0)
}

/// `getdents64(fd, buf, count)`: the names, each with a NUL.
pub(super) fn getdents64(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let (id, file) = context.file(args.int(0))?;
    let at = file.at;
    let position = file.position;
    args.room(1)?;
    context.note_found(at);
    if !context.world.inode_at(at.dentry)?.1.is_directory() {
        return Err(Errno::ENOTDIR);
    }
    lsm::file::used(context, "file_perm", id, FilePermissions::READ)?;
    if position > 0 {
        return Ok(0);
    }
    advance(context, id, 1)?;
    let mut text = b".\0..\0".to_vec();
    for name in context.world.names_in(at, context.pid)? {
        text.extend_from_slice(&name);
        text.push(0);
    }
    let length = i64::try_from(text.len()).map_err(|_| Errno::EINVAL)?;
    context.answer = Answer::Data(text);
    Ok(length)
}

/// `mmap(addr, length, prot, flags, fd, offset)`
pub(super) fn mmap(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let (length, protection, flags) = (args.word(1), args.word(2), args.word(3));
    let kind = flags & abi::MAP_TYPE;
    if flags & abi::MAP_ANONYMOUS != 0 {
        return if length == 0 {
            Err(Errno::EINVAL)
        } else {
            Ok(MAPPING)
        };
    }
    let (id, file) = context.file(args.int(4))?;
    let file = file.clone();
    if length == 0 {
        return Err(Errno::EINVAL);
    }
    context.note_found(file.at);
    let mut request = FilePermissions::NONE;
    if protection & abi::PROT_READ != 0 {
        request |= FilePermissions::READ;
    }
    if protection & abi::PROT_WRITE != 0 && kind == abi::MAP_SHARED {
        request |= FilePermissions::WRITE;
    }
    if protection & abi::PROT_EXEC != 0 {
        request |= FilePermissions::EXEC_MMAP;
    }
    lsm::file::used(context, "file_mmap", id, request)?;
    mappable(context, &file, protection, kind)?;
    Ok(MAPPING)
}

/// `do_mmap`: what the file itself must allow.
fn mappable(
    context: &mut Context,
    file: &OpenFile,
    protection: u64,
    kind: u64,
) -> Result<(), Errno> {
    let at: Location = file.at;
    match kind {
        abi::MAP_SHARED | 3 => {
            if protection & abi::PROT_WRITE != 0 && !file.writable() {
                return Err(Errno::EACCES);
            }
        }
        abi::MAP_PRIVATE => {}
        _ => return Err(Errno::EINVAL),
    }
    if !file.readable() {
        return Err(Errno::EACCES);
    }
    if protection & abi::PROT_EXEC != 0 && context.world.mount(at.mount)?.flags.no_exec() {
        return context.fail(Errno::EPERM, "the mount is noexec");
    }
    let (_, inode) = context.world.inode_at(at.dentry)?;
    match inode.content {
        Content::File(_) | Content::CharacterDevice(1, _) => Ok(()),
        _ => context.fail(Errno::ENODEV, "cannot be mapped"),
    }
}

/// Where mappings are said to be.
const MAPPING: i64 = 0x7fff_f7a0_0000;
