//! Rows 31 to 37: what admission looks at, and what it never requires.

use sorted::SortedMap;

use cluster::{
    api::{
        ApiServer, PodSecurity,
        psa::{Level, Mode, policy_of},
    },
    client::Client,
    object::Pod,
    start::Outcome,
    step::{Component, Verdict},
    version::Version,
    yaml::parse,
};

use crate::scene::{Scene, apparmor, fails_closed, fails_open, manifest, step};

/// A policy that demands a confining profile of every container.
const REQUIRE: &str = "apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: require-apparmor
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
    - apiGroups: ['']
      apiVersions: [v1]
      operations: [CREATE, UPDATE]
      resources: [pods]
  variables:
  - name: pod
    expression: >-
      has(object.spec.securityContext) && has(object.spec.securityContext.appArmorProfile) &&
      object.spec.securityContext.appArmorProfile.type in ['RuntimeDefault', 'Localhost']
  validations:
  - message: every container needs an AppArmor profile
    expression: >-
      object.spec.containers.all(c,
        has(c.securityContext) && has(c.securityContext.appArmorProfile)
        ? c.securityContext.appArmorProfile.type in ['RuntimeDefault', 'Localhost']
        : variables.pod)
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: everywhere
spec:
  policyName: require-apparmor
  validationActions: [Deny]
";

/// A policy that reads only the annotation.
const ANNOTATION_ONLY: &str = "apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: require-apparmor
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}
  validations:
  - message: unconfined is not allowed
    expression: >-
      !has(object.metadata.annotations) || object.metadata.annotations.all(key,
        !key.startsWith('container.apparmor.security.beta.kubernetes.io/') ||
        object.metadata.annotations[key] != 'unconfined')
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: everywhere
spec:
  policyName: require-apparmor
  validationActions: [Deny]
";

fn configure(api: &mut ApiServer, text: &str) {
    let parsed = parse(text);
    assert_eq!(parsed.diagnostics, []);
    for document in &parsed.documents {
        assert!(api.configure(document));
    }
}

/// Puts the policy in force.
pub fn require_apparmor(api: &mut ApiServer) {
    configure(api, REQUIRE);
}

fn labels(pairs: &[(&str, &str)]) -> SortedMap<String, String> {
    pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

/// A pod that no level but privileged allows.
fn privileged() -> String {
    manifest("", "", "securityContext:\n  privileged: true")
}

#[test]
fn row_31_a_typo_in_the_key_of_a_label_has_no_effect_and_no_warning() {
    for key in [
        "pod-security.kubernetes.io/enforece",
        "pod-security.kubernetes.io/Enforce",
        "pod-security.kubernets.io/enforce",
    ] {
        let mut scene = Scene::on("ubuntu-24.04", &privileged());
        assert_eq!(
            scene
                .api
                .create_namespace("default", labels(&[(key, "restricted")])),
            Ok(())
        );
        let start = scene.run();
        step(&start, Component::PodSecurity, Verdict::NothingAsked);
        assert_eq!(start.status.display(), "Running");
    }
}

#[test]
fn row_31_a_default_for_the_whole_cluster_does_not_depend_on_labels() {
    let mut scene = Scene::on("ubuntu-24.04", &privileged());
    scene.api.pod_security.defaults.enforce.level = Level::Baseline;
    assert_eq!(
        scene.api.create_namespace(
            "default",
            labels(&[("pod-security.kubernetes.io/enforece", "baseline")])
        ),
        Ok(())
    );
    fails_closed(
        &scene.run(),
        Component::PodSecurity,
        "violates PodSecurity \"baseline:latest\": privileged",
    );
}

#[test]
fn row_32_a_typo_in_the_value_is_refused() {
    let mut api = ApiServer::new(Version::new(1, 34));
    let errors = api.create_namespace(
        "n",
        labels(&[("pod-security.kubernetes.io/enforce", "restrictive")]),
    );
    let errors = errors.expect_err("a refusal");
    assert_eq!(
        errors[0].to_string(),
        "metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: \"restrictive\": must be one of privileged, baseline, restricted"
    );
}

#[test]
fn row_32_a_stored_bad_value_is_restricted_for_enforce_and_nothing_for_the_others() {
    let bad = labels(&[
        ("pod-security.kubernetes.io/enforce", "x"),
        ("pod-security.kubernetes.io/audit", "x"),
        ("pod-security.kubernetes.io/warn", "x"),
    ]);
    let (policy, _) = policy_of(&bad, &cluster::api::psa::Policy::default());
    assert_eq!(policy.of(Mode::Enforce).level, Level::Restricted);
    assert_eq!(policy.of(Mode::Audit).level, Level::Privileged);
    assert_eq!(policy.of(Mode::Warn).level, Level::Privileged);
}

#[test]
fn row_33_a_namespace_without_labels_is_privileged() {
    let start = Scene::on("ubuntu-24.04", &privileged()).run();
    step(&start, Component::PodSecurity, Verdict::NothingAsked);
    assert_eq!(start.status.display(), "Running");
}

#[test]
fn row_33_defaults_make_it_stricter() {
    let mut scene = Scene::on("ubuntu-24.04", &privileged());
    scene.api.pod_security.defaults.enforce.level = Level::Restricted;
    fails_closed(
        &scene.run(),
        Component::PodSecurity,
        "violates PodSecurity \"restricted:latest\"",
    );
}

const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      hostPID: true
      containers:
      - {name: app, image: busybox}
";

#[test]
fn row_33_the_configuration_file_brings_the_defaults_and_exemptions() {
    let file = "apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- name: PodSecurity
  configuration:
    apiVersion: pod-security.admission.config.k8s.io/v1
    kind: PodSecurityConfiguration
    defaults: {enforce: baseline, enforce-version: latest}
    exemptions: {usernames: [], runtimeClasses: [], namespaces: [kube-system]}
";
    let read = |text: &str| PodSecurity::read(&parse(text).documents[0]);
    let configuration = read(file).expect("a good file");
    assert_eq!(configuration.defaults.enforce.level, Level::Baseline);
    let mut scene = Scene::on("ubuntu-24.04", &privileged());
    scene.api.pod_security = configuration;
    fails_closed(
        &scene.run(),
        Component::PodSecurity,
        "violates PodSecurity \"baseline:latest\"",
    );
    scene.client.namespace = "kube-system".to_owned();
    scene
        .api
        .namespaces
        .insert("kube-system".to_owned(), labels(&[]));
    step(&scene.run(), Component::PodSecurity, Verdict::DoesNotLook);
    let wrong = file.replace("enforce: baseline", "enforce: basline");
    let errors = read(&wrong).expect_err("no such level");
    assert_eq!(
        errors[0].to_string(),
        "defaults.enforce: Invalid value: \"basline\": must be one of privileged, baseline, restricted"
    );
}

#[test]
fn row_34_labelling_a_namespace_leaves_its_pods_running() {
    let mut api = ApiServer::new(Version::new(1, 34));
    let pods: Vec<Pod> = ["a", "b"]
        .iter()
        .map(|name| Pod {
            name: (*name).to_owned(),
            ..Pod::read(&parse(&privileged()).documents[0])
        })
        .collect();
    let warnings = api.label_namespace(
        "default",
        labels(&[("pod-security.kubernetes.io/enforce", "baseline")]),
        &pods,
    );
    assert_eq!(
        warnings,
        Ok(vec![
            "existing pods in namespace \"default\" violate the new PodSecurity enforce level \"baseline:latest\"".to_owned(),
            "a (and 1 other pod): privileged".to_owned(),
        ])
    );
}

#[test]
fn row_34_a_deployment_is_stored_whatever_its_pods_may_not_do() {
    let mut scene = Scene::on("ubuntu-24.04", DEPLOYMENT);
    scene.api.pod_security.defaults.enforce.level = Level::Baseline;
    scene.api.pod_security.defaults.warn.level = Level::Baseline;
    let start = scene.run();
    step(&start, Component::PodSecurity, Verdict::DoesNotLook);
    assert!(
        start.client_output.ends_with("deployment.apps/web created"),
        "{}",
        start.client_output
    );
    assert_eq!(
        start.warnings,
        ["would violate PodSecurity \"baseline:latest\": host namespaces (hostPID=true)"]
    );
}

#[test]
fn row_34_its_pods_are_refused_and_only_events_tell_it() {
    let mut scene = Scene::on("ubuntu-24.04", DEPLOYMENT);
    scene.api.pod_security.defaults.enforce.level = Level::Baseline;
    let start = scene.run();
    fails_closed(
        &start,
        Component::PodSecurity,
        "violates PodSecurity \"baseline:latest\": host namespaces",
    );
    let event = start.events.last().expect("an event");
    assert!(
        event.message.starts_with("Error creating: pods \"web-"),
        "{}",
        event.message
    );
}

#[test]
fn row_35_exempt_users_namespaces_and_runtime_classes_are_not_looked_at() {
    for exempt in 0..3 {
        let mut scene = Scene::on(
            "ubuntu-24.04",
            &manifest(
                "",
                "runtimeClassName: fast",
                "securityContext:\n  privileged: true",
            ),
        );
        scene
            .api
            .runtime_classes
            .insert("fast".to_owned(), "runc".to_owned());
        let config = &mut scene.api.pod_security;
        config.defaults.enforce.level = Level::Restricted;
        match exempt {
            0 => config.exempt_users.insert(Client::kubectl("").user),
            1 => config.exempt_namespaces.insert("default".to_owned()),
            _ => config.exempt_runtime_classes.insert("fast".to_owned()),
        };
        let start = scene.run();
        step(&start, Component::PodSecurity, Verdict::DoesNotLook);
        assert_eq!(start.status.display(), "Running");
    }
}

#[test]
fn row_35_without_the_exemption_the_pod_is_refused() {
    let mut scene = Scene::on("ubuntu-24.04", &privileged());
    scene.api.pod_security.defaults.enforce.level = Level::Restricted;
    fails_closed(&scene.run(), Component::PodSecurity, "violates PodSecurity");
}

/// A pod that meets the restricted level, and asks for no AppArmor profile.
fn restricted() -> String {
    manifest(
        "",
        "securityContext:\n  runAsNonRoot: true\n  runAsUser: 1000\n  seccompProfile:\n    type: RuntimeDefault",
        "securityContext:\n  allowPrivilegeEscalation: false\n  capabilities:\n    drop: [ALL]",
    )
}

#[test]
fn row_36_no_level_requires_apparmor() {
    let mut scene = Scene::on("kind-docker-desktop", &restricted());
    scene.api.pod_security.defaults.enforce.level = Level::Restricted;
    let start = scene.run();
    step(&start, Component::PodSecurity, Verdict::Honoured);
    fails_open(&start, Component::Containerd, Verdict::NothingAsked);
}

#[test]
fn row_36_a_validating_admission_policy_can_require_it() {
    let mut scene = Scene::on("kind-docker-desktop", &restricted());
    require_apparmor(&mut scene.api);
    let start = scene.run();
    assert_eq!(start.outcome, Outcome::RefusedToStart);
    assert_eq!(
        start.client_output,
        "The pods \"web\" is invalid: : ValidatingAdmissionPolicy 'require-apparmor' with binding 'everywhere' denied request: every container needs an AppArmor profile"
    );
}

#[test]
fn row_37_a_policy_that_reads_only_annotations_does_not_see_the_field_from_1_34_on() {
    let mut scene = Scene::on("ubuntu-24.04", &manifest("", "", &apparmor("Unconfined")));
    configure(&mut scene.api, ANNOTATION_ONLY);
    let start = scene.run();
    step(&start, Component::AdmissionPolicy, Verdict::Honoured);
    assert_eq!(start.outcome, Outcome::Unconfined);
}

#[test]
fn row_37_up_to_1_33_it_sees_the_annotation_that_the_server_adds() {
    let mut scene = Scene::on("debian-12", &manifest("", "", &apparmor("Unconfined")));
    configure(&mut scene.api, ANNOTATION_ONLY);
    fails_closed(
        &scene.run(),
        Component::AdmissionPolicy,
        "unconfined is not allowed",
    );
}

#[test]
fn row_37_a_policy_that_reads_fields_sees_it_everywhere() {
    for id in ["ubuntu-24.04", "debian-12"] {
        let mut scene = Scene::on(id, &manifest("", "", &apparmor("Unconfined")));
        require_apparmor(&mut scene.api);
        fails_closed(
            &scene.run(),
            Component::AdmissionPolicy,
            "every container needs an AppArmor profile",
        );
    }
}

#[test]
fn an_expression_that_fails_refuses_or_is_passed_over_as_the_policy_says() {
    let broken = REQUIRE.replace(
        "has(c.securityContext) && has(c.securityContext.appArmorProfile)",
        "c.securityContext.privileged",
    );
    let mut scene = Scene::on("ubuntu-24.04", &manifest("", "", ""));
    configure(&mut scene.api, &broken);
    fails_closed(
        &scene.run(),
        Component::AdmissionPolicy,
        "resulted in error: ",
    );
    configure(
        &mut scene.api,
        &broken.replace("failurePolicy: Fail", "failurePolicy: Ignore"),
    );
    assert_eq!(scene.run().status.display(), "Running");
}
