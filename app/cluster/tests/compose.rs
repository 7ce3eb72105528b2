//! Nodes that a learner puts together.

use cluster::{
    api::ApiServer,
    client::Client,
    node::{ComposeError, Node, OciKind, RuntimeKind, Stack, hosts, kinds},
    start::{Outcome, start},
    version::Version,
    yaml::parse,
};

const POD: &str = "apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: app
    image: busybox
    securityContext: {appArmorProfile: {type: RuntimeDefault}}
";

const RUNC: (OciKind, Version) = (OciKind::Runc, Version::new(1, 3));

#[test]
fn a_ready_made_node_can_be_put_together_from_its_parts() {
    for kind in kinds() {
        let stack = &kind.stack;
        let composed = Stack::compose(
            stack.host.clone(),
            stack.kubelet.version,
            (stack.runtime.kind, stack.runtime.version),
            (stack.oci.kind, stack.oci.version),
        );
        assert_eq!(composed.as_ref(), Ok(stack), "{}", kind.id);
    }
}

#[test]
fn every_host_works_with_every_runtime_of_a_release() {
    assert!(hosts().count() >= 8);
    let client = Client::kubectl("pod.yaml");
    let document = &parse(POD).documents[0];
    for kind in hosts() {
        for runtime in [RuntimeKind::Containerd, RuntimeKind::CriO] {
            for oci in [OciKind::Runc, OciKind::Crun, OciKind::Runsc] {
                let stack = Stack::compose(
                    kind.stack.host.clone(),
                    Version::new(1, 34),
                    (runtime, Version::new(2, 1)),
                    (oci, Version::new(1, 3)),
                )
                .expect("they go together");
                let node = Node::new("own", &stack);
                let api = ApiServer::new(stack.kubelet.version);
                let start = start(document, &client, &api, &node);
                // The kubelet lets nothing in where the kernel has no AppArmor.
                if !stack.host.apparmor.works() {
                    assert_eq!(start.outcome, Outcome::RefusedToStart, "{}", kind.id);
                }
                if start.outcome == Outcome::Enforced {
                    assert!(start.containers[0].apparmor.is_some(), "{}", kind.id);
                }
            }
        }
    }
}

#[test]
fn parts_that_never_were_together_are_refused() {
    let host = &kinds()[0].stack.host;
    let compose = |kubelet, runtime, oci| {
        let runtime = (runtime, Version::new(20, 10));
        Stack::compose(host.clone(), kubelet, runtime, oci).map(|stack| stack.oci.kind)
    };
    let (docker, containerd) = (RuntimeKind::Docker, RuntimeKind::Containerd);
    let (v1_4, v1_23, v1_24) = (Version::new(1, 4), Version::new(1, 23), Version::new(1, 24));
    assert_eq!(compose(v1_23, docker, RUNC), Ok(OciKind::Runc));
    assert_eq!(
        compose(v1_24, docker, RUNC),
        Err(ComposeError::NoDockershim(v1_24))
    );
    assert_eq!(
        compose(v1_4, containerd, RUNC),
        Err(ComposeError::NoCri(v1_4))
    );
    assert_eq!(
        compose(v1_23, docker, (OciKind::Crun, Version::new(1, 0))),
        Err(ComposeError::DockerNeedsRunc)
    );
}
