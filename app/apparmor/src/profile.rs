//! A compiled profile: what a kernel would hold after loading it.

use std::sync::Arc;

use crate::{
    decision::{Class, Decision, Effect, Errno, ExecDecision, Permissions, RuleId, RuleOrigin},
    effective::{Origin, ProfileName},
    permission::{FilePermissions, IoUringPermission, PtracePermission, SignalPermission},
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

    /// Asks for permissions on a path. `path` is the name the kernel builds (a directory ends in
    /// `/`); `owner` says that the task's fsuid owns the inode. As `aa_path_perm`.
    pub fn file(&self, path: &[u8], request: FilePermissions, owner: bool) -> Decision {
        let _ = (path, owner);
        self.refused(Class::File, request.0, Errno::Eacces)
    }

    /// What a path gets, whatever is asked: the state's permissions of `aa_str_perms`.
    pub fn file_permissions(&self, path: &[u8], owner: bool) -> Permissions {
        let _ = (path, owner);
        Permissions::default()
    }

    /// Executes a path; `loaded` are the profiles of the namespace, as `profile_transition`
    /// searches them.
    pub fn exec(&self, path: &[u8], owner: bool, loaded: &[Arc<Profile>]) -> ExecDecision {
        let _ = (path, owner, loaded);
        ExecDecision {
            decision: self.refused(Class::File, FilePermissions::EXEC.0, Errno::Eacces),
            transition: None,
            target: None,
            secure: false,
        }
    }

    /// Makes the hard link `link` to the existing name `target`, as `profile_path_link`.
    pub fn link(&self, link: &[u8], target: &[u8], owner: bool) -> Decision {
        let _ = (link, target, owner);
        self.refused(Class::File, FilePermissions::LINK.0, Errno::Eacces)
    }

    /// Uses a capability by its number, as `profile_capable`. The request is 1 in any case.
    pub fn capability(&self, number: u8) -> Decision {
        let _ = number;
        self.refused(Class::Capability, 1, Errno::Eperm)
    }

    /// Uses a socket: `AF_*`, `SOCK_*`, protocol and the `AA_MAY_*` bits of [`NetworkPermission`](crate::NetworkPermission).
    pub fn network(&self, family: u16, kind: u16, protocol: u16, request: u32) -> Decision {
        let _ = (family, kind, protocol);
        self.refused(Class::Network, request, Errno::Eacces)
    }

    /// Mounts, remounts, binds, moves or changes propagation, as `aa_new_mount` and its kin.
    pub fn mount(&self, request: &MountRequest<'_>) -> Decision {
        let _ = request;
        self.refused(Class::Mount, 2, Errno::Eacces)
    }

    /// Unmounts a mount point, as `profile_umount`.
    pub fn umount(&self, mountpoint: &[u8]) -> Decision {
        let _ = mountpoint;
        self.refused(Class::Mount, 4, Errno::Eacces)
    }

    /// Makes `new_root` the root and puts the old one at `put_old`, as `build_pivotroot`.
    pub fn pivot_root(&self, new_root: &[u8], put_old: &[u8]) -> Decision {
        let _ = (new_root, put_old);
        self.refused(Class::Mount, 1, Errno::Eacces)
    }

    /// One side of a signal: `signal` is AppArmor's word, such as `term`, `exists`, `rtmin+3`;
    /// `peer` the label of the other side. As `profile_signal_perm`.
    pub fn signal(&self, request: SignalPermission, signal: &str, peer: &[u8]) -> Decision {
        let _ = (signal, peer);
        self.refused(Class::Signal, request as u32, Errno::Eacces)
    }

    /// One side of a ptrace; `peer` is the label of the other side. As `profile_ptrace_perm`.
    pub fn ptrace(&self, request: PtracePermission, peer: &[u8]) -> Decision {
        let _ = peer;
        self.refused(Class::Ptrace, request as u32, Errno::Eacces)
    }

    /// Uses a unix socket by address and label. `request` is made of
    /// [`NetworkPermission`](crate::NetworkPermission) bits.
    pub fn unix(&self, socket: &UnixRequest<'_>, request: u32) -> Decision {
        let _ = socket;
        self.refused(Class::Unix, request, Errno::Eacces)
    }

    /// Makes a user namespace, as `aa_profile_ns_perm`.
    pub fn userns(&self) -> Decision {
        self.refused(Class::Namespace, 8, Errno::Eacces)
    }

    /// Uses `io_uring`; `peer` is the label whose credentials are taken.
    pub fn io_uring(&self, request: IoUringPermission, peer: &[u8]) -> Decision {
        let _ = peer;
        self.refused(Class::IoUring, request as u32, Errno::Eacces)
    }

    /// The limit of a resource such as `nofile`, and the rule that sets it; none where the profile
    /// sets none. Raising above it is refused (`aa_task_setrlimit`).
    pub fn rlimit(&self, resource: &str) -> Option<(u64, RuleId)> {
        let _ = resource;
        None
    }

    /// Asks to change the profile, as `aa_change_profile`; `target` is the label's name.
    pub fn change_profile(&self, target: &[u8], kind: ChangeProfileKind<'_>) -> Decision {
        let _ = (target, kind);
        self.refused(
            Class::File,
            FilePermissions::CHANGE_PROFILE.0,
            Errno::Eacces,
        )
    }

    /// The hat of this profile, or of the profile this hat belongs to, as `aa_change_hat` finds it
    /// among the loaded profiles.
    pub fn change_hat(&self, hat: &str, loaded: &[Arc<Profile>]) -> ChangeHat {
        let _ = (hat, loaded);
        ChangeHat::NoHats
    }

    fn refused(&self, class: Class, request: u32, error: Errno) -> Decision {
        Decision {
            class,
            mediated: true,
            request,
            permissions: Permissions::default(),
            error: Some(error),
            info: None,
            rules: Vec::new(),
        }
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

/// The best match of `path` among `candidates`, as `find_attach`: the longest run before the
/// automaton first loops wins, matched extended attributes break a tie. `xattrs` gives the values
/// of the executable's extended attributes by name.
pub fn best_attachment(
    candidates: &[Arc<Profile>],
    path: &[u8],
    xattrs: &[(&str, &[u8])],
) -> Attachment {
    let _ = (candidates, path, xattrs);
    Attachment::None
}
