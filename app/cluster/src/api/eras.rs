//! What API servers do from which release on: one table per behaviour.
//!
//! The number that begins a row is the minor release of Kubernetes 1.

use super::sync::AppArmorSync;
use crate::version::{Era, Version, era};

/// What becomes of AppArmor settings while the feature gate is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateOff {
    /// AppArmor is not known at all.
    Unknown,
    /// The pod is refused.
    Forbidden,
    /// The settings are deleted from the pod.
    Stripped,
    /// The gate cannot be turned off.
    Locked,
}

/// Whether unknown fields can be reported by the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldValidation {
    /// The client checks, or nobody.
    Client,
    /// The server does, as the query `fieldValidation` says.
    Server,
}

macro_rules! table {
    ($(#[$doc:meta])* $name:ident: $type:ty = [$(($minor:literal, $rule:expr, $source:literal)),* $(,)?]) => {
        $(#[$doc])*
        pub fn $name(version: Version) -> &'static Era<$type> {
            const TABLE: &[Era<$type>] = &[
                $(Era { from: Version::new(1, $minor), rule: $rule, source: $source }),*
            ];
            era(TABLE, version)
        }
    };
}

table! {
    /// Whether AppArmor annotations are read at all.
    apparmor_annotation: bool = [
        (0, false, "AppArmor tutorial: Kubernetes 1.4 or later"),
        (4, true, "pkg/apis/core/validation ValidateAppArmorPodAnnotations, k8s 1.8 to 1.36"),
    ]
}

table! {
    /// Whether the annotation value `unconfined` is accepted.
    unconfined_annotation: bool = [
        (0, false, "pkg/security/apparmor/validate.go, k8s 1.8"),
        (9, true, "pkg/security/apparmor/validate.go, k8s 1.9"),
    ]
}

table! {
    /// Whether the `appArmorProfile` field exists.
    apparmor_field: bool = [
        (0, false, "core/v1 types, k8s 1.29"),
        (30, true, "core/v1 types, k8s 1.30"),
    ]
}

table! {
    /// Which way AppArmor settings are copied on the creation of a pod.
    apparmor_sync: AppArmorSync = [
        (0, AppArmorSync::None, "pkg/registry/core/pod/strategy.go, k8s 1.29"),
        (30, AppArmorSync::BothWays, "pkg/registry/core/pod/strategy.go applyAppArmorVersionSkew, k8s 1.30 to 1.33"),
        (34, AppArmorSync::AnnotationToField, "pkg/registry/core/pod/strategy.go applyAppArmorVersionSkew, k8s 1.34 to 1.36"),
    ]
}

table! {
    /// What becomes of AppArmor settings while the gate is off.
    apparmor_gate_off: GateOff = [
        (0, GateOff::Unknown, "AppArmor tutorial: Kubernetes 1.4 or later"),
        (4, GateOff::Forbidden, "pkg/apis/core/validation, k8s 1.8 to 1.12"),
        (13, GateOff::Stripped, "pkg/api/pod/util.go, k8s 1.20 to 1.30 (the switch lies between 1.13 and 1.20)"),
        (31, GateOff::Locked, "pkg/features, k8s 1.31: GA and locked"),
    ]
}

table! {
    /// The words for an AppArmor profile name that is too long.
    too_long_apparmor: &'static str = [
        (0, "may not be longer than 4095", "pkg/apis/core/validation, k8s 1.30 and 1.31"),
        (32, "may not be more than 4095 bytes", "pkg/apis/core/validation, k8s 1.32"),
    ]
}

table! {
    /// Whether the `seccompProfile` field exists.
    seccomp_field: bool = [
        (0, false, "core/v1 types, k8s 1.18"),
        (19, true, "core/v1 types, k8s 1.19"),
    ]
}

table! {
    /// Whether seccomp annotations are copied into fields.
    seccomp_sync: bool = [
        (0, false, "pkg/registry/core/pod/strategy.go, k8s 1.18"),
        (19, true, "pkg/registry/core/pod/strategy.go applySeccompVersionSkew, k8s 1.20 to 1.26"),
        (27, false, "pkg/registry/core/pod/strategy.go, k8s 1.27"),
    ]
}

table! {
    /// The warning about seccomp annotations, empty for none.
    seccomp_warning: &'static str = [
        (0, "", "warnings to clients came with k8s 1.19"),
        (19, "deprecated since v1.19, non-functional in a future release; use the \"seccompProfile\" field instead", "pkg/api/pod/warnings.go, k8s 1.20 to 1.26"),
        (27, "non-functional in v1.27+; use the \"seccompProfile\" field instead", "pkg/api/pod/warnings.go, k8s 1.27"),
    ]
}

table! {
    /// Who reports unknown fields.
    field_validation: FieldValidation = [
        (0, FieldValidation::Client, "kubectl falls back to its own OpenAPI check"),
        (25, FieldValidation::Server, "apiserver create handler, k8s 1.25 (gate ServerSideFieldValidation beta)"),
    ]
}

table! {
    /// The namespaces that are there from the start.
    first_namespaces: &'static [&'static str] = [
        (0, &["default", "kube-system"], "pkg/master/controller.go SystemNamespaces, k8s 1.3"),
        (6, &["default", "kube-public", "kube-system"], "pkg/master/controller.go SystemNamespaces, k8s 1.6"),
        (14, &["default", "kube-node-lease", "kube-public", "kube-system"], "pkg/features NodeLease: beta and on in 1.14"),
    ]
}

table! {
    /// Whether each namespace has its name as a label.
    namespace_name_label: bool = [
        (0, false, "pkg/features NamespaceDefaultLabelName: absent"),
        (21, true, "pkg/features NamespaceDefaultLabelName: beta and on in 1.21, GA in 1.22"),
    ]
}

table! {
    /// Whether Pod Security admission is there.
    pod_security: bool = [
        (0, false, "pod-security-admission: alpha in 1.22"),
        (23, true, "pod-security-admission: beta and on in 1.23"),
    ]
}

table! {
    /// Whether ValidatingAdmissionPolicy is served.
    admission_policy: bool = [
        (0, false, "admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy: alpha and off in 1.26, off by default in beta"),
        (30, true, "admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy: GA in 1.30"),
    ]
}

table! {
    /// Whether ephemeral containers can be added to pods.
    ephemeral_containers: bool = [
        (0, false, "pkg/features EphemeralContainers: absent, from 1.16 on alpha and off"),
        (23, true, "pkg/features EphemeralContainers: beta and on in 1.23, GA in 1.25"),
    ]
}

table! {
    /// Whether `procMount: Unmasked` needs `hostUsers: false`.
    unmasked_needs_user_namespace: bool = [
        (0, false, "pkg/apis/core/validation, k8s 1.30"),
        (31, true, "pkg/apis/core/validation, k8s 1.31"),
    ]
}
