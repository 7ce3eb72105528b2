//! Unix sockets by address and label.

use crate::{
    decision::{Class, Decision},
    profile::{Profile, UnixRequest},
};

/// `AF_UNIX`
const FAMILY: u16 = 1;

impl Profile {
    /// Uses a unix socket. `request` is made of [`NetworkPermission`](crate::NetworkPermission)
    /// bits. The rules are compiled for the family and type of the socket, as the parser compiles
    /// them for kernels that do not mediate addresses: addresses and labels are not looked at.
    pub fn unix(&self, socket: &UnixRequest<'_>, request: u32) -> Decision {
        Decision {
            class: Class::Unix,
            ..self.network(FAMILY, socket.socket_type, socket.protocol, request)
        }
    }
}
