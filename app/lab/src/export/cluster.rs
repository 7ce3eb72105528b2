//! What puts the files on every node of a cluster: a DaemonSet, or objects of
//! the Security Profiles Operator.

use super::{ExportFile, base, indented};
use crate::{document::Document, message::Language, workspace::Workspace};

/// The files of the folder `cluster`; none when nothing has to be on nodes.
pub(super) fn files(document: &Document, workspace: &Workspace) -> Vec<ExportFile> {
    let placed = workspace
        .files
        .iter()
        .filter(|file| !file.about.node_path.is_empty());
    if placed.count() == 0 {
        return Vec::new();
    }
    vec![
        ExportFile::new("cluster/daemonset.yaml", daemon_set(document, workspace)),
        ExportFile::new("cluster/operator.yaml", operator(workspace)),
    ]
}

/// A name that Kubernetes takes (RFC 1123).
fn object_name(text: &str) -> String {
    let letter = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let name: String = text.chars().map(letter).collect();
    name.trim_matches('-').to_owned()
}

fn daemon_set(document: &Document, workspace: &Workspace) -> String {
    let name = format!("{}-files", object_name(&document.id));
    let mut data = String::new();
    let mut commands = String::new();
    for file in &workspace.files {
        let key = base(&file.about.path);
        let target = &file.about.node_path;
        if target.is_empty() {
            continue;
        }
        data.push_str(&format!("  {}: |\n{}", json(key), indented(&file.text, 4)));
        let folder = target.rsplit_once('/').map_or("", |(folder, _)| folder);
        commands.push_str(&format!(
            "          mkdir -p /host{folder}\n          cp /files/{key} /host{target}\n"
        ));
        if file.about.language == Language::AppArmor {
            commands.push_str(&format!(
                "          chroot /host apparmor_parser -r -W {target}\n"
            ));
        }
    }
    format!(
        "# Puts the lab's files on every node, and loads the profiles into its kernel. Loading
# needs the parser of the node itself and the right to do so: a privileged pod.
apiVersion: v1
kind: Namespace
metadata:
  name: {name}
  labels:
    pod-security.kubernetes.io/enforce: privileged
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}
  namespace: {name}
data:
{data}---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: {name}
  namespace: {name}
spec:
  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {name}
    spec:
      tolerations:
      - operator: Exists
      initContainers:
      - name: load
        image: busybox:1.36
        securityContext:
          privileged: true
          appArmorProfile:
            type: Unconfined
        command:
        - sh
        - -ec
        - |
{commands}        volumeMounts:
        - name: files
          mountPath: /files
        - name: host
          mountPath: /host
      containers:
      - name: wait
        image: busybox:1.36
        command: [sleep, infinity]
      volumes:
      - name: files
        configMap:
          name: {name}
      - name: host
        hostPath:
          path: /
"
    )
}

/// AppArmorProfile and SeccompProfile objects, which the operator brings to the
/// nodes by itself.
fn operator(workspace: &Workspace) -> String {
    let mut text = String::from(
        "# The same for the Security Profiles Operator, which loads profiles and writes seccomp
# files itself. A pod then refers to a seccomp profile by the path in its status.localhostProfile.\n",
    );
    for file in workspace.of(Language::AppArmor) {
        for profile in file.profiles() {
            if profile.name().contains("//") {
                continue;
            }
            text.push_str(&format!(
                "---\napiVersion: security-profiles-operator.x-k8s.io/v1alpha1\nkind: AppArmorProfile\nmetadata:\n  name: {}\nspec:\n  policy: |\n{}",
                object_name(profile.name()),
                indented(&file.text, 4)
            ));
        }
    }
    for file in workspace.of(Language::Seccomp) {
        let name = base(&file.about.path).trim_end_matches(".json");
        let Ok(serde_json::Value::Object(profile)) = serde_json::from_str(&file.text) else {
            continue;
        };
        text.push_str(&format!(
            "---\napiVersion: security-profiles-operator.x-k8s.io/v1beta1\nkind: SeccompProfile\nmetadata:\n  name: {}\nspec:\n",
            object_name(name)
        ));
        for key in ["defaultAction", "architectures", "flags", "syscalls"] {
            if let Some(value) = profile.get(key) {
                // JSON is YAML.
                text.push_str(&format!("  {key}: {value}\n"));
            }
        }
    }
    text
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
