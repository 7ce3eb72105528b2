//! A pod, or the pod that a template describes.

use sorted::SortedMap;

use serde::Serialize;

use super::{
    Mount, PodSecurityContext, SecurityContext, Volume, flag, number, string_map, text, texts,
};
use crate::yaml::Value;

/// A pod as far as its confinement and its place depend on it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pod {
    /// `metadata.name`.
    pub name: String,
    /// `metadata.namespace`, `default` where none is given.
    pub namespace: String,
    /// `metadata.annotations`.
    pub annotations: SortedMap<String, String>,
    /// `metadata.labels`.
    pub labels: SortedMap<String, String>,
    /// `spec`.
    pub spec: PodSpec,
}

/// A pod's `spec`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PodSpec {
    /// `initContainers`.
    pub init_containers: Vec<Container>,
    /// `containers`.
    pub containers: Vec<Container>,
    /// `ephemeralContainers`.
    pub ephemeral_containers: Vec<Container>,
    /// `securityContext`.
    pub security: PodSecurityContext,
    /// `volumes`.
    pub volumes: Vec<Volume>,
    /// `os.name`.
    pub os: Option<String>,
    /// `nodeName`.
    pub node_name: Option<String>,
    /// `nodeSelector`.
    pub node_selector: SortedMap<String, String>,
    /// `affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`.
    pub node_affinity: Vec<Value>,
    /// `tolerations`.
    pub tolerations: Vec<Toleration>,
    /// `hostNetwork`.
    pub host_network: bool,
    /// `hostPID`.
    pub host_pid: bool,
    /// `hostIPC`.
    pub host_ipc: bool,
    /// `hostUsers`.
    pub host_users: Option<bool>,
    /// `restartPolicy`, `Always` where none is given.
    pub restart_policy: String,
    /// `runtimeClassName`.
    pub runtime_class: Option<String>,
}

/// Which list of the spec a container stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ContainerRole {
    /// `initContainers`.
    Init,
    /// `containers`.
    Regular,
    /// `ephemeralContainers`.
    Ephemeral,
}

impl ContainerRole {
    /// The key of the list.
    pub fn key(self) -> &'static str {
        match self {
            Self::Init => "initContainers",
            Self::Regular => "containers",
            Self::Ephemeral => "ephemeralContainers",
        }
    }
}

/// A container of a pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Container {
    /// `name`.
    pub name: String,
    /// `image`.
    pub image: String,
    /// `command`, which replaces the image's entry point.
    pub command: Vec<String>,
    /// `args`.
    pub args: Vec<String>,
    /// `securityContext`.
    pub security: SecurityContext,
    /// `volumeMounts`.
    pub mounts: Vec<Mount>,
    /// `targetContainerName` of an ephemeral container, empty for none.
    pub target: String,
    /// Whether an init container goes on running beside the others:
    /// `restartPolicy: Always`.
    pub restartable: bool,
    /// Every `hostPort` of `ports`.
    pub host_ports: Vec<i64>,
    /// Every `host` of a probe or hook that connects somewhere.
    pub probe_hosts: Vec<String>,
}

/// A toleration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Toleration {
    /// `key`; empty tolerates every key.
    pub key: String,
    /// Whether `operator` is `Exists`.
    pub exists: bool,
    /// `value`.
    pub value: String,
    /// `effect`; empty tolerates every effect.
    pub effect: String,
}

impl Pod {
    /// Reads a mapping with `metadata` and `spec`: a Pod, or a pod template.
    pub fn read(value: &Value) -> Self {
        let empty = Value::map();
        let metadata = value.get("metadata").unwrap_or(&empty);
        Self {
            name: text(metadata, "name").unwrap_or_default(),
            namespace: text(metadata, "namespace").unwrap_or_else(|| "default".to_owned()),
            annotations: string_map(metadata, "annotations"),
            labels: string_map(metadata, "labels"),
            spec: value.get("spec").map(PodSpec::read).unwrap_or_default(),
        }
    }

    /// `metadata.uid`: random in a cluster, here worked out from namespace and name
    /// (FNV-1a), so that messages that quote it are always the same.
    pub fn uid(&self) -> String {
        let place = format!("{}/{}", self.namespace, self.name);
        let high = hash(0xcbf2_9ce4_8422_2325, &place);
        let low = hash(0x8422_2325_cbf2_9ce4, &place);
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            0x8000 | ((low >> 48) & 0x3fff),
            low & 0xffff_ffff_ffff
        )
    }

    /// The id that the runtime gives a container: random on a node, here worked
    /// out from the names.
    pub fn container_id(&self, container: &str) -> String {
        let place = format!("{}/{}/{container}", self.namespace, self.name);
        let seeds = 0xcbf2_9ce4_8422_2325_u64..;
        let parts = seeds.take(4).map(|seed| hash(seed, &place));
        parts.map(|part| format!("{part:016x}")).collect()
    }

    /// The pod as the kubelet names it in messages: `NAME_NAMESPACE(UID)` (`format.Pod`).
    pub fn full_name(&self) -> String {
        format!("{}_{}({})", self.name, self.namespace, self.uid())
    }

    /// Whether `spec.os.name` is `windows`.
    pub fn is_windows(&self) -> bool {
        self.spec.os.as_deref() == Some("windows")
    }
}

/// FNV-1a from a seed.
fn hash(seed: u64, text: &str) -> u64 {
    text.bytes().fold(seed, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

impl PodSpec {
    fn read(spec: &Value) -> Self {
        let containers = |role: ContainerRole| {
            let items = spec.get(role.key()).map(Value::items).unwrap_or_default();
            items.iter().map(Container::read).collect()
        };
        Self {
            init_containers: containers(ContainerRole::Init),
            containers: containers(ContainerRole::Regular),
            ephemeral_containers: containers(ContainerRole::Ephemeral),
            security: PodSecurityContext::read(spec),
            volumes: spec
                .get("volumes")
                .map(Value::items)
                .unwrap_or_default()
                .iter()
                .map(Volume::read)
                .collect(),
            os: spec.get("os").and_then(|os| text(os, "name")),
            node_name: text(spec, "nodeName"),
            node_selector: string_map(spec, "nodeSelector"),
            node_affinity: spec
                .at(&[
                    "affinity",
                    "nodeAffinity",
                    "requiredDuringSchedulingIgnoredDuringExecution",
                    "nodeSelectorTerms",
                ])
                .map(Value::items)
                .unwrap_or_default()
                .to_vec(),
            tolerations: spec
                .get("tolerations")
                .map(Value::items)
                .unwrap_or_default()
                .iter()
                .map(Toleration::read)
                .collect(),
            host_network: flag(spec, "hostNetwork").unwrap_or(false),
            host_pid: flag(spec, "hostPID").unwrap_or(false),
            host_ipc: flag(spec, "hostIPC").unwrap_or(false),
            host_users: flag(spec, "hostUsers"),
            restart_policy: text(spec, "restartPolicy").unwrap_or_else(|| "Always".to_owned()),
            runtime_class: text(spec, "runtimeClassName"),
        }
    }

    /// Every container with its list and its place in it: init, regular, ephemeral.
    pub fn all_containers(&self) -> impl Iterator<Item = (ContainerRole, usize, &Container)> {
        [
            (ContainerRole::Init, &self.init_containers),
            (ContainerRole::Regular, &self.containers),
            (ContainerRole::Ephemeral, &self.ephemeral_containers),
        ]
        .into_iter()
        .flat_map(|(role, list)| {
            list.iter()
                .enumerate()
                .map(move |(index, container)| (role, index, container))
        })
    }

    /// Every container, to change it.
    pub(crate) fn all_containers_mut(&mut self) -> impl Iterator<Item = &mut Container> {
        self.init_containers
            .iter_mut()
            .chain(&mut self.containers)
            .chain(&mut self.ephemeral_containers)
    }
}

impl Container {
    fn read(value: &Value) -> Self {
        Self {
            name: text(value, "name").unwrap_or_default(),
            image: text(value, "image").unwrap_or_default(),
            command: texts(value, "command"),
            args: texts(value, "args"),
            security: SecurityContext::read(value),
            mounts: value
                .get("volumeMounts")
                .map(Value::items)
                .unwrap_or_default()
                .iter()
                .map(Mount::read)
                .collect(),
            target: text(value, "targetContainerName").unwrap_or_default(),
            restartable: text(value, "restartPolicy").as_deref() == Some("Always"),
            host_ports: value
                .get("ports")
                .map(Value::items)
                .unwrap_or_default()
                .iter()
                .filter_map(|port| number(port, "hostPort"))
                .collect(),
            probe_hosts: probe_hosts(value),
        }
    }
}

/// The hosts of the probes and lifecycle hooks, in the order in which Pod
/// Security visits them.
fn probe_hosts(container: &Value) -> Vec<String> {
    const PLACES: [&[&str]; 5] = [
        &["livenessProbe"],
        &["readinessProbe"],
        &["startupProbe"],
        &["lifecycle", "postStart"],
        &["lifecycle", "preStop"],
    ];
    let mut hosts = Vec::new();
    for place in PLACES {
        for action in ["httpGet", "tcpSocket"] {
            let host = container
                .at(place)
                .and_then(|hook| hook.get(action))
                .and_then(|action| text(action, "host"));
            hosts.extend(host.filter(|host| !host.is_empty()));
        }
    }
    hosts
}

impl Toleration {
    fn read(value: &Value) -> Self {
        Self {
            key: text(value, "key").unwrap_or_default(),
            exists: text(value, "operator").as_deref() == Some("Exists"),
            value: text(value, "value").unwrap_or_default(),
            effect: text(value, "effect").unwrap_or_default(),
        }
    }
}
