//! A compiled profile: what a kernel would hold after loading it.

use sorted::SortedMap;
use std::{
    hash::{Hash, Hasher},
    sync::Arc,
};

use crate::{
    automaton::Automaton,
    compile::{AttachmentAutomaton, Capabilities, Mediation},
    decision::{Effect, ExecTransition, RuleId, RuleOrigin},
    effective::{Origin, ProfileName},
    source::Files,
    tree::Flags,
    verdict::{AuditMode, Enforcement, Mode},
};

/// A compiled profile. Shared by `Arc`; nothing in it changes an answer once it is built.
#[derive(Debug)]
pub struct Profile {
    pub(crate) name: ProfileName,
    pub(crate) mode: Mode,
    pub(crate) flags: Flags,
    pub(crate) hat: bool,
    pub(crate) files: Arc<Files>,
    pub(crate) rules: Vec<CompiledRule>,
    /// None where no rule speaks of files: then not even attributes may be read.
    pub(crate) file: Option<Automaton>,
    pub(crate) transitions: Vec<ExecTransition>,
    /// Every class but files, each behind its class byte.
    pub(crate) policy: Automaton,
    pub(crate) mediation: Mediation,
    pub(crate) capabilities: Capabilities,
    pub(crate) rlimits: SortedMap<String, (u64, RuleId)>,
    pub(crate) attachment: AttachmentAutomaton,
}

impl Hash for Profile {
    /// What it was compiled of: its name, the texts, and what is mediated. Hashing it is reading
    /// the texts once.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
        self.mediation.hash(state);
        for file in self.files.iter() {
            (&file.name, &*file.text).hash(state);
        }
    }
}

/// A rule of a compiled profile, as far as it is needed to tell of it.
#[derive(Debug)]
pub(crate) struct CompiledRule {
    pub(crate) origin: Origin,
    pub(crate) effect: Effect,
}

/// A mount as the kernel's hook sees it; directories end in `/`.
#[derive(Clone, Copy, Debug, Default)]
pub struct MountRequest<'a> {
    /// The mount point.
    pub mountpoint: &'a [u8],
    /// The device, directory or word given as source.
    pub source: Option<&'a [u8]>,
    /// The file system type.
    pub fstype: Option<&'a [u8]>,
    /// `MS_*` flags.
    pub flags: u32,
    /// File system options.
    pub data: Option<&'a [u8]>,
}

/// A socket for a unix decision.
#[derive(Clone, Copy, Debug, Default)]
pub struct UnixRequest<'a> {
    /// `SOCK_*`.
    pub socket_type: u16,
    /// The protocol, mostly 0.
    pub protocol: u16,
    /// The socket's own address: path, or an abstract name with its leading NUL; none if unnamed.
    pub address: Option<&'a [u8]>,
    /// The label the socket was made under.
    pub label: &'a [u8],
    /// The other side: its address and label.
    pub peer: Option<(Option<&'a [u8]>, &'a [u8])>,
}

/// What `change_profile` is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeProfileKind<'a> {
    /// `aa_change_profile`: now.
    Now,
    /// `aa_change_onexec` when it is asked for: any executable.
    OnExec,
    /// `aa_change_onexec` when the executable is known: its path, and whether fsuid owns it.
    Exec(&'a [u8], bool),
    /// `aa_stack_profile`.
    Stack,
}

/// What `change_hat` finds.
#[derive(Clone, Debug)]
pub enum ChangeHat {
    /// The hat.
    Hat(Arc<Profile>),
    /// ENOENT, info="hat not found": there are other children.
    NotFound,
    /// ECHILD, info="no hats defined".
    NoHats,
    /// EPERM, info="target not hat": a child that is no hat.
    NotHat,
    /// EPERM, info="unconfined can not change_hat".
    Unconfined,
    /// In complain mode: the learning profile `PARENT//null-HAT`.
    Learning(String),
}

impl Profile {
    /// The full name within the namespace: `parent//child`.
    pub fn name(&self) -> &str {
        &self.name.full
    }

    /// The name with its parts.
    pub fn profile_name(&self) -> &ProfileName {
        &self.name
    }

    /// The name as `/proc/PID/attr/current` shows it, `:ns:` in front where it has a namespace.
    pub fn label(&self) -> String {
        match &self.name.namespace {
            Some(namespace) => format!(":{namespace}:{}", self.name.full),
            None => self.name.full.clone(),
        }
    }

    /// The mode it is loaded in.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Its flags.
    pub fn flags(&self) -> &Flags {
        &self.flags
    }

    /// Whether a rule of it speaks of files; without one, newer kernels refuse even attributes.
    pub fn has_file_rules(&self) -> bool {
        self.file.is_some()
    }

    /// Whether it is a hat, so that `change_hat` may enter it.
    pub fn is_hat(&self) -> bool {
        self.hat
    }

    /// Its own mode and audit flag, with the module's parameters at their defaults.
    pub fn enforcement(&self) -> Enforcement {
        Enforcement {
            mode: self.mode,
            audit: if self.flags.audit {
                AuditMode::All
            } else {
                AuditMode::Normal
            },
        }
    }

    /// Where a rule that a decision names is written.
    pub fn rule(&self, id: RuleId) -> Option<RuleOrigin> {
        let rule = self.rules.get(id.0 as usize)?;
        let span = rule.origin.span;
        let include = |span: crate::source::Span| {
            let file = self.files.get(span.file).map(|file| file.name.clone());
            (file.unwrap_or_default(), self.files.line(span))
        };
        Some(RuleOrigin {
            file: self.files.get(span.file)?.name.clone(),
            span,
            line: self.files.line(span),
            text: self.files.text(span).to_owned(),
            effect: rule.effect,
            includes: self
                .files
                .include_chain(span.file)
                .into_iter()
                .map(include)
                .collect(),
            variables: rule.origin.variables.clone(),
        })
    }
}

/// The profile that attaches to an executable.
#[derive(Clone, Debug)]
pub enum Attachment {
    /// None: it keeps running as before.
    None,
    /// This one.
    Profile(Arc<Profile>),
    /// Several match equally well, which the kernel takes as none:
    /// info="conflicting profile attachments".
    Conflict(Vec<Arc<Profile>>),
}
