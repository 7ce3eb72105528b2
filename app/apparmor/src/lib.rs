//! The AppArmor policy language: parse, explain, compile, decide.

#![forbid(unsafe_code)]
