//! AppArmor: the hooks that the kernel calls, the policy, the labels
//! (`security/apparmor`).

pub(crate) mod capability;
pub(crate) mod domain;
pub(crate) mod file;
pub(crate) mod hat;
pub(crate) mod io_uring;
pub(crate) mod ipc;
pub mod label;
pub(crate) mod mount;
pub(crate) mod name;
pub(crate) mod network;
pub mod policy;
pub(crate) mod procattr;
pub(crate) mod record;
pub(crate) mod rlimit;
pub(crate) mod userns;

use std::sync::Arc;

use apparmor::{AuditMode, Decision, Enforcement, LogType, Mode};

use crate::{
    abi, audit,
    context::Context,
    errno::Errno,
    event::{AppArmorEvidence, AuditReason, Evidence, GateKind, Verdict},
    lsm::{label::Label, policy::Loaded, record::Record},
    settings::{GlobalAudit, GlobalMode, Presence},
    world::World,
};

impl World {
    /// Whether AppArmor runs at all.
    pub(crate) fn apparmor_runs(&self) -> bool {
        self.settings.apparmor == Presence::On
    }

    /// The profiles of a label that mediate: all but the unconfined ones.
    pub(crate) fn confining(&self, label: &Label) -> Vec<Arc<Loaded>> {
        if !self.apparmor_runs() {
            return Vec::new();
        }
        label
            .profiles()
            .iter()
            .filter_map(|id| self.policy.get(*id))
            .filter(|profile| !profile.is_unconfined())
            .map(Arc::clone)
            .collect()
    }

    /// True when no profile of the label mediates (`unconfined(label)`).
    pub(crate) fn is_unconfined(&self, label: &Label) -> bool {
        !self.apparmor_runs()
            || label.profiles().iter().all(|id| {
                self.policy
                    .get(*id)
                    .is_none_or(|profile| profile.is_unconfined())
            })
    }

    /// A profile's mode and audit mode under the module's parameters.
    pub(crate) fn enforcement(&self, profile: &Loaded) -> Enforcement {
        let own = profile.enforcement();
        let mode = match (self.settings.mode, own.mode) {
            (_, Mode::Unconfined) => Mode::Unconfined,
            (GlobalMode::Kill, _) | (_, Mode::Kill) => Mode::Kill,
            (GlobalMode::Complain, _) => Mode::Complain,
            (GlobalMode::Enforce, own) => own,
        };
        let audit = match self.settings.audit {
            GlobalAudit::Normal => own.audit,
            GlobalAudit::QuietDenied => AuditMode::QuietDenied,
            GlobalAudit::Quiet => AuditMode::Quiet,
            GlobalAudit::NoQuiet => AuditMode::NoQuiet,
            GlobalAudit::All => AuditMode::All,
        };
        Enforcement { mode, audit }
    }
}

/// The kernel's errno for one that policy answers with.
pub(crate) fn errno(errno: apparmor::Errno) -> Errno {
    match errno {
        apparmor::Errno::Eperm => Errno::EPERM,
        apparmor::Errno::Eacces => Errno::EACCES,
        apparmor::Errno::Enoent => Errno::ENOENT,
        apparmor::Errno::Echild => Errno::ECHILD,
    }
}

/// The words of a question to one profile, for its gate and its record.
pub(crate) struct Question<'a> {
    /// `operation=`.
    pub operation: &'static str,
    /// `class=`; none for operations without one.
    pub class: Option<&'static str>,
    /// The object's name.
    pub name: Option<&'a Arc<[u8]>>,
    /// `info=` and `error=`, when there is a special reason.
    pub info: Option<(&'static str, Option<Errno>)>,
}

/// Carries out one profile's decision: the gate, the record, the errno, and
/// death in kill mode. `tail` gives what follows `comm=` in the record, from
/// the requested and denied bits.
pub(crate) fn settle(
    context: &mut Context,
    profile: &Arc<Loaded>,
    question: &Question,
    decision: &Decision,
    tail: impl FnOnce(u32, u32) -> String,
) -> Result<(), Errno> {
    let enforcement = context.world.enforcement(profile);
    let verdict = decision.verdict(enforcement);
    let refusal = decision.error.map(errno);
    let audit = match (refusal.is_some(), verdict.log.is_some(), verdict.quiet) {
        (false, false, _) => AuditReason::NotNeeded,
        (false, true, _) => AuditReason::Audited,
        (true, true, _) => AuditReason::Recorded,
        (true, false, true) => AuditReason::Quiet,
        (true, false, false) => AuditReason::Silenced,
    };
    let result = verdict.errno.map(errno);
    let gate = match (result, refusal) {
        (Some(errno), _) => Verdict::Denied(errno),
        (None, Some(_)) => Verdict::Excused,
        (None, None) => Verdict::Allowed,
    };
    let info = question.info.map(|(info, _)| info).or(decision.info);
    let denied = decision.request & !decision.permissions.allow;
    context.gate(
        GateKind::AppArmor,
        gate,
        Evidence::AppArmor(Box::new(AppArmorEvidence {
            profile: Arc::clone(profile),
            operation: question.operation,
            class: decision.class,
            name: question.name.map(Arc::clone),
            requested: decision.request,
            denied: if refusal.is_some() { denied } else { 0 },
            info,
            rules: decision.rules.clone(),
            complain: enforcement.mode == Mode::Complain,
            audit,
        })),
    );
    if let Some(log) = verdict.log {
        let error = question
            .info
            .map_or(refusal, |(_, error)| error.or(refusal));
        let record = Record {
            kind: log.name(),
            operation: question.operation,
            class: question.class,
            info: info.map(|info| (info, error)),
            subject: record::Subject::Profile(profile),
            name: question.name.map(std::convert::AsRef::as_ref),
            tail: tail(verdict.requested, verdict.denied),
        };
        let text = record.text(context);
        // Repeats of one capability are told once (`audit_caps`).
        let told = question.operation == "capable"
            && context.records.iter().any(|record| record.text == text);
        if !told {
            context.record(audit::AVC, text);
        }
        if log == LogType::Killed && !context.waived.has(GateKind::AppArmor) {
            context.kill(abi::SIGKILL)?;
        }
    }
    match result {
        Some(errno) => context.refuse(GateKind::AppArmor, errno),
        None => Ok(()),
    }
}

/// Notes that AppArmor had nothing to say, once per call.
pub(crate) fn absent(context: &mut Context) {
    if context
        .gates
        .iter()
        .any(|gate| gate.kind == GateKind::AppArmor)
    {
        return;
    }
    let why = match context.world.settings.apparmor {
        Presence::On => "the task is unconfined",
        Presence::Off => "AppArmor is switched off",
        Presence::Absent => "this kernel has no AppArmor",
    };
    context.gate(GateKind::AppArmor, Verdict::Absent, Evidence::Plain(why));
}
