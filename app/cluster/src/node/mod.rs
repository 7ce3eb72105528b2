//! Nodes: the parts they are made of, the kinds that come ready-made, and a
//! node at work.

mod compose;
mod images;
mod kinds;
mod stack;
mod work;

pub use compose::{ComposeError, hosts};
pub use images::ImageUser;
pub use kinds::{NodeKind, kind, kinds};
pub use stack::{
    AppArmorHost, Host, Kubelet, Lsm, Oci, OciKind, ParserPlace, Runtime, RuntimeKind,
    RuntimeSettings, Stack,
};
pub use work::{Found, LoadedProfile, Node, Taint};
