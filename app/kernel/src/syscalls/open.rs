//! `open`, `openat`, `creat`, `openat2` (`fs/open.c`, `fs/namei.c`).

use std::sync::Arc;

use apparmor::FilePermissions;

use super::CWD;
use crate::{
    abi::{self, MAY_EXEC, MAY_READ, MAY_WRITE},
    arguments::Arguments,
    context::Context,
    errno::Errno,
    event::Verdict,
    gate::{dac, mount_flags},
    lsm, overlay, procfs,
    vfs::{
        Content, FileKind, Location, Name, OpenFile,
        walk::{Last, Lookup, Parent, Walk},
    },
};

/// The flags that exist (`VALID_OPEN_FLAGS`).
const VALID_FLAGS: u64 = abi::O_ACCMODE
    | abi::O_CREAT
    | abi::O_EXCL
    | abi::O_NOCTTY
    | abi::O_TRUNC
    | abi::O_APPEND
    | abi::O_NONBLOCK
    | abi::O_SYNC
    | abi::O_DSYNC
    | 0o20_000
    | abi::O_DIRECT
    | abi::O_LARGEFILE
    | abi::O_DIRECTORY
    | abi::O_NOFOLLOW
    | abi::O_NOATIME
    | abi::O_CLOEXEC
    | abi::O_PATH
    | abi::O_TMPFILE_BIT;

/// The flags that `O_PATH` leaves in force.
const PATH_FLAGS: u64 = abi::O_DIRECTORY | abi::O_NOFOLLOW | abi::O_PATH | abi::O_CLOEXEC;

/// Major numbers of character devices that a minimal machine has drivers for:
/// memory, terminals, misc, pseudo-terminals, serial lines.
const KNOWN_CHARACTER: [u32; 6] = [1, 4, 5, 10, 136, 204];

/// `open(path, flags, mode)`
pub(super) fn open(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    open_at(
        context,
        CWD,
        args,
        0,
        How::legacy(args.word(1), args.uint(2)),
    )
}

/// `creat(path, mode)`
pub(super) fn creat(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let flags = abi::O_CREAT | abi::O_WRONLY | abi::O_TRUNC;
    open_at(context, CWD, args, 0, How::legacy(flags, args.uint(1)))
}

/// `openat(dirfd, path, flags, mode)`
pub(super) fn openat(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    open_at(
        context,
        args.int(0),
        args,
        1,
        How::legacy(args.word(2), args.uint(3)),
    )
}

/// `openat2(dirfd, path, how, size)`
pub(super) fn openat2(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    /// `OPEN_HOW_SIZE_VER0`
    const SIZE: u64 = 24;
    /// The largest structure that a call takes.
    const PAGE: u64 = 4096;
    let size = args.word(3);
    if size < SIZE {
        return Err(Errno::EINVAL);
    }
    if size > PAGE {
        return Err(Errno::E2BIG);
    }
    let how = How {
        flags: args.field(2, 0, 8)?,
        mode: u32::try_from(args.field(2, 8, 8)?).map_err(|_| Errno::EINVAL)?,
        resolve: args.field(2, 16, 8)?,
    };
    if how.flags & !VALID_FLAGS != 0 || how.resolve & !0x3f != 0 {
        return Err(Errno::EINVAL);
    }
    let scopes = abi::RESOLVE_BENEATH | abi::RESOLVE_IN_ROOT;
    if how.resolve & scopes == scopes {
        return Err(Errno::EINVAL);
    }
    let creates = how.flags & (abi::O_CREAT | abi::O_TMPFILE_BIT) != 0;
    if how.mode & !0o7777 != 0 || (!creates && how.mode != 0) {
        return Err(Errno::EINVAL);
    }
    if how.flags & abi::O_PATH != 0 && how.flags & !PATH_FLAGS != 0 {
        return Err(Errno::EINVAL);
    }
    open_at(context, args.int(0), args, 1, how)
}

/// `struct open_how`
#[derive(Clone, Copy, Debug)]
struct How {
    flags: u64,
    mode: u32,
    resolve: u64,
}

impl How {
    /// What the older calls mean (`build_open_how`): unknown flags and unused
    /// mode bits are ignored.
    fn legacy(flags: u64, mode: u32) -> Self {
        let mut flags = flags & VALID_FLAGS;
        if flags & abi::O_PATH != 0 {
            flags &= PATH_FLAGS;
        }
        let creates = flags & (abi::O_CREAT | abi::O_TMPFILE_BIT) != 0;
        Self {
            flags,
            mode: if creates { mode & 0o7777 } else { 0 },
            resolve: 0,
        }
    }

    fn has(self, flag: u64) -> bool {
        self.flags & flag != 0
    }
}

fn open_at(
    context: &mut Context,
    directory: i32,
    args: &Arguments,
    path: usize,
    how: How,
) -> Result<i64, Errno> {
    if how.has(abi::O_TMPFILE_BIT) {
        let writes = matches!(how.flags & abi::O_ACCMODE, abi::O_WRONLY | abi::O_RDWR);
        if !how.has(abi::O_DIRECTORY) || how.has(abi::O_CREAT) || !writes {
            return Err(Errno::EINVAL);
        }
    }
    if how.has(abi::O_CREAT)
        && how.has(abi::O_DIRECTORY)
        && context.world.release.version >= CREAT_DIRECTORY_REFUSED
    {
        return Err(Errno::EINVAL);
    }
    let path = args.path(path)?;
    // The number is taken first: without a free one nothing is created.
    let number = context.free_descriptor(0)?;
    let file = open_file(context, directory, &path, how)?;
    context.install_at(number, file, how.has(abi::O_CLOEXEC))
}

/// Since this release `O_CREAT|O_DIRECTORY` is `EINVAL` (`build_open_flags`).
const CREAT_DIRECTORY_REFUSED: (u16, u16) = (6, 4);

fn open_file(
    context: &mut Context,
    directory: i32,
    path: &[u8],
    how: How,
) -> Result<OpenFile, Errno> {
    if how.has(abi::O_TMPFILE_BIT) {
        return open_temporary(context, directory, path, how);
    }
    if how.has(abi::O_CREAT) && !how.has(abi::O_PATH) {
        return create_or_open(context, directory, path, how);
    }
    let lookup = Lookup {
        follow: !how.has(abi::O_NOFOLLOW),
        directory: how.has(abi::O_DIRECTORY),
        empty: false,
        resolve: how.resolve,
    };
    let at = context.lookup(directory, path, lookup)?;
    if how.has(abi::O_PATH) {
        return Ok(file_at(context, at, how.flags, FileKind::Path, 0));
    }
    finish(context, at, how, None)
}

/// The last component of an open with `O_CREAT` (`open_last_lookups`,
/// `lookup_open`).
fn create_or_open(
    context: &mut Context,
    directory: i32,
    path: &[u8],
    how: How,
) -> Result<OpenFile, Errno> {
    match find_or_create(context, directory, path, how) {
        Ok(Found::Old(at, parent)) => {
            context.note_found(at);
            finish(context, at, how, Some(parent))
        }
        Ok(Found::New(at)) => {
            let opened = opened(
                context,
                at,
                How {
                    flags: how.flags & !abi::O_TRUNC,
                    ..how
                },
            );
            opened.map(|file| OpenFile {
                flags: how.flags & !CREATION,
                ..file
            })
        }
        Err(errno) => {
            if !context
                .gates
                .iter()
                .any(|gate| gate.verdict == Verdict::Denied(errno))
            {
                context.note_walk(&Err(errno), path);
            }
            Err(errno)
        }
    }
}

enum Found {
    Old(Location, Location),
    New(Location),
}

fn find_or_create(
    context: &mut Context,
    directory: i32,
    path: &[u8],
    how: How,
) -> Result<Found, Errno> {
    if path.is_empty() {
        return Err(Errno::ENOENT);
    }
    let mut walk = Walk::begin(context, directory, path, how.resolve)?;
    let mut parent = walk.parent(path)?;
    loop {
        if parent.last == Last::Jumped {
            return Ok(Found::Old(parent.directory, parent.directory));
        }
        walk.go(parent.directory);
        let Last::Normal(name) = &parent.last else {
            return Err(Errno::EISDIR);
        };
        if parent.slash {
            return Err(Errno::EISDIR);
        }
        let name = Arc::clone(name);
        let Some(found) = walk.peek(&name)? else {
            let directory = parent.directory;
            let context = walk.context();
            create(context, directory, &name, how)?;
            let at = context.entry(directory, &name)?.ok_or(Errno::ENOENT)?;
            return Ok(Found::New(at));
        };
        let symlink = walk.context().world.inode_at(found.dentry)?.1.is_symlink();
        if how.has(abi::O_EXCL) {
            return Err(Errno::EEXIST);
        }
        if !symlink {
            return Ok(Found::Old(walk.arrive(found)?, parent.directory));
        }
        if how.has(abi::O_NOFOLLOW) {
            return Err(Errno::ELOOP);
        }
        parent = walk.redirect_parent(found)?;
    }
}

/// Makes the missing file: read-only mount, then AppArmor on the new name,
/// then the directory's permissions (`may_o_create`).
fn create(context: &mut Context, directory: Location, name: &Name, how: How) -> Result<(), Errno> {
    mount_flags::want_write(context, directory)?;
    let umask = context.task()?.umask;
    let (_, inode) = context.world.inode_at(directory.dentry)?;
    if !matches!(inode.content, Content::Directory(_))
        || !overlay::stores(context.world, directory.dentry)?
    {
        return Err(if how.has(abi::O_EXCL) {
            Errno::EACCES
        } else {
            Errno::ENOENT
        });
    }
    context.note_found(directory);
    lsm::file::create(context, "mknod", directory, name, false)?;
    dac::may_create(context, directory)?;
    super::create::add(
        context,
        directory,
        name,
        Content::File(Arc::from([])),
        how.mode & !umask,
    )?;
    Ok(())
}

/// What remains once an existing object is known (`do_open`, `may_open`).
fn finish(
    context: &mut Context,
    at: Location,
    how: How,
    parent: Option<Location>,
) -> Result<OpenFile, Errno> {
    let (id, inode) = context.world.inode_at(at.dentry)?;
    let kind = inode.kind();
    let directory = inode.is_directory();
    if let Some(parent) = parent {
        if directory {
            return context.fail(Errno::EISDIR, "a directory");
        }
        dac::may_create_in_sticky(context, parent, id)?;
    }
    if how.has(abi::O_DIRECTORY) && !directory {
        return context.fail(Errno::ENOTDIR, "not a directory");
    }
    let regular = kind == abi::S_IFREG;
    let wanted = wanted(how.flags);
    if regular && how.has(abi::O_TRUNC) {
        mount_flags::want_write(context, at)?;
    }
    match kind {
        abi::S_IFLNK => return context.fail(Errno::ELOOP, "a symbolic link that is not followed"),
        abi::S_IFDIR if wanted & MAY_WRITE != 0 => {
            return context.fail(Errno::EISDIR, "a directory cannot be opened for writing");
        }
        abi::S_IFCHR | abi::S_IFBLK => mount_flags::may_open_device(context, at)?,
        _ => {}
    }
    if regular && wanted & MAY_WRITE != 0 {
        // `sb_permission`, for the instance that the mount shows.
        let instance = context.world.mount(at.mount)?.filesystem;
        if context.world.filesystem(instance)?.read_only {
            mount_flags::refuse(context, Errno::EROFS, "ro")?;
        }
    }
    dac::inode_permission(context, id, wanted)?;
    if how.has(abi::O_NOATIME) && !dac::owner_or_capable(context, id) {
        return Err(Errno::EPERM);
    }
    if regular && matches!(how.flags & abi::O_ACCMODE, abi::O_WRONLY | abi::O_RDWR) {
        if context.world.is_running(id) {
            return context.fail(Errno::ETXTBSY, "the program is running");
        }
        mount_flags::want_write(context, at)?;
    }
    opened(context, at, how)
}

fn wanted(flags: u64) -> u32 {
    let mut wanted = match flags & abi::O_ACCMODE {
        abi::O_RDONLY => MAY_READ,
        abi::O_WRONLY => MAY_WRITE,
        _ => MAY_READ | MAY_WRITE,
    };
    if flags & abi::O_TRUNC != 0 {
        wanted |= MAY_WRITE;
    }
    wanted
}

/// The LSM's say and what the filesystem itself does (`vfs_open`, then
/// `handle_truncate`).
fn opened(context: &mut Context, at: Location, how: How) -> Result<OpenFile, Errno> {
    let (_, inode) = context.world.inode_at(at.dentry)?;
    let content = match &inode.content {
        Content::Socket(_) => return context.fail(Errno::ENXIO, "a socket cannot be opened"),
        content => content.clone(),
    };
    let granted = lsm::file::open(context, at, how.flags)?;
    match content {
        Content::Pseudo(pseudo) => {
            let kind = procfs::open(context, pseudo, how.flags)?;
            return Ok(file_at(context, at, how.flags, kind, granted));
        }
        Content::CharacterDevice(major, _) if !KNOWN_CHARACTER.contains(&major) => {
            return context.fail(Errno::ENXIO, "no driver for this device");
        }
        Content::BlockDevice(..) => return context.fail(Errno::ENXIO, "no such device"),
        Content::Fifo
            if how.flags & (abi::O_ACCMODE | abi::O_NONBLOCK)
                == abi::O_WRONLY | abi::O_NONBLOCK =>
        {
            return context.fail(Errno::ENXIO, "nobody reads from the pipe");
        }
        Content::File(_) => {
            if matches!(how.flags & abi::O_ACCMODE, abi::O_WRONLY | abi::O_RDWR) {
                overlay::copy_up(context.world, at.dentry)?;
            }
            if how.has(abi::O_TRUNC) {
                truncate(context, at)?;
            }
        }
        _ => {}
    }
    Ok(file_at(context, at, how.flags, FileKind::Plain, granted))
}

/// `O_TRUNC` on an existing file (`handle_truncate`): a path hook of its own.
fn truncate(context: &mut Context, at: Location) -> Result<(), Errno> {
    let request = FilePermissions::WRITE | FilePermissions::SETATTR;
    lsm::file::existing(context, "truncate", at, request)?;
    let id = overlay::copy_up(context.world, at.dentry)?;
    let time = context.world.counters.time;
    let inode = context.world.inode_mut(id)?;
    inode.content = Content::File(Arc::from([]));
    inode.times[1] = time;
    inode.times[2] = time;
    Ok(())
}

/// `O_TMPFILE` (`do_tmpfile`): a file without a name.
fn open_temporary(
    context: &mut Context,
    directory: i32,
    path: &[u8],
    how: How,
) -> Result<OpenFile, Errno> {
    let lookup = Lookup {
        follow: true,
        directory: true,
        empty: false,
        resolve: how.resolve,
    };
    let at = context.lookup(directory, path, lookup)?;
    mount_flags::want_write(context, at)?;
    let (id, inode) = context.world.inode_at(at.dentry)?;
    let filesystem = inode.filesystem;
    dac::inode_permission(context, id, MAY_WRITE | MAY_EXEC)?;
    if !matches!(context.world.inode(id)?.content, Content::Directory(_)) {
        return context.fail(Errno::EOPNOTSUPP, "this filesystem has no unnamed files");
    }
    let mode = how.mode & !context.task()?.umask;
    let (uid, gid) = (context.credentials.uid.fs, context.credentials.gid.fs);
    let inode = context
        .world
        .add_inode(filesystem, Content::File(Arc::from([])), mode, uid, gid);
    let name: Name = Arc::from(format!("#{}", inode.0).into_bytes());
    let dentry = context.world.add_dentry(Some(at.dentry), name, inode);
    context.world.dentry_mut(dentry)?.linked = false;
    let at = Location {
        mount: at.mount,
        dentry,
    };
    match lsm::file::open(context, at, how.flags) {
        Ok(granted) => Ok(file_at(context, at, how.flags, FileKind::Plain, granted)),
        Err(errno) => {
            context.world.dentries.remove(&dentry);
            context.world.remove_inode(inode);
            Err(errno)
        }
    }
}

/// Flags that matter to the opening only.
const CREATION: u64 = abi::O_CREAT | abi::O_EXCL | abi::O_NOCTTY | abi::O_TRUNC;

/// The open file itself.
pub(super) fn file_at(
    context: &Context,
    at: Location,
    flags: u64,
    kind: FileKind,
    granted: u32,
) -> OpenFile {
    OpenFile {
        at,
        flags: flags & !CREATION,
        position: 0,
        kind,
        opener: Arc::clone(&context.credentials),
        label: context.credentials.label.clone(),
        granted,
        references: 0,
    }
}

/// The plain name at the end of a path, or the error when there is none.
pub(super) fn plain_name(parent: &Parent, otherwise: Errno) -> Result<Name, Errno> {
    match &parent.last {
        Last::Normal(name) => Ok(Arc::clone(name)),
        _ => Err(otherwise),
    }
}
