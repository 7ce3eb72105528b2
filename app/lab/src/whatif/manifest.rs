//! Changes of a pod's manifest: capabilities, fields, labels, the profile that
//! is asked for.

use super::Candidate;
use crate::{
    machine::Recorded,
    message::{Language, TextEdit},
    node::Node,
    workspace::{File, Workspace},
};
use cluster::yaml::{self, Data, Value};
use kernel::{Evidence, event::CapabilityEvidence};

/// The label by which a namespace asks for a Pod Security Standard.
const STANDARD: &str = "pod-security.kubernetes.io/enforce";

/// What in the manifest might turn a call's answer round.
pub fn candidates(recorded: &Recorded, allowed: bool, workspace: &Workspace) -> Vec<Candidate> {
    let Some(pod) = Pod::of(workspace) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let capabilities = recorded
        .event
        .gates
        .iter()
        .filter_map(|gate| match gate.evidence {
            Evidence::Capability(CapabilityEvidence {
                capability, held, ..
            }) => Some((capability.name().to_uppercase(), held)),
            _ => None,
        });
    for (capability, held) in capabilities {
        if held && allowed {
            found.extend(pod.listed("drop", &capability));
        } else if !held && !allowed {
            found.extend(pod.listed("add", &capability));
        }
    }
    let security = |field| ["securityContext", field];
    if allowed {
        found.extend(pod.set(&security("readOnlyRootFilesystem"), "true"));
        found.extend(pod.set(&security("runAsUser"), "65534"));
        found.extend(pod.set(&["securityContext", "capabilities", "drop"], "[ALL]"));
        found.extend(pod.set(
            &["securityContext", "seccompProfile", "type"],
            "RuntimeDefault",
        ));
        for name in profiles(workspace) {
            found.extend(pod.ask_for(&name));
        }
    } else {
        found.extend(pod.set(&security("readOnlyRootFilesystem"), "false"));
        found.extend(pod.set(&security("runAsUser"), "0"));
        found.extend(pod.set(
            &["securityContext", "appArmorProfile", "type"],
            "Unconfined",
        ));
        found.extend(pod.set(&["securityContext", "seccompProfile", "type"], "Unconfined"));
    }
    found
}

/// What might let a pod run that does not, or run protected.
pub fn starts(node: &Node, workspace: &Workspace) -> Vec<Candidate> {
    let Some(pod) = Pod::of(workspace) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for name in profiles(workspace) {
        found.extend(pod.rename_profile(&name));
        found.extend(pod.ask_for(&name));
    }
    found.extend(load(node, &pod, workspace));
    found.extend(pod.set(
        &["securityContext", "appArmorProfile", "type"],
        "RuntimeDefault",
    ));
    found.extend(pod.drop_field("appArmorProfile"));
    found.extend(pod.drop_field("seccompProfile"));
    found.extend(pod.drop_label());
    for (field, value) in [
        ("runAsNonRoot", "true"),
        ("allowPrivilegeEscalation", "false"),
        ("privileged", "false"),
    ] {
        found.extend(pod.set(&["securityContext", field], value));
    }
    found
}

/// The manifest, and the edits after which its pod asks for a seccomp profile;
/// none when it asks for one already.
pub fn filter_field(profile: &str, workspace: &Workspace) -> Option<(String, Vec<TextEdit>)> {
    let pod = Pod::of(workspace)?;
    let keys = ["securityContext", "seccompProfile"];
    if pod.holder(&keys)?.at(&keys).is_some() {
        return None;
    }
    let value = format!("{{type: Localhost, localhostProfile: {profile}}}");
    let edit = pod.setting(&keys, &value)?;
    Some((pod.file.about.path.clone(), vec![edit]))
}

/// The names of the profiles that the learner's files have.
fn profiles(workspace: &Workspace) -> Vec<String> {
    workspace
        .of(Language::AppArmor)
        .flat_map(File::profiles)
        .map(|profile| profile.name().to_owned())
        .collect()
}

/// The profile that is asked for, under the name that a file's profile has now:
/// what `apparmor_parser -r` of the changed file would load.
fn load(node: &Node, pod: &Pod<'_>, workspace: &Workspace) -> Vec<Candidate> {
    let Some(wanted) = pod.asked_for() else {
        return Vec::new();
    };
    if node.machine.world.policy().find(wanted).is_some() {
        return Vec::new();
    }
    let files = workspace.of(Language::AppArmor);
    files
        .filter_map(|file| {
            let [profile] = file.profiles() else {
                return None;
            };
            let name = profile.name();
            let start = file.text.find(&format!("profile {name}"))? + "profile ".len();
            Some(Candidate {
                label: format!("Load the profile `{name}` under the name `{wanted}`"),
                file: file.about.path.clone(),
                edits: vec![TextEdit {
                    start,
                    end: start + name.len(),
                    text: wanted.to_owned(),
                }],
            })
        })
        .collect()
}

/// The pod of a manifest, with its place in the text.
struct Pod<'w> {
    file: &'w File,
    /// Which document, and the keys that lead from there to the pod's `spec`.
    at: usize,
    keys: &'static [&'static str],
}

impl<'w> Pod<'w> {
    fn of(workspace: &'w Workspace) -> Option<Self> {
        workspace.of(Language::Manifest).find_map(|file| {
            let found = file
                .objects()
                .iter()
                .enumerate()
                .find_map(|(at, document)| {
                    let places: [&[&str]; 3] = [
                        &["spec"],
                        &["spec", "template", "spec"],
                        &["spec", "jobTemplate", "spec", "template", "spec"],
                    ];
                    let is_pod = |keys: &&&[&str]| {
                        document
                            .at(keys)
                            .is_some_and(|spec| spec.get("containers").is_some())
                    };
                    places.iter().find(is_pod).map(|keys| (at, *keys))
                });
            found.map(|(at, keys)| Self { file, at, keys })
        })
    }

    fn spec(&self) -> Option<&Value> {
        self.file.objects().get(self.at)?.at(self.keys)
    }

    fn container(&self) -> Option<&Value> {
        self.spec()?.get("containers")?.items().first()
    }

    /// Where a field of the first container's security stands: in the container
    /// when it is there, else in the pod.
    fn holder(&self, keys: &[&str]) -> Option<&Value> {
        let container = self.container()?;
        let spec = self.spec()?;
        // A field that only containers have, or that the container has itself.
        let own = keys
            .get(..2)
            .is_some_and(|keys| container.at(keys).is_some());
        let pods = keys.get(..2).is_some_and(|keys| spec.at(keys).is_some());
        Some(if pods && !own { spec } else { container })
    }

    /// The Localhost profile that is asked for.
    fn asked_for(&self) -> Option<&str> {
        let keys = ["securityContext", "appArmorProfile", "localhostProfile"];
        self.holder(&keys)?.at(&keys)?.as_str()
    }

    /// With a field set to a value.
    fn set(&self, keys: &[&str], value: &str) -> Option<Candidate> {
        let edit = self.setting(keys, value)?;
        let name = keys.last()?;
        let parent = match keys {
            [_, parent, _] => format!("{parent}."),
            _ => String::new(),
        };
        Some(self.candidate(format!("Set `{parent}{name}: {value}`"), vec![edit]))
    }

    fn setting(&self, keys: &[&str], value: &str) -> Option<TextEdit> {
        let text = &self.file.text;
        let mut at = self.holder(keys)?;
        for (index, key) in keys.iter().enumerate() {
            if let Some(entry) = at.entry(key) {
                at = &entry.value;
                continue;
            }
            let first = at.entries().first()?;
            if text.get(at.span.start..)?.starts_with('{') {
                return None;
            }
            let start = first.key_span.start;
            let column = start - text.get(..start)?.rfind('\n').map_or(0, |line| line + 1);
            let mut lines = String::new();
            for (depth, key) in keys.get(index..)?.iter().enumerate() {
                if depth > 0 {
                    lines.push('\n');
                    lines.push_str(&" ".repeat(column + 2 * depth));
                }
                lines.push_str(key);
                lines.push(':');
            }
            let text = format!("{lines} {value}\n{}", " ".repeat(column));
            return Some(TextEdit {
                start,
                end: start,
                text,
            });
        }
        let old = text.get(at.span.start..at.span.end)?;
        let plain = !matches!(at.data, Data::Map(_) | Data::List(_)) || old.starts_with('[');
        (plain && old != value).then(|| TextEdit {
            start: at.span.start,
            end: at.span.end,
            text: value.to_owned(),
        })
    }

    /// With a capability added or dropped.
    fn listed(&self, list: &str, capability: &str) -> Option<Candidate> {
        let keys = ["securityContext", "capabilities", list];
        let label = match list {
            "add" => format!("Add the capability {capability}"),
            _ => format!("Drop the capability {capability}"),
        };
        let there = self.container()?.at(&keys);
        let Some(first) = there.and_then(|list| list.items().first()) else {
            let edit = self.setting(&keys, &format!("[{capability}]"))?;
            return Some(self.candidate(label, vec![edit]));
        };
        let text = &self.file.text;
        let start = first.span.start;
        let line = text.get(..start)?.rfind('\n').map_or(0, |line| line + 1);
        let before = text.get(line..start)?;
        // A block list goes on in a line of its own, a flow list after a comma.
        let text = if before.trim() == "-" {
            format!("{capability}\n{before}")
        } else {
            format!("{capability}, ")
        };
        let edit = TextEdit {
            start,
            end: start,
            text,
        };
        Some(self.candidate(label, vec![edit]))
    }

    /// Asking for another Localhost profile, when one is asked for.
    fn rename_profile(&self, name: &str) -> Option<Candidate> {
        let keys = ["securityContext", "appArmorProfile", "localhostProfile"];
        let old = self.holder(&keys)?.at(&keys)?;
        if old.as_str() == Some(name) {
            return None;
        }
        let edit = TextEdit {
            start: old.span.start,
            end: old.span.end,
            text: name.to_owned(),
        };
        Some(self.candidate(format!("Ask for the profile `{name}`"), vec![edit]))
    }

    /// Asking for a profile, when none is asked for.
    fn ask_for(&self, name: &str) -> Option<Candidate> {
        let keys = ["securityContext", "appArmorProfile"];
        if self.holder(&keys)?.at(&keys).is_some() {
            return None;
        }
        let value = format!("{{type: Localhost, localhostProfile: {name}}}");
        let edit = self.setting(&keys, &value)?;
        Some(self.candidate(format!("Ask for the profile `{name}`"), vec![edit]))
    }

    /// Without a field of the security context.
    fn drop_field(&self, field: &str) -> Option<Candidate> {
        let keys = ["securityContext", field];
        let entry = self.holder(&keys)?.get("securityContext")?.entry(field)?;
        let edit = self.without(entry)?;
        Some(self.candidate(format!("Remove `{field}`"), vec![edit]))
    }

    /// Without the namespace's label that asks for a standard.
    fn drop_label(&self) -> Option<Candidate> {
        let entry = self
            .file
            .objects()
            .iter()
            .find_map(|document| document.at(&["metadata", "labels"])?.entry(STANDARD))?;
        let edit = self.without(entry)?;
        Some(self.candidate(format!("Remove the label `{STANDARD}`"), vec![edit]))
    }

    /// An entry's lines taken out; an entry that is the only one leaves `{}`.
    fn without(&self, entry: &yaml::Entry) -> Option<TextEdit> {
        let text = &self.file.text;
        let start = text
            .get(..entry.key_span.start)?
            .rfind('\n')
            .map_or(0, |line| line + 1);
        let indent = text.get(start..entry.key_span.start)?;
        if !indent.trim().is_empty() {
            return None;
        }
        // All lines below that are indented further belong to it.
        let mut end = start;
        for (index, line) in text.get(start..)?.split_inclusive('\n').enumerate() {
            let depth = line.len() - line.trim_start_matches(' ').len();
            if index > 0 && (depth <= indent.len() && !line.trim().is_empty()) {
                break;
            }
            end += line.len();
        }
        Some(TextEdit {
            start,
            end,
            text: String::new(),
        })
    }

    fn candidate(&self, label: String, edits: Vec<TextEdit>) -> Candidate {
        Candidate {
            label,
            file: self.file.about.path.clone(),
            edits,
        }
    }
}
