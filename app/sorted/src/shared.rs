//! A sorted map whose clones share it until one of them changes.

use crate::{SortedMap, map::Iter};
use std::{borrow::Borrow, fmt, sync::Arc};

/// Values by their keys. A clone copies nothing; the first change after one
/// copies the whole map, so this is for maps of tens of keys.
#[derive(Clone)]
pub struct SharedMap<K, V> {
    /// Nothing is kept for an empty map, which most are.
    map: Option<Arc<SortedMap<K, V>>>,
}

impl<K, V> SharedMap<K, V> {
    /// An empty map.
    pub const fn new() -> Self {
        Self { map: None }
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.map.as_ref().map_or(0, |map| map.len())
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// True when both are clones of one map that neither has changed since.
    pub fn ptr_eq(&self, other: &Self) -> bool {
        match (&self.map, &other.map) {
            (Some(own), Some(others)) => Arc::ptr_eq(own, others),
            (None, None) => true,
            _ => false,
        }
    }

    /// Keys and values, by key.
    pub fn iter(&self) -> Iter<'_, K, V> {
        SortedMap::of(self.map.as_ref().map_or(&[], |map| map.entries()))
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }

    /// The values, by key.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }
}

impl<K: Ord, V> SharedMap<K, V> {
    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.map.as_ref()?.get(key)
    }

    /// Whether there is a key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.get(key).is_some()
    }
}

impl<K: Ord + Clone, V: Clone> SharedMap<K, V> {
    /// Sets the value of a key and gives the one that it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        Arc::make_mut(self.map.get_or_insert_default()).insert(key, value)
    }

    /// Takes a key out and gives the value that it had.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        // Copies nothing for a key that is not there.
        self.get(key)?;
        Arc::make_mut(self.map.as_mut()?).remove(key)
    }
}

impl<'a, K, V> IntoIterator for &'a SharedMap<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K, V> Default for SharedMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for SharedMap<K, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_map().entries(self).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_keeps_what_the_other_changes() {
        let mut one = SharedMap::new();
        one.insert("a", 1);
        let mut two = one.clone();
        assert!(two.ptr_eq(&one));
        assert_eq!(two.remove("b"), None);
        assert!(two.ptr_eq(&one));
        assert_eq!(two.insert("a", 2), Some(1));
        assert_eq!(two.remove("a"), Some(2));
        assert!(two.is_empty());
        assert!(one.iter().eq([(&"a", &1)]));
    }
}
