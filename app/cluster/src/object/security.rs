//! The security contexts of pods and containers.

use super::{Profile, flag, number, text, texts};
use crate::yaml::Value;

/// `seLinuxOptions`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeLinuxOptions {
    /// `user`.
    pub user: String,
    /// `role`.
    pub role: String,
    /// `type`.
    pub kind: String,
}

impl SeLinuxOptions {
    fn read(value: &Value) -> Option<Self> {
        let options = value.get("seLinuxOptions")?;
        Some(Self {
            user: text(options, "user").unwrap_or_default(),
            role: text(options, "role").unwrap_or_default(),
            kind: text(options, "type").unwrap_or_default(),
        })
    }
}

/// `capabilities`, as spelled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// `add`.
    pub add: Vec<String>,
    /// `drop`.
    pub drop: Vec<String>,
}

/// A pod's `securityContext`; all absent when the pod has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodSecurityContext {
    /// `appArmorProfile`.
    pub app_armor: Option<Profile>,
    /// `seccompProfile`.
    pub seccomp: Option<Profile>,
    /// `runAsUser`.
    pub run_as_user: Option<i64>,
    /// `runAsGroup`.
    pub run_as_group: Option<i64>,
    /// `fsGroup`.
    pub fs_group: Option<i64>,
    /// `runAsNonRoot`.
    pub run_as_non_root: Option<bool>,
    /// `seLinuxOptions`.
    pub se_linux: Option<SeLinuxOptions>,
    /// The names of `sysctls`.
    pub sysctls: Vec<String>,
    /// `windowsOptions.hostProcess`.
    pub host_process: Option<bool>,
}

impl PodSecurityContext {
    /// Reads the `securityContext` of a pod spec.
    pub fn read(spec: &Value) -> Self {
        let Some(value) = spec.get("securityContext") else {
            return Self::default();
        };
        Self {
            app_armor: Profile::read(value.get("appArmorProfile")),
            seccomp: Profile::read(value.get("seccompProfile")),
            run_as_user: number(value, "runAsUser"),
            run_as_group: number(value, "runAsGroup"),
            fs_group: number(value, "fsGroup"),
            run_as_non_root: flag(value, "runAsNonRoot"),
            se_linux: SeLinuxOptions::read(value),
            sysctls: value
                .get("sysctls")
                .map(Value::items)
                .unwrap_or_default()
                .iter()
                .filter_map(|sysctl| text(sysctl, "name"))
                .collect(),
            host_process: value
                .get("windowsOptions")
                .and_then(|options| flag(options, "hostProcess")),
        }
    }
}

/// A container's `securityContext`; all absent when the container has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecurityContext {
    /// `appArmorProfile`.
    pub app_armor: Option<Profile>,
    /// `seccompProfile`.
    pub seccomp: Option<Profile>,
    /// `privileged`.
    pub privileged: Option<bool>,
    /// `allowPrivilegeEscalation`.
    pub allow_privilege_escalation: Option<bool>,
    /// `capabilities`.
    pub capabilities: Option<Capabilities>,
    /// `procMount`.
    pub proc_mount: Option<String>,
    /// `runAsUser`.
    pub run_as_user: Option<i64>,
    /// `runAsGroup`.
    pub run_as_group: Option<i64>,
    /// `runAsNonRoot`.
    pub run_as_non_root: Option<bool>,
    /// `readOnlyRootFilesystem`.
    pub read_only_root_filesystem: Option<bool>,
    /// `seLinuxOptions`.
    pub se_linux: Option<SeLinuxOptions>,
    /// `windowsOptions.hostProcess`.
    pub host_process: Option<bool>,
}

impl SecurityContext {
    /// Reads the `securityContext` of a container.
    pub fn read(container: &Value) -> Self {
        let Some(value) = container.get("securityContext") else {
            return Self::default();
        };
        Self {
            app_armor: Profile::read(value.get("appArmorProfile")),
            seccomp: Profile::read(value.get("seccompProfile")),
            privileged: flag(value, "privileged"),
            allow_privilege_escalation: flag(value, "allowPrivilegeEscalation"),
            capabilities: value.get("capabilities").map(|capabilities| Capabilities {
                add: texts(capabilities, "add"),
                drop: texts(capabilities, "drop"),
            }),
            proc_mount: text(value, "procMount"),
            run_as_user: number(value, "runAsUser"),
            run_as_group: number(value, "runAsGroup"),
            run_as_non_root: flag(value, "runAsNonRoot"),
            read_only_root_filesystem: flag(value, "readOnlyRootFilesystem"),
            se_linux: SeLinuxOptions::read(value),
            host_process: value
                .get("windowsOptions")
                .and_then(|options| flag(options, "hostProcess")),
        }
    }
}
