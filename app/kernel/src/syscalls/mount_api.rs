//! The newer calls about mounts: `fsopen`, `fsconfig`, `fsmount`,
//! `open_tree`, `move_mount`, `mount_setattr`, `fspick`.

use std::sync::Arc;

use super::mount::{self, may_mount};
use crate::{
    abi,
    arguments::Arguments,
    context::Context,
    errno::Errno,
    id::MountId,
    lsm::{self, mount::Source},
    vfs::{FileKind, FilesystemKind, Location, MountFlags, OpenFile, walk::Lookup},
};

/// `fsopen(type, flags)`
pub(super) fn fsopen(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    may_mount(context)?;
    let flags = args.word(1);
    if flags & !1 != 0 {
        return Err(Errno::EINVAL);
    }
    let name = args.memory(0)?;
    let Some(kind) = FilesystemKind::from_name(name) else {
        return context.fail(Errno::ENODEV, "the kernel has no such filesystem");
    };
    super::descriptor::anonymous(
        context,
        "[fscontext]",
        FileKind::Context(kind, false),
        abi::O_RDWR,
        flags & 1 != 0,
    )
}

/// `fsconfig(fd, command, key, value, aux)`
pub(super) fn fsconfig(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    /// Creates the filesystem.
    const CREATE: i32 = 6;
    let command = args.int(1);
    if args.int(0) < 0 || !(0..=8).contains(&command) {
        return Err(Errno::EINVAL);
    }
    let (id, file) = context.file(args.int(0))?;
    let FileKind::Context(kind, created) = file.kind else {
        return Err(Errno::EINVAL);
    };
    if command != CREATE {
        return Ok(0);
    }
    if created {
        return Err(Errno::EBUSY);
    }
    mount::may_create(context, kind)?;
    if let Some(file) = context.world.files.get_mut(&id) {
        Arc::make_mut(file).kind = FileKind::Context(kind, true);
    }
    Ok(0)
}

/// `fsmount(fd, flags, attributes)`
pub(super) fn fsmount(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    may_mount(context)?;
    if args.word(1) & !1 != 0 {
        return Err(Errno::EINVAL);
    }
    let (_, file) = context.file(args.int(0))?;
    let FileKind::Context(kind, created) = file.kind else {
        return Err(Errno::EINVAL);
    };
    if !created {
        return context.fail(Errno::EINVAL, "the filesystem has not been created");
    }
    let mount = mount::create(context, kind, b"none", b"")?;
    if let Some(entry) = context.world.mounts.get_mut(&mount) {
        Arc::make_mut(entry).flags = attributes(args.word(2));
    }
    detached(context, mount, args.word(1) & 1 != 0)
}

/// `MOUNT_ATTR_*` as mount flags.
fn attributes(word: u64) -> MountFlags {
    let known = abi::MS_RDONLY | abi::MS_NOSUID | abi::MS_NODEV | abi::MS_NOEXEC;
    let mut flags = word & known;
    if word & 0x70 == 0x10 {
        flags |= abi::MS_NOATIME;
    }
    if word & 0x80 != 0 {
        flags |= abi::MS_NODIRATIME;
    }
    if word & 0x20_0000 != 0 {
        flags |= abi::MS_NOSYMFOLLOW;
    }
    MountFlags(flags)
}

fn detached(context: &mut Context, mount: MountId, close_on_exec: bool) -> Result<i64, Errno> {
    let at = context.world.root_of_mount(mount);
    let file = OpenFile {
        at,
        flags: abi::O_PATH,
        position: 0,
        kind: FileKind::Path,
        opener: Arc::clone(&context.credentials),
        label: context.credentials.label.clone(),
        granted: 0,
        references: 0,
    };
    context.install(file, close_on_exec)
}

/// `open_tree(dirfd, path, flags)`
pub(super) fn open_tree(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    const CLONE: u64 = 1;
    let flags = u64::from(args.uint(2));
    let known = CLONE
        | abi::O_CLOEXEC
        | abi::AT_EMPTY_PATH
        | abi::AT_NO_AUTOMOUNT
        | abi::AT_RECURSIVE
        | abi::AT_SYMLINK_NOFOLLOW;
    if flags & !known != 0 || flags & (abi::AT_RECURSIVE | CLONE) == abi::AT_RECURSIVE {
        return Err(Errno::EINVAL);
    }
    if flags & CLONE != 0 {
        may_mount(context)?;
    }
    let at = context.lookup(args.int(0), &args.path(1)?, how(flags))?;
    let close_on_exec = flags & abi::O_CLOEXEC != 0;
    if flags & CLONE == 0 {
        let file = super::open::file_at(context, at, abi::O_PATH, FileKind::Path, 0);
        return context.install(file, close_on_exec);
    }
    let mount = mount::clone_tree(context, at, flags & abi::AT_RECURSIVE != 0)?;
    detached(context, mount, close_on_exec)
}

fn how(flags: u64) -> Lookup {
    Lookup {
        follow: flags & abi::AT_SYMLINK_NOFOLLOW == 0,
        empty: flags & abi::AT_EMPTY_PATH != 0,
        ..Lookup::NOFOLLOW
    }
}

/// `move_mount(from, path, to, path, flags)`
pub(super) fn move_mount(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    /// Flags of the first and of the second path: follow, automount, empty.
    const KNOWN: u64 = 0x377;
    may_mount(context)?;
    let flags = u64::from(args.uint(4));
    if flags & !KNOWN != 0 {
        return Err(Errno::EINVAL);
    }
    let source = Lookup {
        follow: flags & 1 != 0,
        empty: flags & 4 != 0,
        ..Lookup::NOFOLLOW
    };
    let target = Lookup {
        follow: flags & 0x10 != 0,
        empty: flags & 0x40 != 0,
        ..Lookup::NOFOLLOW
    };
    let from = context.lookup(args.int(0), &args.path(1)?, source)?;
    let to = context.lookup(args.int(2), &args.path(3)?, target)?;
    ask_apparmor(context, from, to)?;
    mount::move_mount(context, from, to)
}

/// `apparmor_move_mount`: on kernels that have the hook.
fn ask_apparmor(context: &mut Context, from: Location, to: Location) -> Result<(), Errno> {
    if !context.world.release.mediates_new_mount_api {
        return Ok(());
    }
    let ours = context.world.mount(from.mount)?.namespace == Some(context.task()?.namespaces.mount);
    let source = if ours {
        Source::Place(from)
    } else {
        Source::None
    };
    lsm::mount::mount(context, to, source, None, abi::MS_MOVE, None)
}

/// `mount_setattr(dirfd, path, flags, attr, size)`: no AppArmor hook.
pub(super) fn mount_setattr(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    const SIZE: u64 = 32;
    const PAGE: u64 = 4096;
    let flags = u64::from(args.uint(2));
    let known =
        abi::AT_EMPTY_PATH | abi::AT_RECURSIVE | abi::AT_SYMLINK_NOFOLLOW | abi::AT_NO_AUTOMOUNT;
    if flags & !known != 0 {
        return Err(Errno::EINVAL);
    }
    if args.word(4) > PAGE {
        return Err(Errno::E2BIG);
    }
    if args.word(4) < SIZE {
        return Err(Errno::EINVAL);
    }
    may_mount(context)?;
    let (set, clear) = (args.field(3, 0, 8)?, args.field(3, 8, 8)?);
    if set == 0 && clear == 0 && args.field(3, 16, 8)? == 0 {
        return Ok(0);
    }
    let at = context.lookup(args.int(0), &args.path(1)?, how(flags))?;
    if context.world.mount(at.mount)?.root != at.dentry {
        return context.fail(Errno::EINVAL, "not a mount point");
    }
    let (set, clear) = (attributes(set).0, attributes(clear).0);
    let mount = context.world.mount(at.mount)?;
    if mount.locked && mount.flags.0 & clear != 0 {
        return context.fail(
            Errno::EPERM,
            "the option is locked by a more privileged namespace",
        );
    }
    if let Some(mount) = context.world.mounts.get_mut(&at.mount) {
        let mount = Arc::make_mut(mount);
        mount.flags = MountFlags(mount.flags.0 & !clear | set);
    }
    Ok(0)
}

/// `fspick(dirfd, path, flags)`
pub(super) fn fspick(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    may_mount(context)?;
    let flags = args.uint(2);
    if flags & !0xf != 0 {
        return Err(Errno::EINVAL);
    }
    let how = Lookup {
        follow: flags & 2 == 0,
        empty: flags & 8 != 0,
        ..Lookup::NOFOLLOW
    };
    let at = context.lookup(args.int(0), &args.path(1)?, how)?;
    if context.world.mount(at.mount)?.root != at.dentry {
        return context.fail(Errno::EINVAL, "not a mount point");
    }
    let filesystem = context.world.mount(at.mount)?.filesystem;
    let kind = context.world.filesystem(filesystem)?.kind;
    super::descriptor::anonymous(
        context,
        "[fscontext]",
        FileKind::Context(kind, true),
        abi::O_RDWR,
        flags & 1 != 0,
    )
}
