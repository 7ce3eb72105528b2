//! What a decision comes to: the errno the caller sees and the audit record, after the mode.
//!
//! One function per auditing function of the kernel (6.12): `aa_audit_file`, `aa_check_perms`
//! with `aa_apply_modes_to_perms`, `audit_mount`, `audit_caps`, each ending in `aa_audit`.

use crate::{
    decision::{Class, Decision, Errno},
    permission::FilePermissions,
};

/// A profile's mode in the kernel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Refuse and log.
    #[default]
    Enforce,
    /// Let through and log.
    Complain,
    /// Refuse, log and kill.
    Kill,
    /// Mediate nothing.
    Unconfined,
    /// Ask; kernels without prompting enforce.
    Prompt,
}

impl Mode {
    /// The word in `/sys/kernel/security/apparmor/profiles`: `user` stands for prompt.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Complain => "complain",
            Self::Kill => "kill",
            Self::Unconfined => "unconfined",
            Self::Prompt => "user",
        }
    }
}

/// How much is logged: `/sys/module/apparmor/parameters/audit`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AuditMode {
    /// What the rules say.
    #[default]
    Normal,
    /// Refusals are not logged.
    QuietDenied,
    /// Nothing is logged.
    Quiet,
    /// A quiet refusal is logged as well.
    NoQuiet,
    /// Everything is logged.
    All,
}

/// How a decision is carried out: the profile's own mode and flags under the module's parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Enforcement {
    /// The mode in force (`COMPLAIN_MODE`, `KILL_MODE`).
    pub mode: Mode,
    /// The audit mode in force (`AUDIT_MODE`).
    pub audit: AuditMode,
}

/// The type of an audit record: `apparmor="…"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LogType {
    /// `AUDIT`
    Audit,
    /// `ALLOWED`
    Allowed,
    /// `DENIED`
    Denied,
    /// `KILLED`
    Killed,
}

impl LogType {
    /// The word in the record.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Audit => "AUDIT",
            Self::Allowed => "ALLOWED",
            Self::Denied => "DENIED",
            Self::Killed => "KILLED",
        }
    }
}

/// What the caller and the audit log see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What the syscall fails with; none where it goes on.
    pub errno: Option<Errno>,
    /// The record written; none where it is silent. [`LogType::Killed`] kills the task.
    pub log: Option<LogType>,
    /// It was refused without a record because every refused permission is quieted.
    pub quiet: bool,
    /// `requested_mask=` of the record, in bits of the class.
    pub requested: u32,
    /// `denied_mask=` of the record, in bits of the class.
    pub denied: u32,
}

impl Verdict {
    /// `requested_mask="…"` of a file record.
    pub fn requested_letters(&self) -> String {
        FilePermissions(self.requested).log_letters()
    }

    /// `denied_mask="…"` of a file record.
    pub fn denied_letters(&self) -> String {
        FilePermissions(self.denied).log_letters()
    }
}

impl Decision {
    /// What the caller and the audit log see.
    pub fn verdict(&self, enforcement: Enforcement) -> Verdict {
        if !self.mediated {
            return Verdict {
                errno: self.error,
                log: None,
                quiet: false,
                requested: 0,
                denied: 0,
            };
        }
        match self.class {
            Class::File | Class::Mount => self.audit_path(enforcement),
            Class::Capability | Class::Rlimit => self.audit_capability(enforcement),
            Class::Network
            | Class::Ptrace
            | Class::Signal
            | Class::Unix
            | Class::Namespace
            | Class::IoUring
            | Class::Mqueue => self.check_permissions(enforcement),
        }
    }

    /// `aa_audit_file` and `audit_mount`: only what is refused and not quieted is reported.
    fn audit_path(&self, enforcement: Enforcement) -> Verdict {
        /// What an audit-everything mode reports of an allowed request.
        const ALL: u32 = 0xffff;
        let Some(error) = self.error else {
            let audited = match enforcement.audit {
                AuditMode::All => ALL,
                _ => self.permissions.audit,
            };
            let requested = self.request & audited;
            let log = (requested != 0).then_some(LogType::Audit);
            return audit(None, log, requested, 0, enforcement);
        };
        let mut denied = self.request & !self.permissions.allow;
        if !shows_quiet(enforcement) {
            denied &= !self.permissions.quiet;
        }
        if denied == 0 {
            return silent(error);
        }
        audit(Some(error), None, denied, denied, enforcement)
    }

    /// `audit_caps`.
    fn audit_capability(&self, enforcement: Enforcement) -> Verdict {
        let Some(error) = self.error else {
            let audited =
                enforcement.audit == AuditMode::All || self.request & self.permissions.audit != 0;
            let log = audited.then_some(LogType::Audit);
            return audit(None, log, self.request, 0, enforcement);
        };
        let quieted = self.request & self.permissions.quiet != 0 && !shows_quiet(enforcement);
        if enforcement.mode != Mode::Kill && quieted {
            return silent(error);
        }
        audit(Some(error), None, self.request, self.request, enforcement)
    }

    /// `aa_check_perms` after `aa_apply_modes_to_perms`: the whole request is reported.
    fn check_permissions(&self, enforcement: Enforcement) -> Verdict {
        let Some(error) = self.error else {
            let audited = match enforcement.audit {
                AuditMode::All => u32::MAX,
                AuditMode::Quiet => 0,
                _ => self.permissions.audit,
            };
            let requested = self.request & audited;
            let log = (requested != 0).then_some(LogType::Audit);
            return Verdict {
                errno: None,
                log,
                quiet: false,
                requested,
                denied: 0,
            };
        };
        let quieted = match enforcement.audit {
            AuditMode::All | AuditMode::NoQuiet => 0,
            AuditMode::Quiet | AuditMode::QuietDenied => u32::MAX,
            AuditMode::Normal => self.permissions.quiet,
        };
        let denied = self.request & !self.permissions.allow & !quieted;
        if denied == 0 {
            return silent(error);
        }
        let log = match enforcement.mode {
            Mode::Kill => LogType::Killed,
            Mode::Complain => LogType::Allowed,
            Mode::Enforce | Mode::Prompt | Mode::Unconfined => LogType::Denied,
        };
        Verdict {
            errno: (log != LogType::Allowed).then_some(error),
            log: Some(log),
            quiet: false,
            requested: self.request,
            denied,
        }
    }
}

fn shows_quiet(enforcement: Enforcement) -> bool {
    matches!(enforcement.audit, AuditMode::NoQuiet | AuditMode::All)
}

fn silent(error: Errno) -> Verdict {
    Verdict {
        errno: Some(error),
        log: None,
        quiet: true,
        requested: 0,
        denied: 0,
    }
}

/// `aa_audit`: the type follows from error and mode, and complain forgives only what is logged.
fn audit(
    error: Option<Errno>,
    log: Option<LogType>,
    requested: u32,
    denied: u32,
    enforcement: Enforcement,
) -> Verdict {
    let log = match (error, log, enforcement.mode) {
        (None, log, _) => log,
        (Some(_), _, Mode::Complain) => Some(LogType::Allowed),
        (Some(_), _, Mode::Kill) => Some(LogType::Killed),
        (Some(_), ..) => Some(LogType::Denied),
    };
    let dropped = match enforcement.audit {
        AuditMode::Quiet => true,
        AuditMode::QuietDenied => matches!(log, Some(LogType::Denied | LogType::Killed)),
        _ => false,
    };
    if dropped || log.is_none() {
        return Verdict {
            errno: error,
            log: None,
            quiet: false,
            requested: 0,
            denied: 0,
        };
    }
    Verdict {
        errno: error.filter(|_| log != Some(LogType::Allowed)),
        log,
        quiet: false,
        requested,
        denied,
    }
}
