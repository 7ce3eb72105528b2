//! Changing the profile and the hat.

use std::sync::Arc;

use super::file::{PathPermissions, until_nul};
use crate::{
    decision::{Class, Decision},
    permission::FilePermissions,
    profile::{ChangeHat, ChangeProfileKind, Profile},
    verdict::Mode,
};

/// What a change of profile at an exec gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeOnExecDecision {
    /// Whether the rules allow it.
    pub decision: Decision,
    /// Whether the program starts in secure-execution mode.
    pub secure: bool,
}

impl Profile {
    /// Asks to change the profile, as `aa_change_profile` and `change_profile_perms`; `target` is
    /// the label's name.
    pub fn change_profile(&self, target: &[u8], kind: ChangeProfileKind<'_>) -> Decision {
        if let ChangeProfileKind::Exec(path, owner) = kind {
            return self.change_onexec(target, path, owner).decision;
        }
        let request = match kind {
            ChangeProfileKind::OnExec => FilePermissions::CHANGE_ONEXEC,
            _ => FilePermissions::CHANGE_PROFILE,
        };
        if self.is_unconfined() {
            return Decision::unmediated(Class::File, request.0);
        }
        let Some(automaton) = &self.file else {
            return Self::no_file_rules(request);
        };
        let mut walk = automaton.walk();
        if kind == ChangeProfileKind::Stack {
            walk.byte(b'&');
        }
        let answer = walk.bytes(until_nul(target)).answer();
        PathPermissions::of(&answer, true).decide(request)
    }

    /// Changes to a label asked for beforehand, at the exec of a path; as `profile_onexec`.
    pub fn change_onexec(&self, target: &[u8], path: &[u8], owner: bool) -> ChangeOnExecDecision {
        let request = FilePermissions::CHANGE_ONEXEC;
        let plain = |decision| ChangeOnExecDecision {
            decision,
            secure: false,
        };
        if self.is_unconfined() {
            return plain(Decision::unmediated(Class::File, request.0));
        }
        let Some(automaton) = &self.file else {
            return plain(Self::no_file_rules(request));
        };
        let mut walk = automaton.walk();
        let answer = walk.bytes(until_nul(path)).answer();
        let mut decision = PathPermissions::of(&answer, owner).decide(request);
        if !decision.allowed() {
            decision.info = Some("no change_onexec valid for executable");
            return plain(decision);
        }
        let answer = walk.byte(0).bytes(until_nul(target)).answer();
        let found = PathPermissions::of(&answer, true);
        let decision = found.decide(request);
        // A pair without exec bits has an index of 0, which asks for a scrubbed environment.
        let scrubs = self
            .transition(found.transition)
            .is_none_or(|transition| transition.scrub);
        ChangeOnExecDecision {
            secure: scrubs && decision.allowed(),
            decision,
        }
    }

    /// The hat of this profile, or of the profile this hat belongs to, as `change_hat` finds it
    /// among the loaded profiles.
    pub fn change_hat(&self, hat: &str, loaded: &[Arc<Profile>]) -> ChangeHat {
        if self.is_unconfined() {
            return ChangeHat::Unconfined;
        }
        let parent = match self.name.full.rsplit_once("//") {
            Some((parent, _)) if self.hat => parent,
            _ => &self.name.full,
        };
        let name = format!("{parent}//{hat}");
        let found = loaded.iter().find(|profile| {
            profile.name.full == name && profile.name.namespace == self.name.namespace
        });
        match found {
            Some(profile) if profile.hat => ChangeHat::Hat(profile.clone()),
            Some(_) => ChangeHat::NotHat,
            None if self.mode == Mode::Complain => {
                ChangeHat::Learning(format!("{parent}//null-{hat}"))
            }
            None if self.children(loaded).next().is_some() => ChangeHat::NotFound,
            None => ChangeHat::NoHats,
        }
    }
}
