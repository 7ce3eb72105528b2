//! What decoding does with a document: the fields that a release knows, and
//! the types they must have.

mod decode;
mod tables;

pub use decode::{Decoded, Mismatch, Unknown, decode};

/// A type of the API: its Go name and its fields.
struct Type {
    /// The name in Go, as error messages write it.
    go: &'static str,
    /// The package in Go.
    package: &'static str,
    /// The fields by their JSON names.
    fields: &'static [Field],
}

/// A field and the first minor release of Kubernetes 1 that knows it.
struct Field {
    name: &'static str,
    since: u16,
    shape: Shape,
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
