//! User namespaces (`apparmor_userns_create`, `aa_profile_ns_perm`).

use apparmor::Class;

use super::{Question, absent, ipc::nothing, policy::Rules, settle};
use crate::{audit::untrusted, context::Context, errno::Errno};

/// Asks whether the caller may make a user namespace.
pub(crate) fn create(context: &mut Context) -> Result<(), Errno> {
    let label = context.credentials.label.clone();
    let profiles = context.world.confining(&label);
    if profiles.is_empty() {
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

/// `AA_USERNS_CREATE`
const CREATE: u32 = 8;
