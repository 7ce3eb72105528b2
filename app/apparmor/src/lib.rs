//! The AppArmor policy language: parse, explain, compile, decide.
//!
//! - [`parse`] reads one text: tokens, tree, diagnostics. It never fails.
//! - [`expand`] follows includes, variables, conditionals and aliases to the
//!   effective rules of every profile, and makes every check that the real
//!   parser makes before it builds automata.
//! - [`compile()`] makes [`Profile`]s of them, whose methods decide; each [`Decision`] names the
//!   rules that made it, and [`Decision::verdict`] tells errno and audit record.

#![forbid(unsafe_code)]

mod automaton;
pub mod compile;
pub mod complete;
mod decide;
pub mod decision;
pub mod diagnostic;
pub mod effective;
pub mod features;
pub mod format;
pub mod hover;
pub mod level;
pub mod lint;
pub mod options;
pub mod permission;
mod precedence;
pub mod profile;
pub mod record;
pub mod source;
pub mod standard;
pub mod suggest;
pub mod token;
pub mod tree;
pub mod verdict;
pub mod vocabulary;

mod expand;
mod glob;
mod lexer;
mod parser;
mod variables;

pub use compile::{Compiled, compile};
pub use decide::{ChangeOnExecDecision, best_attachment};
pub use decision::{
    Class, Decision, Effect, Errno, ExecDecision, ExecFallback, ExecKind, ExecLabel,
    ExecTransition, Permissions, RuleId, RuleOrigin,
};
pub use effective::{EffectiveProfile, EffectiveRule, Expanded};
pub use expand::expand;
pub use features::Features;
pub use level::Level;
pub use options::Options;
pub use parser::{Parsed, is_refused, parse};
pub use permission::{
    FilePermissions, IoUringPermission, NetworkPermission, PtracePermission, SignalPermission,
};
pub use profile::{Attachment, ChangeHat, ChangeProfileKind, MountRequest, Profile, UnixRequest};
pub use source::{Files, SourceSet, Span};
pub use verdict::{AuditMode, Enforcement, LogType, Mode, Verdict};
