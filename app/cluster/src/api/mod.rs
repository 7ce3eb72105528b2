//! The API server, by version: what it stores of a manifest, and what it says.

pub mod annotation;
pub(crate) mod controller;
mod creation;
mod decoding;
mod defaults;
mod ephemeral;
pub mod eras;
mod field_error;
mod gate;
pub mod go;
mod namespace;
pub mod policy;
pub mod psa;
mod runtime_class;
mod server;
mod skew;
pub mod sync;
pub mod validation;
mod write_back;

pub use creation::{Creation, Misfit, Refusal, Stored};
pub(crate) use defaults::spec_defaults;
pub use field_error::{ErrorType, FieldError};
pub use psa::PodSecurity;
pub use server::ApiServer;
