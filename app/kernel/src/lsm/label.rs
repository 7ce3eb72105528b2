//! Labels: the profile, or stack of profiles, that a task runs under.

use std::sync::Arc;

use crate::id::ProfileId;

/// One profile or several at once (`a//&b`), by their places in the table of
/// profiles; the names and modes are looked up there, so that a replaced
/// profile counts at once.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label(Parts);

/// Most labels are a single profile.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Parts {
    One([ProfileId; 1]),
    Many(Arc<[ProfileId]>),
}

/// The profile `unconfined` of the root policy namespace.
pub const UNCONFINED: ProfileId = ProfileId(0);

impl Label {
    /// The label of a task without a profile.
    pub const fn unconfined() -> Self {
        Self(Parts::One([UNCONFINED]))
    }

    /// The label of a single profile.
    pub fn of(profile: ProfileId) -> Self {
        Self(Parts::One([profile]))
    }

    /// A stack, in the given order.
    pub fn stack(mut profiles: Vec<ProfileId>) -> Self {
        profiles.dedup();
        match profiles.as_slice() {
            [] => Self::unconfined(),
            [one] => Self::of(*one),
            _ => Self(Parts::Many(Arc::from(profiles))),
        }
    }

    /// Its profiles.
    pub fn profiles(&self) -> &[ProfileId] {
        match &self.0 {
            Parts::One(one) => one,
            Parts::Many(list) => list,
        }
    }
}
