//! Hard links.

use super::file::{PathPermissions, until_nul};
use crate::{
    decision::{Class, Decision, Errno, ExecTransition},
    permission::FilePermissions,
    profile::Profile,
};

impl Profile {
    /// Makes the hard link `link` to the existing name `target`, as `profile_path_link`: `l` on the
    /// new name, then on the pair; unless the pair is free of the subset test, the new name may
    /// get nothing that the target does not have.
    pub fn link(&self, link: &[u8], target: &[u8], owner: bool) -> Decision {
        const LINK: FilePermissions = FilePermissions::LINK;
        if self.is_unconfined() {
            return Decision::unmediated(Class::File, LINK.0);
        }
        let Some(automaton) = &self.file else {
            return Self::no_file_rules(LINK);
        };
        let mut walk = automaton.walk();
        let link_answer = walk.bytes(until_nul(link)).answer();
        let found = PathPermissions::of(&link_answer, owner);
        if !found.allow().contains(LINK) {
            return found.decide(LINK);
        }
        let pair_answer = walk.byte(0).bytes(until_nul(target)).answer();
        let pair = PathPermissions::of(&pair_answer, owner);
        if !pair.allow().contains(LINK) {
            return Decision {
                info: Some("target restricted"),
                ..pair.decide(LINK)
            };
        }
        let mut rules = found.rules(LINK);
        rules.extend(pair.rules(LINK));
        let mut permissions = found.permissions;
        permissions.audit = pair.permissions.audit;
        permissions.quiet = pair.permissions.quiet;
        let mut decision = Decision {
            class: Class::File,
            mediated: true,
            request: LINK.0,
            permissions,
            error: None,
            info: None,
            rules,
        };
        if !pair.allow().intersects(FilePermissions::LINK_SUBSET) {
            return decision;
        }
        let target_answer = walk.restart().bytes(until_nul(target)).answer();
        let target = PathPermissions::of(&target_answer, owner);
        let request = found.allow().without(LINK);
        let allow = found.allow() & (target.allow() | LINK);
        let request = request | FilePermissions::AUDITED & allow.without(target.allow());
        decision.request = request.0;
        decision.permissions.allow = allow.0;
        let excess = request.without(allow);
        if !excess.is_empty() {
            decision.error = Some(Errno::Eacces);
            decision.rules = target.rules(excess);
            decision.rules.extend(found.rules(excess));
            return decision;
        }
        let exec = FilePermissions::EXEC;
        let modes = [&found, &target].map(|path| self.transition(path.transition));
        if allow.intersects(exec) && !is_exec_subset(modes[0], modes[1]) {
            decision.request |= exec.0;
            decision.permissions.allow &= !exec.0;
            decision.error = Some(Errno::Eacces);
            decision.info = Some("link not subset of target");
            decision.rules = found.rules(exec);
            decision.rules.extend(target.rules(exec));
        }
        decision
    }

    pub(super) fn transition(&self, number: Option<u32>) -> Option<&ExecTransition> {
        self.transitions.get(number? as usize)
    }
}

/// Whether the exec mode of a link gives no more than that of its target (`xindex_is_subset`).
fn is_exec_subset(link: Option<&ExecTransition>, target: Option<&ExecTransition>) -> bool {
    let (Some(link), Some(target)) = (link, target) else {
        return link.is_none() && target.is_none();
    };
    link.kind == target.kind && link.fallback == target.fallback && (link.scrub || !target.scrub)
}
