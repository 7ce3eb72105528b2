//! What a profile answers, before its mode is applied.

use std::sync::Arc;

use crate::{effective::VariableUse, permission::FilePermissions, profile::Profile, source::Span};

/// A rule of one profile, for [`Profile::rule`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub u32);

/// Where a deciding rule is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleOrigin {
    /// The file, as it was opened or included.
    pub file: String,
    /// The rule in that file.
    pub span: Span,
    /// Its line, from 1.
    pub line: u32,
    /// The rule as written, with its prefix and comma.
    pub text: String,
    /// Whether it gives or takes.
    pub effect: Effect,
    /// The includes through which it was reached, outermost first: file and line.
    pub includes: Vec<(String, u32)>,
    /// The variables it used.
    pub variables: Vec<std::sync::Arc<VariableUse>>,
}

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It grants.
    Allow,
    /// `deny`: it refuses.
    Deny,
    /// `prompt`: it asks, which kernels without prompting take as a refusal.
    Prompt,
}

/// The kind of check a request goes through; each has its own way of auditing in the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Paths: files, exec, link, `change_profile`.
    File,
    /// Capabilities.
    Capability,
    /// Sockets.
    Network,
    /// `mount`, `umount`, `pivot_root`.
    Mount,
    /// `ptrace` and its kin.
    Ptrace,
    /// Signals.
    Signal,
    /// Unix sockets by address.
    Unix,
    /// User namespaces.
    Namespace,
    /// `io_uring`.
    IoUring,
    /// Message queues.
    Mqueue,
    /// Resource limits.
    Rlimit,
}

/// The permissions of one profile for one object: `struct aa_perms`, reduced to what policy fills.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permissions {
    /// Granted.
    pub allow: u32,
    /// Logged when granted.
    pub audit: u32,
    /// Not logged when refused.
    pub quiet: u32,
}

/// The error a refusal gives before the mode is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Errno {
    /// Operation not permitted.
    Eperm,
    /// Permission denied.
    Eacces,
    /// No such file or directory.
    Enoent,
    /// No child processes.
    Echild,
}

impl Errno {
    /// Its name, such as `EACCES`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Eperm => "EPERM",
            Self::Eacces => "EACCES",
            Self::Enoent => "ENOENT",
            Self::Echild => "ECHILD",
        }
    }
}

/// What policy says to one request, and which rules said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The kind of check.
    pub class: Class,
    /// False where the profile's feature set does not mediate the class, or the profile is unconfined.
    pub mediated: bool,
    /// What was asked for, in bits of the class; a link adds what its subset test asks.
    pub request: u32,
    /// What the profile gives for the object.
    pub permissions: Permissions,
    /// The error; none where it is allowed.
    pub error: Option<Errno>,
    /// The kernel's `info=` words.
    pub info: Option<&'static str>,
    /// The rules that decided: those that grant what was asked or, where it is refused, those
    /// that deny it. Empty for a refusal because nothing grants it.
    pub rules: Vec<RuleId>,
}

impl Decision {
    /// Whether policy allows it; the mode may let a refusal through.
    pub const fn allowed(&self) -> bool {
        self.error.is_none()
    }

    /// What was asked for as file permissions.
    pub const fn file_request(&self) -> FilePermissions {
        FilePermissions(self.request)
    }

    /// The answer where nothing is mediated.
    pub(crate) const fn unmediated(class: Class, request: u32) -> Self {
        Self {
            class,
            mediated: false,
            request,
            permissions: Permissions {
                allow: u32::MAX,
                audit: 0,
                quiet: 0,
            },
            error: None,
            info: None,
            rules: Vec::new(),
        }
    }
}

/// What an exec gets.
#[derive(Clone, Debug)]
pub struct ExecDecision {
    /// Whether it may be executed, for [`FilePermissions::EXEC`].
    pub decision: Decision,
    /// The transition that the rules name; none where no rule grants `x`.
    pub transition: Option<ExecTransition>,
    /// The label it runs under; none where it is refused.
    pub target: Option<ExecLabel>,
    /// Whether the program starts in secure-execution mode (`AT_SECURE`).
    pub secure: bool,
}

/// The label after an exec.
#[derive(Clone, Debug)]
pub enum ExecLabel {
    /// Unchanged.
    Same,
    /// Another loaded profile.
    Profile(Arc<Profile>),
    /// No confinement.
    Unconfined,
    /// A label by name, such as a stack or one of another namespace.
    Named(String),
    /// `PARENT//null-/path`: what a profile in complain mode makes where no rule grants `x`.
    Learning(String),
}

/// What the exec letters of a rule ask for: `xindex` of the kernel.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExecTransition {
    /// Which profile is looked for.
    pub kind: ExecKind,
    /// What happens where none is found.
    pub fallback: ExecFallback,
    /// Upper-case letters or `safe`: the environment is scrubbed.
    pub scrub: bool,
}

/// Which profile an exec looks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExecKind {
    /// None: `ix` and `ux`, decided by the fallback.
    None,
    /// `px`: by attachment among the profiles of the namespace.
    Profile,
    /// `cx`: by attachment among the children.
    Child,
    /// `-> NAME`: this one; a child's name is absolute, `parent//child`.
    Named(String),
}

/// What an exec does where no profile is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExecFallback {
    /// It is refused.
    Refuse,
    /// It stays in the profile.
    Inherit,
    /// It goes unconfined.
    Unconfined,
}
