//! A small POSIX shell whose commands do real system calls in a simulated
//! kernel.

pub mod syntax;
