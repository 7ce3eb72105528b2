//! Why a profile does not become a filter.

use std::ops::Range;

/// A profile that fails, with the words of the tool that finds it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ProfileError {
    /// What kind of failure.
    pub class: ErrorClass,
    /// The tool's own words: Go's decoder, the runtime or runc. Empty where
    /// the tool crashes or hangs instead of answering.
    pub message: String,
    /// The same in a plain sentence.
    pub sentence: String,
    /// The bytes of the profile that it is about.
    pub span: Range<usize>,
}

/// Kinds of failure; [`ErrorClass::name`] gives the name used in recordings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// Not JSON.
    JsonSyntax,
    /// JSON of another shape than a profile.
    JsonType,
    /// A template's `minKernel` is not a version.
    MinKernel,
    /// An errno name that the template loader does not know.
    ErrnoName,
    /// Both `architectures` and `archMap`.
    ArchAndArchMap,
    /// Both `name` and `names`.
    NameAndNames,
    /// A null in `syscalls`.
    NullSyscall,
    /// A filter flag unknown to runc.
    FlagUnknown,
    /// A filter flag that needs a newer libseccomp.
    FlagUnsupported,
    /// An architecture unknown to runc.
    ArchUnknown,
    /// An architecture that libseccomp cannot add to this filter.
    ArchUnsupported,
    /// An action unknown to runc.
    ActionUnknown,
    /// A comparison operator unknown to runc.
    OperatorUnknown,
    /// NOTIFY for `write`, which runc itself needs.
    NotifyWrite,
    /// NOTIFY as the default.
    NotifyDefault,
    /// NOTIFY without a `listenerPath`.
    ListenerPath,
    /// A default action that libseccomp refuses.
    DefaultActionInvalid,
    /// An empty syscall name.
    NameEmpty,
    /// An argument index above 5.
    ArgIndex,
    /// Two rules with the same conditions and different actions.
    RuleConflict,
    /// A rule that libseccomp calls invalid.
    RuleInvalid,
    /// A program that the kernel refuses.
    KernelEinval,
    /// A rule order on which libseccomp 2.5.4 never returns.
    LibseccompHangs,
    /// More work than the lab does for one profile.
    TooLarge,
}

impl ErrorClass {
    /// The name in recordings and links.
    pub const fn name(self) -> &'static str {
        match self {
            Self::JsonSyntax => "json-syntax",
            Self::JsonType => "json-type",
            Self::MinKernel => "minkernel",
            Self::ErrnoName => "errno-name",
            Self::ArchAndArchMap => "arch-and-archmap",
            Self::NameAndNames => "name-and-names",
            Self::NullSyscall => "null-syscall",
            Self::FlagUnknown => "flag-unknown",
            Self::FlagUnsupported => "flag-unsupported",
            Self::ArchUnknown => "arch-unknown",
            Self::ArchUnsupported => "arch-unsupported",
            Self::ActionUnknown => "action-unknown",
            Self::OperatorUnknown => "operator-unknown",
            Self::NotifyWrite => "notify-write",
            Self::NotifyDefault => "notify-default",
            Self::ListenerPath => "listener-path",
            Self::DefaultActionInvalid => "default-action-invalid",
            Self::NameEmpty => "name-empty",
            Self::ArgIndex => "arg-index",
            Self::RuleConflict => "rule-conflict",
            Self::RuleInvalid => "rule-invalid",
            Self::KernelEinval => "kernel-einval",
            Self::LibseccompHangs => "libseccomp-hangs",
            Self::TooLarge => "too-large",
        }
    }

    /// Who finds it.
    pub const fn stage(self) -> Stage {
        match self {
            Self::JsonSyntax
            | Self::JsonType
            | Self::MinKernel
            | Self::ErrnoName
            | Self::ArchAndArchMap
            | Self::NameAndNames
            | Self::NullSyscall => Stage::Read,
            Self::FlagUnknown
            | Self::ArchUnknown
            | Self::ActionUnknown
            | Self::OperatorUnknown
            | Self::ListenerPath => Stage::Create,
            Self::FlagUnsupported
            | Self::ArchUnsupported
            | Self::NotifyWrite
            | Self::NotifyDefault
            | Self::DefaultActionInvalid
            | Self::NameEmpty
            | Self::ArgIndex
            | Self::RuleConflict
            | Self::RuleInvalid
            | Self::KernelEinval
            | Self::LibseccompHangs
            | Self::TooLarge => Stage::Init,
        }
    }
}

/// Which component of a container's start finds a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The container runtime (containerd, CRI-O, Docker), reading the file.
    Read,
    /// `runc create`, before there is a process. The runtime shows
    /// `runc create failed: MESSAGE`.
    Create,
    /// runc's init in the container, which shows
    /// `unable to start container process: … unable to init seccomp: MESSAGE`.
    Init,
}
