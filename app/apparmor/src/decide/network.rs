//! Sockets.

use std::sync::Arc;

use crate::{
    compile::NETWORK_CLASS,
    decision::{Class, Decision},
    precedence::Answer,
    profile::Profile,
};

impl Profile {
    /// Uses a socket: `AF_*`, `SOCK_*`, protocol and the bits of
    /// [`NetworkPermission`](crate::NetworkPermission). As `aa_profile_af_perm`: the protocol is
    /// not looked at by `network_v8`. A refusal says how far the search came, in the words that
    /// `aa_match_to_prot` (6.17) has for it; older kernels do not print them.
    pub fn network(&self, family: u16, kind: u16, protocol: u16, request: u32) -> Decision {
        let _ = protocol;
        if self.is_unconfined() || self.mediation.network.is_none() {
            return Decision::unmediated(Class::Network, request);
        }
        let answer = self.network_answer(family, kind);
        let decision = Self::check(Class::Network, request, &answer);
        let info = if decision.allowed() || speaks(&answer) {
            None
        } else if (0..=SOCKET_TYPE_LAST).any(|kind| speaks(&self.network_answer(family, kind))) {
            Some("failed type match")
        } else {
            Some("failed af match")
        };
        Decision { info, ..decision }
    }

    fn network_answer(&self, family: u16, kind: u16) -> Arc<Answer> {
        let mut walk = self.policy.walk();
        walk.byte(NETWORK_CLASS)
            .bytes(&family.to_be_bytes())
            .bytes(&kind.to_be_bytes())
            .answer()
    }
}

/// `SOCK_PACKET`, the highest type.
const SOCKET_TYPE_LAST: u16 = 10;

/// Whether anything is left of the rules that end here. An audited deny takes permissions away and
/// leaves nothing, so that the parser drops the state (recorded on 7.3: `audit deny network packet,`
/// gives "failed af match").
fn speaks(answer: &Answer) -> bool {
    answer.allow | answer.audit | answer.quiet != 0
}
