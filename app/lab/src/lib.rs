//! Sessions: the only door through which the site uses the simulation.
//!
//! A lab document and the learner's files go in; what every node answers,
//! with its evidence, comes out as plain data ([`message`]). Nothing here
//! decides whether a call is allowed: the kernel and the cluster do, and this
//! crate turns their evidence into words.

#![forbid(unsafe_code)]

mod apply;
mod boot;
pub mod capstone;
pub mod check;
mod clock;
pub mod compare;
mod configure;
mod console;
mod container;
mod decode;
pub mod desk;
pub mod document;
pub mod export;
mod language;
pub mod lint;
mod machine;
pub mod message;
mod node;
mod observe;
mod pods;
mod process;
mod programs;
pub mod reference;
mod release;
mod restart;
pub mod score;
pub mod search;
pub mod session;
pub mod share;
mod shell;
mod stop;
mod view;
mod whatif;
mod workspace;
