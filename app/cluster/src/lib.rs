//! From a manifest to a confined process, with every place that can drop a control.

#![forbid(unsafe_code)]

pub mod api;
pub mod client;
pub mod diagnostic;
pub mod distribution;
pub mod fleet;
pub mod kubelet;
pub mod node;
pub mod object;
pub mod runtime;
pub mod scheduler;
pub mod schema;
pub mod start;
pub mod status;
pub mod step;
pub mod version;
pub mod view;
pub mod yaml;
