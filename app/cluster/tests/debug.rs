//! `kubectl debug`: an ephemeral container in a pod that runs.

use sorted::SortedMap;
use std::fmt::Write as _;

use cluster::{
    api::ApiServer,
    client::{Client, DebugProfile, Validate},
    node::{AppArmorHost, LoadedProfile, Node, ParserPlace, kind},
    start::{Outcome, Start, debug, start},
    step::{Component, Verdict},
    version::Version,
    view,
    yaml::{Value, parse},
};

const ON_THE_CONTAINER: &str = "apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: app
    image: busybox
    securityContext:
      appArmorProfile: {type: Localhost, localhostProfile: k8s-deny-data}
";

const ON_THE_POD: &str = "apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  securityContext:
    appArmorProfile: {type: Localhost, localhostProfile: k8s-deny-data}
  containers:
  - {name: app, image: busybox}
";

/// A pod that runs, with what it runs on.
struct Scene {
    api: ApiServer,
    client: Client,
    node: Node,
    running: Start,
}

impl Scene {
    fn on(id: &str, manifest: &str) -> Self {
        let mut node = Node::new("worker", &kind(id).expect("a known kind").stack);
        node.profiles
            .insert("k8s-deny-data".to_owned(), LoadedProfile::Enforce);
        let api = ApiServer::new(node.stack.kubelet.version);
        let mut client = Client::kubectl("pod.yaml");
        client.validate = Validate::Warn;
        let running = start(&parse(manifest).documents[0], &client, &api, &node);
        assert_eq!(running.status.display(), "Running", "{}", running.sentence);
        Self {
            api,
            client,
            node,
            running,
        }
    }

    fn add(&self, container: &Value) -> Start {
        debug(
            &self.running,
            container,
            &self.client,
            &self.api,
            &self.node,
        )
    }

    fn add_text(&self, container: &str) -> Start {
        self.add(&parse(container).documents[0])
    }
}

fn debugger(profile: DebugProfile) -> Value {
    profile.container("debugger-x2k9q", "busybox", "app")
}

#[test]
fn a_debugger_has_the_pods_profile_and_not_that_of_the_container_beside_it() {
    let apparmor = |manifest| {
        let start = Scene::on("ubuntu-24.04", manifest).add(&debugger(DebugProfile::Legacy));
        assert_eq!(start.outcome, Outcome::Enforced, "{}", start.sentence);
        start.containers[1].apparmor.clone().expect("a profile")
    };
    assert_eq!(apparmor(ON_THE_POD), "k8s-deny-data");
    assert_eq!(apparmor(ON_THE_CONTAINER), "cri-containerd.apparmor.d");
}

#[test]
fn kubectl_shows_a_debugger_beside_the_containers() {
    let start = Scene::on("ubuntu-24.04", ON_THE_POD).add(&debugger(DebugProfile::General));
    let shown = format!(
        "{}\n{}\n{}",
        view::pods(std::slice::from_ref(&start), view::Columns::default(), "5s"),
        view::describe_pod(&start, "5s").expect("a pod"),
        view::stored_object(&start).expect("an object")
    );
    insta::assert_snapshot!(shown);
}

#[test]
fn the_kubelet_does_not_check_the_host_for_a_debugger() {
    let mut scene = Scene::on("ubuntu-24.04", ON_THE_POD);
    scene.node.stack.host.apparmor = AppArmorHost {
        filesystem: false,
        enabled: Some(false),
        parser: ParserPlace::Sbin,
    };
    scene.node.restart_components();
    let start = scene.add(&debugger(DebugProfile::Legacy));
    let verdict = |component| start.steps_of(component).map(|step| step.verdict).next();
    assert_eq!(verdict(Component::Kubelet), Some(Verdict::DoesNotLook));
    assert_eq!(start.outcome, Outcome::RefusedToStart);
    assert!(start.sentence.contains("apparmor is not supported"));
    assert_eq!(start.status.display(), "Running", "the pod itself runs on");
}

#[test]
fn the_server_refuses_what_a_debugger_may_not_have() {
    let scene = Scene::on("ubuntu-24.04", ON_THE_POD);
    let mut shown = String::new();
    for container in [
        "{name: app, image: busybox}",
        "{name: Debugger, image: busybox}",
        "{name: debugger}",
        "{name: debugger, image: busybox, targetContainerName: other}",
        "{name: debugger, image: busybox, ports: [{containerPort: 80}], livenessProbe: {exec: {command: [\"true\"]}}}",
        "{name: debugger, image: busybox, lifecycle: {}, resources: {limits: {cpu: 1}}}",
        "{name: debugger, image: busybox, volumeMounts: [{name: data, mountPath: /data, subPath: a}]}",
        "{name: debugger, image: busybox, securityContext: {appArmorProfile: {type: localhost}}}",
        "{name: debugger, image: busybox, securityContext: {seccompProfile: {type: Localhost}}}",
    ] {
        let start = scene.add_text(container);
        assert_eq!(start.outcome, Outcome::RefusedToStart);
        let _ = writeln!(shown, "{container}\n{}\n", start.client_output);
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn servers_up_to_1_22_know_no_debuggers() {
    let mut scene = Scene::on("ubuntu-24.04", ON_THE_CONTAINER);
    scene.api.version = Version::new(1, 22);
    assert_eq!(
        scene.add(&debugger(DebugProfile::Legacy)).client_output,
        "error: ephemeral containers are disabled for this cluster (error from server: \"the server could not find the requested resource\")."
    );
}

#[test]
fn a_server_before_1_30_drops_a_debuggers_profile_field_with_a_warning() {
    let start = Scene::on("kubernetes-1.29", "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - {name: app, image: busybox}\n")
        .add_text("{name: debugger, image: busybox, securityContext: {appArmorProfile: {type: Localhost, localhostProfile: k8s-deny-data}}}");
    assert_eq!(
        start.client_output,
        "Warning: unknown field \"spec.ephemeralContainers[0].securityContext.appArmorProfile\""
    );
    assert_eq!(
        start.containers[1].apparmor.as_deref(),
        Some("cri-containerd.apparmor.d")
    );
}

#[test]
fn pod_security_looks_at_a_debugger_again() {
    let mut scene = Scene::on("ubuntu-24.04", ON_THE_POD);
    let enforce = SortedMap::from([(
        "pod-security.kubernetes.io/enforce".to_owned(),
        "baseline".to_owned(),
    )]);
    scene.api.namespaces.insert("default".to_owned(), enforce);
    let start = scene.add(&debugger(DebugProfile::General));
    assert_eq!(
        start.client_output,
        "Error from server (Forbidden): error when creating \"pod.yaml\": pods \"web\" is forbidden: violates PodSecurity \"baseline:latest\": non-default capabilities (container \"debugger-x2k9q\" must not include \"SYS_PTRACE\" in securityContext.capabilities.add)"
    );
    let start = scene.add(&debugger(DebugProfile::Baseline));
    assert_eq!(start.outcome, Outcome::Enforced);
}

/// A policy that wants an AppArmor profile on every ephemeral container.
fn policy(operations: &str, resources: &str) -> String {
    format!(
        "apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {{name: profiled}}
spec:
  matchConstraints:
    resourceRules:
    - {{apiGroups: [\"\"], apiVersions: [v1], operations: {operations}, resources: {resources}}}
  validations:
  - expression: '!has(object.spec.ephemeralContainers) || object.spec.ephemeralContainers.all(c, has(c.securityContext) && has(c.securityContext.appArmorProfile))'
    message: a debugger needs a profile
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {{name: profiled}}
spec: {{policyName: profiled, validationActions: [Deny]}}
"
    )
}

#[test]
fn a_policy_on_new_pods_does_not_see_a_debugger() {
    for (operations, resources, sees) in [
        ("[CREATE]", "[pods]", false),
        ("[CREATE, UPDATE]", "[pods]", false),
        ("[CREATE]", "[pods/ephemeralcontainers]", false),
        ("['*']", "['*']", false),
        ("[UPDATE]", "[pods, pods/ephemeralcontainers]", true),
        ("['*']", "[pods/*]", true),
        ("['*']", "['*/*']", true),
    ] {
        let mut scene = Scene::on("ubuntu-24.04", ON_THE_POD);
        for document in parse(&policy(operations, resources)).documents {
            assert!(scene.api.configure(&document));
        }
        let start = scene.add(&debugger(DebugProfile::Legacy));
        let refused = start.outcome == Outcome::RefusedToStart;
        assert_eq!(
            refused, sees,
            "{operations} {resources}: {}",
            start.sentence
        );
        if sees {
            assert!(start.sentence.contains("a debugger needs a profile"));
        }
    }
}
