//! Moving between profiles: exec, `change_profile`, stacking
//! (`security/apparmor/domain.c`).

use std::sync::Arc;

use apparmor::{
    Attachment, ChangeProfileKind, Decision, ExecDecision, ExecFallback, ExecKind, ExecLabel,
    FilePermissions, Mode, Permissions, Profile, best_attachment,
};
use sorted::SharedMap;

use super::{
    Question,
    file::{self, refusal},
    label::{Label, UNCONFINED},
    policy::{Loaded, Rules},
    settle,
};
use crate::{
    abi,
    context::Context,
    errno::Errno,
    id::{FileId, ProfileId},
    task::OnExec,
    vfs::{FileKind, Location, OpenFile},
    world::World,
};

/// The label that a program starts under (`apparmor_bprm_creds_for_exec`);
/// `filename` is what the caller named.
pub(crate) fn exec(context: &mut Context, at: Location, filename: &[u8]) -> Result<Label, Errno> {
    let label = context.credentials.label.clone();
    if !context.world.apparmor_runs() {
        super::absent(context);
        return Ok(label);
    }
    let no_new_privs = context.task()?.no_new_privs;
    let unconfined = context.world.is_unconfined(&label);
    note_no_new_privs(context, &label)?;
    let on_exec = context.task()?.confinement.on_exec.clone();
    let mut parts: Vec<ProfileId> = Vec::new();
    for id in label.profiles() {
        let Some(profile) = context.world.policy.get(*id).cloned() else {
            continue;
        };
        let to = match &on_exec {
            Some(on_exec) => {
                may_enter_on_exec(context, &profile, on_exec, at, filename)?;
                let mut to = on_exec.label.profiles().to_vec();
                if on_exec.stack {
                    to.push(profile.id);
                }
                to
            }
            None => transition(context, &profile, at, filename)?,
        };
        parts.extend(to);
    }
    let new = context.world.policy.stack(&parts);
    if no_new_privs && !unconfined && !covers_first(context, &new)? {
        // In complain mode the exec goes on, in the old profile.
        audit_no_new_privs(context, &label, &new, at, filename)?;
        return Ok(label);
    }
    if unconfined && context.world.is_unconfined(&new) {
        super::absent(context);
    }
    Ok(new)
}

/// The label in force when `no_new_privs` is first seen is remembered.
pub(super) fn note_no_new_privs(context: &mut Context, label: &Label) -> Result<(), Errno> {
    let unconfined = context.world.is_unconfined(label);
    let task = context.task_mut()?;
    if task.no_new_privs && !unconfined && task.confinement.no_new_privs.is_none() {
        task.confinement.no_new_privs = Some(label.clone());
    }
    Ok(())
}

/// Whether a label still has every confining profile that was in force when
/// `no_new_privs` was first seen (`aa_label_is_unconfined_subset`).
pub(super) fn covers_first(context: &Context, new: &Label) -> Result<bool, Errno> {
    let Some(first) = &context.task()?.confinement.no_new_privs else {
        return Ok(true);
    };
    Ok(first.profiles().iter().all(|id| {
        new.profiles().contains(id)
            || context
                .world
                .policy
                .get(*id)
                .is_none_or(|profile| profile.is_unconfined())
    }))
}

fn audit_no_new_privs(
    context: &mut Context,
    label: &Label,
    new: &Label,
    at: Location,
    filename: &[u8],
) -> Result<(), Errno> {
    let target = context.world.policy.label_name(new);
    let (_, inode) = context.world.inode_at(at.dentry)?;
    let ouid = inode.uid;
    let decision = refusal(
        FilePermissions::EXEC.0,
        apparmor::Errno::Eperm,
        Some("no new privs"),
    );
    let mut result = Ok(());
    for profile in &context.world.confining(label) {
        let outcome = about_exec(
            context,
            profile,
            "exec",
            filename,
            &decision,
            ouid,
            Some(&target),
        );
        result = outcome.and(result);
    }
    result
}

/// Settles a decision about an exec, with the target in the record.
fn about_exec(
    context: &mut Context,
    profile: &Arc<Loaded>,
    operation: &'static str,
    name: &[u8],
    decision: &Decision,
    ouid: u32,
    target: Option<&str>,
) -> Result<(), Errno> {
    let name: Arc<[u8]> = Arc::from(name);
    let fsuid = context.credentials.uid.fs;
    let question = Question {
        operation,
        class: Some("file"),
        name: Some(&name),
        info: None,
    };
    settle(
        context,
        profile,
        &question,
        decision,
        |requested, denied| file::tail(requested, denied, fsuid, ouid, target.map(str::as_bytes)),
    )
}

/// Where one profile lets a program go (`profile_transition`).
fn transition(
    context: &mut Context,
    profile: &Arc<Loaded>,
    at: Location,
    filename: &[u8],
) -> Result<Vec<ProfileId>, Errno> {
    let (_, inode) = context.world.inode_at(at.dentry)?;
    let ouid = inode.uid;
    let owner = ouid == context.credentials.uid.fs;
    let flags = profile.path_flags(false);
    let name = match context
        .world
        .object_name(context.pid, at, None, false, &flags)
    {
        Ok(name) => name,
        Err(_) if profile.is_unconfined() => return Ok(vec![profile.id]),
        Err(failure) => {
            let error = match failure.errno {
                Errno::ENOENT => apparmor::Errno::Enoent,
                _ => apparmor::Errno::Eacces,
            };
            let decision = refusal(FilePermissions::EXEC.0, error, Some(failure.info));
            // The name cannot be known: refused in every mode.
            let _ = about_exec(context, profile, "exec", filename, &decision, ouid, None);
            return Err(failure.errno);
        }
    };
    if profile.is_unconfined() {
        return Ok(vec![attach(context, profile, at, &name)?]);
    }
    let Rules::Compiled(rules) = &profile.rules else {
        return learn(context, profile, &name, ouid);
    };
    let loaded: Arc<Vec<_>> = context.world.policy.compiled_shared();
    let xattrs = context.world.inode_at(at.dentry)?.1.xattrs.clone();
    let answer = rules.exec(&name, owner, &readable(&xattrs), &loaded);
    let complain = context.world.enforcement(profile).mode == Mode::Complain;
    let info = answer.decision.info;
    let missing = info == Some("profile transition not found");
    if answer.decision.error.is_some() {
        if complain && (!missing || context.world.release.learns_missing_targets) {
            let learning = learning_name(&profile.name, &name);
            let _ = about_exec(
                context,
                profile,
                "exec",
                &name,
                &answer.decision,
                ouid,
                Some(&learning),
            );
            return Ok(vec![context.world.policy.learning(&learning)]);
        }
        let target = named_target(context, &answer, &name);
        let outcome = about_exec(
            context,
            profile,
            "exec",
            &name,
            &answer.decision,
            ouid,
            target.as_deref(),
        );
        return Err(outcome.err().unwrap_or(Errno::EACCES));
    }
    let (to, words) = match &answer.target {
        Some(ExecLabel::Same) | None => (vec![profile.id], Some(profile.name.to_string())),
        Some(ExecLabel::Unconfined) => (vec![UNCONFINED], Some("unconfined".to_owned())),
        Some(ExecLabel::Profile(target)) => match context.world.policy.find(target.name()) {
            Some(found) => (vec![found.id], Some(target.name().to_owned())),
            None => (vec![profile.id], None),
        },
        Some(ExecLabel::Named(name)) => match context.world.parse_label(name) {
            Some(label) => (label.profiles().to_vec(), Some(name.clone())),
            None => return Err(Errno::EACCES),
        },
        Some(ExecLabel::Learning(name)) => (
            vec![context.world.policy.learning(name)],
            Some(name.clone()),
        ),
    };
    let mut decision = answer.decision.clone();
    if let Some(info) = conflict(context, &answer, at, &name, &loaded)? {
        decision.info = Some(info);
        decision.permissions.audit |= FilePermissions::EXEC.0;
    }
    // An allowed exec is at most audited: the label is what counts.
    let _ = about_exec(
        context,
        profile,
        "exec",
        &name,
        &decision,
        ouid,
        words.as_deref(),
    );
    Ok(to)
}

/// Why a fallback was taken, on kernels that record it: several profiles fit equally well.
fn conflict(
    context: &Context,
    answer: &ExecDecision,
    at: Location,
    name: &Arc<[u8]>,
    loaded: &[Arc<Profile>],
) -> Result<Option<&'static str>, Errno> {
    let Some(transition) = &answer.transition else {
        return Ok(None);
    };
    let info = match transition.fallback {
        ExecFallback::Inherit => "conflicting profile attachments - ix fallback",
        ExecFallback::Unconfined => "conflicting profile attachments - ux fallback",
        ExecFallback::Refuse => return Ok(None),
    };
    let fell_back = matches!(answer.target, Some(ExecLabel::Same | ExecLabel::Unconfined));
    if transition.kind != ExecKind::Profile
        || !fell_back
        || !context.world.release.records_conflicting_attachments
    {
        return Ok(None);
    }
    let conflicts = matches!(
        attachment(context, at, name, loaded)?,
        Attachment::Conflict(_)
    );
    Ok(conflicts.then_some(info))
}

/// The loaded profile that attaches to a program.
fn attachment(
    context: &Context,
    at: Location,
    name: &Arc<[u8]>,
    loaded: &[Arc<Profile>],
) -> Result<Attachment, Errno> {
    let xattrs = &context.world.inode_at(at.dentry)?.1.xattrs;
    Ok(best_attachment(loaded, name, &readable(xattrs)))
}

/// What was looked for and not found, for the record: the profile of a
/// `px -> name`, or the program's own name.
fn named_target(context: &Context, answer: &ExecDecision, name: &[u8]) -> Option<String> {
    match &answer.transition.as_ref()?.kind {
        ExecKind::Named(name) if !name.starts_with('&') => {
            Some(name.clone()).filter(|_| context.world.release.records_missing_target)
        }
        ExecKind::Named(_) | ExecKind::Profile | ExecKind::Child => {
            Some(String::from_utf8_lossy(name).into_owned())
        }
        ExecKind::None => None,
    }
}

/// The name of a learning profile (`aa_new_learning_profile`).
fn learning_name(profile: &str, path: &[u8]) -> String {
    format!("{profile}//null-{}", String::from_utf8_lossy(path))
}

/// A learning profile executes: into the next learning profile.
fn learn(
    context: &mut Context,
    profile: &Arc<Loaded>,
    name: &[u8],
    ouid: u32,
) -> Result<Vec<ProfileId>, Errno> {
    let learning = learning_name(&profile.name, name);
    let decision = refusal(FilePermissions::EXEC.0, apparmor::Errno::Eacces, None);
    let _ = about_exec(
        context,
        profile,
        "exec",
        name,
        &decision,
        ouid,
        Some(&learning),
    );
    Ok(vec![context.world.policy.learning(&learning)])
}

/// Extended attributes as attachment conditions read them: a name that is no text matches none.
fn readable(xattrs: &SharedMap<Arc<[u8]>, Arc<[u8]>>) -> Vec<(&str, &[u8])> {
    xattrs
        .iter()
        .filter_map(|(name, value)| Some((std::str::from_utf8(name).ok()?, value.as_ref())))
        .collect()
}

/// An unconfined task executes: the profile whose attachment fits best
/// (`find_attach`).
fn attach(
    context: &mut Context,
    profile: &Arc<Loaded>,
    at: Location,
    name: &Arc<[u8]>,
) -> Result<ProfileId, Errno> {
    let (_, inode) = context.world.inode_at(at.dentry)?;
    let ouid = inode.uid;
    let loaded = context.world.policy.compiled_shared();
    match attachment(context, at, name, &loaded)? {
        Attachment::None => Ok(profile.id),
        Attachment::Profile(found) => Ok(context
            .world
            .policy
            .find(found.name())
            .map_or(profile.id, |found| found.id)),
        Attachment::Conflict(_) if !context.world.release.records_conflicting_attachments => {
            Ok(profile.id)
        }
        Attachment::Conflict(_) => {
            let exec = FilePermissions::EXEC.0;
            let decision = Decision {
                error: None,
                permissions: Permissions {
                    allow: exec,
                    audit: exec,
                    quiet: 0,
                },
                ..refusal(
                    exec,
                    apparmor::Errno::Eacces,
                    Some("conflicting profile attachments"),
                )
            };
            let _ = about_exec(context, profile, "exec", name, &decision, ouid, None);
            Ok(profile.id)
        }
    }
}

/// Whether a profile lets this program take the label asked for beforehand
/// (`profile_onexec`).
fn may_enter_on_exec(
    context: &mut Context,
    profile: &Arc<Loaded>,
    on_exec: &OnExec,
    at: Location,
    filename: &[u8],
) -> Result<(), Errno> {
    if profile.is_unconfined() {
        return Ok(());
    }
    let (_, inode) = context.world.inode_at(at.dentry)?;
    let ouid = inode.uid;
    let owner = ouid == context.credentials.uid.fs;
    let target = context.world.policy.label_name(&on_exec.label);
    let stack = if on_exec.stack { "&" } else { "" };
    let asked = format!("{stack}{target}");
    let flags = profile.path_flags(false);
    let named = context
        .world
        .object_name(context.pid, at, None, false, &flags);
    let (name, decision) = match (named, &profile.rules) {
        (Ok(name), Rules::Compiled(rules)) => {
            let decision =
                rules.change_profile(asked.as_bytes(), ChangeProfileKind::Exec(&name, owner));
            (name, decision)
        }
        (Ok(name), _) => (
            name,
            refusal(
                FilePermissions::CHANGE_ONEXEC.0,
                apparmor::Errno::Eacces,
                None,
            ),
        ),
        (Err(failure), _) => (
            Arc::from(filename),
            refusal(
                FilePermissions::CHANGE_ONEXEC.0,
                apparmor::Errno::Eacces,
                Some(failure.info),
            ),
        ),
    };
    about_exec(
        context,
        profile,
        "exec",
        &name,
        &decision,
        ouid,
        Some(&target),
    )
}

/// How a change of profile is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// At the next exec.
    pub on_exec: bool,
    /// In addition to the present label.
    pub stack: bool,
    /// Only whether it would be allowed.
    pub test: bool,
}

/// `aa_change_profile`
pub(crate) fn change_profile(
    context: &mut Context,
    name: &str,
    mut how: Change,
) -> Result<(), Errno> {
    let label = context.credentials.label.clone();
    note_no_new_privs(context, &label)?;
    if name.is_empty() {
        return Err(Errno::EINVAL);
    }
    let operation = match (how.on_exec, how.stack) {
        (true, false) => "change_onexec",
        (true, true) => "stack_onexec",
        (false, false) => "change_profile",
        (false, true) => "stack",
    };
    let request = if how.on_exec {
        FilePermissions::CHANGE_ONEXEC
    } else {
        FilePermissions::CHANGE_PROFILE
    };
    let wanted = match name.strip_prefix('&') {
        Some(rest) => {
            how.stack = true;
            rest
        }
        None => name,
    };
    let target = match context.world.parse_label(wanted) {
        Some(target) => {
            may_change(context, &label, name, operation, request, &target, how)?;
            target
        }
        None => unknown_target(context, &label, name, wanted, operation, request, how)?,
    };
    if how.test {
        return Ok(());
    }
    let unconfined = context.world.is_unconfined(&label);
    if !how.stack && context.task()?.no_new_privs && !unconfined && !covers_first(context, &target)?
    {
        // Not AppArmor's refusal, so it leaves no record.
        return context.fail(
            Errno::EPERM,
            "no_new_privs allows no change to another profile",
        );
    }
    if how.on_exec {
        context.task_mut()?.confinement.on_exec = Some(OnExec {
            label: target,
            stack: how.stack,
        });
        return Ok(());
    }
    let new = if how.stack {
        let mut all = label.profiles().to_vec();
        all.extend_from_slice(target.profiles());
        context.world.policy.stack(&all)
    } else {
        target
    };
    replace_label(context, new)
}

/// `aa_replace_current_label`: a hat is forgotten with it.
pub(super) fn replace_label(context: &mut Context, label: Label) -> Result<(), Errno> {
    let mut credentials = (*context.credentials).clone();
    credentials.label = label;
    context.set_credentials(credentials)?;
    let confinement = &mut context.task_mut()?.confinement;
    confinement.on_exec = None;
    confinement.previous = None;
    confinement.token = 0;
    Ok(())
}

/// `change_profile_perms_wrapper` for every profile of the label.
fn may_change(
    context: &mut Context,
    label: &Label,
    name: &str,
    operation: &'static str,
    request: FilePermissions,
    target: &Label,
    how: Change,
) -> Result<(), Errno> {
    let target_name = context.world.policy.label_name(target);
    let kind = match (how.on_exec, how.stack) {
        (_, true) => ChangeProfileKind::Stack,
        (true, false) => ChangeProfileKind::OnExec,
        (false, false) => ChangeProfileKind::Now,
    };
    let mut result = Ok(());
    for profile in &context.world.confining(label) {
        let decision = match &profile.rules {
            Rules::Compiled(rules) => {
                let decision = rules.change_profile(target_name.as_bytes(), kind);
                Decision {
                    request: request.0,
                    ..decision
                }
            }
            Rules::Learning | Rules::Unconfined => {
                refusal(request.0, apparmor::Errno::Eacces, None)
            }
        };
        let outcome = about_exec(
            context,
            profile,
            operation,
            name.as_bytes(),
            &decision,
            0,
            Some(&target_name),
        );
        if outcome.is_err() {
            result = outcome;
        }
    }
    result
}

/// The target is not loaded: `ENOENT`, or a learning profile in complain mode.
fn unknown_target(
    context: &mut Context,
    label: &Label,
    name: &str,
    wanted: &str,
    operation: &'static str,
    request: FilePermissions,
    how: Change,
) -> Result<Label, Errno> {
    let profiles: Vec<Arc<Loaded>> = label
        .profiles()
        .iter()
        .filter_map(|id| context.world.policy.get(*id).cloned())
        .collect();
    let complains = profiles
        .first()
        .is_some_and(|profile| context.world.enforcement(profile).mode == Mode::Complain);
    let errno = label_error(wanted);
    let error = if errno == Errno::EINVAL {
        apparmor::Errno::Eacces
    } else {
        apparmor::Errno::Enoent
    };
    let decision = refusal(request.0, error, Some("label not found"));
    let learning = profiles
        .first()
        .filter(|_| complains && !how.test)
        .map(|profile| learning_name(&profile.name, wanted.as_bytes()));
    for profile in &profiles {
        // The records say so for each profile; the error stays.
        let _ = about_exec(
            context,
            profile,
            operation,
            name.as_bytes(),
            &decision,
            0,
            learning.as_deref(),
        );
    }
    match learning {
        Some(learning) => Ok(Label::of(context.world.policy.learning(&learning))),
        None => Err(errno),
    }
}

fn label_error(name: &str) -> Errno {
    if name.is_empty() {
        Errno::EINVAL
    } else {
        Errno::ENOENT
    }
}

impl World {
    /// The label of this name, when all its profiles are loaded
    /// (`aa_label_parse`).
    pub(crate) fn parse_label(&self, name: &str) -> Option<Label> {
        let name = name.trim();
        let name = name
            .strip_suffix(')')
            .and_then(|text| text.rsplit_once(" ("))
            .map_or(name, |(name, _)| name);
        let mut ids = Vec::new();
        for part in name.split("//&") {
            ids.push(self.policy.find(part)?.id);
        }
        Some(self.policy.stack(&ids))
    }
}

/// Descriptors that come along into another profile are checked for it
/// (`aa_inherit_files`).
pub(crate) fn inherit_files(context: &mut Context) -> Result<(), Errno> {
    if context
        .world
        .is_unconfined(&context.credentials.label.clone())
    {
        return Ok(());
    }
    let held: Vec<(i32, FileId)> = context
        .task()?
        .descriptors
        .iter()
        .map(|(number, entry)| (*number, entry.file))
        .collect();
    // The null device is opened once, when the first is refused.
    let mut null = None;
    for (number, id) in held {
        let Some(file) = context.world.files.get(&id) else {
            continue;
        };
        if !matches!(file.kind, FileKind::Plain) {
            continue;
        }
        let request = file::open_request(file.flags);
        if file::used(context, "file_inherit", id, request).is_ok() {
            continue;
        }
        let null = match null {
            Some(null) => null,
            None => *null.insert(open_null(context)?),
        };
        let close_on_exec = context
            .task_mut()?
            .descriptors
            .remove(&number)
            .is_some_and(|entry| entry.close_on_exec);
        context.world.release_file(id);
        if let Some(file) = null {
            context.install_shared_at(file, close_on_exec, number)?;
        }
    }
    Ok(())
}

/// AppArmor's null device as an open file; none where the new profile may not
/// open it.
fn open_null(context: &mut Context) -> Result<Option<FileId>, Errno> {
    let kind = if !context.world.release.refused_descriptors_are_closed {
        FileKind::Refused
    } else if context.world.release.asks_for_null_device && may_open_null(context) {
        FileKind::Plain
    } else {
        return Ok(None);
    };
    let at = context.world.null_device()?;
    Ok(Some(context.world.next_file(OpenFile {
        at,
        flags: abi::O_RDWR,
        position: 0,
        kind,
        opener: Arc::clone(&context.credentials),
        label: context.credentials.label.clone(),
        granted: u32::MAX,
        references: 0,
    })))
}

/// Opening the null device that takes a refused descriptor's place: since
/// 6.4 the new profile is asked, for a path that is disconnected.
fn may_open_null(context: &mut Context) -> bool {
    let request = FilePermissions::READ | FilePermissions::WRITE;
    let label = context.credentials.label.clone();
    let fsuid = context.credentials.uid.fs;
    let mut allowed = true;
    for profile in &context.world.confining(&label) {
        let attached = profile.path_flags(true).attach_disconnected;
        let (name, decision): (Arc<[u8]>, _) =
            if let (Rules::Compiled(rules), true) = (&profile.rules, attached) {
                let name = &b"/apparmor/.null"[..];
                (Arc::from(name), rules.file(name, request, fsuid == 0))
            } else {
                let info = "Failed name lookup - disconnected path";
                let decision = refusal(request.0, apparmor::Errno::Eacces, Some(info));
                (Arc::from(&b"apparmor/.null"[..]), decision)
            };
        let question = Question {
            operation: "open",
            class: Some("file"),
            name: Some(&name),
            info: None,
        };
        let outcome = settle(
            context,
            profile,
            &question,
            &decision,
            |requested, denied| file::tail(requested, denied, fsuid, 0, None),
        );
        allowed &= outcome.is_ok() && decision.error.is_none();
    }
    allowed
}
