//! Other tasks: signals, ptrace; user namespaces and `io_uring`.

use super::file::until_nul;
use crate::{
    compile::{IO_URING_CLASS, PTRACE_CLASS, SIGNAL_CLASS, USERNS_CLASS, signal_byte},
    decision::{Class, Decision},
    permission::{IoUringPermission, PtracePermission, SignalPermission},
    profile::Profile,
};

/// `AA_USERNS_CREATE`.
pub(crate) const USERNS_CREATE: u32 = 0x8;

impl Profile {
    /// One side of a signal: `signal` is AppArmor's word, such as `term`, `exists`, `rtmin+3`;
    /// `peer` the label of the other side. As `profile_signal_perm`.
    pub fn signal(&self, request: SignalPermission, signal: &str, peer: &[u8]) -> Decision {
        let request = request as u32;
        if self.is_unconfined() || !self.mediation.signal {
            return Decision::unmediated(Class::Signal, request);
        }
        let key = [SIGNAL_CLASS, signal_byte(signal)];
        let answer = self
            .policy
            .walk()
            .bytes(&key)
            .bytes(until_nul(peer))
            .answer();
        Self::check(Class::Signal, request, &answer)
    }

    /// One side of a ptrace; `peer` is the label of the other side. As `profile_ptrace_perm`.
    pub fn ptrace(&self, request: PtracePermission, peer: &[u8]) -> Decision {
        let request = request as u32;
        if self.is_unconfined() || !self.mediation.ptrace {
            return Decision::unmediated(Class::Ptrace, request);
        }
        let mut walk = self.policy.walk();
        let answer = walk.byte(PTRACE_CLASS).bytes(until_nul(peer)).answer();
        Self::check(Class::Ptrace, request, &answer)
    }

    /// Makes a user namespace, as `aa_profile_ns_perm`.
    pub fn userns(&self) -> Decision {
        if self.is_unconfined() || !self.mediation.userns {
            return Decision::unmediated(Class::Namespace, USERNS_CREATE);
        }
        let answer = self.policy.walk().byte(USERNS_CLASS).answer();
        Self::check(Class::Namespace, USERNS_CREATE, &answer)
    }

    /// Whether a rule grants `userns`, also in a profile that is unconfined otherwise: what exempts
    /// a program from the restriction of unprivileged user namespaces.
    pub fn grants_userns(&self) -> bool {
        let answer = self.policy.walk().byte(USERNS_CLASS).answer();
        self.mediation.userns && answer.allow & USERNS_CREATE != 0
    }

    /// Uses `io_uring`; `peer` is the label whose credentials are taken, for
    /// [`IoUringPermission::OverrideCreds`].
    pub fn io_uring(&self, request: IoUringPermission, peer: &[u8]) -> Decision {
        if self.is_unconfined() || !self.mediation.io_uring {
            return Decision::unmediated(Class::IoUring, request as u32);
        }
        let mut walk = self.policy.walk();
        walk.byte(IO_URING_CLASS);
        if request == IoUringPermission::OverrideCreds {
            walk.bytes(until_nul(peer));
        }
        let answer = walk.answer();
        Self::check(Class::IoUring, request as u32, &answer)
    }
}
