//! Sockets, as far as their mediation needs them.

use std::{collections::VecDeque, sync::Arc};

use crate::{
    id::{FileId, NamespaceId, SocketId},
    lsm::label::Label,
    vfs::Location,
};

/// `struct socket` and `struct sock`.
#[derive(Clone, Debug)]
pub struct Socket {
    /// `AF_*`.
    pub family: u16,
    /// `SOCK_*`.
    pub kind: u16,
    /// The protocol asked for.
    pub protocol: u16,
    /// The label of the task that made it.
    pub label: Label,
    /// The network namespace it is in.
    pub namespace: NamespaceId,
    /// Its address, once bound.
    pub address: Option<Address>,
    /// The name of a bound unix socket.
    pub bound: Option<Location>,
    /// What it is connected to.
    pub peer: Option<Peer>,
    /// It listens.
    pub listening: bool,
    /// Connections that wait to be accepted.
    pub waiting: VecDeque<SocketId>,
    /// Messages that wait to be read, with the files they carry.
    pub inbox: VecDeque<Letter>,
}

/// One message.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Its bytes.
    pub data: Arc<[u8]>,
    /// Files sent along (`SCM_RIGHTS`).
    pub files: Vec<FileId>,
}

/// An address of a socket.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// A path, as given.
    Path(Arc<[u8]>),
    /// An abstract name, without its leading NUL.
    Abstract(Arc<[u8]>),
    /// IPv4 address and port.
    Inet([u8; 4], u16),
    /// IPv6 address and port.
    Inet6([u8; 16], u16),
    /// Of another family.
    Other,
}

/// The other side of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Peer {
    /// A socket of this world.
    Socket(SocketId),
    /// An address outside.
    Address(Address),
}
