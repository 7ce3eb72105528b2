//! A node's card: what it is, what became of the pod, what was called.

use super::trace;
use crate::{
    message::{ChainStep, ChainVerdict, Fact, LoadedProfile, NodeView},
    node::Node,
    workspace::Workspace,
};
use cluster::step::{Control, Step, Verdict};

/// A node as the pages show it.
pub fn node(node: &Node, workspace: &Workspace) -> NodeView {
    let machine = &node.machine;
    let stack = &machine.node.stack;
    let fact = |label: &str, value: String| Fact {
        label: label.to_owned(),
        value,
    };
    let profiles = machine.world.policy().profiles();
    NodeView {
        id: node.spec.id.clone(),
        kind: node.kind.id.to_owned(),
        title: node.kind.title.to_owned(),
        outcome: node.outcome(),
        sentence: node.sentence(),
        facts: vec![
            fact("system", stack.host.os_image.to_string()),
            fact("kernel", format!("Linux {}", stack.host.kernel_release)),
            fact("LSM", lsm(stack).to_owned()),
            fact("kubelet", stack.kubelet.version.to_string()),
            fact(
                "runtime",
                format!(
                    "{} {}, {} {}",
                    stack.runtime.kind.component().name(),
                    stack.runtime.version,
                    stack.oci.kind.component().name(),
                    stack.oci.version
                ),
            ),
        ],
        profiles: profiles
            .map(|profile| LoadedProfile {
                name: profile.name.to_string(),
                mode: profile.mode().name().to_owned(),
            })
            .collect(),
        chain: chain(node),
        trace: trace::rows(machine, workspace),
        log: machine.kernel_log(),
        prompt: if node.machine.dialog.is_some() {
            "answer:".to_owned()
        } else {
            format!("root@{}:~#", node.spec.id)
        },
    }
}

fn lsm(stack: &cluster::node::Stack) -> &'static str {
    match (stack.host.lsm, stack.host.apparmor.enabled) {
        (cluster::node::Lsm::AppArmor, _) => "AppArmor",
        (cluster::node::Lsm::SeLinux, _) => "SELinux",
        (_, Some(false)) => "AppArmor, off at boot",
        _ => "no AppArmor",
    }
}

/// One link per component: the step that matters most for AppArmor, or for
/// the pod as a whole.
fn chain(node: &Node) -> Vec<ChainStep> {
    let Some(pod) = node.machine.pods.first() else {
        return Vec::new();
    };
    let start = &pod.start;
    let decided = start.deciding(Control::AppArmor, None);
    start
        .chain
        .iter()
        .enumerate()
        .map(|(index, step)| link(step, decided == Some(index)))
        .collect()
}

fn link(step: &Step, decided: bool) -> ChainStep {
    ChainStep {
        component: step.component.name().to_owned(),
        version: step.version.to_string(),
        asked: step.asked.to_string(),
        verdict: match step.verdict {
            Verdict::Honoured => ChainVerdict::Honoured,
            Verdict::Refused => ChainVerdict::Refused,
            Verdict::Dropped => ChainVerdict::Dropped,
            Verdict::DoesNotLook => ChainVerdict::DoesNotLook,
            Verdict::NothingAsked => ChainVerdict::NothingAsked,
            Verdict::NotReached => ChainVerdict::NotReached,
        },
        words: step.message.to_string(),
        source: step.source.to_owned(),
        decided,
    }
}
