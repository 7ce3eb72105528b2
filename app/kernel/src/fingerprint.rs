//! 128 bits that stand for what something means.

use std::{
    hash::{Hash, Hasher},
    ops::{AddAssign, SubAssign},
};

use xxhash_rust::xxh3::xxh3_128;

/// A hash of what something means, wide enough to stand for it: two things of
/// different meaning that a search comes by do not share one (the odds for a
/// thousand million states are below 1 in 10^20).
///
/// Fingerprints add up: the sum of those of a set does not depend on the order,
/// and a member can be taken out again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(u128);

impl Fingerprint {
    /// Of nothing; what sums begin with.
    pub const NONE: Self = Self(0);

    /// Of anything that can be hashed.
    pub fn of(thing: &(impl Hash + ?Sized)) -> Self {
        let mut text = Text::default();
        thing.hash(&mut text);
        text.fingerprint()
    }
}

impl AddAssign for Fingerprint {
    fn add_assign(&mut self, other: Self) {
        self.0 = self.0.wrapping_add(other.0);
    }
}

impl SubAssign for Fingerprint {
    fn sub_assign(&mut self, other: Self) {
        self.0 = self.0.wrapping_sub(other.0);
    }
}

/// What is to be hashed, written one after the other: hashing it at once is
/// several times as fast as hashing it piece by piece.
#[derive(Debug, Default)]
pub(crate) struct Text(Vec<u8>);

impl Text {
    /// An empty text with room.
    pub fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    /// Appends a part. Whatever has a length is preceded by it, as `Hash` does
    /// for slices and strings, so that no two sequences of parts look alike.
    pub fn put(&mut self, part: impl Hash) {
        part.hash(self);
    }

    /// The fingerprint of all that was written.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint(xxh3_128(&self.0))
    }
}

impl Hasher for Text {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Not meant to be asked for: the fingerprint is wider.
    fn finish(&self) -> u64 {
        xxhash_rust::xxh3::xxh3_64(&self.0)
    }
}
