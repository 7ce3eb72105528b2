//! Unix sockets by address and label.

use crate::{
    compile::unix::{CLASS, COMMAND_LISTEN, COMMAND_OPTION, COMMAND_PEER, UNNAMED},
    decision::{Class, Decision, Permissions},
    permission::NetworkPermission as Permission,
    precedence::Answer,
    profile::{Profile, UnixRequest},
};

/// `AF_UNIX`
const FAMILY: u16 = 1;

impl Profile {
    /// Whether it was compiled for a kernel that mediates unix sockets by address and label, and
    /// those with a path as files (`RULE_MEDIATES_v9NET`).
    pub fn mediates_unix(&self) -> bool {
        self.mediation.unix && !self.is_unconfined()
    }

    /// Uses a unix socket; `request` is made of [`NetworkPermission`](crate::NetworkPermission)
    /// bits of one kind of use: making it, use of itself, listening, options, or reaching a peer.
    ///
    /// A profile that was not compiled for addresses answers by type alone. The order of the
    /// match and its `info=` words are those of `security/apparmor/af_unix.c` (6.17): the own
    /// label takes no part.
    pub fn unix(&self, socket: &UnixRequest<'_>, request: u32) -> Decision {
        if !self.mediates_unix() {
            return self.network(FAMILY, socket.socket_type, socket.protocol, request);
        }
        let mut walk = self.policy.walk();
        let dead = |info| Self::unix_refusal(request, info);
        if walk.byte(CLASS).bytes(&FAMILY.to_be_bytes()).is_dead() {
            return dead("failed af match");
        }
        if walk.bytes(&socket.socket_type.to_be_bytes()).is_dead() {
            return dead("failed type match");
        }
        if walk.bytes(&socket.protocol.to_be_bytes()).is_dead() {
            return dead("failed protocol match");
        }
        if request & Permission::Create.bit() != 0 {
            return Self::check(Class::Network, request, &walk.answer());
        }
        let address = |address: Option<&[u8]>| [address.unwrap_or(&[UNNAMED]), b"\0"].concat();
        if walk.bytes(&address(socket.address)).is_dead() {
            return dead("failed local address match");
        }
        if walk.byte(0).is_dead() {
            return dead("failed local label match");
        }
        let options = Permission::SetOpt.bit() | Permission::GetOpt.bit();
        let command = if socket.peer.is_some() {
            COMMAND_PEER
        } else if request & Permission::Listen.bit() != 0 {
            COMMAND_LISTEN
        } else if request & options != 0 {
            COMMAND_OPTION
        } else {
            return Self::check(Class::Network, request, &walk.answer());
        };
        if walk.byte(command).is_dead() {
            return dead("failed cmd selection match");
        }
        match socket.peer {
            // Rules name neither lengths of queues nor options.
            None => walk.bytes(&[0, 0]),
            Some((peer, label)) => {
                if walk.bytes(&address(peer)).is_dead() {
                    return dead("failed peer address match");
                }
                if walk.bytes(label).is_dead() {
                    return dead("failed peer label match");
                }
                &mut walk
            }
        };
        Self::check(Class::Network, request, &walk.answer())
    }

    fn unix_refusal(request: u32, info: &'static str) -> Decision {
        Decision {
            info: Some(info),
            permissions: Permissions::default(),
            ..Self::check(Class::Network, request, &Answer::default())
        }
    }
}
