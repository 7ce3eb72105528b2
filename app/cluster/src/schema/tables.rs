//! The fields of the kinds that are understood, with the release that brought
//! them where that is later than the first (`k8s.io/api/core/v1/types.go`).

use super::{
    Field,
    Shape::{Any, Flag, Labels, Many, Number, One, Text, Texts},
    Type,
};
use crate::object::Kind;

macro_rules! types {
    ($($(#[$doc:meta])* $name:ident = $package:literal $go:literal {
        $($field:literal $(since $since:literal)? $(until $until:literal)?: $shape:expr),* $(,)?
    })*) => {
        $($(#[$doc])* static $name: Type = Type {
            go: $go,
            package: $package,
            fields: &[$(Field {
                name: $field,
                since: 0 $(+ $since)?,
                until: [$($until,)? u16::MAX][0],
                shape: $shape,
            }),*],
        };)*
    };
}

/// The type of a kind, if it is described.
pub(super) fn of(kind: Kind) -> Option<&'static Type> {
    Some(match kind {
        Kind::Pod => &POD,
        Kind::Deployment => &DEPLOYMENT,
        Kind::DaemonSet => &DAEMON_SET,
        Kind::StatefulSet => &STATEFUL_SET,
        Kind::ReplicaSet => &REPLICA_SET,
        Kind::ReplicationController => &REPLICATION_CONTROLLER,
        Kind::Job => &JOB,
        Kind::CronJob => &CRON_JOB,
        Kind::PodTemplate => &POD_TEMPLATE,
        Kind::Namespace => &NAMESPACE,
        Kind::ConfigMap => &CONFIG_MAP,
        Kind::RuntimeClass => &RUNTIME_CLASS,
        Kind::Node => &NODE,
        Kind::ValidatingAdmissionPolicy => &ADMISSION_POLICY,
        Kind::ValidatingAdmissionPolicyBinding => &ADMISSION_POLICY_BINDING,
        Kind::AppArmorProfile => return None,
    })
}

types! {
    POD = "v1" "Pod" {
        "apiVersion": Text, "kind": Text, "metadata": One(&OBJECT_META), "spec": One(&POD_SPEC), "status": Any,
    }
    OBJECT_META = "v1" "ObjectMeta" {
        "name": Text, "generateName": Text, "namespace": Text, "selfLink": Text, "uid": Text, "resourceVersion": Text,
        "generation": Number("int64"), "creationTimestamp": Any, "deletionTimestamp": Any,
        "deletionGracePeriodSeconds": Number("int64"), "labels": Labels, "annotations": Labels, "ownerReferences": Any,
        "finalizers": Texts, "managedFields": Any, "clusterName": Text, "initializers": Any,
    }
    POD_SPEC = "v1" "PodSpec" {
        "volumes": Many(&VOLUME), "initContainers": Many(&CONTAINER), "containers": Many(&CONTAINER),
        "ephemeralContainers" since 16: Many(&EPHEMERAL_CONTAINER), "restartPolicy": Text,
        "terminationGracePeriodSeconds": Number("int64"), "activeDeadlineSeconds": Number("int64"), "dnsPolicy": Text,
        "nodeSelector": Labels, "serviceAccountName": Text, "serviceAccount": Text,
        "automountServiceAccountToken": Flag, "nodeName": Text, "hostNetwork": Flag, "hostPID": Flag, "hostIPC": Flag,
        "shareProcessNamespace" since 10: Flag, "securityContext": One(&POD_SECURITY_CONTEXT),
        "imagePullSecrets": Any, "hostname": Text, "subdomain": Text, "affinity": Any, "schedulerName": Text,
        "tolerations": Many(&TOLERATION), "hostAliases": Any, "priorityClassName" since 8: Text,
        "priority" since 8: Number("int32"), "dnsConfig" since 9: Any, "readinessGates" since 11: Any,
        "runtimeClassName" since 12: Text, "enableServiceLinks" since 13: Flag, "preemptionPolicy" since 15: Text,
        "overhead" since 16: Any, "topologySpreadConstraints" since 16: Any, "setHostnameAsFQDN" since 19: Flag,
        "os" since 23: One(&POD_OS), "hostUsers" since 25: Flag, "schedulingGates" since 26: Any,
        "resourceClaims" since 26: Any, "resources" since 32: Any, "hostnameOverride" since 34: Text,
        "workloadRef" since 35 until 36: Any, "schedulingGroup" since 36: Any,
    }
    POD_OS = "v1" "PodOS" { "name": Text }
    TOLERATION = "v1" "Toleration" {
        "key": Text, "operator": Text, "value": Text, "effect": Text, "tolerationSeconds": Number("int64"),
    }
    POD_SECURITY_CONTEXT = "v1" "PodSecurityContext" {
        "seLinuxOptions": One(&SE_LINUX_OPTIONS), "windowsOptions" since 14: One(&WINDOWS_OPTIONS),
        "runAsUser": Number("int64"), "runAsGroup" since 10: Number("int64"), "runAsNonRoot": Flag,
        "supplementalGroups": Any, "supplementalGroupsPolicy" since 31: Text, "fsGroup": Number("int64"),
        "sysctls": Many(&SYSCTL), "fsGroupChangePolicy" since 18: Text,
        "seccompProfile" since 19: One(&SECCOMP_PROFILE), "appArmorProfile" since 30: One(&APP_ARMOR_PROFILE),
        "seLinuxChangePolicy" since 32: Text,
    }
    SYSCTL = "v1" "Sysctl" { "name": Text, "value": Text }
    SE_LINUX_OPTIONS = "v1" "SELinuxOptions" { "user": Text, "role": Text, "type": Text, "level": Text }
    WINDOWS_OPTIONS = "v1" "WindowsSecurityContextOptions" {
        "gmsaCredentialSpecName": Text, "gmsaCredentialSpec": Text, "runAsUserName": Text,
        "hostProcess" since 22: Flag,
    }
    SECCOMP_PROFILE = "v1" "SeccompProfile" { "type": Text, "localhostProfile": Text }
    APP_ARMOR_PROFILE = "v1" "AppArmorProfile" { "type": Text, "localhostProfile": Text }
    SECURITY_CONTEXT = "v1" "SecurityContext" {
        "capabilities": One(&CAPABILITIES), "privileged": Flag, "seLinuxOptions": One(&SE_LINUX_OPTIONS),
        "windowsOptions" since 14: One(&WINDOWS_OPTIONS), "runAsUser": Number("int64"),
        "runAsGroup" since 10: Number("int64"), "runAsNonRoot": Flag, "readOnlyRootFilesystem": Flag,
        "allowPrivilegeEscalation" since 8: Flag, "procMount" since 12: Text,
        "seccompProfile" since 19: One(&SECCOMP_PROFILE), "appArmorProfile" since 30: One(&APP_ARMOR_PROFILE),
    }
    CAPABILITIES = "v1" "Capabilities" { "add": Texts, "drop": Texts }
    CONTAINER = "v1" "Container" {
        "name": Text, "image": Text, "command": Texts, "args": Texts, "workingDir": Text,
        "ports": Many(&CONTAINER_PORT), "envFrom": Any, "env": Many(&ENV_VAR), "resources": Any,
        "resizePolicy" since 27: Any, "restartPolicy" since 28: Text, "restartPolicyRules" since 34: Any,
        "volumeMounts": Many(&VOLUME_MOUNT), "volumeDevices" since 9: Any, "livenessProbe": One(&PROBE),
        "readinessProbe": One(&PROBE), "startupProbe" since 16: One(&PROBE), "lifecycle": Any,
        "terminationMessagePath": Text, "terminationMessagePolicy": Text, "imagePullPolicy": Text,
        "securityContext": One(&SECURITY_CONTEXT), "stdin": Flag, "stdinOnce": Flag, "tty": Flag,
    }
    EPHEMERAL_CONTAINER = "v1" "EphemeralContainer" {
        "name": Text, "image": Text, "command": Texts, "args": Texts, "workingDir": Text,
        "ports": Many(&CONTAINER_PORT), "envFrom": Any, "env": Many(&ENV_VAR), "resources": Any,
        "resizePolicy" since 27: Any, "restartPolicy" since 28: Text, "restartPolicyRules" since 34: Any,
        "volumeMounts": Many(&VOLUME_MOUNT), "volumeDevices": Any, "livenessProbe": One(&PROBE),
        "readinessProbe": One(&PROBE), "startupProbe": One(&PROBE), "lifecycle": Any, "terminationMessagePath": Text,
        "terminationMessagePolicy": Text, "imagePullPolicy": Text, "securityContext": One(&SECURITY_CONTEXT),
        "stdin": Flag, "stdinOnce": Flag, "tty": Flag, "targetContainerName": Text,
    }
    CONTAINER_PORT = "v1" "ContainerPort" {
        "name": Text, "hostPort": Number("int32"), "containerPort": Number("int32"), "protocol": Text, "hostIP": Text,
    }
    ENV_VAR = "v1" "EnvVar" { "name": Text, "value": Text, "valueFrom": Any }
    PROBE = "v1" "Probe" {
        "exec": Any, "httpGet": Any, "tcpSocket": Any, "grpc" since 23: Any, "initialDelaySeconds": Number("int32"),
        "timeoutSeconds": Number("int32"), "periodSeconds": Number("int32"), "successThreshold": Number("int32"),
        "failureThreshold": Number("int32"), "terminationGracePeriodSeconds" since 21: Number("int64"),
    }
    VOLUME_MOUNT = "v1" "VolumeMount" {
        "name": Text, "readOnly": Flag, "recursiveReadOnly" since 30: Text, "mountPath": Text, "subPath": Text,
        "mountPropagation" since 8: Text, "subPathExpr" since 14: Text,
    }
    VOLUME = "v1" "Volume" {
        "name": Text, "hostPath": One(&HOST_PATH), "emptyDir": One(&EMPTY_DIR), "gcePersistentDisk": Any,
        "awsElasticBlockStore": Any, "gitRepo": Any, "secret": One(&SECRET_VOLUME), "nfs": Any, "iscsi": Any,
        "glusterfs": Any, "persistentVolumeClaim": Any, "rbd": Any, "flexVolume": Any, "cinder": Any, "cephfs": Any,
        "flocker": Any, "downwardAPI": Any, "fc": Any, "azureFile": Any, "configMap": One(&CONFIG_MAP_VOLUME),
        "vsphereVolume": Any, "quobyte": Any, "azureDisk": Any, "photonPersistentDisk": Any, "projected": Any,
        "portworxVolume": Any, "scaleIO": Any, "storageos": Any, "csi" since 15: Any, "ephemeral" since 19: Any,
        "image" since 31: Any,
    }
    HOST_PATH = "v1" "HostPathVolumeSource" { "path": Text, "type" since 8: Text }
    EMPTY_DIR = "v1" "EmptyDirVolumeSource" { "medium": Text, "sizeLimit": Any }
    SECRET_VOLUME = "v1" "SecretVolumeSource" {
        "secretName": Text, "items": Any, "defaultMode": Number("int32"), "optional": Flag,
    }
    CONFIG_MAP_VOLUME = "v1" "ConfigMapVolumeSource" {
        "name": Text, "items": Any, "defaultMode": Number("int32"), "optional": Flag,
    }
    TEMPLATE = "v1" "PodTemplateSpec" { "metadata": One(&OBJECT_META), "spec": One(&POD_SPEC) }
    POD_TEMPLATE = "v1" "PodTemplate" {
        "apiVersion": Text, "kind": Text, "metadata": One(&OBJECT_META), "template": One(&TEMPLATE),
    }
    DEPLOYMENT = "v1" "Deployment" {
        "apiVersion": Text, "kind": Text, "metadata": One(&OBJECT_META), "spec": One(&DEPLOYMENT_SPEC), "status": Any,
    }
    DEPLOYMENT_SPEC = "v1" "DeploymentSpec" {
        "replicas": Number("int32"), "selector": Any, "template": One(&TEMPLATE), "strategy": Any,
        "minReadySeconds": Number("int32"), "revisionHistoryLimit": Number("int32"), "paused": Flag,
        "progressDeadlineSeconds": Number("int32"), "rollbackTo": Any,
    }
    DAEMON_SET = "v1" "DaemonSet" {
        "apiVersion": Text, "kind": Text, "metadata": One(&OBJECT_META), "spec": One(&DAEMON_SET_SPEC), "status": Any,
    }
    DAEMON_SET_SPEC = "v1" "DaemonSetSpec" {
        "selector": Any, "template": One(&TEMPLATE), "updateStrategy": Any, "minReadySeconds": Number("int32"),
        "revisionHistoryLimit": Number("int32"), "templateGeneration": Number("int64"),
    }
    STATEFUL_SET = "v1" "StatefulSet" {
        "apiVersion": Text, "kind": Text, "metadata": One(&OBJECT_META), "spec": One(&STATEFUL_SET_SPEC), "status": Any,
    }
    STATEFUL_SET_SPEC = "v1" "StatefulSetSpec" {
        "replicas": Number("int32"), "selector": Any, "template": One(&TEMPLATE), "volumeClaimTemplates": Any,
        "serviceName": Text, "podManagementPolicy": Text, "updateStrategy": Any,
        "revisionHistoryLimit": Number("int32"), "minReadySeconds" since 22: Number("int32"),
        "persistentVolumeClaimRetentionPolicy" since 23: Any, "ordinals" since 26: Any,
    }
    REPLICA_SET = "v1" "ReplicaSet" {
        "apiVersion": Text, "kind": Text, "metadata": One(&OBJECT_META), "spec": One(&REPLICA_SET_SPEC), "status": Any,
    }
    REPLICA_SET_SPEC = "v1" "ReplicaSetSpec" {
        "replicas": Number("int32"), "minReadySeconds": Number("int32"), "selector": Any, "template": One(&TEMPLATE),
    }
    REPLICATION_CONTROLLER = "v1" "ReplicationController" {
        "apiVersion": Text, "kind": Text, "metadata": One(&OBJECT_META), "spec": One(&REPLICATION_CONTROLLER_SPEC),
        "status": Any,
    }
    REPLICATION_CONTROLLER_SPEC = "v1" "ReplicationControllerSpec" {
        "replicas": Number("int32"), "minReadySeconds": Number("int32"), "selector": Labels,
        "template": One(&TEMPLATE),
    }
    JOB = "v1" "Job" {
        "apiVersion": Text, "kind": Text, "metadata": One(&OBJECT_META), "spec": One(&JOB_SPEC), "status": Any,
    }
    JOB_SPEC = "v1" "JobSpec" {
        "parallelism": Number("int32"), "completions": Number("int32"), "activeDeadlineSeconds": Number("int64"),
        "podFailurePolicy" since 25: Any, "successPolicy" since 30: Any, "backoffLimit": Number("int32"),
        "backoffLimitPerIndex" since 28: Number("int32"), "maxFailedIndexes" since 28: Number("int32"),
        "selector": Any, "manualSelector": Flag, "template": One(&TEMPLATE),
        "ttlSecondsAfterFinished" since 12: Number("int32"), "completionMode" since 21: Text, "suspend" since 21: Flag,
        "podReplacementPolicy" since 28: Text, "managedBy" since 30: Text,
    }
    CRON_JOB = "v1" "CronJob" {
        "apiVersion": Text, "kind": Text, "metadata": One(&OBJECT_META), "spec": One(&CRON_JOB_SPEC), "status": Any,
    }
    CRON_JOB_SPEC = "v1" "CronJobSpec" {
        "schedule": Text, "timeZone" since 24: Text, "startingDeadlineSeconds": Number("int64"),
        "concurrencyPolicy": Text, "suspend": Flag, "jobTemplate": One(&JOB_TEMPLATE),
        "successfulJobsHistoryLimit": Number("int32"), "failedJobsHistoryLimit": Number("int32"),
    }
    JOB_TEMPLATE = "v1" "JobTemplateSpec" { "metadata": One(&OBJECT_META), "spec": One(&JOB_SPEC) }
    NAMESPACE = "v1" "Namespace" {
        "apiVersion": Text, "kind": Text, "metadata": One(&OBJECT_META), "spec": Any, "status": Any,
    }
    CONFIG_MAP = "v1" "ConfigMap" {
        "apiVersion": Text, "kind": Text, "metadata": One(&OBJECT_META), "immutable" since 18: Flag, "data": Labels,
        "binaryData": Any,
    }
    NODE = "v1" "Node" {
        "apiVersion": Text, "kind": Text, "metadata": One(&OBJECT_META), "spec": One(&NODE_SPEC), "status": Any,
    }
    NODE_SPEC = "v1" "NodeSpec" {
        "podCIDR": Text, "podCIDRs" since 16: Texts, "providerID": Text, "unschedulable": Flag, "taints": Many(&TAINT),
        "configSource" since 10: Any, "externalID": Text,
    }
    TAINT = "v1" "Taint" { "key": Text, "value": Text, "effect": Text, "timeAdded": Any }
    ADMISSION_POLICY = "v1" "ValidatingAdmissionPolicy" {
        "apiVersion": Text, "kind": Text, "metadata": One(&OBJECT_META), "spec": One(&ADMISSION_POLICY_SPEC),
        "status": Any,
    }
    ADMISSION_POLICY_SPEC = "v1" "ValidatingAdmissionPolicySpec" {
        "paramKind": One(&PARAM_KIND), "matchConstraints": One(&MATCH_RESOURCES), "validations": Many(&VALIDATION),
        "failurePolicy": Text, "auditAnnotations": Any, "matchConditions": Many(&MATCH_CONDITION),
        "variables": Many(&VARIABLE),
    }
    PARAM_KIND = "v1" "ParamKind" { "apiVersion": Text, "kind": Text }
    MATCH_RESOURCES = "v1" "MatchResources" {
        "namespaceSelector": Any, "objectSelector": Any, "resourceRules": Many(&NAMED_RULE),
        "excludeResourceRules": Many(&NAMED_RULE), "matchPolicy": Text,
    }
    NAMED_RULE = "v1" "NamedRuleWithOperations" {
        "resourceNames": Texts, "operations": Texts, "apiGroups": Texts, "apiVersions": Texts, "resources": Texts,
        "scope": Text,
    }
    VALIDATION = "v1" "Validation" {
        "expression": Text, "message": Text, "reason": Text, "messageExpression": Text,
    }
    MATCH_CONDITION = "v1" "MatchCondition" { "name": Text, "expression": Text }
    VARIABLE = "v1" "Variable" { "name": Text, "expression": Text }
    ADMISSION_POLICY_BINDING = "v1" "ValidatingAdmissionPolicyBinding" {
        "apiVersion": Text, "kind": Text, "metadata": One(&OBJECT_META), "spec": One(&ADMISSION_POLICY_BINDING_SPEC),
    }
    ADMISSION_POLICY_BINDING_SPEC = "v1" "ValidatingAdmissionPolicyBindingSpec" {
        "policyName": Text, "paramRef": Any, "matchResources": One(&MATCH_RESOURCES), "validationActions": Texts,
    }
    RUNTIME_CLASS = "v1" "RuntimeClass" {
        "apiVersion": Text, "kind": Text, "metadata": One(&OBJECT_META), "handler": Text, "overhead" since 16: Any,
        "scheduling" since 16: Any,
    }
}
