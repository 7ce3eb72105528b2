//! procfs, sysfs and securityfs: names and contents made up when asked for.

use std::sync::Arc;

use crate::{
    abi,
    context::Context,
    errno::Errno,
    id::{DentryId, Pid},
    lsm,
    namespace::NamespaceKind,
    node::INIT,
    vfs::{
        Content, FileKind, Location, Name,
        pseudo::{Attribute, Fixed, Pseudo, TaskFile},
    },
    world::World,
};

/// Looks up a name in a made-up directory (`proc_pid_lookup` and its kin).
pub(crate) fn find(
    world: &mut World,
    caller: Pid,
    directory: DentryId,
    name: &[u8],
) -> Result<Option<DentryId>, Errno> {
    let Some((pseudo, mode)) = meaning(world, caller, directory, name)? else {
        return Ok(None);
    };
    let key = (directory, seen_from(world, caller, name));
    if let Some(&dentry) = world.made_up.get(&key) {
        return Ok(Some(dentry));
    }
    let filesystem = world.inode_at(directory)?.1.filesystem;
    let (uid, gid) = owner(world, pseudo);
    let inode = world.add_inode(filesystem, Content::Pseudo(pseudo), mode, uid, gid);
    world.inode_mut(inode)?.links = match pseudo {
        Pseudo::Attributes(..) => 2,
        _ => 1,
    };
    let dentry = world.add_dentry(Some(directory), Arc::from(name), inode);
    world.made_up.insert(key, dentry);
    Ok(Some(dentry))
}

/// A task's files belong to its effective ids, or to root when it is not
/// dumpable (`task_dump_owner`).
fn owner(world: &World, pseudo: Pseudo) -> (u32, u32) {
    let Some(task) = pseudo.task().and_then(|pid| world.tasks.get(&pid)) else {
        return (0, 0);
    };
    if !task.dumpable && !matches!(pseudo, Pseudo::TaskDirectory(_)) {
        return (0, 0);
    }
    (
        task.credentials.uid.effective,
        task.credentials.gid.effective,
    )
}

/// A name as one pid namespace knows it: a number means another task in each.
/// The kernel tells them apart by the mount; here the caller's namespace stands
/// for that, since every namespace has a `/proc` of its own.
fn seen_from(world: &World, caller: Pid, name: &[u8]) -> Name {
    let namespace = |pid| world.task(pid).map(|task| task.namespaces.pid);
    match namespace(caller) {
        Some(own) if Some(own) != namespace(INIT) => {
            Arc::from([name, &b"\0"[..], &own.0.to_le_bytes()].concat())
        }
        _ => Arc::from(name),
    }
}

fn meaning(
    world: &World,
    caller: Pid,
    directory: DentryId,
    name: &[u8],
) -> Result<Option<(Pseudo, u32)>, Errno> {
    let (_, inode) = world.inode_at(directory)?;
    let text = std::str::from_utf8(name).unwrap_or("");
    let found = match &inode.content {
        Content::Directory(_) => match text {
            "self" => Some((Pseudo::SelfLink { thread: false }, 0o777)),
            "thread-self" => Some((Pseudo::SelfLink { thread: true }, 0o777)),
            _ => task_named(world, caller, text).map(|pid| (Pseudo::TaskDirectory(pid), 0o555)),
        },
        Content::Pseudo(Pseudo::TaskDirectory(pid)) => in_task(world, *pid, text),
        Content::Pseudo(Pseudo::Threads(pid)) => task_named(world, caller, text)
            .filter(|named| named == pid)
            .map(|pid| (Pseudo::TaskDirectory(pid), 0o555)),
        Content::Pseudo(Pseudo::Attributes(pid, module)) => in_attributes(*pid, *module, text),
        Content::Pseudo(Pseudo::Descriptors(pid)) => text
            .parse::<i32>()
            .ok()
            .filter(|number| number.to_string() == text)
            .filter(|number| {
                world
                    .tasks
                    .get(pid)
                    .is_some_and(|task| task.descriptors.contains_key(number))
            })
            .map(|number| (Pseudo::Descriptor(*pid, number), 0o700)),
        Content::Pseudo(Pseudo::NamespaceDirectory(pid)) => {
            namespace_kind(text).map(|kind| (Pseudo::Namespace(*pid, kind), 0o777))
        }
        _ => None,
    };
    Ok(found)
}

fn task_named(world: &World, caller: Pid, text: &str) -> Option<Pid> {
    let number: i32 = text.parse().ok()?;
    if number.to_string() != text {
        return None;
    }
    world.task_seen(caller, number)
}

fn in_task(world: &World, pid: Pid, name: &str) -> Option<(Pseudo, u32)> {
    world.tasks.get(&pid)?;
    let found = match name {
        "task" => (Pseudo::Threads(pid), 0o555),
        "attr" => (Pseudo::Attributes(pid, false), 0o555),
        "fd" => (Pseudo::Descriptors(pid), 0o500),
        "ns" => (Pseudo::NamespaceDirectory(pid), 0o511),
        "exe" => (Pseudo::Exe(pid), 0o777),
        "cwd" => (Pseudo::Cwd(pid), 0o777),
        "root" => (Pseudo::Root(pid), 0o777),
        _ => TaskFile::ALL
            .iter()
            .find(|(known, ..)| *known == name)
            .map(|(_, file, mode)| (Pseudo::TaskFile(pid, *file), *mode))?,
    };
    Some(found)
}

fn in_attributes(pid: Pid, module: bool, name: &str) -> Option<(Pseudo, u32)> {
    let attribute = match name {
        "current" => Attribute::Current,
        "exec" => Attribute::Exec,
        "prev" => Attribute::Previous,
        "fscreate" | "keycreate" | "sockcreate" if !module => Attribute::Foreign,
        "apparmor" if !module => return Some((Pseudo::Attributes(pid, true), 0o555)),
        _ => return None,
    };
    let mode = if attribute == Attribute::Previous {
        0o444
    } else {
        0o666
    };
    Some((Pseudo::Attribute(pid, attribute), mode))
}

fn namespace_kind(name: &str) -> Option<NamespaceKind> {
    use NamespaceKind as Kind;
    [
        Kind::Mount,
        Kind::Pid,
        Kind::User,
        Kind::Network,
        Kind::Uts,
        Kind::Ipc,
        Kind::Cgroup,
        Kind::Time,
    ]
    .into_iter()
    .find(|kind| kind.name() == name)
}

/// The target of `/proc/self` and `/proc/thread-self`.
pub(crate) fn self_target(world: &World, pid: Pid, link: Pseudo) -> Result<Arc<[u8]>, Errno> {
    let pid = world.running(pid)?.local_pid;
    let text = match link {
        Pseudo::SelfLink { thread: true } => format!("{pid}/task/{pid}"),
        _ => pid.to_string(),
    };
    Ok(Arc::from(text.into_bytes()))
}

/// Where a magic link leads (`proc_pid_get_link`), after the check that the
/// caller may look into the task (`proc_fd_access_allowed`).
pub(crate) fn jump(context: &mut Context, link: Pseudo) -> Result<Location, Errno> {
    let pid = link.task().ok_or(Errno::ENOENT)?;
    lsm::ipc::may_access(context, pid)?;
    let task = context.world.task(pid).ok_or(Errno::ENOENT)?;
    match link {
        Pseudo::Exe(_) => task.exe.ok_or(Errno::ENOENT),
        Pseudo::Cwd(_) => Ok(task.cwd),
        Pseudo::Root(_) => Ok(task.root),
        Pseudo::Descriptor(_, number) => {
            let file = task.descriptors.get(&number).ok_or(Errno::ENOENT)?.file;
            Ok(context.world.files.get(&file).ok_or(Errno::ENOENT)?.at)
        }
        Pseudo::Namespace(_, kind) => {
            let id = context.world.namespace_of(pid, kind).ok_or(Errno::ENOENT)?;
            context.world.namespace_file(id)
        }
        _ => Err(Errno::EINVAL),
    }
}

/// What `readlink` says of a magic link (`proc_pid_readlink`).
pub(crate) fn link_text(context: &mut Context, link: Pseudo) -> Result<Vec<u8>, Errno> {
    if let Pseudo::SelfLink { .. } = link {
        return Ok(self_target(context.world, context.pid, link)?.to_vec());
    }
    if let Pseudo::Namespace(pid, kind) = link {
        lsm::ipc::may_access(context, pid)?;
        let id = context.world.namespace_of(pid, kind).ok_or(Errno::ENOENT)?;
        return Ok(
            format!("{}:[{}]", kind.name(), NAMESPACE_NUMBERS + u64::from(id.0)).into_bytes(),
        );
    }
    let at = jump(context, link)?;
    let mut path = context.world.display_path(context.pid, at).to_vec();
    if !context.world.dentry(at.dentry)?.linked {
        path.extend_from_slice(b" (deleted)");
    }
    Ok(path)
}

/// Where the numbers of namespaces begin (`PROC_DYNAMIC_FIRST`).
const NAMESPACE_NUMBERS: u64 = 4_026_531_840;

/// Opening a made-up file: what some of them check at once.
pub(crate) fn open(context: &mut Context, pseudo: Pseudo, flags: u64) -> Result<FileKind, Errno> {
    let writes = matches!(flags & abi::O_ACCMODE, abi::O_WRONLY | abi::O_RDWR);
    match pseudo {
        Pseudo::TaskFile(pid, TaskFile::Mem) if pid != context.pid => {
            lsm::ipc::may_access_as(context, pid, true)?;
        }
        Pseudo::TaskFile(pid, TaskFile::Maps | TaskFile::Environ) if pid != context.pid => {
            may_read_memory(context, pid)?;
        }
        // `proc_pid_attr_open` takes the task's memory along when it may.
        Pseudo::Attribute(pid, _) if pid != context.pid => {
            let mark = context.gates.len();
            if may_read_memory(context, pid).is_err() {
                crate::gate::dac::excuse(context, mark);
            }
        }
        Pseudo::NamespaceFile(id) => return Ok(FileKind::Namespace(id)),
        Pseudo::Fixed(Fixed::Profiles) if writes => return Err(Errno::EACCES),
        _ => {}
    }
    Ok(FileKind::Plain)
}

/// Whether the caller may read another task's memory (`mm_access`).
fn may_read_memory(context: &mut Context, pid: Pid) -> Result<(), Errno> {
    use crate::{capability::Capability, gate::capability};
    let mark = context.gates.len();
    let Err(errno) = lsm::ipc::may_access(context, pid) else {
        return Ok(());
    };
    let reads = context.world.release.perfmon_reads_memory
        && (capability::capable(context, Capability::Perfmon)
            || capability::capable(context, Capability::SysAdmin));
    if !reads {
        return Err(errno);
    }
    crate::gate::dac::excuse(context, mark);
    Ok(())
}

/// The whole content of a made-up file.
pub(crate) fn read(context: &mut Context, at: Location, pseudo: Pseudo) -> Result<Vec<u8>, Errno> {
    let (caller, world) = (context.pid, &*context.world);
    let text = match pseudo {
        Pseudo::Attribute(pid, attribute) => return lsm::procattr::read(context, pid, attribute),
        Pseudo::TaskFile(pid, file) => task_text(world, pid, file)?,
        Pseudo::Fixed(fixed) => fixed_text(world, caller, at, fixed)?,
        _ => return Err(Errno::EISDIR),
    };
    Ok(text.into_bytes())
}

fn task_text(world: &World, pid: Pid, file: TaskFile) -> Result<String, Errno> {
    let task = world.task(pid).ok_or(Errno::ESRCH)?;
    let comm = String::from_utf8_lossy(&task.comm).into_owned();
    Ok(match file {
        TaskFile::Status => status_text(world, task),
        TaskFile::Comm => format!("{comm}\n"),
        TaskFile::Stat => format!("{} ({comm}) S {}\n", task.pid.0, task.parent.0),
        TaskFile::Cmdline => {
            let parts: Vec<_> = task
                .argv
                .iter()
                .map(|part| String::from_utf8_lossy(part))
                .collect();
            parts.iter().map(|part| format!("{part}\0")).collect()
        }
        TaskFile::Mountinfo | TaskFile::Mounts => world.mounts_text(task, file == TaskFile::Mounts),
        TaskFile::UidMap | TaskFile::GidMap => {
            let Some(namespace) = world.namespaces.get(&task.credentials.user_namespace) else {
                return Ok(String::new());
            };
            let map = if file == TaskFile::UidMap {
                &namespace.maps.uid
            } else {
                &namespace.maps.gid
            };
            map.iter()
                .map(|(inside, outside, count)| format!("{inside:>10} {outside:>10} {count:>10}\n"))
                .collect()
        }
        TaskFile::Setgroups => "allow\n".to_owned(),
        TaskFile::OomScoreAdj => "0\n".to_owned(),
        TaskFile::Loginuid => "4294967295".to_owned(),
        TaskFile::CoredumpFilter => "00000033\n".to_owned(),
        TaskFile::Environ | TaskFile::Maps | TaskFile::Mem | TaskFile::Limits => String::new(),
    })
}

/// `/proc/PID/status`, the lines that tell of privilege (`proc_pid_status`).
fn status_text(world: &World, task: &crate::task::Task) -> String {
    let credentials = &task.credentials;
    let ids = |ids: crate::credentials::Ids| {
        format!("{}\t{}\t{}\t{}", ids.real, ids.effective, ids.saved, ids.fs)
    };
    let groups: String = credentials
        .groups
        .iter()
        .map(|gid| format!("{gid} "))
        .collect();
    let seccomp = if task.filters.is_empty() { 0 } else { 2 };
    let _ = world;
    format!(
        "Name:\t{}\nUmask:\t{:04o}\nState:\tS (sleeping)\nTgid:\t{pid}\nPid:\t{pid}\nPPid:\t{}\nTracerPid:\t0\n\
         Uid:\t{}\nGid:\t{}\nGroups:\t{groups}\nNSpid:\t{pid}\n\
         CapInh:\t{:016x}\nCapPrm:\t{:016x}\nCapEff:\t{:016x}\nCapBnd:\t{:016x}\nCapAmb:\t{:016x}\n\
         NoNewPrivs:\t{}\nSeccomp:\t{seccomp}\nSeccomp_filters:\t{}\n",
        String::from_utf8_lossy(&task.comm),
        task.umask,
        task.parent.0,
        ids(credentials.uid),
        ids(credentials.gid),
        credentials.inheritable.bits(),
        credentials.permitted.bits(),
        credentials.effective.bits(),
        credentials.bounding.bits(),
        credentials.ambient.bits(),
        u8::from(task.no_new_privs),
        task.filters.len(),
        pid = task.pid.0,
    )
}

fn fixed_text(world: &World, caller: Pid, at: Location, fixed: Fixed) -> Result<String, Errno> {
    Ok(match fixed {
        Fixed::Profiles => world.profiles_text(),
        Fixed::Enabled => if world.apparmor_runs() { "Y\n" } else { "N\n" }.to_owned(),
        // `param_get_mode` and `param_get_audit` know nothing without the module.
        Fixed::Mode | Fixed::Audit if !world.apparmor_runs() => return Err(Errno::EINVAL),
        Fixed::Mode => format!("{}\n", world.settings.mode.name()),
        Fixed::Audit => format!("{}\n", world.settings.audit.name()),
        Fixed::Lsm => {
            let all = world.release.security_modules;
            match world.settings.other_module {
                _ if world.apparmor_runs() => all.to_owned(),
                Some(other) => all.replace("apparmor", other),
                None => all.replace("apparmor,", ""),
            }
        }
        Fixed::Feature => "yes\n".to_owned(),
        Fixed::Hostname => {
            format!("{}\n", String::from_utf8_lossy(&world.host_name_of(caller)))
        }
        Fixed::Sysctl(sysctl) => format!("{}\n", sysctl.value(&world.settings)),
        Fixed::ActionsLogged => format!("{}\n", world.settings.actions_logged.join(" ")),
        Fixed::Version => format!("Linux version {}\n", world.release.name),
        Fixed::Setting | Fixed::Text => {
            let path = world.path_up(at, None).0;
            world.settings.written.get(path.as_slice()).map_or_else(
                || "0\n".to_owned(),
                |text| String::from_utf8_lossy(text).into_owned(),
            )
        }
        Fixed::Load | Fixed::Replace | Fixed::Remove | Fixed::Trigger => return Err(Errno::EINVAL),
    })
}

/// A write to a made-up file: how many bytes it took.
pub(crate) fn write(
    context: &mut Context,
    at: Location,
    pseudo: Pseudo,
    data: &[u8],
) -> Result<i64, Errno> {
    let length = i64::try_from(data.len()).map_err(|_| Errno::EINVAL)?;
    match pseudo {
        Pseudo::Attribute(pid, attribute) => {
            return lsm::procattr::write(context, pid, attribute, data);
        }
        Pseudo::TaskFile(pid, TaskFile::Comm) => {
            let mut comm = data.to_vec();
            comm.truncate(COMM_LENGTH);
            while comm.last() == Some(&b'\n') {
                comm.pop();
            }
            context.world.task_mut(pid)?.comm = Arc::from(comm);
        }
        Pseudo::TaskFile(_, TaskFile::OomScoreAdj) => {
            let text = std::str::from_utf8(data).map_err(|_| Errno::EINVAL)?;
            let score: i32 = text.trim().parse().map_err(|_| Errno::EINVAL)?;
            if !(-1000..=1000).contains(&score) {
                return Err(Errno::EINVAL);
            }
            if score < 0
                && !crate::gate::capability::capable(
                    context,
                    crate::capability::Capability::SysResource,
                )
            {
                return Err(Errno::EACCES);
            }
        }
        Pseudo::TaskFile(pid, file @ (TaskFile::UidMap | TaskFile::GidMap)) => {
            crate::idmap::write(context, pid, file, data)?;
        }
        Pseudo::TaskFile(..) => {}
        Pseudo::Fixed(fixed) => fixed_write(context, at, fixed, data)?,
        _ => return Err(Errno::EINVAL),
    }
    Ok(length)
}

/// `TASK_COMM_LEN` without the NUL.
pub(crate) const COMM_LENGTH: usize = 15;

fn fixed_write(
    context: &mut Context,
    at: Location,
    fixed: Fixed,
    data: &[u8],
) -> Result<(), Errno> {
    use crate::settings::{GlobalAudit, GlobalMode, SECCOMP_ACTIONS};
    let text = std::str::from_utf8(data).map_err(|_| Errno::EINVAL)?;
    match fixed {
        Fixed::Mode => {
            context.world.settings_mut().mode = GlobalMode::from_name(text).ok_or(Errno::EINVAL)?;
        }
        Fixed::Audit => {
            context.world.settings_mut().audit =
                GlobalAudit::from_name(text).ok_or(Errno::EINVAL)?;
        }
        Fixed::ActionsLogged => {
            let mut names = Vec::new();
            for word in text.split_whitespace() {
                let name = SECCOMP_ACTIONS
                    .iter()
                    .find(|known| **known == word)
                    .ok_or(Errno::EINVAL)?;
                names.push(*name);
            }
            context.world.settings_mut().actions_logged = Arc::from(names);
        }
        Fixed::Sysctl(sysctl) => sysctl.write(context.world.settings_mut(), text)?,
        Fixed::Hostname => {
            let name = data.strip_suffix(b"\n").unwrap_or(data);
            context.world.set_host_name(context.pid, name)?;
        }
        Fixed::Remove => {
            lsm::policy::remove(context, text.trim_end_matches('\n'))?;
        }
        Fixed::Load | Fixed::Replace => return Err(Errno::EINVAL),
        Fixed::Setting => {
            let path: Arc<[u8]> = Arc::from(context.world.path_up(at, None).0);
            let written = &mut context.world.settings_mut().written;
            Arc::make_mut(written).insert(path, Arc::from(data));
        }
        Fixed::Trigger => {}
        Fixed::Profiles
        | Fixed::Feature
        | Fixed::Enabled
        | Fixed::Lsm
        | Fixed::Version
        | Fixed::Text => {
            return Err(Errno::EIO);
        }
    }
    Ok(())
}

/// The processes that a task finds in `/proc`: those of its pid namespace.
pub(crate) fn processes(world: &World, caller: Pid) -> Vec<Name> {
    let Some(own) = world.task(caller).map(|task| task.namespaces.pid) else {
        return Vec::new();
    };
    let initial = world.task(INIT).map(|task| task.namespaces.pid) == Some(own);
    let number = |task: &crate::task::Task| match (initial, task.namespaces.pid == own) {
        (true, _) => Some(task.pid.0),
        (false, true) => Some(task.local_pid),
        (false, false) => None,
    };
    let running = world
        .tasks()
        .filter(|task| task.state == crate::task::State::Running);
    running
        .filter_map(number)
        .map(|number| Arc::from(number.to_string().into_bytes()))
        .collect()
}

/// The names in a made-up directory.
pub(crate) fn names(world: &World, inode: &crate::vfs::Inode) -> Vec<Name> {
    let name = |text: &str| -> Name { Arc::from(text.as_bytes()) };
    match &inode.content {
        Content::Pseudo(Pseudo::TaskDirectory(_)) => {
            ["task", "attr", "fd", "ns", "exe", "cwd", "root"]
                .into_iter()
                .chain(TaskFile::ALL.iter().map(|(text, ..)| *text))
                .map(name)
                .collect()
        }
        Content::Pseudo(Pseudo::Threads(pid)) => vec![name(&pid.0.to_string())],
        Content::Pseudo(Pseudo::Attributes(..)) => ["current", "exec", "prev"].map(name).to_vec(),
        Content::Pseudo(Pseudo::Descriptors(pid)) => world
            .tasks
            .get(pid)
            .map(|task| {
                task.descriptors
                    .keys()
                    .map(|number| name(&number.to_string()))
                    .collect()
            })
            .unwrap_or_default(),
        Content::Pseudo(Pseudo::NamespaceDirectory(_)) => {
            ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"]
                .map(name)
                .to_vec()
        }
        _ => Vec::new(),
    }
}
