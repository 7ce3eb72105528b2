//! `kubectl get nodes`, and what a node's conditions say.

use super::{Columns, Table};
use crate::{kubelet, node::Node};

/// The message of a node's Ready condition. Up to 1.29 it told whether the
/// kubelet sees AppArmor; since then nothing in the API does.
pub fn ready_message(node: &Node) -> String {
    let era = kubelet::eras::kubelet(node.stack.kubelet.version).rule;
    let enabled = if era.ready_message && node.found.kubelet.is_none() {
        ". AppArmor enabled"
    } else {
        ""
    };
    format!("kubelet is posting ready status{enabled}")
}

/// `kubectl get nodes`; of the columns of `-o wide` the addresses are left out.
pub fn nodes(nodes: &[Node], columns: Columns, wide: bool, age: &str) -> String {
    let mut headings = vec!["NAME", "STATUS", "ROLES", "AGE", "VERSION"];
    if wide {
        headings.extend(["OS-IMAGE", "KERNEL-VERSION", "CONTAINER-RUNTIME"]);
    }
    let mut table = Table::with(columns, &headings);
    for node in nodes {
        let stack = &node.stack;
        let mut cells = vec![
            node.name.clone(),
            "Ready".to_owned(),
            "<none>".to_owned(),
            age.to_owned(),
            three_numbers("v", stack.kubelet.version),
        ];
        if wide {
            cells.extend([
                stack.host.os_image.to_string(),
                stack.host.kernel_release.to_string(),
                runtime_version(node),
            ]);
        }
        table.object("", &node.all_labels(), cells);
    }
    table.print()
}

/// `status.nodeInfo.containerRuntimeVersion`.
pub(super) fn runtime_version(node: &Node) -> String {
    let runtime = &node.stack.runtime;
    three_numbers(&format!("{}://", runtime.kind.scheme()), runtime.version)
}

pub(super) fn three_numbers(prefix: &str, version: crate::version::Version) -> String {
    format!(
        "{prefix}{}.{}.{}",
        version.major, version.minor, version.patch
    )
}
