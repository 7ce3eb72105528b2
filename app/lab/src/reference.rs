//! What the simulator knows, as tables for the reference pages.
//!
//! Each table is asked of the engine that the labs run on, or read from the
//! tables that it goes by; none is written down a second time.

pub mod diagnostics;
pub mod permissions;
pub mod rules;
pub mod start;
pub mod syscalls;
pub mod versions;
