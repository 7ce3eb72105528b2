//! Static pods, which the kubelet reads from files of the node.

use super::{Occasion, Start, admission::admit, chain::Chain, declared::declared, walk::empty};
use crate::{
    api::Stored,
    node::Node,
    object::Pod,
    schema::decode,
    step::{Component, Control, Verdict},
    yaml::Value,
};

const STATIC: &str = "pkg/kubelet/config/common.go tryDecodeSinglePod, every version read";

/// Starts a static pod, which the kubelet reads from a file of the node: no
/// API server checks it, and fields that the kubelet does not know are dropped
/// without a word (`pkg/kubelet/config/common.go` `tryDecodeSinglePod`).
pub fn start_static(document: &Value, node: &Node) -> Start {
    let mut start = empty(document, node);
    let decoded = decode(document, node.stack.kubelet.version);
    let mut chain = Chain {
        node,
        steps: Vec::new(),
    };
    for unknown in &decoded.unknown {
        let control = if unknown.path.contains("appArmorProfile") {
            Control::AppArmor
        } else {
            Control::Pod
        };
        let words = "This kubelet does not know the field and drops it; nothing is said.";
        chain.add(
            Component::Kubelet,
            (control, None),
            unknown.path.clone(),
            (Verdict::Dropped, words),
            STATIC,
        );
    }
    start.chain = chain.steps;
    let mut pod = Pod::read(&decoded.value);
    pod.name = format!("{}-{}", pod.name, node.name);
    start.pod.clone_from(&pod.name);
    start.object = Some(mirror(&decoded.value, &pod, node));
    let stored = Stored {
        value: decoded.value,
        pod: None,
        handler: None,
    };
    admit(
        start,
        &stored,
        &pod,
        &declared(document),
        node,
        Occasion::New,
    )
}

/// The pod by which the kubelet shows a static pod in the API server
/// (`pkg/kubelet/pod/mirror_client.go`, `pkg/kubelet/config/common.go`
/// `applyDefaults`): changing or deleting it does nothing to what runs.
///
/// The real hash is of the file; here it is that of the pod's name.
fn mirror(value: &Value, pod: &Pod, node: &Node) -> Value {
    let mut mirror = value.clone();
    let metadata = mirror.map_under("metadata");
    metadata.set("name", Value::text(&pod.name));
    metadata.set("namespace", Value::text(&pod.namespace));
    let hash = pod.uid().replace('-', "");
    let annotations = metadata.map_under("annotations");
    for (key, text) in [
        ("kubernetes.io/config.hash", hash.as_str()),
        ("kubernetes.io/config.mirror", hash.as_str()),
        ("kubernetes.io/config.source", "file"),
    ] {
        annotations.set(key, Value::text(text));
    }
    mirror
        .map_under("spec")
        .set("nodeName", Value::text(&node.name));
    mirror
}
