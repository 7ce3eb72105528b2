//! Stable sorting with one merge sort for all types.

use std::cmp::Ordering;

/// Sorts, and keeps the order of equal things.
pub fn sort<T: Ord>(things: &mut [T]) {
    sort_by(things, Ord::cmp);
}

/// Sorts by what `key` says of each thing, and keeps the order of equal ones.
pub fn sort_by_key<T, K: Ord>(things: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(things, |a, b| key(a).cmp(&key(b)));
}

/// Sorts as `compare` says, and keeps the order of equal things.
pub fn sort_by<T>(things: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let mut order = order(things.len(), &|a, b| {
        things
            .get(a)
            .zip(things.get(b))
            .is_some_and(|(a, b)| compare(a, b) == Ordering::Greater)
    });
    place(&mut order, &mut |a, b| things.swap(a, b));
}

/// The positions of `length` things in the order that they belong in; `after` says
/// whether one belongs after another.
fn order(length: usize, after: &dyn Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut order: Vec<usize> = (0..length).collect();
    let mut merged = Vec::with_capacity(length);
    let mut width = 1;
    while width < length {
        for run in order.chunks(width * 2) {
            let (mut left, mut right) = run.split_at(width.min(run.len()));
            loop {
                match (left, right) {
                    ([a, rest @ ..], [b, ..]) if !after(*a, *b) => {
                        merged.push(*a);
                        left = rest;
                    }
                    (_, [b, rest @ ..]) => {
                        merged.push(*b);
                        right = rest;
                    }
                    (_, []) => break,
                }
            }
            merged.extend_from_slice(left);
        }
        std::mem::swap(&mut order, &mut merged);
        merged.clear();
        width *= 2;
    }
    order
}

/// Brings what stands at `order[i]` to `i` for each `i`, cycle by cycle.
fn place(order: &mut [usize], swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..order.len() {
        let mut here = start;
        while let Some(next) = order.get_mut(here) {
            let from = std::mem::replace(next, here);
            if from == start || from == here {
                break;
            }
            swap(here, from);
            here = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equal_things_keep_their_order(keys in prop::collection::vec(0u8..20, 0..200)) {
            let things: Vec<(u8, usize)> = keys.into_iter().zip(0..).collect();
            let (mut ours, mut std) = (things.clone(), things);
            sort_by_key(&mut ours, |thing| thing.0);
            std.sort_by_key(|thing| thing.0);
            prop_assert_eq!(ours, std);
        }

        #[test]
        fn owned_things_are_sorted_as_the_standard_library_sorts_them(words in prop::collection::vec("[a-c]{0,3}", 0..60)) {
            let (mut ours, mut std) = (words.clone(), words);
            sort(&mut ours);
            std.sort();
            prop_assert_eq!(ours, std);
        }
    }
}
