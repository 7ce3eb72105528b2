//! Files: the path hooks, open, and what happens on descriptors
//! (`security/apparmor/lsm.c`, `file.c`).

use std::{fmt::Write as _, sync::Arc};

use apparmor::{Class, Decision, FilePermissions, Permissions};

use super::{
    Question, absent,
    name::{NameFailure, PathFlags},
    policy::{Loaded, Rules},
    settle,
};
use crate::{
    abi,
    audit::untrusted,
    context::Context,
    errno::Errno,
    id::FileId,
    vfs::{Content, FilesystemKind, Inode, Location, Name, pseudo::Pseudo},
};

/// What records print masks of (`AA_AUDIT_FILE_MASK`).
const AUDITED: u32 = 0x5_b33f;

/// The conditions of a file check (`struct path_cond`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Condition {
    /// The object's owner.
    pub uid: u32,
    /// It is a directory.
    pub directory: bool,
}

impl Condition {
    /// Those of an existing inode.
    pub fn of(inode: &Inode) -> Self {
        Self {
            uid: inode.uid,
            directory: inode.is_directory(),
        }
    }
}

impl Loaded {
    /// How this profile wants names looked up.
    pub(crate) fn path_flags(&self, deleted: bool) -> PathFlags {
        let Some(profile) = self.compiled() else {
            return PathFlags {
                deleted,
                ..PathFlags::default()
            };
        };
        let flags = profile.flags();
        PathFlags {
            attach_disconnected: flags.attach_disconnected,
            attach_to: flags
                .attach_disconnected_path
                .as_deref()
                .map(|path| Arc::from(path.as_bytes())),
            chroot_relative: flags.chroot_relative,
            deleted: deleted || flags.mediate_deleted,
        }
    }
}

/// The decision about a name that cannot be built, or by a profile without
/// rules: everything is refused.
pub(crate) fn refusal(
    request: u32,
    error: apparmor::Errno,
    info: Option<&'static str>,
) -> Decision {
    Decision {
        class: Class::File,
        mediated: true,
        request,
        permissions: Permissions::default(),
        error: Some(error),
        info,
        rules: Vec::new(),
    }
}

/// The part of a file record after `comm=` (`file_audit_cb`).
pub(crate) fn tail(
    requested: u32,
    denied: u32,
    fsuid: u32,
    ouid: u32,
    target: Option<&[u8]>,
) -> String {
    let mut text = String::with_capacity(80);
    // Writing to a String cannot fail.
    if requested & AUDITED != 0 {
        let _ = write!(
            text,
            " requested_mask=\"{}\"",
            FilePermissions(requested).log_letters()
        );
    }
    if denied & AUDITED != 0 {
        let _ = write!(
            text,
            " denied_mask=\"{}\"",
            FilePermissions(denied).log_letters()
        );
    }
    if requested & AUDITED != 0 {
        let _ = write!(text, " fsuid={fsuid} ouid={ouid}");
    }
    if let Some(target) = target {
        text.push_str(" target=");
        untrusted(&mut text, target);
    }
    text
}

/// `path_mediated_fs`: the kernel's own filesystems have no paths.
pub(crate) fn is_mediated(context: &Context, at: Location) -> bool {
    let namespace = matches!(
        context.world.inode_at(at.dentry),
        Ok((_, inode)) if matches!(inode.content, Content::Pseudo(Pseudo::NamespaceFile(_)))
    );
    if namespace {
        return true;
    }
    context
        .world
        .mounts
        .get(&at.mount)
        .and_then(|mount| context.world.filesystems.get(&mount.filesystem))
        .is_some_and(|filesystem| filesystem.kind != FilesystemKind::Internal)
}

/// Asks one profile for permissions on an object (`profile_path_perm`).
pub(crate) fn ask(
    context: &mut Context,
    profile: &Arc<Loaded>,
    operation: &'static str,
    object: &Object,
    request: FilePermissions,
) -> Result<(), Errno> {
    let flags = profile.path_flags(true);
    let fsuid = context.credentials.uid.fs;
    let ouid = object.condition.uid;
    let named = context.world.object_name(
        context.pid,
        object.at,
        object.entry,
        object.condition.directory,
        &flags,
    );
    let (name, decision, failed) = match named {
        Ok(name) => {
            let decision = match &profile.rules {
                rules
                    if request == FilePermissions::GETATTR
                        && !rules.speak_of_files()
                        && !context.world.release.getattr_needs_file_rules =>
                {
                    Decision {
                        error: None,
                        permissions: Permissions {
                            allow: request.0,
                            ..Permissions::default()
                        },
                        ..refusal(request.0, apparmor::Errno::Eacces, None)
                    }
                }
                Rules::Compiled(rules) => rules.file(&name, request, fsuid == ouid),
                Rules::Learning | Rules::Unconfined if request.is_empty() => Decision {
                    error: None,
                    ..refusal(0, apparmor::Errno::Eacces, None)
                },
                Rules::Learning | Rules::Unconfined => {
                    refusal(request.0, apparmor::Errno::Eacces, None)
                }
            };
            (name, decision, None)
        }
        Err(NameFailure { errno, info, name }) => {
            let error = match errno {
                Errno::ENOENT => apparmor::Errno::Enoent,
                _ => apparmor::Errno::Eacces,
            };
            (name, refusal(request.0, error, Some(info)), Some(errno))
        }
    };
    let question = Question {
        operation,
        class: Some("file"),
        name: Some(&name),
        info: None,
    };
    let outcome = settle(
        context,
        profile,
        &question,
        &decision,
        |requested, denied| tail(requested, denied, fsuid, ouid, None),
    );
    match failed {
        Some(errno) => Err(errno),
        None => outcome,
    }
}

/// An object of a file check.
pub(crate) struct Object<'a> {
    /// The object, or the directory of a new one.
    pub at: Location,
    /// The name of a new one.
    pub entry: Option<&'a Name>,
    /// Owner and kind.
    pub condition: Condition,
}

/// Asks every confining profile of the caller (`aa_path_perm`).
pub(crate) fn permission(
    context: &mut Context,
    operation: &'static str,
    object: &Object,
    request: FilePermissions,
) -> Result<(), Errno> {
    if !is_mediated(context, object.at) {
        return Ok(());
    }
    let label = context.credentials.label.clone();
    let profiles = context.world.confining(&label);
    if profiles.is_empty() {
        absent(context);
        return Ok(());
    }
    let mut result = Ok(());
    for profile in &profiles {
        let outcome = ask(context, profile, operation, object, request);
        if outcome.is_err() {
            result = outcome;
        }
    }
    result
}

/// A hook on an existing object (`common_perm_cond`).
pub(crate) fn existing(
    context: &mut Context,
    operation: &'static str,
    at: Location,
    request: FilePermissions,
) -> Result<(), Errno> {
    let condition = Condition::of(context.world.inode_at(at.dentry)?.1);
    permission(
        context,
        operation,
        &Object {
            at,
            entry: None,
            condition,
        },
        request,
    )
}

/// A hook on a name about to be made (`common_perm_create`).
pub(crate) fn create(
    context: &mut Context,
    operation: &'static str,
    directory: Location,
    name: &Name,
    is_directory: bool,
) -> Result<(), Errno> {
    let condition = Condition {
        uid: context.credentials.uid.fs,
        directory: is_directory,
    };
    let object = Object {
        at: directory,
        entry: Some(name),
        condition,
    };
    permission(context, operation, &object, FilePermissions::CREATE)
}

/// A hook on a name about to be removed (`common_perm_rm`).
pub(crate) fn remove(
    context: &mut Context,
    operation: &'static str,
    at: Location,
) -> Result<(), Errno> {
    existing(context, operation, at, FilePermissions::DELETE)
}

/// One direction of a rename (`apparmor_path_rename`).
pub(crate) fn rename(
    context: &mut Context,
    old: Location,
    directory: Location,
    name: &Name,
) -> Result<(), Errno> {
    let condition = Condition::of(context.world.inode_at(old.dentry)?.1);
    let source = FilePermissions::READ
        | FilePermissions::GETATTR
        | FilePermissions::WRITE
        | FilePermissions::SETATTR
        | FilePermissions::DELETE;
    permission(
        context,
        "rename_src",
        &Object {
            at: old,
            entry: None,
            condition,
        },
        source,
    )?;
    let target = FilePermissions::WRITE | FilePermissions::SETATTR | FilePermissions::CREATE;
    permission(
        context,
        "rename_dest",
        &Object {
            at: directory,
            entry: Some(name),
            condition,
        },
        target,
    )
}

/// A new hard link (`aa_path_link`).
pub(crate) fn link(
    context: &mut Context,
    old: Location,
    directory: Location,
    name: &Name,
) -> Result<(), Errno> {
    if !is_mediated(context, old) {
        return Ok(());
    }
    let label = context.credentials.label.clone();
    let profiles = context.world.confining(&label);
    if profiles.is_empty() {
        absent(context);
        return Ok(());
    }
    let condition = Condition::of(context.world.inode_at(old.dentry)?.1);
    let mut result = Ok(());
    for profile in &profiles {
        let outcome = link_one(context, profile, old, directory, name, condition);
        if outcome.is_err() {
            result = outcome;
        }
    }
    result
}

fn link_one(
    context: &mut Context,
    profile: &Arc<Loaded>,
    old: Location,
    directory: Location,
    name: &Name,
    condition: Condition,
) -> Result<(), Errno> {
    let flags = profile.path_flags(false);
    let fsuid = context.credentials.uid.fs;
    let new_name = context
        .world
        .object_name(context.pid, directory, Some(name), false, &flags);
    let target = context
        .world
        .object_name(context.pid, old, None, condition.directory, &flags);
    let linked = new_name.clone();
    let (link, target, decision, failed) = match (new_name, target) {
        (Ok(link), Ok(target)) => {
            let decision = match &profile.rules {
                Rules::Compiled(rules) => rules.link(&link, &target, fsuid == condition.uid),
                Rules::Learning | Rules::Unconfined => {
                    refusal(FilePermissions::LINK.0, apparmor::Errno::Eacces, None)
                }
            };
            (link, Some(target), decision, None)
        }
        (Err(failure), _) | (Ok(_), Err(failure)) => {
            let error = match failure.errno {
                Errno::ENOENT => apparmor::Errno::Enoent,
                _ => apparmor::Errno::Eacces,
            };
            let decision = refusal(FilePermissions::LINK.0, error, Some(failure.info));
            (failure.name, None, decision, Some(failure.errno))
        }
    };
    let question_name = Arc::clone(&link);
    let question = Question {
        operation: "link",
        class: Some("file"),
        name: Some(&link),
        info: None,
    };
    let outcome = settle(
        context,
        profile,
        &question,
        &decision,
        |requested, denied| tail(requested, denied, fsuid, condition.uid, target.as_deref()),
    );
    let Some(errno) = failed else {
        return outcome;
    };
    if let Ok(link) = &linked {
        // The hook goes on to its own record, without the reason.
        let decision = refusal(FilePermissions::LINK.0, apparmor::Errno::Eacces, None);
        let question = Question {
            operation: "link",
            class: Some("file"),
            name: Some(link),
            info: None,
        };
        let name = question_name;
        let _ = settle(
            context,
            profile,
            &question,
            &decision,
            |requested, denied| tail(requested, denied, fsuid, condition.uid, Some(&name)),
        );
    }
    Err(errno)
}

/// What an open asks for (`aa_map_file_to_perms`).
pub(crate) fn open_request(flags: u64) -> FilePermissions {
    let mut request = match flags & abi::O_ACCMODE {
        abi::O_RDONLY => FilePermissions::READ,
        abi::O_WRONLY => FilePermissions::WRITE,
        abi::O_RDWR => FilePermissions::READ | FilePermissions::WRITE,
        _ => FilePermissions::NONE,
    };
    if flags & abi::O_APPEND != 0 && request.intersects(FilePermissions::WRITE) {
        request = request.without(FilePermissions::WRITE) | FilePermissions::APPEND;
    }
    if flags & abi::O_TRUNC != 0 {
        request |= FilePermissions::WRITE;
    }
    if flags & abi::O_CREAT != 0 {
        request |= FilePermissions::CREATE;
    }
    request
}

/// Opening a file (`apparmor_file_open`); answers what is remembered as
/// granted.
pub(crate) fn open(context: &mut Context, at: Location, flags: u64) -> Result<u32, Errno> {
    if !is_mediated(context, at) {
        return Ok(0);
    }
    let request = open_request(flags);
    existing(context, "open", at, request)?;
    Ok(request.0)
}

/// Use of an open file (`aa_file_perm`): asked again only when the label or
/// the wish is not the one that was granted.
pub(crate) fn used(
    context: &mut Context,
    operation: &'static str,
    id: FileId,
    request: FilePermissions,
) -> Result<(), Errno> {
    let label = context.credentials.label.clone();
    let file = context.world.files.get(&id).ok_or(Errno::EBADF)?;
    let denied = request.0 & !file.granted;
    let known = file.label.clone();
    let at = file.at;
    if context.world.is_unconfined(&label) {
        absent(context);
        return Ok(());
    }
    let covered = known
        .profiles()
        .iter()
        .all(|id| label.profiles().contains(id))
        && label
            .profiles()
            .iter()
            .all(|id| known.profiles().contains(id));
    if context.world.is_unconfined(&known) || (denied == 0 && covered) {
        return Ok(());
    }
    if !is_mediated(context, at) {
        return Ok(());
    }
    let condition = Condition::of(context.world.inode_at(at.dentry)?.1);
    let object = Object {
        at,
        entry: None,
        condition,
    };
    let mut result = Ok(());
    for profile in &context.world.confining(&label) {
        let seen = known.profiles().contains(&profile.id);
        if seen && denied == 0 {
            continue;
        }
        let outcome = ask(context, profile, operation, &object, request);
        if outcome.is_err() {
            result = outcome;
        }
    }
    if result.is_ok()
        && let Some(file) = context.world.files.get_mut(&id)
    {
        let file = Arc::make_mut(file);
        file.granted |= request.0;
        if !covered {
            let mut all = known.profiles().to_vec();
            all.extend_from_slice(label.profiles());
            file.label = context.world.policy.stack(&all);
        }
    }
    result
}

/// Reading attributes (`apparmor_inode_getattr`).
pub(crate) fn getattr(context: &mut Context, at: Location) -> Result<(), Errno> {
    existing(context, "getattr", at, FilePermissions::GETATTR)
}
