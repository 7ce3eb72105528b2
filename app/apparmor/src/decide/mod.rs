//! The questions a kernel asks of a compiled profile, one file for each class.

mod attachment;
mod capability;
mod change;
mod exec;
mod file;
mod link;
mod mount;
mod network;
mod peer;
mod unix;

pub use attachment::best_attachment;
pub use change::ChangeOnExecDecision;
pub(crate) use peer::USERNS_CREATE;

use crate::{
    decision::{Class, Decision, Errno, Permissions},
    precedence::Answer,
    profile::Profile,
    verdict::Mode,
};

impl Profile {
    /// Whether nothing is asked of it at all.
    pub(crate) fn is_unconfined(&self) -> bool {
        self.mode == Mode::Unconfined
    }

    /// The decision of a class whose bits the automaton holds as the kernel counts them
    /// (`aa_check_perms`).
    fn check(class: Class, request: u32, answer: &Answer) -> Decision {
        let denied = request & !answer.allow;
        Decision {
            class,
            mediated: true,
            request,
            permissions: Permissions {
                allow: answer.allow,
                audit: answer.audit,
                quiet: answer.quiet,
            },
            error: (denied != 0).then_some(Errno::Eacces),
            info: None,
            rules: answer.rules(if denied == 0 { request } else { denied }),
        }
    }
}
