//! A node at work: its parts, and what has been put on it.

use sorted::SortedMap;

use super::{ImageUser, Stack};
use crate::{step::Component, version::Version};

/// A node of a cluster.
#[derive(Clone, Debug)]
pub struct Node {
    /// `metadata.name`.
    pub name: String,
    /// What it is made of.
    pub stack: Stack,
    /// `metadata.labels` besides those that every node has.
    pub labels: SortedMap<String, String>,
    /// `spec.taints`.
    pub taints: Vec<Taint>,
    /// What the components found when they started, and go on believing.
    pub found: Found,
    /// The loaded AppArmor profiles.
    pub profiles: SortedMap<String, LoadedProfile>,
    /// Files that runtimes read: seccomp profiles, by their paths.
    pub files: SortedMap<String, String>,
    /// The users of images, by the names that manifests give them, where they
    /// are not those of [`Node::image_user`]'s own table.
    pub images: SortedMap<String, ImageUser>,
}

/// A taint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taint {
    /// `key`.
    pub key: String,
    /// `value`.
    pub value: String,
    /// `effect`.
    pub effect: String,
}

/// A profile that is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LoadedProfile {
    /// It denies.
    Enforce,
    /// It only logs.
    Complain,
    /// It confines nothing.
    Unconfined,
}

/// What components found out once, at their start.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Found {
    /// The kubelet: why the host has no AppArmor; nothing when it has.
    pub kubelet: Option<&'static str>,
    /// The CRI runtime: whether the host has AppArmor.
    pub runtime: bool,
}

impl Found {
    /// What the components of a stack find when they start now.
    pub fn at_start(stack: &Stack) -> Self {
        use crate::{kubelet, node::RuntimeKind, runtime};
        Self {
            kubelet: kubelet::host_check(stack),
            runtime: match stack.runtime.kind {
                RuntimeKind::Containerd => runtime::containerd::apparmor_enabled(stack),
                RuntimeKind::CriO => runtime::crio::apparmor_enabled(stack),
                RuntimeKind::Docker => stack.host.apparmor.works(),
            },
        }
    }
}

impl Node {
    /// A node of these parts, its components just started.
    pub fn new(name: &str, stack: &Stack) -> Self {
        Self {
            name: name.to_owned(),
            stack: stack.clone(),
            labels: SortedMap::new(),
            taints: Vec::new(),
            found: Found::at_start(stack),
            profiles: SortedMap::new(),
            files: SortedMap::new(),
            images: SortedMap::new(),
        }
    }

    /// Restarts kubelet and runtime: they look at the host again.
    pub fn restart_components(&mut self) {
        self.found = Found::at_start(&self.stack);
    }

    /// Whether a profile of this name is loaded, in whatever mode.
    pub fn is_loaded(&self, name: &str) -> bool {
        self.stack.host.apparmor.works() && self.profiles.contains_key(name)
    }

    /// A label of the node, those included that the kubelet sets.
    pub fn label(&self, key: &str) -> Option<&str> {
        let own = self.own_labels().find(|(own, _)| *own == key);
        own.map(|(_, value)| value)
            .or_else(|| self.labels.get(key).map(String::as_str))
    }

    /// `metadata.labels`, those included that the kubelet sets.
    pub fn all_labels(&self) -> SortedMap<String, String> {
        let mut labels = self.labels.clone();
        let own = self.own_labels();
        labels.extend(own.map(|(key, value)| (key.to_owned(), value.to_owned())));
        labels
    }

    /// The labels that the kubelet sets (`pkg/kubelet/kubelet_node_status.go`).
    fn own_labels(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let kubelet = self.stack.kubelet.version;
        [
            (Version::new(1, 3), "beta.kubernetes.io/arch", "amd64"),
            (Version::new(1, 3), "beta.kubernetes.io/os", "linux"),
            (Version::new(1, 14), "kubernetes.io/arch", "amd64"),
            (Version::new(1, 2), "kubernetes.io/hostname", &self.name),
            (Version::new(1, 14), "kubernetes.io/os", "linux"),
        ]
        .into_iter()
        .filter(move |(since, ..)| kubelet >= *since)
        .map(|(_, key, value)| (key, value))
    }

    /// The version of a component of the node, as a chain shows it.
    pub fn version_of(&self, component: Component) -> String {
        match component {
            Component::Kubelet => self.stack.kubelet.version.to_string(),
            Component::Containerd | Component::CriO | Component::Dockershim => {
                self.stack.runtime.version.to_string()
            }
            Component::Runc | Component::Crun | Component::Runsc => {
                self.stack.oci.version.to_string()
            }
            Component::Kernel => self.stack.host.kernel_release.to_string(),
            _ => String::new(),
        }
    }
}
