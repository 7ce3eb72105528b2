//! Processes: `clone`, `exit`, `wait4`, `kill`, `prctl`, `seccomp`, ids.

use std::sync::Arc;

use crate::{
    abi,
    arguments::{Arg, Arguments},
    capability::Capability,
    context::Context,
    credentials::securebits,
    errno::Errno,
    event::Answer,
    gate::capability,
    id::Pid,
    lsm,
    task::{State, Task},
};

/// `fork()` and `vfork()`
pub(super) fn fork(context: &mut Context, _: &Arguments) -> Result<i64, Errno> {
    clone_task(context, 0)
}

/// `clone(flags, …)`
pub(super) fn clone(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    clone_task(context, args.word(0) & !0xff)
}

/// `clone3(args, size)`
pub(super) fn clone3(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    /// `CLONE_ARGS_SIZE_VER0`
    const SIZE: u64 = 64;
    if args.word(1) < SIZE {
        return Err(Errno::EINVAL);
    }
    let flags = args.field(0, 0, 8)?;
    clone_task(context, flags)
}

fn clone_task(context: &mut Context, flags: u64) -> Result<i64, Errno> {
    check_clone_flags(flags)?;
    context
        .world
        .fork(context.pid)
        .map_err(|_| Errno::EAGAIN)
        .and_then(|child| {
            let own = context.pid;
            if flags & NEW_NAMESPACES != 0 {
                context.pid = child;
                let outcome = super::namespace::make(context, flags & NEW_NAMESPACES, true);
                context.pid = own;
                context.credentials = Arc::clone(&context.world.running(own)?.credentials);
                if let Err(errno) = outcome {
                    context.world.reap(child);
                    return Err(errno);
                }
            }
            Ok(i64::from(context.world.running(child)?.local_pid))
        })
}

/// Flags that ask for namespaces.
pub(super) const NEW_NAMESPACES: u64 = abi::CLONE_NEWNS
    | abi::CLONE_NEWCGROUP
    | abi::CLONE_NEWUTS
    | abi::CLONE_NEWIPC
    | abi::CLONE_NEWUSER
    | abi::CLONE_NEWPID
    | abi::CLONE_NEWNET
    | abi::CLONE_NEWTIME;

/// The combinations that `copy_process` refuses.
fn check_clone_flags(flags: u64) -> Result<(), Errno> {
    let both = |a: u64, b: u64| flags & a != 0 && flags & b != 0;
    if both(abi::CLONE_NEWNS, abi::CLONE_FS)
        || both(abi::CLONE_NEWUSER, abi::CLONE_FS)
        || both(abi::CLONE_THREAD, abi::CLONE_NEWPID | abi::CLONE_NEWUSER)
        || (flags & abi::CLONE_THREAD != 0 && flags & abi::CLONE_SIGHAND == 0)
        || (flags & abi::CLONE_SIGHAND != 0 && flags & abi::CLONE_VM == 0)
    {
        return Err(Errno::EINVAL);
    }
    Ok(())
}

/// `exit(status)` and `exit_group(status)`
pub(super) fn exit(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let status = args.int(0) & 0xff;
    let pid = context.pid;
    context.world.end(pid, State::Exited(status));
    Ok(0)
}

/// `wait4(pid, status, options, rusage)`: never blocks; `ECHILD` without a
/// child that has ended.
pub(super) fn wait4(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let wanted = args.int(0);
    let found = context
        .world
        .tasks
        .values()
        .find(|task| {
            task.parent == context.pid
                && task.pid != context.pid
                && task.state != State::Running
                && (wanted <= 0 || u32::try_from(wanted) == Ok(task.local_pid))
        })
        .map(|task| (task.pid, task.local_pid));
    let (pid, local) = found.ok_or(Errno::ECHILD)?;
    context.world.reap(pid);
    Ok(i64::from(local))
}

/// `getpid()`
pub(super) fn getpid(context: &mut Context, _: &Arguments) -> Result<i64, Errno> {
    Ok(i64::from(context.task()?.local_pid))
}

/// `getppid()`
pub(super) fn getppid(context: &mut Context, _: &Arguments) -> Result<i64, Errno> {
    Ok(i64::from(context.task()?.parent.0))
}

/// `getuid()`
pub(super) fn getuid(context: &mut Context, _: &Arguments) -> Result<i64, Errno> {
    let own = &context.credentials;
    Ok(i64::from(context.world.id_into(
        own.user_namespace,
        own.uid.real,
        true,
    )))
}

/// `geteuid()`
pub(super) fn geteuid(context: &mut Context, _: &Arguments) -> Result<i64, Errno> {
    let own = &context.credentials;
    Ok(i64::from(context.world.id_into(
        own.user_namespace,
        own.uid.effective,
        true,
    )))
}

/// `getgid()`
pub(super) fn getgid(context: &mut Context, _: &Arguments) -> Result<i64, Errno> {
    let own = &context.credentials;
    Ok(i64::from(context.world.id_into(
        own.user_namespace,
        own.gid.real,
        false,
    )))
}

/// `getegid()`
pub(super) fn getegid(context: &mut Context, _: &Arguments) -> Result<i64, Errno> {
    let own = &context.credentials;
    Ok(i64::from(context.world.id_into(
        own.user_namespace,
        own.gid.effective,
        false,
    )))
}

/// `setsid()`
pub(super) fn setsid(context: &mut Context, _: &Arguments) -> Result<i64, Errno> {
    Ok(i64::from(context.task()?.local_pid))
}

/// `kill(pid, signal)`
pub(super) fn kill(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let pid = args.int(0);
    let target = if pid > 0 {
        context.world.task_seen(context.pid, pid)
    } else {
        Some(context.pid)
    };
    deliver(context, target, args.int(1))
}

/// `tkill(tid, signal)`
pub(super) fn tkill(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    if args.int(0) <= 0 {
        return Err(Errno::EINVAL);
    }
    let target = context.world.task_seen(context.pid, args.int(0));
    deliver(context, target, args.int(1))
}

/// `tgkill(tgid, tid, signal)`
pub(super) fn tgkill(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    if args.int(0) <= 0 || args.int(1) <= 0 {
        return Err(Errno::EINVAL);
    }
    if args.int(0) != args.int(1) {
        return Err(Errno::ESRCH);
    }
    let target = context.world.task_seen(context.pid, args.int(1));
    deliver(context, target, args.int(2))
}

/// `check_kill_permission` and what the signal then does.
pub(super) fn deliver(
    context: &mut Context,
    target: Option<Pid>,
    signal: i32,
) -> Result<i64, Errno> {
    /// `_NSIG`
    const HIGHEST: u32 = 64;
    let Some(target) = target else {
        return context.fail(Errno::ESRCH, "no such process");
    };
    let signal = u32::try_from(signal)
        .ok()
        .filter(|signal| *signal <= HIGHEST)
        .ok_or(Errno::EINVAL)?;
    let victim: Task = context.world.running(target)?.clone();
    let (own, theirs) = (context.credentials.uid, victim.credentials.uid);
    let same = own.effective == theirs.saved
        || own.effective == theirs.real
        || own.real == theirs.saved
        || own.real == theirs.real;
    if !same
        && !capability::ns_capable(context, victim.credentials.user_namespace, Capability::Kill)
    {
        return Err(Errno::EPERM);
    }
    lsm::ipc::signal(context, &victim, signal)?;
    let ends = signal != 0
        && victim.state == State::Running
        && is_fatal(&victim, signal)
        && !is_spared(context.task()?, &victim, signal);
    if ends {
        context.world.end(target, State::Killed(signal));
    }
    Ok(0)
}

/// Whether a signal is dropped because the first process of a pid namespace would get it: one that it
/// does not catch reaches it only as `SIGKILL` or `SIGSTOP`, and only from outside of the namespace
/// (`SIGNAL_UNKILLABLE` in `sig_task_ignored`, kernel/signal.c).
fn is_spared(sender: &Task, victim: &Task, signal: u32) -> bool {
    let is_caught = victim.caught_signals & 1 << (signal - 1) != 0;
    let is_forced = matches!(signal, abi::SIGKILL | abi::SIGSTOP)
        && sender.namespaces.pid != victim.namespaces.pid;
    victim.local_pid == 1 && !is_caught && !is_forced
}

/// Whether a signal ends a task that has not caught it (`sig_fatal`).
fn is_fatal(task: &Task, signal: u32) -> bool {
    /// `SIGCHLD`, `SIGCONT`, `SIGSTOP`, `SIGTSTP`, `SIGTTIN`, `SIGTTOU`,
    /// `SIGURG`, `SIGWINCH`: ignored or stopping by default.
    const HARMLESS: [u32; 8] = [17, 18, 19, 20, 21, 22, 23, 28];
    if HARMLESS.contains(&signal) {
        return false;
    }
    signal == abi::SIGKILL || task.caught_signals & 1 << (signal - 1) == 0
}

/// `rt_sigaction(signal, action, old, size)`: only whether it is caught.
pub(super) fn rt_sigaction(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let signal = args.uint(0);
    if !(1..=64).contains(&signal) || signal == 9 || signal == 19 {
        return Err(Errno::EINVAL);
    }
    if let Some(Arg::Memory(_)) = args.0.get(1) {
        let handler = args.field(1, 0, 8)?;
        let bit = 1_u64 << (signal - 1);
        let task = context.task_mut()?;
        if handler == 0 {
            task.caught_signals &= !bit;
        } else {
            task.caught_signals |= bit;
        }
    }
    Ok(0)
}

/// `prctl(option, …)`
pub(super) fn prctl(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    match args.int(0) {
        3 => Ok(i64::from(context.task()?.dumpable)),
        4 => {
            let value = args.word(1);
            if value > 1 {
                return Err(Errno::EINVAL);
            }
            context.task_mut()?.dumpable = value == 1;
            Ok(0)
        }
        7 => Ok(i64::from(
            context.credentials.securebits & securebits::KEEP_CAPS != 0,
        )),
        8 => keep_caps(context, args.word(1)),
        15 => {
            let name = args.memory(1)?;
            let length = name
                .iter()
                .position(|&byte| byte == 0)
                .unwrap_or(name.len());
            let name: Arc<[u8]> = Arc::from(&name[..length.min(crate::procfs::COMM_LENGTH)]);
            context.task_mut()?.comm = name;
            Ok(0)
        }
        21 => Ok(if context.task()?.filters.is_empty() {
            0
        } else {
            2
        }),
        23 => {
            let capability = Capability::from_number(args.word(1)).ok_or(Errno::EINVAL)?;
            Ok(i64::from(context.credentials.bounding.has(capability)))
        }
        24 => drop_bounding(context, args.word(1)),
        27 => Ok(i64::from(context.credentials.securebits)),
        28 => set_securebits(context, args.word(1)),
        38 => {
            if args.word(1) != 1 || args.word(2) != 0 || args.word(3) != 0 || args.word(4) != 0 {
                return Err(Errno::EINVAL);
            }
            context.task_mut()?.no_new_privs = true;
            Ok(0)
        }
        39 => Ok(i64::from(context.task()?.no_new_privs)),
        47 => ambient(context, args),
        _ => Err(Errno::EINVAL),
    }
}

fn keep_caps(context: &mut Context, value: u64) -> Result<i64, Errno> {
    if value > 1 {
        return Err(Errno::EINVAL);
    }
    let mut new = (*context.credentials).clone();
    if new.securebits & securebits::KEEP_CAPS << 1 != 0 {
        return Err(Errno::EPERM);
    }
    if value == 1 {
        new.securebits |= securebits::KEEP_CAPS;
    } else {
        new.securebits &= !securebits::KEEP_CAPS;
    }
    context.set_credentials(new)?;
    Ok(0)
}

fn drop_bounding(context: &mut Context, number: u64) -> Result<i64, Errno> {
    let namespace = context.credentials.user_namespace;
    if !capability::ns_capable(context, namespace, Capability::Setpcap) {
        return Err(Errno::EPERM);
    }
    let capability = Capability::from_number(number).ok_or(Errno::EINVAL)?;
    let mut new = (*context.credentials).clone();
    new.bounding = new.bounding.without(capability);
    context.set_credentials(new)?;
    Ok(0)
}

/// `PR_SET_SECUREBITS` (`cap_task_prctl`)
fn set_securebits(context: &mut Context, value: u64) -> Result<i64, Errno> {
    let old = context.credentials.securebits;
    let Ok(bits) = u32::try_from(value) else {
        return Err(Errno::EPERM);
    };
    let locked = (old & securebits::LOCKS) >> 1;
    if locked & (old ^ bits) != 0
        || old & securebits::LOCKS & !bits != 0
        || bits & !securebits::ALL != 0
    {
        return context.fail(Errno::EPERM, "the bit is locked or does not exist");
    }
    let namespace = context.credentials.user_namespace;
    if !capability::ns_capable(context, namespace, Capability::Setpcap) {
        return Err(Errno::EPERM);
    }
    let mut new = (*context.credentials).clone();
    new.securebits = bits;
    context.set_credentials(new)?;
    Ok(0)
}

/// `PR_CAP_AMBIENT`
fn ambient(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let operation = args.int(1);
    let mut new = (*context.credentials).clone();
    if operation == 4 {
        new.ambient = crate::capability::CapabilitySet::EMPTY;
        context.set_credentials(new)?;
        return Ok(0);
    }
    let capability = Capability::from_number(args.word(2)).ok_or(Errno::EINVAL)?;
    match operation {
        1 => return Ok(i64::from(new.ambient.has(capability))),
        2 => {
            if !new.permitted.has(capability)
                || !new.inheritable.has(capability)
                || new.securebits & securebits::NO_CAP_AMBIENT_RAISE != 0
            {
                return context.fail(Errno::EPERM, "must be permitted and inheritable");
            }
            new.ambient = new.ambient.with(capability);
        }
        3 => new.ambient = new.ambient.without(capability),
        _ => return Err(Errno::EINVAL),
    }
    context.set_credentials(new)?;
    Ok(0)
}

/// `uname(buf)`: six fields of 65 bytes, each a string with a NUL. The release
/// is that of the recorded kernel.
pub(super) fn uname(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    const FIELD: usize = 65;
    args.room(0)?;
    let host = context.world.host_name_of(context.pid);
    let mut data = Vec::with_capacity(6 * FIELD);
    for field in [
        b"Linux".as_slice(),
        &host,
        context.world.release.name.as_bytes(),
        b"#1 SMP",
        b"x86_64",
        b"(none)",
    ] {
        let end = data.len() + FIELD;
        data.extend_from_slice(&field[..field.len().min(FIELD - 1)]);
        data.resize(end, 0);
    }
    context.answer = Answer::Data(data);
    Ok(0)
}

/// `getrandom`, `sysinfo`, `times` and others that always succeed.
pub(super) fn harmless(_: &mut Context, _: &Arguments) -> Result<i64, Errno> {
    Ok(0)
}

/// `seccomp(operation, flags, args)`
pub(super) fn seccomp(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    match args.int(0) {
        0 => Err(Errno::EINVAL),
        1 => install_filter(context, args.0.get(2), args.word(1)),
        2 => args.memory(2).map(|_| 0),
        _ => Err(Errno::EINVAL),
    }
}

/// `seccomp_set_mode_filter`: the program, then the privilege to install it.
fn install_filter(context: &mut Context, program: Option<&Arg>, flags: u64) -> Result<i64, Errno> {
    /// Flags that exist: TSYNC, LOG, `SPEC_ALLOW`, `NEW_LISTENER`,
    /// `TSYNC_ESRCH`, `WAIT_KILLABLE_RECV`.
    const KNOWN: u64 = 0x3f;
    const LOG: u64 = 2;
    const NEW_LISTENER: u64 = 8;
    if flags & !KNOWN != 0 {
        return Err(Errno::EINVAL);
    }
    let Some(Arg::Filter(program)) = program else {
        return Err(Errno::EFAULT);
    };
    if ::seccomp::bpf::check(&program.program).is_err() {
        return context.fail(Errno::EINVAL, "the kernel does not take this program");
    }
    let namespace = context.credentials.user_namespace;
    if !context.task()?.no_new_privs
        && !capability::ns_capable_noaudit(context, namespace, Capability::SysAdmin)
    {
        return context.fail(
            Errno::EACCES,
            "installing a filter needs no_new_privs or CAP_SYS_ADMIN",
        );
    }
    let instructions: usize = context
        .task()?
        .filters
        .iter()
        .map(|filter| filter.program.program.len() + OVERHEAD)
        .sum();
    if instructions + program.program.len() + OVERHEAD > MAX_INSTRUCTIONS {
        return context.fail(Errno::ENOMEM, "the task's filters are too long together");
    }
    let pid = context.pid;
    context
        .world
        .install_filter(pid, Arc::clone(program), flags & LOG != 0)?;
    if flags & NEW_LISTENER != 0 {
        return super::descriptor::listener(context);
    }
    Ok(0)
}

/// What each filter counts besides its instructions, and how many all of a
/// task's may have (`MAX_INSNS_PER_PATH`).
const OVERHEAD: usize = 4;
const MAX_INSTRUCTIONS: usize = 32768;

/// `ptrace(request, pid, …)`: attaching and detaching.
pub(super) fn ptrace(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    const ATTACH: i32 = 16;
    const DETACH: i32 = 17;
    const SEIZE: i32 = 0x4206;
    let Some(target) = context.world.task_seen(context.pid, args.int(1)) else {
        return context.fail(Errno::ESRCH, "no such process");
    };
    match args.int(0) {
        ATTACH | SEIZE => {
            if target == context.pid {
                return context.fail(Errno::EPERM, "a process cannot trace itself");
            }
            let access = lsm::ipc::Access {
                attach: true,
                fs: false,
                audit: true,
            };
            lsm::ipc::ptrace_may_access(context, target, access)?;
            Ok(0)
        }
        DETACH => Ok(0),
        _ => Err(Errno::EIO),
    }
}
