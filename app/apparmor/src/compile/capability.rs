//! Capability rules: masks, not patterns.

use crate::{
    decision::{Effect, RuleId},
    tree::{Capability, Prefix},
    vocabulary::CAPABILITIES,
};

/// The capability masks of a profile: `struct aa_caps`. A deny always wins: `priority=` has no
/// effect on capability rules.
#[derive(Clone, Debug, Default)]
pub(crate) struct Capabilities {
    allow: u64,
    deny: u64,
    audit: u64,
    quiet: u64,
    rules: Vec<(RuleId, Effect, u64)>,
}

impl Capabilities {
    pub(crate) fn add(
        &mut self,
        rule: RuleId,
        prefix: Prefix,
        effect: Effect,
        capability: &Capability,
    ) {
        let mask = if capability.names.is_empty() {
            (1 << CAPABILITIES.len()) - 1
        } else {
            capability
                .names
                .iter()
                .filter_map(|name| {
                    CAPABILITIES
                        .iter()
                        .position(|known| *known == name.as_str())
                })
                .fold(0u64, |mask, number| mask | 1 << number)
        };
        self.add_mask(rule, prefix.audit, effect, mask);
    }

    pub(crate) fn add_all(&mut self, rule: RuleId, prefix: Prefix, effect: Effect) {
        let mask = (1 << CAPABILITIES.len()) - 1;
        self.add_mask(rule, prefix.audit || effect == Effect::Deny, effect, mask);
    }

    fn add_mask(&mut self, rule: RuleId, audit: bool, effect: Effect, mask: u64) {
        match effect {
            Effect::Allow => {
                self.allow |= mask;
                if audit {
                    self.audit |= mask;
                }
            }
            Effect::Deny => {
                self.deny |= mask;
                if !audit {
                    self.quiet |= mask;
                }
            }
            Effect::Prompt => {}
        }
        self.rules.push((rule, effect, mask));
    }

    /// Allowed, audited and quieted, for one capability.
    pub(crate) fn of(&self, number: u8) -> (bool, bool, bool) {
        let bit = 1u64.checked_shl(u32::from(number)).unwrap_or(0);
        (
            self.allow & !self.deny & bit != 0,
            self.audit & bit != 0,
            self.quiet & bit != 0,
        )
    }

    /// The rules that decided it.
    pub(crate) fn rules(&self, number: u8) -> Vec<RuleId> {
        let bit = 1u64.checked_shl(u32::from(number)).unwrap_or(0);
        let decisive = if self.deny & bit == 0 {
            Effect::Allow
        } else {
            Effect::Deny
        };
        self.rules
            .iter()
            .filter(|(_, effect, mask)| *effect == decisive && mask & bit != 0)
            .map(|(rule, ..)| *rule)
            .collect()
    }
}
