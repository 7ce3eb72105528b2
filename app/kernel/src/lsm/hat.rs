//! `change_hat`: moving between a profile and its hats with a secret token
//! (`aa_change_hat`, `security/apparmor/domain.c`).

use std::sync::Arc;

use apparmor::{ChangeHat, Mode};

use super::{
    Question,
    domain::{covers_first, note_no_new_privs},
    file::{self, refusal},
    label::Label,
    policy::{Loaded, Rules},
    record::{Record, Subject},
    settle,
};
use crate::{abi, context::Context, errno::Errno, id::ProfileId};

/// `changehat TOKEN^HAT…`: the token in hexadecimal, then names separated by
/// NUL; no name returns to the profile.
pub(crate) fn change(context: &mut Context, argument: &str, test: bool) -> Result<(), Errno> {
    let parsed = argument.split_once('^').and_then(|(token, names)| {
        let token = u64::from_str_radix(token.trim_start_matches("0x"), 16).ok()?;
        Some((token, names))
    });
    let Some((token, names)) = parsed else {
        context.record(
            0,
            format!("AppArmor: change_hat: Invalid input '{argument}'"),
        );
        return Err(Errno::EINVAL);
    };
    let hats: Vec<&str> = names.split('\0').filter(|name| !name.is_empty()).collect();
    if hats.is_empty() && token == 0 {
        let text = "AppArmor: change_hat: Invalid input, NULL hat and NULL magic";
        context.record(0, text.to_owned());
        return Err(Errno::EINVAL);
    }
    let label = context.credentials.label.clone();
    note_no_new_privs(context, &label)?;
    if context.world.is_unconfined(&label) {
        return refuse(
            context,
            &label,
            "unconfined can not change_hat",
            apparmor::Errno::Eperm,
            None,
            Errno::EPERM,
        );
    }
    if hats.is_empty() {
        return leave(context, &label, token);
    }
    enter(context, &label, &hats, token, test)
}

fn enter(
    context: &mut Context,
    label: &Label,
    hats: &[&str],
    token: u64,
    test: bool,
) -> Result<(), Errno> {
    let previous = context.task()?.confinement.previous.clone();
    let profiles: Vec<Arc<Loaded>> = label
        .profiles()
        .iter()
        .filter_map(|id| context.world.policy.get(*id).cloned())
        .collect();
    let mut found: Vec<ProfileId> = Vec::new();
    for profile in &profiles {
        match find(context, profile, hats) {
            Ok(hat) => found.push(hat),
            Err((info, error, errno)) => {
                // Programs try names: a single missing one is not worth a record.
                if hats.len() > 1 || complains(context, profile) {
                    return refuse(context, label, info, error, None, errno);
                }
                return context.fail(errno, info);
            }
        }
    }
    let new = context.world.policy.stack(&found);
    if context.task()?.no_new_privs && !covers_first(context, &new)? {
        return context.fail(Errno::EPERM, "no_new_privs allows no change to a hat");
    }
    if test {
        return Ok(());
    }
    if previous.is_some() && context.task()?.confinement.token != token {
        return wrong_token(context, label, &new);
    }
    let mut credentials = (*context.credentials).clone();
    credentials.label = new;
    context.set_credentials(credentials)?;
    let confinement = &mut context.task_mut()?.confinement;
    confinement.on_exec = None;
    if confinement.previous.is_none() {
        confinement.previous = Some(label.clone());
    }
    confinement.token = token;
    Ok(())
}

/// `AA_MAY_CHANGEHAT`, which records print no letter for.
const CHANGE_HAT: u32 = 0x8000_0000;

type Refusal = (&'static str, apparmor::Errno, Errno);

fn complains(context: &Context, profile: &Loaded) -> bool {
    context.world.enforcement(profile).mode == Mode::Complain
}

/// The profile whose hats count: from a hat one changes to its siblings.
fn root_of(context: &Context, profile: &Arc<Loaded>) -> Arc<Loaded> {
    let is_hat = match &profile.rules {
        Rules::Compiled(rules) => rules.is_hat(),
        Rules::Learning => context
            .task()
            .is_ok_and(|task| task.confinement.previous.is_some()),
        Rules::Unconfined => false,
    };
    let parent = profile.name.rsplit_once("//").filter(|_| is_hat);
    parent
        .and_then(|(parent, _)| context.world.policy.find(parent))
        .map_or_else(|| Arc::clone(profile), Arc::clone)
}

/// The first hat of the list that there is (`change_hat`); in complain mode
/// the first name, as a learning profile where it is no hat.
fn find(context: &mut Context, profile: &Arc<Loaded>, hats: &[&str]) -> Result<ProfileId, Refusal> {
    let root = root_of(context, profile);
    let complain = complains(context, profile);
    let loaded = context.world.policy.compiled_shared();
    for hat in hats {
        let known = match &root.rules {
            Rules::Compiled(rules) => Some(rules.change_hat(hat, &loaded)),
            Rules::Learning | Rules::Unconfined => None,
        };
        match known {
            Some(ChangeHat::Hat(hat)) => {
                if let Some(found) = context.world.policy.find(hat.name()) {
                    return Ok(found.id);
                }
            }
            Some(ChangeHat::NotHat) => {
                return Err(("target not hat", apparmor::Errno::Eperm, Errno::EPERM));
            }
            _ => {}
        }
        if complain {
            return Ok(learn(context, profile, hat));
        }
    }
    if context.world.policy.has_children(&profile.name) {
        Err(("hat not found", apparmor::Errno::Enoent, Errno::ENOENT))
    } else {
        Err(("no hats defined", apparmor::Errno::Echild, Errno::ECHILD))
    }
}

/// What is no hat is allowed all the same and recorded (`build_change_hat`).
fn learn(context: &mut Context, profile: &Arc<Loaded>, hat: &str) -> ProfileId {
    let learning = context.world.policy.learning_below(&profile.name, hat);
    let target = context
        .world
        .policy
        .get(learning)
        .map(|learning| Arc::clone(&learning.name));
    let name: Arc<[u8]> = Arc::from(hat.as_bytes());
    let question = Question {
        operation: "change_hat",
        class: Some("file"),
        name: Some(&name),
        info: None,
    };
    let decision = refusal(CHANGE_HAT, apparmor::Errno::Enoent, None);
    let target = target.as_deref().map(str::as_bytes);
    // In complain mode the answer is what it would have been without.
    let _ = settle(context, profile, &question, &decision, |_, _| {
        file::tail(0, 0, 0, 0, target)
    });
    learning
}

fn leave(context: &mut Context, label: &Label, token: u64) -> Result<(), Errno> {
    let confinement = &context.task()?.confinement;
    let Some(previous) = confinement.previous.clone() else {
        return Ok(());
    };
    if confinement.token != token {
        return wrong_token(context, label, &previous);
    }
    if context.task()?.no_new_privs && !covers_first(context, &previous)? {
        return context.fail(Errno::EPERM, "no_new_privs allows no return");
    }
    super::domain::replace_label(context, previous)
}

/// A wrong token may be an attack: the task dies (`aa_change_hat`).
fn wrong_token(context: &mut Context, label: &Label, target: &Label) -> Result<(), Errno> {
    let target = context.world.policy.label_name(target);
    let profiles: Vec<Arc<Loaded>> = label
        .profiles()
        .iter()
        .filter_map(|id| context.world.policy.get(*id).cloned())
        .collect();
    for profile in &profiles {
        let mut tail = " target=".to_owned();
        crate::audit::untrusted(&mut tail, target.as_bytes());
        let record = Record {
            kind: "KILLED",
            operation: "change_hat",
            class: Some("file"),
            info: Some(("failed token match", Some(Errno::EACCES))),
            subject: Subject::Profile(profile),
            name: None,
            tail,
        };
        let text = record.text(context);
        context.record(crate::audit::AVC, text);
    }
    context.kill(abi::SIGKILL)?;
    Err(Errno::EACCES)
}

fn refuse(
    context: &mut Context,
    label: &Label,
    info: &'static str,
    error: apparmor::Errno,
    target: Option<&str>,
    errno: Errno,
) -> Result<(), Errno> {
    let profiles: Vec<Arc<Loaded>> = label
        .profiles()
        .iter()
        .filter_map(|id| context.world.policy.get(*id).cloned())
        .collect();
    let decision = refusal(CHANGE_HAT, error, Some(info));
    for profile in &profiles {
        let question = Question {
            operation: "change_hat",
            class: Some("file"),
            name: None,
            info: None,
        };
        let fsuid = context.credentials.uid.fs;
        let _ = settle(
            context,
            profile,
            &question,
            &decision,
            |requested, denied| file::tail(requested, denied, fsuid, 0, target.map(str::as_bytes)),
        );
    }
    Err(errno)
}
