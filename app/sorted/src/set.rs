//! A set as a sorted vector.

use std::{borrow::Borrow, fmt, slice, vec};

/// Things in their order, each once.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SortedSet<T> {
    things: Vec<T>,
}

impl<T> SortedSet<T> {
    /// An empty set.
    pub const fn new() -> Self {
        Self { things: Vec::new() }
    }

    /// How many things there are.
    pub fn len(&self) -> usize {
        self.things.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.things.is_empty()
    }

    /// The things, in order.
    pub fn iter(&self) -> slice::Iter<'_, T> {
        self.things.iter()
    }

    /// The first thing.
    pub fn first(&self) -> Option<&T> {
        self.things.first()
    }

    /// The last thing.
    pub fn last(&self) -> Option<&T> {
        self.things.last()
    }

    /// Takes the first thing out.
    pub fn pop_first(&mut self) -> Option<T> {
        (!self.things.is_empty()).then(|| self.things.remove(0))
    }

    /// Keeps what `keep` says.
    pub fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        self.things.retain(keep);
    }
}

impl<T: Ord> SortedSet<T> {
    fn find<Q: Ord + ?Sized>(&self, thing: &Q) -> Result<usize, usize>
    where
        T: Borrow<Q>,
    {
        self.things
            .binary_search_by(|other| other.borrow().cmp(thing))
    }

    /// Whether a thing is there.
    pub fn contains<Q: Ord + ?Sized>(&self, thing: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.find(thing).is_ok()
    }

    /// Puts a thing in; false when it was there already.
    pub fn insert(&mut self, thing: T) -> bool {
        // What comes in order needs no search, and a whole set often does.
        let at = match self.things.last() {
            Some(last) if *last >= thing => self.find(&thing),
            _ => Err(self.things.len()),
        };
        if let Err(at) = at {
            self.things.insert(at, thing);
        }
        at.is_err()
    }

    /// Takes a thing out; false when it was not there.
    pub fn remove<Q: Ord + ?Sized>(&mut self, thing: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        let at = self.find(thing);
        if let Ok(at) = at {
            self.things.remove(at);
        }
        at.is_ok()
    }

    /// What is here and not there, in order.
    pub fn difference<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a T> {
        self.iter().filter(|thing| !other.contains(*thing))
    }

    /// Whether everything that is here is there.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.iter().all(|thing| other.contains(thing))
    }

    /// Whether nothing that is here is there.
    pub fn is_disjoint(&self, other: &Self) -> bool {
        !self.iter().any(|thing| other.contains(thing))
    }
}

impl<'a, T> IntoIterator for &'a SortedSet<T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T> IntoIterator for SortedSet<T> {
    type Item = T;
    type IntoIter = vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.things.into_iter()
    }
}

impl<T: Ord> Extend<T> for SortedSet<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, things: I) {
        for thing in things {
            self.insert(thing);
        }
    }
}

impl<T: Ord> FromIterator<T> for SortedSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(things: I) -> Self {
        let mut set = Self::new();
        set.extend(things);
        set
    }
}

impl<T: Ord, const N: usize> From<[T; N]> for SortedSet<T> {
    fn from(things: [T; N]) -> Self {
        things.into_iter().collect()
    }
}

impl<T> Default for SortedSet<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for SortedSet<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn a_set_answers_as_the_standard_library_s(changes in prop::collection::vec((any::<bool>(), 0u8..30), 0..100)) {
            let (mut ours, mut std) = (SortedSet::new(), BTreeSet::new());
            for (put, thing) in changes {
                if put {
                    prop_assert_eq!(ours.insert(thing), std.insert(thing));
                } else {
                    prop_assert_eq!(ours.remove(&thing), std.remove(&thing));
                }
                prop_assert!(ours.iter().eq(std.iter()));
            }
        }
    }
}
