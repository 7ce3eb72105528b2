//! YAML and JSON texts as trees in which every key and value knows its place.
//!
//! Scalars mean what they mean to kubectl, which reads YAML 1.1 (go-yaml v2
//! below `sigs.k8s.io/yaml`): `yes` and `on` are truth values, a later key of
//! the same name silently wins, `<<` merges.

mod build;
mod emit;
mod fault;
mod path;
mod scalar;
mod token;
mod value;

pub use build::{Parsed, parse};
pub use emit::emit;
pub use path::span_of;
pub use token::{Structure, Token, TokenKind, structure};
pub use value::{Data, Entry, Value};

/// The longest text that is read, in bytes: the API server's own limit on a
/// request body (3 MiB, `MaxRequestBodyBytes`).
pub const MAX_TEXT: usize = 3 * 1024 * 1024;

/// How deep lists and mappings may nest.
pub const MAX_DEPTH: usize = 100;

/// How many values a text may hold, repeated aliases counted each time.
pub const MAX_VALUES: usize = 200_000;

/// How many documents a text may hold.
pub const MAX_DOCUMENTS: usize = 1_000;
