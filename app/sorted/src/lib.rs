//! Maps, sets and sorting whose code is small in each type that uses them.
//!
//! The standard library's ordered map and its sorts are written for speed on
//! millions of things and are compiled anew for every type: some 10 KB and 4 KB
//! of WASM each. The simulator has some dozens of each, nearly all for tens of
//! things. [`SortedMap`] and [`SortedSet`] are sorted vectors, [`SharedMap`] one
//! that clones share; [`sort_by`] orders positions in one function for all types.
//!
//! What grows with the work of a learner or of a search (states seen, paths of an
//! automaton) belongs into the standard library's collections.

#![forbid(unsafe_code)]

mod map;
mod set;
mod shared;
mod sort;

pub use map::{Entry, SortedMap};
pub use set::SortedSet;
pub use shared::SharedMap;
pub use sort::{sort, sort_by, sort_by_key};
