//! The API server, by version: what it stores of a manifest, and what it says.

pub mod annotation;
mod controller;
pub mod eras;
mod field_error;
pub mod go;
mod namespace;
pub mod policy;
pub mod psa;
mod server;
pub mod sync;
pub mod validation;

pub use field_error::{ErrorType, FieldError};
pub use server::{ApiServer, Creation, Misfit, PodSecurity, Refusal, Stored};
