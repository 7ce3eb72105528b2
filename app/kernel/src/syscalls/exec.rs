//! `execve`, `execveat` (`fs/exec.c`, `security/commoncap.c`).

use std::sync::Arc;

use apparmor::FilePermissions;

use super::CWD;
use crate::{
    abi::{self, MAY_EXEC, MAY_READ},
    arguments::{Arg, Arguments},
    capability::CapabilitySet,
    context::Context,
    credentials::{Credentials, securebits},
    errno::Errno,
    gate::{dac, mount_flags},
    id::{FileId, InodeId},
    lsm,
    procfs::COMM_LENGTH,
    vfs::{Content, FileKind, Location, OpenFile, walk::Lookup},
};

/// What a program file begins with.
const ELF: &[u8] = b"\x7fELF";
/// How deep scripts may name scripts as their interpreters.
const MAX_INTERPRETERS: u32 = 5;

/// `execve(path, argv, envp)`
pub(super) fn execve(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let path = args.path(0)?;
    let argv = strings(args, 1)?;
    let at = context.lookup(CWD, &path, Lookup::FOLLOW)?;
    run(context, at, &path, argv)
}

/// `execveat(dirfd, path, argv, envp, flags)`
pub(super) fn execveat(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let flags = u64::from(args.uint(4));
    if flags & !(abi::AT_EMPTY_PATH | abi::AT_SYMLINK_NOFOLLOW) != 0 {
        return Err(Errno::EINVAL);
    }
    let path = args.path(1)?;
    let argv = strings(args, 2)?;
    let how = Lookup {
        follow: flags & abi::AT_SYMLINK_NOFOLLOW == 0,
        empty: flags & abi::AT_EMPTY_PATH != 0,
        ..Lookup::NOFOLLOW
    };
    let at = context.lookup(args.int(0), &path, how)?;
    let name: Arc<[u8]> = match (args.is_cwd(0), path.is_empty()) {
        (false, true) => Arc::from(format!("/dev/fd/{}", args.int(0)).into_bytes()),
        _ => path,
    };
    run(context, at, &name, argv)
}

fn strings(args: &Arguments, index: usize) -> Result<Arc<[Arc<[u8]>]>, Errno> {
    match args.0.get(index) {
        Some(Arg::Strings(list)) => Ok(Arc::clone(list)),
        Some(Arg::Int(0)) | None => Ok(Arc::from([])),
        _ => Err(Errno::EFAULT),
    }
}

fn run(
    context: &mut Context,
    at: Location,
    name: &[u8],
    argv: Arc<[Arc<[u8]>]>,
) -> Result<i64, Errno> {
    may_open(context, at)?;
    let old = Arc::clone(&context.credentials);
    let label = lsm::domain::exec(context, at, name)?;
    let binary = interpreter(context, at)?;
    let (id, _) = context.world.inode_at(at.dentry)?;
    let readable = can_read(context, id)?;
    let mut new = gained(context, at, &old)?;
    new.label = label.clone();
    let changed =
        new.uid != old.uid || new.gid != old.gid || !new.permitted.is_subset(old.permitted);
    let dumpable = readable
        && new.uid.effective == new.uid.real
        && new.gid.effective == new.gid.real
        && !(changed && new.uid.effective != old.uid.effective);
    context.set_credentials(new)?;
    close_on_exec(context)?;
    if label != old.label {
        lsm::domain::inherit_files(context)?;
    }
    let base = name.rsplit(|&byte| byte == b'/').next().unwrap_or(name);
    let task = context.task_mut()?;
    task.comm = Arc::from(&base[..base.len().min(COMM_LENGTH)]);
    task.exe = Some(binary);
    task.argv = argv;
    task.dumpable = dumpable;
    task.confinement.on_exec = None;
    task.confinement.previous = None;
    task.confinement.token = 0;
    map_program(context, binary, &old)
}

/// The kernel maps the program with the credentials of the new image; the
/// file was opened with those of the old one.
fn map_program(
    context: &mut Context,
    binary: Location,
    old: &Arc<Credentials>,
) -> Result<i64, Errno> {
    let granted = FilePermissions::EXEC | FilePermissions::READ | FilePermissions::EXEC_MMAP;
    let file = OpenFile {
        at: binary,
        flags: abi::O_RDONLY,
        position: 0,
        kind: FileKind::Plain,
        opener: Arc::clone(old),
        label: old.label.clone(),
        granted: granted.0,
        references: 1,
    };
    let id = context.world.next_file(file);
    let mapped = lsm::file::used(context, "file_mmap", id, FilePermissions::READ);
    context.world.release_file(id);
    if mapped.is_err() {
        context.kill(abi::SIGSEGV)?;
    }
    Ok(0)
}

/// `do_open_execat`: a regular file on a mount that allows programs, with `x`.
fn may_open(context: &mut Context, at: Location) -> Result<(), Errno> {
    let (id, inode) = context.world.inode_at(at.dentry)?;
    if inode.is_symlink() {
        return context.fail(Errno::ELOOP, "a symbolic link that is not followed");
    }
    if !inode.is_regular() {
        return context.fail(Errno::EACCES, "not a regular file");
    }
    mount_flags::may_execute(context, at)?;
    dac::inode_permission(context, id, MAY_EXEC)
}

/// The program that runs in the end: itself, or a script's interpreter.
fn interpreter(context: &mut Context, mut at: Location) -> Result<Location, Errno> {
    for _ in 0..MAX_INTERPRETERS {
        let (_, inode) = context.world.inode_at(at.dentry)?;
        let Content::File(data) = &inode.content else {
            return context.fail(Errno::ENOEXEC, "not a program");
        };
        if data.starts_with(ELF) {
            return Ok(at);
        }
        let Some(line) = data.strip_prefix(b"#!") else {
            return context.fail(Errno::ENOEXEC, "neither a program nor a script");
        };
        let line = line.split(|&byte| byte == b'\n').next().unwrap_or(line);
        let path = line
            .split(u8::is_ascii_whitespace)
            .find(|word| !word.is_empty());
        let Some(path) = path.map(<[u8]>::to_vec) else {
            return context.fail(Errno::ENOEXEC, "the script names no interpreter");
        };
        at = context.lookup(CWD, &path, Lookup::FOLLOW)?;
        may_open(context, at)?;
    }
    context.fail(Errno::ELOOP, "scripts name each other as interpreters")
}

/// Whether the caller may read the program; otherwise the process cannot be
/// traced (`would_dump`).
fn can_read(context: &mut Context, id: InodeId) -> Result<bool, Errno> {
    let mark = context.gates.len();
    let readable = dac::permission(context, id, MAY_READ).is_ok();
    context.gates.truncate(mark);
    Ok(readable)
}

/// The credentials of the new image (`cap_bprm_creds_from_file`).
fn gained(
    context: &mut Context,
    at: Location,
    old: &Arc<Credentials>,
) -> Result<Credentials, Errno> {
    let mut new = (**old).clone();
    let no_new_privs = context.task()?.no_new_privs;
    let no_suid = context.world.mount(at.mount)?.flags.no_suid();
    let (_, inode) = context.world.inode_at(at.dentry)?;
    let namespace = new.user_namespace;
    if !no_suid && !no_new_privs && context.world.maps_ids(namespace, inode.uid, inode.gid) {
        if inode.mode & abi::S_ISUID != 0 {
            new.uid.effective = inode.uid;
        }
        if inode.mode & (abi::S_ISGID | 0o010) == abi::S_ISGID | 0o010 {
            new.gid.effective = inode.gid;
        }
    }
    let file = if no_suid {
        None
    } else {
        inode.xattrs.get(&b"security.capability"[..]).cloned()
    };
    let file = file.as_deref().and_then(FileCapabilities::read);
    let mut effective = false;
    new.permitted = CapabilitySet::EMPTY;
    if let Some(file) = &file {
        new.permitted = file
            .permitted
            .and(old.bounding)
            .or(file.inheritable.and(old.inheritable));
        effective = file.effective;
    }
    let root = context.world.root_of(namespace);
    if new.securebits & securebits::NOROOT == 0
        && !(file.is_some() && new.uid.real != root && new.uid.effective == root)
    {
        if new.uid.effective == root || new.uid.real == root {
            new.permitted = old.bounding.or(old.inheritable);
        }
        if new.uid.effective == root {
            effective = true;
        }
    }
    let set_id = new.uid.effective != old.uid.effective || new.gid.effective != old.gid.effective;
    let gains = !new.permitted.is_subset(old.permitted);
    if (set_id || gains) && no_new_privs {
        new.uid.effective = new.uid.real;
        new.gid.effective = new.gid.real;
        new.permitted = new.permitted.and(old.permitted);
    }
    new.uid.saved = new.uid.effective;
    new.uid.fs = new.uid.effective;
    new.gid.saved = new.gid.effective;
    new.gid.fs = new.gid.effective;
    if file.is_some() || set_id {
        new.ambient = CapabilitySet::EMPTY;
    }
    new.permitted = new.permitted.or(new.ambient);
    new.effective = if effective {
        new.permitted
    } else {
        new.ambient
    };
    new.securebits &= !securebits::KEEP_CAPS;
    Ok(new)
}

/// `security.capability` (`struct vfs_cap_data`, revision 2).
struct FileCapabilities {
    permitted: CapabilitySet,
    inheritable: CapabilitySet,
    effective: bool,
}

impl FileCapabilities {
    fn read(bytes: &[u8]) -> Option<Self> {
        let word = |index: usize| {
            let part = bytes.get(index * 4..index * 4 + 4)?;
            Some(u32::from_le_bytes(part.try_into().ok()?))
        };
        let set = |low: usize| {
            let high = word(low + 2)?;
            Some(CapabilitySet::from_bits(
                u64::from(word(low)?) | u64::from(high) << 32,
            ))
        };
        Some(Self {
            permitted: set(1)?,
            inheritable: set(2)?,
            effective: word(0)? & 1 != 0,
        })
    }
}

fn close_on_exec(context: &mut Context) -> Result<(), Errno> {
    let task = context.task_mut()?;
    let closing: Vec<(i32, FileId)> = task
        .descriptors
        .iter()
        .filter(|(_, entry)| entry.close_on_exec)
        .map(|(number, entry)| (*number, entry.file))
        .collect();
    for (number, _) in &closing {
        task.descriptors.remove(number);
    }
    for (_, file) in closing {
        context.world.release_file(file);
    }
    Ok(())
}
