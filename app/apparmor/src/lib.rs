//! The AppArmor policy language: parse, explain, compile, decide.
//!
//! - [`parse`] reads one text: tokens, tree, diagnostics. It never fails.
//! - [`expand`] follows includes, variables, conditionals and aliases to the
//!   effective rules of every profile, and makes every check that the real
//!   parser makes before it builds automata.

#![forbid(unsafe_code)]

pub mod diagnostic;
pub mod effective;
pub mod features;
pub mod level;
pub mod options;
pub mod source;
pub mod token;
pub mod tree;

mod parser;

pub use effective::{EffectiveProfile, EffectiveRule, Expanded};
pub use features::Features;
pub use level::Level;
pub use options::Options;
pub use parser::{Parsed, expand, parse};
pub use source::{Files, SourceSet, Span};
