//! What decoding does with a document: the fields that a release knows, and
//! the types they must have. The same table tells an editor what may be written.

#[cfg(test)]
mod check;
mod complete;
mod cursor;
mod decode;
mod explain;
mod tables;
#[cfg(test)]
mod values;

pub use complete::{Completion, complete, describe};
pub use decode::{Decoded, Mismatch, Unknown, decode};
pub use explain::{Explained, explain, kind_named};

/// A type of the API: its Go name and its fields.
struct Type {
    /// The name in Go, as error messages write it.
    go: &'static str,
    /// The package in Go.
    package: &'static str,
    /// The fields by their JSON names.
    fields: &'static [Field],
}

/// A field and the minor releases of Kubernetes 1 that know it.
struct Field {
    name: &'static str,
    /// The first that does.
    since: u16,
    /// The first that does not any more.
    until: u16,
    shape: Shape,
}

impl Field {
    /// Whether a minor release knows it.
    const fn is_in(&self, minor: u16) -> bool {
        self.since <= minor && minor < self.until
    }
}

/// What a field may hold.
#[derive(Clone, Copy)]
enum Shape {
    /// Anything: what it holds is not described here.
    Any,
    /// A string.
    Text,
    /// A truth value.
    Flag,
    /// A whole number of this Go type.
    Number(&'static str),
    /// A list of strings.
    Texts,
    /// A mapping from strings to strings.
    Labels,
    /// An object.
    One(&'static Type),
    /// A list of objects.
    Many(&'static Type),
}
