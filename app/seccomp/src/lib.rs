//! Seccomp profiles: from OCI JSON to cBPF to verdicts.
//!
//! A [`Profile`] is what the runtime sees of a profile's text. A [`Filter`] is
//! what runc and libseccomp make of it: a cBPF program whose
//! instructions know the rules they came from. [`Filter::run`] executes it on
//! [`SeccompData`] and tells the [`Verdict`] and the rules that made it;
//! [`combine`] does the same for stacked filters.

#![forbid(unsafe_code)]

mod action;
mod arch;
pub mod audit;
pub mod bpf;
mod build;
pub mod complete;
pub mod defaults;
mod diagnostic;
mod disassemble;
mod effect;
mod error;
mod filter;
pub mod goals;
mod libseccomp;
mod lint;
mod profile;
mod read;
mod stub;
pub mod syscalls;

pub use action::{Action, DEFAULT_ERRNO, MAX_ERRNO};
pub use arch::{Arch, FOREIGN, ForeignArch, ForeignSupport, X32_SYSCALL_BIT};
pub use bpf::SeccompData;
pub use build::{BuildOptions, build, check_listener};
pub use diagnostic::{Diagnostic, Edit, Fix, Severity, line_and_column};
pub use disassemble::{Line, disassemble};
pub use effect::{ENOSYS, Effect, Listeners, SIGSYS, SYS_SECCOMP, effect, is_logged};
pub use error::{ErrorClass, ProfileError, Stage};
pub use filter::{
    Combined, Filter, Flags, IdleReason, IdleRule, Origin, Part, Reason, RuleUse, Verdict, combine,
};
pub use lint::lint;
pub use profile::{Condition, Entry, LeftOut, Operator, Profile, RuleRef, Span, Spanned};
pub use read::{Format, ReadContext, Reading, read};
