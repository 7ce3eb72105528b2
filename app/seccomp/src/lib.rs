//! Seccomp profiles: from OCI JSON to cBPF to verdicts.

#![forbid(unsafe_code)]
