//! A manifest, a server, a client and a node.

use cluster::{
    api::ApiServer,
    client::Client,
    node::{AppArmorHost, LoadedProfile, Node, Stack, kind},
    start::{Occasion, Outcome, Start, place, start},
    step::{Component, Step, Verdict},
    yaml::{Value, parse},
};

/// The profile that manifests name.
pub const PROFILE: &str = "k8s-deny-data";

/// What a test sets up.
pub struct Scene {
    pub document: Value,
    pub api: ApiServer,
    pub client: Client,
    pub node: Node,
}

/// A pod with one container `app`; `pod` goes below `spec:`, `container`
/// below the container, `annotations` below `metadata:`; each is lines without
/// indentation.
pub fn manifest(annotations: &str, pod: &str, container: &str) -> String {
    let indent = |text: &str, by: usize| {
        text.lines().fold(String::new(), |all, line| {
            all + &" ".repeat(by) + line + "\n"
        })
    };
    let annotations = if annotations.is_empty() {
        String::new()
    } else {
        format!("  annotations:\n{}", indent(annotations, 4))
    };
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n{annotations}spec:\n{}  containers:\n  - name: app\n    image: busybox\n{}",
        indent(pod, 2),
        indent(container, 4)
    )
}

/// The annotation for the container `app`.
pub fn annotation(value: &str) -> String {
    format!("container.apparmor.security.beta.kubernetes.io/app: {value}")
}

/// A security context with an AppArmor profile.
pub fn apparmor(kind: &str) -> String {
    match kind {
        "Localhost" => {
            format!(
                "securityContext:\n  appArmorProfile:\n    type: Localhost\n    localhostProfile: {PROFILE}"
            )
        }
        _ => format!("securityContext:\n  appArmorProfile:\n    type: {kind}"),
    }
}

/// A host without AppArmor.
pub const NO_APPARMOR: AppArmorHost = AppArmorHost {
    filesystem: false,
    enabled: None,
    parser: cluster::node::ParserPlace::Absent,
};

/// The parts of a ready-made kind of node.
pub fn stack(id: &str) -> Stack {
    kind(id).expect("a known kind").stack.clone()
}

impl Scene {
    /// A node of a kind, on which the profile is loaded, and a server of the
    /// kubelet's version.
    pub fn on(id: &str, manifest: &str) -> Self {
        Self::with(&stack(id), manifest)
    }

    /// A node of these parts.
    pub fn with(stack: &Stack, manifest: &str) -> Self {
        let parsed = parse(manifest);
        assert_eq!(parsed.diagnostics, [], "the manifest is YAML");
        let mut node = Node::new("worker", stack);
        node.profiles
            .insert(PROFILE.to_owned(), LoadedProfile::Enforce);
        Self {
            document: parsed.documents[0].clone(),
            api: ApiServer::new(stack.kubelet.version),
            client: Client::kubectl("pod.yaml"),
            node,
        }
    }

    /// Starts the pod.
    pub fn run(&self) -> Start {
        start(&self.document, &self.client, &self.api, &self.node)
    }

    /// Starts its containers again while the pod is Running.
    pub fn run_again(&self) -> Start {
        let creation = self.api.create(&self.document, &self.client);
        place(
            &self.document,
            &creation,
            &self.client,
            &self.node,
            Occasion::Running,
        )
    }
}

/// The step of a component with a verdict.
pub fn step(start: &Start, component: Component, verdict: Verdict) -> &Step {
    start
        .chain
        .iter()
        .find(|step| step.component == component && step.verdict == verdict)
        .unwrap_or_else(|| {
            panic!(
                "{component:?} has no step {verdict:?} in {:#?}",
                start.chain
            )
        })
}

/// Asserts that the pod runs unprotected because of this component.
#[track_caller]
pub fn fails_open(start: &Start, component: Component, verdict: Verdict) {
    step(start, component, verdict);
    assert_eq!(
        start.outcome,
        Outcome::SilentlyUnprotected,
        "{}: {:#?}",
        start.sentence,
        start.chain
    );
    assert_eq!(start.status.display(), "Running");
}

/// Asserts that the pod does not run because this component refuses, in these words.
#[track_caller]
pub fn fails_closed(start: &Start, component: Component, words: &str) {
    let refusal = step(start, component, Verdict::Refused);
    assert!(
        refusal.message.contains(words),
        "{:?} does not say {words:?}",
        refusal.message
    );
    assert_ne!(start.status.display(), "Running");
    assert!(start.containers.is_empty());
}

/// Asserts that the pod runs with what it declares.
#[track_caller]
pub fn is_enforced(start: &Start) {
    assert_eq!(
        start.outcome,
        Outcome::Enforced,
        "{}: {:#?}",
        start.sentence,
        start.chain
    );
    assert!(
        start
            .containers
            .iter()
            .all(|confinement| confinement.apparmor.is_some())
    );
}
