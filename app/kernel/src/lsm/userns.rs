//! User namespaces (`apparmor_userns_create`, `aa_profile_ns_perm`).

use apparmor::{Class, Decision, Permissions};

use super::{
    Question, absent, domain::replace_label, ipc::nothing, label::Label, policy::Rules, settle,
};
use crate::{audit::untrusted, capability::Capability, context::Context, errno::Errno};

/// Asks whether the caller may make a user namespace.
pub(crate) fn create(context: &mut Context) -> Result<(), Errno> {
    let label = context.credentials.label.clone();
    let profiles = context.world.confining(&label);
    if profiles.is_empty() {
        if is_restricted(context, &label) {
            return restrict(context, &label);
        }
        absent(context);
        return Ok(());
    }
    if !context.world.release.mediates_user_namespaces {
        return Ok(());
    }
    let program = match context.task()?.exe {
        Some(exe) if context.world.release.userns_records_program => {
            Some(context.world.path_up(exe, None).0)
        }
        _ => None,
    };
    let mut result = Ok(());
    for profile in &profiles {
        let decision = match &profile.rules {
            Rules::Compiled(rules) => rules.userns(),
            Rules::Learning | Rules::Unconfined => nothing(Class::Namespace, CREATE),
        };
        let question = Question {
            operation: "userns_create",
            class: Some("namespace"),
            name: None,
            info: None,
        };
        let outcome = settle(
            context,
            profile,
            &question,
            &decision,
            |requested, denied| {
                let mut tail = String::new();
                if requested & CREATE != 0 {
                    tail.push_str(" requested=\"userns_create\"");
                }
                if denied & CREATE != 0 {
                    tail.push_str(" denied=\"userns_create\"");
                }
                if let Some(program) = &program {
                    tail.push_str(" execpath=");
                    untrusted(&mut tail, program);
                }
                tail
            },
        );
        result = outcome.and(result);
    }
    result
}

/// Whether `kernel.apparmor_restrict_unprivileged_userns` concerns an unconfined caller: one
/// without `CAP_SYS_ADMIN` whose profile, if it has one, grants no `userns`.
fn is_restricted(context: &Context, label: &Label) -> bool {
    let world = &*context.world;
    let own = context.credentials.user_namespace;
    let exempt = label.profiles().iter().any(|id| {
        world
            .policy
            .get(*id)
            .and_then(|profile| profile.compiled())
            .is_some_and(|rules| rules.grants_userns())
    });
    world.apparmor_runs()
        && world.release.mediates_user_namespaces
        && world.settings.restrict_unprivileged_userns
        && !exempt
        && !world.holds(&context.credentials, own, Capability::SysAdmin)
}

/// The profile that takes restricted callers in (Ubuntu 24.04).
const TRANSITION: &str = "unprivileged_userns";

/// The caller goes on under `unprivileged_userns` or, where that is not loaded, not at all. The
/// wording is that of Ubuntu's kernels from 6.8; no recording shows it.
fn restrict(context: &mut Context, label: &Label) -> Result<(), Errno> {
    let target = context.world.policy.find(TRANSITION).cloned();
    let (error, info) = match target {
        Some(_) => (None, "Userns create - transitioning profile"),
        None => (
            Some(apparmor::Errno::Eacces),
            "Userns create restricted - failed to find unprivileged_userns profile",
        ),
    };
    let decision = Decision {
        error,
        info: Some(info),
        permissions: Permissions {
            allow: if error.is_none() { CREATE } else { 0 },
            audit: CREATE,
            quiet: 0,
        },
        ..nothing(Class::Namespace, CREATE)
    };
    let Some(profile) = label
        .profiles()
        .first()
        .and_then(|id| context.world.policy.get(*id).cloned())
    else {
        return Ok(());
    };
    let question = Question {
        operation: "userns_create",
        class: Some("namespace"),
        name: None,
        info: None,
    };
    settle(context, &profile, &question, &decision, |_, denied| {
        let mut tail = " requested=\"userns_create\"".to_owned();
        if denied & CREATE != 0 {
            tail.push_str(" denied=\"userns_create\"");
        }
        tail.push_str(" target=");
        untrusted(&mut tail, TRANSITION.as_bytes());
        tail
    })?;
    match target {
        Some(target) => replace_label(context, Label::of(target.id)),
        None => Ok(()),
    }
}

/// `AA_USERNS_CREATE`
const CREATE: u32 = 8;
