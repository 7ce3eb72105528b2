//! Resource limits that a profile caps (`security/apparmor/resource.c`).

use apparmor::{Class, Decision, Permissions};

use super::{Question, absent, settle};
use crate::{context::Context, errno::Errno};

/// Raising a hard limit above what a profile sets (`aa_task_setrlimit`).
pub(crate) fn set(context: &mut Context, resource: u32, hard: u64) -> Result<(), Errno> {
    let label = context.credentials.label.clone();
    let profiles = context.world.confining(&label);
    if profiles.is_empty() {
        absent(context);
        return Ok(());
    }
    let name = NAMES.get(resource as usize).copied().unwrap_or("unknown");
    let mut result = Ok(());
    for profile in &profiles {
        let limit = profile.compiled().and_then(|rules| rules.rlimit(name));
        let Some((limit, rule)) = limit else {
            continue;
        };
        let refused = hard > limit;
        let decision = Decision {
            class: Class::Rlimit,
            mediated: true,
            request: 1,
            permissions: Permissions {
                allow: u32::from(!refused),
                ..Permissions::default()
            },
            error: refused.then_some(apparmor::Errno::Eacces),
            info: None,
            rules: vec![rule],
        };
        let question = Question {
            operation: "setrlimit",
            class: Some("rlimits"),
            name: None,
            info: None,
        };
        let outcome = settle(context, profile, &question, &decision, |_, _| {
            format!(" rlimit={name} value={hard}")
        });
        result = outcome.and(result);
    }
    result
}

/// The limits of `getrlimit(2)` by number, as AppArmor names them.
const NAMES: [&str; 16] = [
    "cpu",
    "fsize",
    "data",
    "stack",
    "core",
    "rss",
    "nproc",
    "nofile",
    "memlock",
    "as",
    "locks",
    "sigpending",
    "msgqueue",
    "nice",
    "rtprio",
    "rttime",
];
