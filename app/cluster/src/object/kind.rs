//! What kind of object a document is, and where its pod template stands.

use crate::yaml::Value;

/// The kinds that are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A pod.
    Pod,
    /// `apps/v1` Deployment.
    Deployment,
    /// `apps/v1` DaemonSet.
    DaemonSet,
    /// `apps/v1` StatefulSet.
    StatefulSet,
    /// `apps/v1` ReplicaSet.
    ReplicaSet,
    /// `v1` ReplicationController.
    ReplicationController,
    /// `batch/v1` Job.
    Job,
    /// `batch/v1` CronJob.
    CronJob,
    /// `v1` PodTemplate.
    PodTemplate,
    /// `v1` Namespace.
    Namespace,
    /// `v1` ConfigMap.
    ConfigMap,
    /// `v1` Node.
    Node,
    /// `node.k8s.io/v1` RuntimeClass.
    RuntimeClass,
    /// `admissionregistration.k8s.io` ValidatingAdmissionPolicy.
    ValidatingAdmissionPolicy,
    /// `admissionregistration.k8s.io` ValidatingAdmissionPolicyBinding.
    ValidatingAdmissionPolicyBinding,
    /// The Security Profiles Operator's AppArmorProfile.
    AppArmorProfile,
}

/// Where a pod's metadata and spec stand in an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The keys that lead to the mapping with `metadata` and `spec`.
    pub keys: &'static [&'static str],
    /// The same as the prefix of a field path: empty, or `spec.template.`.
    pub prefix: &'static str,
}

const WHOLE: Place = Place {
    keys: &[],
    prefix: "",
};
const TEMPLATE: Place = Place {
    keys: &["spec", "template"],
    prefix: "spec.template.",
};

/// Every kind: its name, group and version, plural, and pod template.
const KINDS: &[(Kind, &str, &str, &str, Option<Place>)] = &[
    (Kind::Pod, "Pod", "v1", "pods", Some(WHOLE)),
    (
        Kind::Deployment,
        "Deployment",
        "apps/v1",
        "deployments",
        Some(TEMPLATE),
    ),
    (
        Kind::DaemonSet,
        "DaemonSet",
        "apps/v1",
        "daemonsets",
        Some(TEMPLATE),
    ),
    (
        Kind::StatefulSet,
        "StatefulSet",
        "apps/v1",
        "statefulsets",
        Some(TEMPLATE),
    ),
    (
        Kind::ReplicaSet,
        "ReplicaSet",
        "apps/v1",
        "replicasets",
        Some(TEMPLATE),
    ),
    (
        Kind::ReplicationController,
        "ReplicationController",
        "v1",
        "replicationcontrollers",
        Some(TEMPLATE),
    ),
    (Kind::Job, "Job", "batch/v1", "jobs", Some(TEMPLATE)),
    (
        Kind::CronJob,
        "CronJob",
        "batch/v1",
        "cronjobs",
        Some(Place {
            keys: &["spec", "jobTemplate", "spec", "template"],
            prefix: "spec.jobTemplate.spec.template.",
        }),
    ),
    (
        Kind::PodTemplate,
        "PodTemplate",
        "v1",
        "podtemplates",
        Some(Place {
            keys: &["template"],
            prefix: "template.",
        }),
    ),
    (Kind::Namespace, "Namespace", "v1", "namespaces", None),
    (Kind::ConfigMap, "ConfigMap", "v1", "configmaps", None),
    (Kind::Node, "Node", "v1", "nodes", None),
    (
        Kind::RuntimeClass,
        "RuntimeClass",
        "node.k8s.io/v1",
        "runtimeclasses",
        None,
    ),
    (
        Kind::ValidatingAdmissionPolicy,
        "ValidatingAdmissionPolicy",
        "admissionregistration.k8s.io/v1",
        "validatingadmissionpolicies",
        None,
    ),
    (
        Kind::ValidatingAdmissionPolicyBinding,
        "ValidatingAdmissionPolicyBinding",
        "admissionregistration.k8s.io/v1",
        "validatingadmissionpolicybindings",
        None,
    ),
    (
        Kind::AppArmorProfile,
        "AppArmorProfile",
        "security-profiles-operator.x-k8s.io/v1",
        "apparmorprofiles",
        None,
    ),
];

impl Kind {
    /// The kind that a document's `kind` names.
    pub fn of(document: &Value) -> Option<Self> {
        Self::named(document.get("kind")?.as_str()?)
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        KINDS.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// Every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().map(|row| row.0)
    }

    /// The name, as `kind` writes it.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// The group and version under which it is served today.
    pub fn api_version(self) -> &'static str {
        self.row().2
    }

    /// The plural resource name, as URLs and `kubectl get` write it.
    pub fn plural(self) -> &'static str {
        self.row().3
    }

    /// The plural name with its group, as errors write it.
    pub fn qualified(self) -> String {
        self.with_group(self.plural())
    }

    /// The singular name with its group, as kubectl names objects.
    pub fn singular(self) -> String {
        self.with_group(&self.name().to_lowercase())
    }

    fn with_group(self, name: &str) -> String {
        match self.api_version().split_once('/') {
            Some((group, _)) => format!("{name}.{group}"),
            None => name.to_owned(),
        }
    }

    /// Whether its objects are in namespaces.
    pub fn is_namespaced(self) -> bool {
        !matches!(
            self,
            Self::Namespace
                | Self::Node
                | Self::RuntimeClass
                | Self::ValidatingAdmissionPolicy
                | Self::ValidatingAdmissionPolicyBinding
                | Self::AppArmorProfile
        )
    }

    /// Where the pod, or the pod template, stands in an object of this kind.
    pub fn pod_place(self) -> Option<Place> {
        self.row().4
    }

    fn row(
        self,
    ) -> &'static (
        Kind,
        &'static str,
        &'static str,
        &'static str,
        Option<Place>,
    ) {
        KINDS.iter().find(|row| row.0 == self).unwrap_or(&KINDS[0])
    }
}

/// The mapping that holds a document's pod `metadata` and `spec`: the
/// document itself for a Pod, its template for a controller.
pub fn pod_template(document: &Value) -> Option<&Value> {
    document.at(Kind::of(document)?.pod_place()?.keys)
}
