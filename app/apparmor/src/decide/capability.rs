//! Capabilities and resource limits.

use crate::{
    decision::{Class, Decision, Errno, Permissions, RuleId},
    profile::Profile,
};

impl Profile {
    /// Uses a capability by its number, as `profile_capable`. The request is 1 in any case.
    pub fn capability(&self, number: u8) -> Decision {
        if self.is_unconfined() {
            return Decision::unmediated(Class::Capability, 1);
        }
        let (allowed, audit, quiet) = self.capabilities.of(number);
        Decision {
            class: Class::Capability,
            mediated: true,
            request: 1,
            permissions: Permissions {
                allow: u32::from(allowed),
                audit: u32::from(audit),
                quiet: u32::from(quiet),
            },
            error: (!allowed).then_some(Errno::Eperm),
            info: None,
            rules: self.capabilities.rules(number),
        }
    }

    /// The limit of a resource such as `nofile`, and the rule that sets it; none where the profile
    /// sets none. Raising above it is refused with EACCES (`aa_task_setrlimit`).
    pub fn rlimit(&self, resource: &str) -> Option<(u64, RuleId)> {
        if self.is_unconfined() {
            return None;
        }
        self.rlimits.get(resource).copied()
    }
}
