//! Calls about the machine as a whole, most of which ask for a capability and
//! then do nothing that the model shows: clocks, modules, reboot, limits,
//! accounting, BPF, performance counters.

use super::{CWD, descriptor::anonymous};
use crate::{
    abi,
    arguments::Arguments,
    capability::Capability,
    context::Context,
    errno::Errno,
    gate::{
        capability::{self, INITIAL_USER, capable, require},
        dac,
    },
    lsm,
    node::INIT,
    vfs::{FileKind, walk::Lookup},
};

/// `setpriority(which, who, value)`: a lower value needs `CAP_SYS_NICE`.
pub(super) fn setpriority(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    if !(0..=2).contains(&args.int(0)) {
        return Err(Errno::EINVAL);
    }
    if args.int(2) < 0 && !capable(context, Capability::SysNice) {
        return Err(Errno::EACCES);
    }
    Ok(0)
}

/// `getpriority(which, who)`: as the kernel returns it, 20 for nice 0.
pub(super) fn getpriority(_: &mut Context, _: &Arguments) -> Result<i64, Errno> {
    Ok(20)
}

/// `sched_setscheduler(pid, policy, parameter)`
pub(super) fn sched_setscheduler(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let policy = args.int(1);
    args.memory(2)?;
    if !(0..=6).contains(&policy) {
        return Err(Errno::EINVAL);
    }
    if matches!(policy, 1 | 2) {
        require(context, Capability::SysNice)?;
    }
    Ok(0)
}

/// `clock_settime(clock, time)` and `settimeofday(time, zone)`: a time that
/// is none is refused before anyone is asked.
pub(super) fn clock_settime(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    set_time(context, args, 1)
}

/// `settimeofday(time, zone)`
pub(super) fn settimeofday(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    set_time(context, args, 0)
}

fn set_time(context: &mut Context, args: &Arguments, index: usize) -> Result<i64, Errno> {
    /// `TIME_SETTOD_SEC_MAX`: 30 years before the clock overflows.
    const LATEST: i64 = 8_277_292_036;
    let seconds = args.field(index, 0, 8)?.cast_signed();
    let fraction = args.field(index, 8, 8)?.cast_signed();
    if !(0..=LATEST).contains(&seconds) || !(0..1_000_000_000).contains(&fraction) {
        return Err(Errno::EINVAL);
    }
    require(context, Capability::SysTime)?;
    Ok(0)
}

/// `syslog(type, buffer, length)`, with `kernel.dmesg_restrict` set: needs
/// `CAP_SYSLOG`; until 6.11 `CAP_SYS_ADMIN` would do.
pub(super) fn syslog(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    /// Since this release only `CAP_SYSLOG` counts.
    const STRICT: (u16, u16) = (6, 11);
    if !(0..=10).contains(&args.int(0)) {
        return Err(Errno::EINVAL);
    }
    let fallback = context.world.release.version < STRICT;
    if capable(context, Capability::Syslog) || (fallback && capable(context, Capability::SysAdmin))
    {
        Ok(0)
    } else {
        Err(Errno::EPERM)
    }
}

/// `delete_module(name, flags)`
pub(super) fn delete_module(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    require(context, Capability::SysModule)?;
    args.memory(0)?;
    context.fail(Errno::ENOENT, "no such module")
}

/// `init_module(image, length, parameters)`
pub(super) fn init_module(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    require(context, Capability::SysModule)?;
    args.memory(0)?;
    context.fail(Errno::ENOEXEC, "not a module")
}

/// `finit_module(fd, parameters, flags)`
pub(super) fn finit_module(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    require(context, Capability::SysModule)?;
    context.file(args.int(0))?;
    context.fail(Errno::ENOEXEC, "not a module")
}

/// `iopl(level)` and `ioperm(from, number, on)`
pub(super) fn iopl(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    if args.uint(0) > 3 {
        return Err(Errno::EINVAL);
    }
    if args.uint(0) > 0 {
        require(context, Capability::SysRawio)?;
    }
    Ok(0)
}

/// `ioperm(from, number, on)`
pub(super) fn ioperm(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    if args.uint(2) != 0 {
        require(context, Capability::SysRawio)?;
    }
    Ok(0)
}

/// `reboot(magic, magic, command, argument)`
pub(super) fn reboot(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    /// `LINUX_REBOOT_MAGIC1` and the four that may follow.
    const MAGIC: u32 = 0xfee1_dead;
    const SECOND: [u32; 4] = [672_274_793, 85_072_278, 369_367_448, 537_993_216];
    /// Restart, restart with a command, halt, power off (`reboot_pid_ns`).
    const OF_NAMESPACE: [u32; 4] = [0x0123_4567, 0xa1b2_c3d4, 0xcdef_0123, 0x4321_fedc];
    let pid = context.task()?.namespaces.pid;
    let owner = context.world.owner_of(pid);
    if !capability::ns_capable(context, owner, Capability::SysBoot) {
        return Err(Errno::EPERM);
    }
    if args.uint(0) != MAGIC || !SECOND.contains(&args.uint(1)) {
        return Err(Errno::EINVAL);
    }
    let initial = context.world.task(INIT).map(|task| task.namespaces.pid);
    if initial != Some(pid) && !OF_NAMESPACE.contains(&args.uint(2)) {
        return context.fail(Errno::EINVAL, "a pid namespace can only be stopped");
    }
    Ok(0)
}

/// `kexec_load(entry, segments, list, flags)`
pub(super) fn kexec_load(context: &mut Context, _: &Arguments) -> Result<i64, Errno> {
    require(context, Capability::SysBoot)?;
    Ok(0)
}

/// `mlockall(flags)`
pub(super) fn mlockall(_: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let flags = args.int(0);
    if flags == 0 || flags & !7 != 0 {
        Err(Errno::EINVAL)
    } else {
        Ok(0)
    }
}

/// `acct(path)`
pub(super) fn acct(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    require(context, Capability::SysPacct)?;
    if !args.is_null(0) {
        context.lookup(CWD, &args.path(0)?, Lookup::FOLLOW)?;
    }
    Ok(0)
}

/// `bpf(command, attributes, size)`, with `kernel.unprivileged_bpf_disabled`
/// set: needs `CAP_BPF` or `CAP_SYS_ADMIN`.
pub(super) fn bpf(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    /// `BPF_MAP_CREATE`
    const MAP_CREATE: i32 = 0;
    /// `BPF_MAP_TYPE_ARRAY` and `BPF_MAP_TYPE_PERCPU_ARRAY`
    const ARRAYS: [u64; 2] = [2, 6];
    if !capable(context, Capability::Bpf) && !capable(context, Capability::SysAdmin) {
        return Err(Errno::EPERM);
    }
    args.memory(1)?;
    // Array maps are made less safe against speculation for who may
    // (`bpf_bypass_spec_v1`).
    if args.int(0) == MAP_CREATE && ARRAYS.contains(&args.field(1, 0, 4)?) {
        let mark = context.gates.len();
        if !capable(context, Capability::Perfmon) && !capable(context, Capability::SysAdmin) {
            dac::excuse(context, mark);
        }
    }
    anonymous(
        context,
        "bpf-map",
        FileKind::Anonymous("bpf-map"),
        abi::O_RDWR,
        true,
    )
}

/// `vhangup()`
pub(super) fn vhangup(context: &mut Context, _: &Arguments) -> Result<i64, Errno> {
    require(context, Capability::SysTtyConfig)?;
    Ok(0)
}

/// `perf_event_open(attributes, pid, cpu, group, flags)`, with
/// `kernel.perf_event_paranoid` at Debian's 3: needs `CAP_SYS_ADMIN` (recorded:
/// capability, cap-one-perfmon).
pub(super) fn perf_event_open(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    args.memory(0)?;
    if !capable(context, Capability::SysAdmin) {
        return Err(Errno::EACCES);
    }
    if args.int(2) >= 0 {
        return context.fail(Errno::ENOENT, "the machine has no such counter");
    }
    anonymous(
        context,
        "[perf_event]",
        FileKind::Anonymous("[perf_event]"),
        abi::O_RDWR,
        false,
    )
}

/// `timerfd_create(clock, flags)`: waking the machine needs `CAP_WAKE_ALARM`.
pub(super) fn timerfd_create(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let clock = args.int(0);
    if !matches!(clock, 0 | 1 | 7..=9) || args.word(1) & !(abi::O_CLOEXEC | abi::O_NONBLOCK) != 0 {
        return Err(Errno::EINVAL);
    }
    if matches!(clock, 8 | 9) {
        require(context, Capability::WakeAlarm)?;
    }
    let close_on_exec = args.word(1) & abi::O_CLOEXEC != 0;
    anonymous(
        context,
        "[timerfd]",
        FileKind::Anonymous("[timerfd]"),
        abi::O_RDWR,
        close_on_exec,
    )
}

/// `quotactl(command, device, id, address)`: there is no device with quotas.
pub(super) fn quotactl(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    if args.is_null(1) {
        return context.fail(Errno::ENODEV, "no device");
    }
    context.lookup(CWD, &args.path(1)?, Lookup::FOLLOW)?;
    context.fail(Errno::ENOTBLK, "not a block device")
}

/// `fanotify_init(flags, event_flags)`
pub(super) fn fanotify_init(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    /// Reports by file handle: open to everybody since 5.13.
    const REPORT_FID: u32 = 0x200;
    let administrator = capable(context, Capability::SysAdmin);
    if !administrator && (args.uint(0) & 0xc != 0 || args.uint(0) & REPORT_FID == 0) {
        return Err(Errno::EPERM);
    }
    anonymous(
        context,
        "[fanotify]",
        FileKind::Anonymous("[fanotify]"),
        abi::O_RDWR,
        false,
    )
}

/// `swapon(path, flags)`
pub(super) fn swapon(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    require(context, Capability::SysAdmin)?;
    let at = context.lookup(CWD, &args.path(0)?, Lookup::FOLLOW)?;
    let id = context.world.dentry(at.dentry)?.inode;
    dac::inode_permission(context, id, abi::MAY_READ | abi::MAY_WRITE)?;
    lsm::file::open(context, at, abi::O_RDWR)?;
    context.fail(Errno::EINVAL, "no swap area")
}

/// `userfaultfd(flags)`, with `vm.unprivileged_userfaultfd` unset.
pub(super) fn userfaultfd(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    const USER_MODE_ONLY: u64 = 1;
    if args.word(0) & USER_MODE_ONLY == 0 {
        require(context, Capability::SysPtrace)?;
    }
    anonymous(
        context,
        "[userfaultfd]",
        FileKind::Anonymous("[userfaultfd]"),
        abi::O_RDWR,
        false,
    )
}

/// `setrlimit(resource, limit)`
pub(super) fn setrlimit(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let limit = (args.field(1, 0, 8)?, args.field(1, 8, 8)?);
    change_limit(context, args.uint(0), limit)
}

/// `prlimit64(pid, resource, new, old)`
pub(super) fn prlimit64(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let target = match args.int(0) {
        0 => context.pid,
        pid => match context.world.task_seen(context.pid, pid) {
            Some(target) => target,
            None => return context.fail(Errno::ESRCH, "no such process"),
        },
    };
    if args.uint(1) >= RESOURCES {
        return Err(Errno::EINVAL);
    }
    if target != context.pid {
        let theirs = context.world.running(target)?.credentials.clone();
        let own = &context.credentials;
        let same = |ids: crate::credentials::Ids, id: u32| {
            ids.real == id && ids.effective == id && ids.saved == id
        };
        let allowed = same(theirs.uid, own.uid.real) && same(theirs.gid, own.gid.real);
        if !allowed
            && !capability::ns_capable(context, theirs.user_namespace, Capability::SysResource)
        {
            return Err(Errno::EPERM);
        }
    }
    if args.is_null(2) || target != context.pid {
        return Ok(0);
    }
    let limit = (args.field(2, 0, 8)?, args.field(2, 8, 8)?);
    change_limit(context, args.uint(1), limit)
}

/// `RLIM_NLIMITS`
const RESOURCES: u32 = 16;
/// `RLIMIT_NOFILE` and the most it can be (`fs.nr_open`).
const NOFILE: u32 = 7;
const NR_OPEN: u64 = 1_048_576;
/// The hard limit of descriptors when nothing has set another.
const NOFILE_HARD: u64 = 4096;

/// `do_prlimit`
fn change_limit(context: &mut Context, resource: u32, limit: (u64, u64)) -> Result<i64, Errno> {
    if resource >= RESOURCES || limit.0 > limit.1 {
        return Err(Errno::EINVAL);
    }
    if resource == NOFILE && limit.1 > NR_OPEN {
        return context.fail(Errno::EPERM, "more than fs.nr_open");
    }
    let default = if resource == NOFILE {
        NOFILE_HARD
    } else {
        u64::MAX
    };
    let hard = context
        .task()?
        .limits
        .get(&resource)
        .map_or(default, |limit| limit.1);
    if limit.1 > hard {
        require(context, Capability::SysResource)?;
    }
    lsm::rlimit::set(context, resource, limit.1)?;
    context.task_mut()?.limits.insert(resource, limit);
    Ok(0)
}

/// `setns(fd, type)`: only namespaces of the caller's own user namespace.
pub(super) fn setns(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    use crate::namespace::NamespaceKind;
    let (_, file) = context.file(args.int(0))?;
    let FileKind::Namespace(id) = file.kind else {
        return context.fail(Errno::EINVAL, "not a namespace");
    };
    let namespace = context.world.namespaces.get(&id).ok_or(Errno::EINVAL)?;
    let (kind, owner) = (namespace.kind, namespace.owner.unwrap_or(INITIAL_USER));
    let root = namespace.root;
    let wanted = match kind {
        NamespaceKind::Mount => abi::CLONE_NEWNS,
        NamespaceKind::Pid => abi::CLONE_NEWPID,
        NamespaceKind::User => abi::CLONE_NEWUSER,
        NamespaceKind::Network => abi::CLONE_NEWNET,
        NamespaceKind::Uts => abi::CLONE_NEWUTS,
        NamespaceKind::Ipc => abi::CLONE_NEWIPC,
        NamespaceKind::Cgroup => abi::CLONE_NEWCGROUP,
        NamespaceKind::Time => abi::CLONE_NEWTIME,
    };
    if args.word(1) != 0 && args.word(1) != wanted {
        return context.fail(Errno::EINVAL, "a namespace of another kind");
    }
    let own = context.credentials.user_namespace;
    if !capability::ns_capable(context, owner, Capability::SysAdmin)
        || (kind == NamespaceKind::Mount
            && !capability::ns_capable(context, own, Capability::SysChroot))
        || (kind != NamespaceKind::User
            && !capability::ns_capable(context, own, Capability::SysAdmin))
    {
        return Err(Errno::EPERM);
    }
    let task = context.task_mut()?;
    match kind {
        NamespaceKind::Mount => {
            task.namespaces.mount = id;
            if let Some(root) = root {
                task.root = root;
                task.cwd = root;
            }
        }
        NamespaceKind::Pid => task.namespaces.pid_for_children = id,
        NamespaceKind::Network => task.namespaces.network = id,
        NamespaceKind::Uts => task.namespaces.uts = id,
        NamespaceKind::Ipc => task.namespaces.ipc = id,
        NamespaceKind::Cgroup => task.namespaces.cgroup = id,
        NamespaceKind::Time => task.namespaces.time = id,
        NamespaceKind::User => {
            let mut new = (*context.credentials).clone();
            new.user_namespace = id;
            new.permitted = crate::capability::CapabilitySet::FULL;
            new.effective = new.permitted;
            context.set_credentials(new)?;
        }
    }
    Ok(0)
}

/// Calls that the recorded kernels were built without.
pub(super) fn absent(context: &mut Context, _: &Arguments) -> Result<i64, Errno> {
    context.fail(Errno::ENOSYS, "the kernel is built without it")
}

/// Calls that answer with an id that says nothing.
pub(super) fn id(_: &mut Context, _: &Arguments) -> Result<i64, Errno> {
    Ok(1)
}

/// `ioctl(fd, request, argument)`: only setting a file's attributes.
pub(super) fn ioctl(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    /// `FS_IOC_SETFLAGS`
    const SETFLAGS: u64 = 0x4008_6602;
    /// `FS_IMMUTABLE_FL`
    const IMMUTABLE: u64 = 0x10;
    /// `FS_IMMUTABLE_FL | FS_APPEND_FL`
    const GUARDED: u64 = 0x30;
    let (_, file) = context.file(args.int(0))?;
    let at = file.at;
    context.note_found(at);
    if args.word(1) & 0xffff_ffff != SETFLAGS {
        return context.fail(Errno::ENOTTY, "the file has no such operation");
    }
    let flags = args.field(2, 0, 4)?;
    let id = context.world.dentry(at.dentry)?.inode;
    // `vfs_fileattr_set`
    if !dac::owner_or_capable(context, id) {
        return Err(Errno::EPERM);
    }
    let immutable = flags & IMMUTABLE != 0;
    if flags & GUARDED != 0 || context.world.inode(id)?.immutable != immutable {
        require(context, Capability::LinuxImmutable)?;
    }
    context.world.inode_mut(id)?.immutable = immutable;
    Ok(0)
}
