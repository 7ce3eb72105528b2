//! `io_uring` (`apparmor_uring_sqpoll`, 6.7).

use apparmor::{Class, IoUringPermission};

use super::{Question, absent, ipc::nothing, policy::Rules, settle};
use crate::{context::Context, errno::Errno};

/// A ring whose queue a kernel thread polls.
pub(crate) fn sqpoll(context: &mut Context) -> Result<(), Errno> {
    let label = context.credentials.label.clone();
    let profiles = context.world.confining(&label);
    if profiles.is_empty() {
        absent(context);
        return Ok(());
    }
    if !context.world.release.mediates_io_uring {
        return Ok(());
    }
    let mut result = Ok(());
    for profile in &profiles {
        let own = profile.name.clone();
        let decision = match &profile.rules {
            Rules::Compiled(rules) => rules.io_uring(IoUringPermission::SqPoll, own.as_bytes()),
            Rules::Learning | Rules::Unconfined => {
                nothing(Class::IoUring, IoUringPermission::SqPoll as u32)
            }
        };
        let question = Question {
            operation: "uring_sqpoll",
            class: Some("io_uring"),
            name: None,
            info: None,
        };
        let outcome = settle(context, profile, &question, &decision, |_, denied| {
            let mut tail = " requested=\"sqpoll\"".to_owned();
            if denied != 0 {
                tail.push_str(" denied=\"sqpoll\"");
            }
            tail
        });
        result = outcome.and(result);
    }
    result
}
