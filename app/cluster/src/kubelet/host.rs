//! The host check (`pkg/security/apparmor/validate.go`), done once at the
//! kubelet's start.

use super::eras::{self, HostCheck};
use crate::node::{ParserPlace, Stack};

/// Why the kubelet holds that the host has no AppArmor; nothing when it has.
///
/// Old kubelets also check the name of the runtime; Docker and every remote one
/// pass, and no other can be put on a node here.
pub fn host_check(stack: &Stack) -> Option<&'static str> {
    let era = &eras::kubelet(stack.kubelet.version).rule;
    let host = &stack.host;
    if era.host == HostCheck::None {
        return None;
    }
    if era.gate && !stack.kubelet.apparmor_gate {
        return Some("AppArmor disabled by feature-gate");
    }
    let enabled = match era.host {
        HostCheck::None | HostCheck::Kernel => host.apparmor.works(),
        HostCheck::Full => {
            host.apparmor.works()
                && !host.container_variable
                && host.apparmor.parser == ParserPlace::Sbin
        }
    };
    (!enabled).then_some("AppArmor is not enabled on the host")
}
