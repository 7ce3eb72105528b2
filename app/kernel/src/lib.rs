//! One node's Linux: every gate of a syscall, in the kernel's own order.
//!
//! A [`World`] is a node's kernel as a value. [`World::boot`] makes one,
//! [`World::load_profiles`] gives it policy, [`World::syscall`] lets a task
//! make a [`Call`] and answers with an [`Event`]: the result, the gates that
//! were asked with what each looked at, and the records in the kernel log.
//!
//! Start reading at [`world`], then [`context`] (what happens on entry), one
//! file of `syscalls`, `gate` and `lsm`.

#![forbid(unsafe_code)]

pub mod abi;
pub mod arguments;
pub mod audit;
pub mod call;
pub mod capability;
pub mod container;
pub mod contents;
pub(crate) mod context;
pub mod credentials;
pub mod errno;
pub mod event;
pub mod fingerprint;
pub mod gate;
pub mod id;
pub(crate) mod identity;
pub(crate) mod idmap;
pub mod inquiry;
pub(crate) mod invariant;
pub mod lsm;
pub(crate) mod meaning;
pub(crate) mod names;
pub mod namespace;
pub mod net;
pub mod node;
pub(crate) mod overlay;
pub(crate) mod procfs;
pub mod release;
pub mod settings;
pub mod survey;
pub(crate) mod syscalls;
pub mod sysctl;
pub mod table;
pub mod task;
pub mod vfs;
pub mod world;

pub use arguments::{Arg, Arguments};
pub use audit::AuditRecord;
pub use call::{Call, Entry};
pub use capability::{Capability, CapabilitySet};
pub use credentials::Credentials;
pub use errno::Errno;
pub use event::{Answer, Event, Evidence, Fate, Gate, GateKind, Verdict};
pub use fingerprint::Fingerprint;
pub use id::Pid;
pub use node::INIT;
pub use release::{K61, K73, K612, Release};
pub use settings::Settings;
pub use syscalls::io_uring::Submission;
pub use task::Task;
pub use world::World;
