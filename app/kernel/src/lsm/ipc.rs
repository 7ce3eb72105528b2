//! One task reaching for another: ptrace and signals
//! (`security/apparmor/task.c`, `ipc.c`).

use std::{fmt::Write as _, sync::Arc};

use apparmor::{Class, Decision, Permissions, PtracePermission, SignalPermission};

use super::{
    Question, absent,
    label::Label,
    policy::{Loaded, Rules},
    settle,
};
use crate::{
    audit::untrusted,
    capability::Capability,
    context::Context,
    errno::Errno,
    event::{Evidence, GateKind, Verdict},
    gate::capability,
    id::Pid,
    task::Task,
};

/// Looking into another task's `/proc` files: `PTRACE_MODE_READ_FSCREDS`.
pub(crate) fn may_access(context: &mut Context, pid: Pid) -> Result<(), Errno> {
    may_access_as(context, pid, false)
}

/// The same, for reading or for changing memory; `EACCES` when refused.
pub(crate) fn may_access_as(context: &mut Context, pid: Pid, attach: bool) -> Result<(), Errno> {
    let access = Access {
        attach,
        fs: true,
        audit: true,
    };
    ptrace_may_access(context, pid, access).map_err(|_| Errno::EACCES)
}

/// The modes of `ptrace_may_access`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Access {
    /// `PTRACE_MODE_ATTACH` instead of READ.
    pub attach: bool,
    /// With the file-system ids instead of the real ones.
    pub fs: bool,
    /// Refusals are recorded.
    pub audit: bool,
}

/// `__ptrace_may_access` (`kernel/ptrace.c`): `EPERM` or `EACCES`.
pub(crate) fn ptrace_may_access(
    context: &mut Context,
    pid: Pid,
    access: Access,
) -> Result<(), Errno> {
    if pid == context.pid {
        return Ok(());
    }
    let target = context.world.task(pid).ok_or(Errno::ESRCH)?.clone();
    let own = &context.credentials;
    let (uid, gid) = if access.fs {
        (own.uid.fs, own.gid.fs)
    } else {
        (own.uid.real, own.gid.real)
    };
    let theirs = &target.credentials;
    let same = uid == theirs.uid.effective
        && uid == theirs.uid.saved
        && uid == theirs.uid.real
        && gid == theirs.gid.effective
        && gid == theirs.gid.saved
        && gid == theirs.gid.real;
    if !same && !may_trace(context, &target, access) {
        return refuse(context, "another user's task needs CAP_SYS_PTRACE");
    }
    if !target.dumpable && !may_trace(context, &target, access) {
        return refuse(context, "the task is not dumpable");
    }
    commoncap(context, &target, access)?;
    if access.attach {
        yama(context, &target)?;
    }
    apparmor(context, &target, access)
}

fn refuse(context: &mut Context, why: &'static str) -> Result<(), Errno> {
    context.gate(
        GateKind::Dac,
        Verdict::Denied(Errno::EPERM),
        Evidence::Plain(why),
    );
    Err(Errno::EPERM)
}

fn may_trace(context: &mut Context, target: &Task, access: Access) -> bool {
    let namespace = target.credentials.user_namespace;
    if access.audit {
        capability::ns_capable(context, namespace, Capability::SysPtrace)
    } else {
        capability::ns_capable_noaudit(context, namespace, Capability::SysPtrace)
    }
}

/// `cap_ptrace_access_check`: the target must not hold more.
fn commoncap(context: &mut Context, target: &Task, access: Access) -> Result<(), Errno> {
    let own = &context.credentials;
    let theirs = &target.credentials;
    let held = if access.fs {
        own.effective
    } else {
        own.permitted
    };
    let same = own.user_namespace == theirs.user_namespace;
    if same && theirs.permitted.is_subset(held) {
        return Ok(());
    }
    if may_trace(context, target, access) {
        return Ok(());
    }
    refuse(context, "the task holds capabilities that the caller lacks")
}

/// `yama_ptrace_access_check`
fn yama(context: &mut Context, target: &Task) -> Result<(), Errno> {
    let scope = context.world.settings.ptrace_scope;
    let allowed = match scope {
        0 => true,
        1 => {
            is_descendant(context, target)
                || capability::ns_capable(
                    context,
                    target.credentials.user_namespace,
                    Capability::SysPtrace,
                )
        }
        2 => capability::ns_capable(
            context,
            target.credentials.user_namespace,
            Capability::SysPtrace,
        ),
        _ => false,
    };
    if allowed {
        Ok(())
    } else {
        refuse(context, "kernel.yama.ptrace_scope")
    }
}

fn is_descendant(context: &Context, target: &Task) -> bool {
    let mut pid = target.parent;
    for _ in 0..context.world.tasks.len() {
        if pid == context.pid {
            return true;
        }
        match context.world.task(pid) {
            Some(task) if task.parent != pid => pid = task.parent,
            _ => return false,
        }
    }
    false
}

/// `apparmor_ptrace_access_check`: both profiles are asked.
fn apparmor(context: &mut Context, target: &Task, access: Access) -> Result<(), Errno> {
    let own = context.credentials.label.clone();
    let theirs = target.credentials.label.clone();
    if own == theirs && context.world.is_unconfined(&own) {
        absent(context);
        return Ok(());
    }
    let (mine, other) = if access.attach {
        (PtracePermission::Trace, PtracePermission::TracedBy)
    } else {
        (PtracePermission::Read, PtracePermission::ReadBy)
    };
    if context.world.is_unconfined(&own) {
        return Ok(());
    }
    let peer_name = context.world.policy.label_name(&theirs);
    let own_name = context.world.policy.label_name(&own);
    let mut result = Ok(());
    for profile in &context.world.confining(&own) {
        result = ask_ptrace(context, profile, mine, &theirs, &peer_name).and(result);
    }
    for profile in &context.world.confining(&theirs) {
        result = ask_ptrace(context, profile, other, &own, &own_name).and(result);
    }
    result
}

/// `profile_ptrace_perm`
fn ask_ptrace(
    context: &mut Context,
    profile: &Arc<Loaded>,
    request: PtracePermission,
    _peer: &Label,
    peer: &str,
) -> Result<(), Errno> {
    let decision = match &profile.rules {
        Rules::Compiled(rules) => rules.ptrace(request, peer.as_bytes()),
        Rules::Learning | Rules::Unconfined => nothing(Class::Ptrace, request as u32),
    };
    let question = Question {
        operation: "ptrace",
        class: Some("ptrace"),
        name: None,
        info: None,
    };
    settle(
        context,
        profile,
        &question,
        &decision,
        |requested, denied| {
            let mut tail = masks(requested, denied, ptrace_words);
            tail.push_str(" peer=");
            untrusted(&mut tail, peer.as_bytes());
            tail
        },
    )
}

/// The answer of a profile without rules.
pub(crate) fn nothing(class: Class, request: u32) -> Decision {
    Decision {
        class,
        mediated: true,
        request,
        permissions: Permissions::default(),
        error: Some(apparmor::Errno::Eacces),
        info: None,
        rules: Vec::new(),
    }
}

fn masks(requested: u32, denied: u32, words: fn(u32) -> &'static str) -> String {
    let mut tail = String::new();
    // Writing to a String cannot fail.
    if requested != 0 {
        let _ = write!(tail, " requested_mask=\"{}\"", words(requested));
        if denied != 0 {
            let _ = write!(tail, " denied_mask=\"{}\"", words(denied));
        }
    }
    tail
}

/// `audit_ptrace_mask`
fn ptrace_words(mask: u32) -> &'static str {
    match mask {
        mask if mask == PtracePermission::Read as u32 => "read",
        mask if mask == PtracePermission::Trace as u32 => "trace",
        mask if mask == PtracePermission::ReadBy as u32 => "readby",
        mask if mask == PtracePermission::TracedBy as u32 => "tracedby",
        _ => "",
    }
}

/// Sending a signal (`apparmor_task_kill`, `aa_may_signal`): the sender's
/// profile and the receiver's are asked.
pub(crate) fn signal(context: &mut Context, target: &Task, number: u32) -> Result<(), Errno> {
    let own = context.credentials.label.clone();
    let theirs = target.credentials.label.clone();
    if context.world.is_unconfined(&own) && context.world.is_unconfined(&theirs) {
        absent(context);
        return Ok(());
    }
    let peer_name = context.world.policy.label_name(&theirs);
    let own_name = context.world.policy.label_name(&own);
    let mut result = Ok(());
    for profile in &context.world.confining(&own) {
        result =
            ask_signal(context, profile, SignalPermission::Send, number, &peer_name).and(result);
    }
    for profile in &context.world.confining(&theirs) {
        result = ask_signal(
            context,
            profile,
            SignalPermission::Receive,
            number,
            &own_name,
        )
        .and(result);
    }
    result
}

/// `profile_signal_perm`
fn ask_signal(
    context: &mut Context,
    profile: &Arc<Loaded>,
    request: SignalPermission,
    number: u32,
    peer: &str,
) -> Result<(), Errno> {
    let name = signal_name(number);
    let decision = match &profile.rules {
        Rules::Compiled(rules) => rules.signal(
            request,
            name.as_deref().unwrap_or("unknown"),
            peer.as_bytes(),
        ),
        Rules::Learning | Rules::Unconfined => nothing(Class::Signal, request as u32),
    };
    let question = Question {
        operation: "signal",
        class: Some("signal"),
        name: None,
        info: None,
    };
    settle(
        context,
        profile,
        &question,
        &decision,
        |requested, denied| {
            let mut tail = masks(requested, denied, signal_words);
            // Writing to a String cannot fail.
            let _ = match &name {
                Some(name) => write!(tail, " signal={name}"),
                None => write!(tail, "signal=unknown({number})"),
            };
            tail.push_str(" peer=");
            untrusted(&mut tail, peer.as_bytes());
            tail
        },
    )
}

fn signal_words(mask: u32) -> &'static str {
    if mask == SignalPermission::Send as u32 {
        "send"
    } else {
        "receive"
    }
}

/// AppArmor's names of the signals (`include/sig_names.h`), by number.
const SIGNALS: [&str; 32] = [
    "exists", "hup", "int", "quit", "ill", "trap", "abrt", "bus", "fpe", "kill", "usr1", "segv",
    "usr2", "pipe", "alrm", "term", "stkflt", "chld", "cont", "stop", "stp", "ttin", "ttou", "urg",
    "xcpu", "xfsz", "vtalrm", "prof", "winch", "io", "pwr", "sys",
];
/// `SIGRTMIN` of the kernel.
const RTMIN: u32 = 32;
/// The highest signal.
const RTMAX: u32 = 64;

fn signal_name(number: u32) -> Option<String> {
    if (RTMIN..=RTMAX).contains(&number) {
        return Some(format!("rtmin+{}", number - RTMIN));
    }
    let index = usize::try_from(number).ok()?;
    SIGNALS.get(index).map(|name| (*name).to_owned())
}
