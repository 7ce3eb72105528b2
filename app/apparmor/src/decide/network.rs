//! Sockets.

use crate::{
    compile::NETWORK_CLASS,
    decision::{Class, Decision},
    profile::Profile,
};

impl Profile {
    /// Uses a socket: `AF_*`, `SOCK_*`, protocol and the bits of
    /// [`NetworkPermission`](crate::NetworkPermission). As `aa_profile_af_perm`: the protocol is
    /// not looked at by `network_v8`.
    pub fn network(&self, family: u16, kind: u16, protocol: u16, request: u32) -> Decision {
        let _ = protocol;
        if self.is_unconfined() || self.mediation.network.is_none() {
            return Decision::unmediated(Class::Network, request);
        }
        let mut walk = self.policy.walk();
        let answer = walk
            .byte(NETWORK_CLASS)
            .bytes(&family.to_be_bytes())
            .bytes(&kind.to_be_bytes())
            .answer();
        Self::check(Class::Network, request, &answer)
    }
}
