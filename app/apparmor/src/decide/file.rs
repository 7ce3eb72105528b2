//! Permissions on a path.

use crate::{
    decision::{Class, Decision, Errno, Permissions},
    permission::FilePermissions,
    precedence::{Answer, bits},
    profile::Profile,
};

/// What each policy permission becomes in the kernel (`map_old_perms` of `policy_compat.c`, 6.12).
const KERNEL_BITS: [(u32, FilePermissions); 7] = [
    (bits::EXEC, FilePermissions::EXEC),
    (
        bits::WRITE,
        FilePermissions(
            FilePermissions::WRITE.0
                | FilePermissions::SETATTR.0
                | FilePermissions::CREATE.0
                | FilePermissions::DELETE.0
                | FilePermissions::CHMOD.0
                | FilePermissions::CHOWN.0
                | FilePermissions::OPEN.0,
        ),
    ),
    (
        bits::READ,
        FilePermissions(
            FilePermissions::READ.0 | FilePermissions::GETATTR.0 | FilePermissions::OPEN.0,
        ),
    ),
    (bits::APPEND, FilePermissions::APPEND),
    (bits::LINK, FilePermissions::LINK),
    (bits::LOCK, FilePermissions::LOCK),
    (bits::MMAP, FilePermissions::EXEC_MMAP),
];

/// One half of an answer about a path.
pub(super) struct PathPermissions<'a> {
    answer: &'a Answer,
    owner: bool,
    pub(super) permissions: Permissions,
    /// The number of the exec transition.
    pub(super) transition: Option<u32>,
}

impl<'a> PathPermissions<'a> {
    /// The half for the owner of the inode, or for others; as `aa_lookup_fperms` finds it.
    pub(super) fn of(answer: &'a Answer, owner: bool) -> Self {
        let half = usize::from(!owner);
        let mut allow = to_kernel(answer.allow, owner) | FilePermissions::GETATTR;
        if answer.allow & bits::CHANGE_PROFILE != 0 {
            allow |= FilePermissions::CHANGE_PROFILE;
        }
        if answer.allow & bits::CHANGE_ONEXEC != 0 {
            allow |= FilePermissions::CHANGE_ONEXEC;
        }
        Self {
            answer,
            owner,
            permissions: Permissions {
                allow: allow.0,
                audit: to_kernel(answer.audit, owner).0,
                quiet: to_kernel(answer.quiet, owner).0,
            },
            transition: answer.exec[half],
        }
    }

    pub(super) fn allow(&self) -> FilePermissions {
        FilePermissions(self.permissions.allow)
    }

    /// The rules that decided kernel permissions.
    pub(super) fn rules(&self, request: FilePermissions) -> Vec<crate::decision::RuleId> {
        self.answer.rules(to_policy(request, self.owner))
    }

    /// The decision on a request.
    pub(super) fn decide(&self, request: FilePermissions) -> Decision {
        let denied = request.without(self.allow());
        let decisive = if denied.is_empty() { request } else { denied };
        Decision {
            class: Class::File,
            mediated: true,
            request: request.0,
            permissions: self.permissions,
            error: (!denied.is_empty()).then_some(Errno::Eacces),
            info: None,
            rules: self.rules(decisive),
        }
    }
}

fn to_kernel(policy: u32, owner: bool) -> FilePermissions {
    let half = if owner { policy } else { policy >> bits::OTHER } & bits::HALF;
    KERNEL_BITS
        .iter()
        .filter(|(bit, _)| half & bit != 0)
        .fold(FilePermissions::NONE, |mask, (_, kernel)| mask | *kernel)
}

fn to_policy(request: FilePermissions, owner: bool) -> u32 {
    let half = KERNEL_BITS
        .iter()
        .filter(|(_, kernel)| kernel.intersects(request))
        .fold(0, |mask, (bit, _)| mask | bit);
    let mut policy = if owner { half } else { half << bits::OTHER };
    if request.intersects(FilePermissions::CHANGE_PROFILE) {
        policy |= bits::CHANGE_PROFILE;
    }
    if request.intersects(FilePermissions::CHANGE_ONEXEC) {
        policy |= bits::CHANGE_ONEXEC;
    }
    policy
}

impl Profile {
    /// Asks for permissions on a path. `path` is the name the kernel builds (a directory ends in
    /// `/`); `owner` says that the task's fsuid owns the inode. As `aa_path_perm`.
    pub fn file(&self, path: &[u8], request: FilePermissions, owner: bool) -> Decision {
        if self.is_unconfined() {
            return Decision::unmediated(Class::File, request.0);
        }
        self.with_path(path, owner, |found| match found {
            Some(found) => found.decide(request),
            None => Self::no_file_rules(request),
        })
    }

    /// What a path gets, whatever is asked: the permissions of `aa_str_perms`.
    pub fn file_permissions(&self, path: &[u8], owner: bool) -> Permissions {
        self.with_path(path, owner, |found| {
            found.map_or(Permissions::default(), |found| found.permissions)
        })
    }

    /// Looks a path up; `none` where the profile has no file rule.
    pub(super) fn with_path<T>(
        &self,
        path: &[u8],
        owner: bool,
        act: impl FnOnce(Option<&PathPermissions<'_>>) -> T,
    ) -> T {
        let Some(automaton) = &self.file else {
            return act(None);
        };
        let answer = automaton.walk().bytes(until_nul(path)).answer();
        act(Some(&PathPermissions::of(&answer, owner)))
    }

    /// The answer of a profile without file rules: nothing, not even reading attributes.
    pub(super) fn no_file_rules(request: FilePermissions) -> Decision {
        Decision {
            class: Class::File,
            mediated: true,
            request: request.0,
            permissions: Permissions::default(),
            error: Some(Errno::Eacces),
            info: None,
            rules: Vec::new(),
        }
    }
}

/// A kernel string ends at its first NUL.
pub(super) fn until_nul(bytes: &[u8]) -> &[u8] {
    let end = bytes
        .iter()
        .position(|byte| *byte == 0)
        .unwrap_or(bytes.len());
    &bytes[..end]
}
