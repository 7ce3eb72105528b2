//! Capabilities that a profile grants (`security/apparmor/capability.c`).

use std::fmt::Write as _;

use apparmor::{Class, Decision, Permissions};

use super::{Question, absent, policy::Rules, settle};
use crate::{capability::Capability, context::Context, errno::Errno, event::GateKind};

/// `aa_capable`: asked only after the task turned out to hold the capability.
pub(crate) fn capable(
    context: &mut Context,
    capability: Capability,
    audit: bool,
) -> Result<(), Errno> {
    let label = context.credentials.label.clone();
    let profiles = context.world.confining(&label);
    if profiles.is_empty() {
        absent(context);
        return Ok(());
    }
    let mut result = Ok(());
    for profile in &profiles {
        let decision = match &profile.rules {
            Rules::Compiled(rules) => rules.capability(capability.number()),
            Rules::Learning | Rules::Unconfined => Decision {
                class: Class::Capability,
                mediated: true,
                request: 1,
                permissions: Permissions::default(),
                error: Some(apparmor::Errno::Eperm),
                info: None,
                rules: Vec::new(),
            },
        };
        if !audit {
            if decision.error.is_some() && profile.mode() != apparmor::Mode::Complain {
                result = context.refuse(GateKind::AppArmor, Errno::EPERM);
            }
            continue;
        }
        let question = Question {
            operation: "capable",
            class: Some("cap"),
            name: None,
            info: None,
        };
        let outcome = settle(context, profile, &question, &decision, |_, _| {
            let mut tail = String::new();
            // Writing to a String cannot fail.
            let _ = write!(
                tail,
                " capability={}  capname=\"{}\"",
                capability.number(),
                capability.name()
            );
            tail
        });
        if outcome.is_err() {
            result = outcome;
        }
    }
    result
}
