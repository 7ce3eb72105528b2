//! One node's Linux: every gate of a syscall, in the kernel's own order.

#![forbid(unsafe_code)]
