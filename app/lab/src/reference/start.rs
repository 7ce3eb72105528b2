//! What becomes of a pod, by what it asks for, by the node it comes to, and by
//! the version of Kubernetes: every pair is started.

use crate::message::{Fact, Outcome};
use cluster::{
    api::ApiServer,
    client::Client,
    node::{self, AppArmorHost, LoadedProfile, Node, ParserPlace, RuntimeKind, Stack},
    start::{self, Start},
    step::Verdict,
    version::Version,
    yaml::{self, Value},
};

/// What a pod asks for: a short name, and the lines of its manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// For the head of a column.
    pub title: &'static str,
    /// What is special about it, in small print.
    pub detail: &'static str,
    manifest: &'static str,
}

macro_rules! pod {
    ($metadata:literal, $spec:literal, $container:literal) => {
        concat!(
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: writer\n",
            $metadata,
            "spec:\n",
            $spec,
            "  containers:\n  - name: c\n    image: busybox:1.36\n",
            $container
        )
    };
}

/// What a pod may ask for.
pub const REQUESTS: [Request; 6] = [
    Request {
        title: "Localhost",
        detail: "by the field",
        manifest: pod!(
            "",
            "  securityContext:\n    appArmorProfile:\n      type: Localhost\n      localhostProfile: k8s-deny-data\n",
            ""
        ),
    },
    Request {
        title: "Localhost",
        detail: "by the annotation",
        manifest: pod!(
            "  annotations:\n    container.apparmor.security.beta.kubernetes.io/c: localhost/k8s-deny-data\n",
            "",
            ""
        ),
    },
    Request {
        title: "RuntimeDefault",
        detail: "by the field",
        manifest: pod!(
            "",
            "  securityContext:\n    appArmorProfile:\n      type: RuntimeDefault\n",
            ""
        ),
    },
    Request {
        title: "RuntimeDefault",
        detail: "and privileged",
        manifest: pod!(
            "",
            "  securityContext:\n    appArmorProfile:\n      type: RuntimeDefault\n",
            "    securityContext:\n      privileged: true\n"
        ),
    },
    Request {
        title: "nothing",
        detail: "no field, no annotation",
        manifest: pod!("", "", ""),
    },
    Request {
        title: "Unconfined",
        detail: "by the field",
        manifest: pod!(
            "",
            "  securityContext:\n    appArmorProfile:\n      type: Unconfined\n",
            ""
        ),
    },
];

/// The profile that the pods name.
const PROFILE: &str = "k8s-deny-data";

/// What became of a pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// In a word.
    pub outcome: Outcome,
    /// The profile in force; nothing when there is none.
    pub profile: Option<String>,
    /// Who decided: `kubelet`.
    pub component: &'static str,
    /// What it said or did.
    pub words: String,
}

/// A row of a table of starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub title: String,
    /// What is special about it.
    pub detail: String,
    /// What became of each of [`REQUESTS`].
    pub answers: Vec<Answer>,
}

/// A node as a host of pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    /// AppArmor at work, the profile loaded.
    Loaded,
    /// AppArmor at work, the profile not loaded.
    NotLoaded,
    /// No AppArmor in the kernel.
    Without,
}

impl Host {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Loaded, Self::NotLoaded, Self::Without];

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Loaded => "AppArmor at work, the profile loaded",
            Self::NotLoaded => "AppArmor at work, the profile not loaded",
            Self::Without => "No AppArmor in the kernel",
        }
    }
}

/// The versions of Kubernetes that the table by version has.
const VERSIONS: [(u16, u16, u16); 7] = [
    (1, 22, 0),
    (1, 27, 16),
    (1, 29, 14),
    (1, 30, 14),
    (1, 31, 14),
    (1, 34, 9),
    (1, 36, 3),
];

/// What becomes of the requests, by version of Kubernetes: API server and
/// kubelet of one release, containerd and runc as on Ubuntu.
pub fn by_version(host: Host) -> Vec<Row> {
    let Some(kind) = node::kind("ubuntu-24.04") else {
        return Vec::new();
    };
    VERSIONS
        .iter()
        .map(|&(major, minor, patch)| {
            let mut stack = kind.stack.clone();
            stack.kubelet.version = Version::with_patch(major, minor, patch);
            if host == Host::Without {
                stack.host.apparmor = AppArmorHost {
                    filesystem: false,
                    enabled: None,
                    parser: ParserPlace::Absent,
                };
            }
            Row {
                title: format!("{major}.{minor}"),
                detail: String::new(),
                answers: answers(&stack, host == Host::Loaded),
            }
        })
        .collect()
}

/// What becomes of the requests on every kind of node, the profile loaded
/// where a profile can be.
pub fn by_kind() -> Vec<Row> {
    node::kinds()
        .iter()
        .map(|kind| Row {
            title: kind.title.to_owned(),
            detail: kind.sentence.to_owned(),
            answers: answers(&kind.stack, true),
        })
        .collect()
}

/// A kind of node with its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// Its name for people.
    pub title: &'static str,
    /// What is special about it.
    pub sentence: &'static str,
    /// Its parts.
    pub facts: Vec<Fact>,
}

/// Every kind of node.
pub fn kinds() -> Vec<Kind> {
    node::kinds()
        .iter()
        .map(|kind| Kind {
            title: kind.title,
            sentence: kind.sentence,
            facts: facts(&kind.stack),
        })
        .collect()
}

fn facts(stack: &Stack) -> Vec<Fact> {
    let host = &stack.host;
    let apparmor = match (host.apparmor.enabled, host.apparmor.filesystem) {
        (Some(true), true) => "at work",
        (Some(false), _) => "off at boot",
        (Some(true), false) => "built in, no file system",
        (None, _) => "not in the kernel",
    };
    let parser = match host.apparmor.parser {
        ParserPlace::Absent => "absent",
        _ => "installed",
    };
    let fact = |label: &str, value: String| Fact {
        label: label.to_owned(),
        value,
    };
    vec![
        fact("system", host.os_image.to_string()),
        fact("kernel", host.kernel_release.to_string()),
        fact("AppArmor", apparmor.to_owned()),
        fact("apparmor_parser", parser.to_owned()),
        fact("kubelet", stack.kubelet.version.to_string()),
        fact(
            "runtime",
            format!(
                "{} {}",
                stack.runtime.kind.component().name(),
                stack.runtime.version
            ),
        ),
        fact(
            "OCI runtime",
            format!(
                "{} {}",
                stack.oci.kind.component().name(),
                stack.oci.version
            ),
        ),
    ]
}

fn answers(stack: &Stack, loaded: bool) -> Vec<Answer> {
    let mut node = Node::new("node", stack);
    if loaded && stack.host.apparmor.works() {
        node.profiles
            .insert(PROFILE.to_owned(), LoadedProfile::Enforce);
        if stack.runtime.kind == RuntimeKind::CriO {
            // CRI-O loads its own at its start.
            let name = cluster::runtime::default_apparmor_name(stack.runtime.kind);
            node.profiles
                .insert(name.to_owned(), LoadedProfile::Enforce);
        }
    }
    let api = ApiServer::new(stack.kubelet.version);
    let client = Client::kubectl("pod.yaml");
    REQUESTS
        .iter()
        .filter_map(|request| {
            let document = manifest(request)?;
            Some(answer(&start::start(&document, &client, &api, &node)))
        })
        .collect()
}

fn manifest(request: &Request) -> Option<Value> {
    yaml::parse(request.manifest).documents.pop()
}

fn answer(start: &Start) -> Answer {
    let outcome = match start.outcome {
        start::Outcome::Enforced => Outcome::Enforced,
        start::Outcome::Unconfined => Outcome::Unconfined,
        start::Outcome::RefusedToStart => Outcome::RefusedToStart,
        start::Outcome::SilentlyUnprotected => Outcome::SilentlyUnprotected,
        start::Outcome::Invalid => Outcome::Invalid,
    };
    let wanted = match outcome {
        Outcome::RefusedToStart | Outcome::Invalid => Some(Verdict::Refused),
        Outcome::SilentlyUnprotected => Some(Verdict::Dropped),
        Outcome::Enforced | Outcome::Unconfined => None,
    };
    let step = start.chain.iter().find(|step| Some(step.verdict) == wanted);
    Answer {
        outcome,
        profile: start
            .containers
            .first()
            .and_then(|confinement| confinement.apparmor.clone()),
        component: step.map_or("", |step| step.component.name()),
        words: step.map_or_else(|| start.sentence.clone(), |step| step.message.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: &[Row], row: &str, title: &str, detail: &str) -> Answer {
        let column = REQUESTS
            .iter()
            .position(|request| (request.title, request.detail) == (title, detail));
        let row = rows.iter().find(|found| found.title == row);
        row.and_then(|row| row.answers.get(column?).cloned())
            .expect("there is such a cell")
    }

    #[test]
    fn a_pod_that_asks_for_nothing_is_let_through_where_there_is_no_apparmor() {
        for row in by_version(Host::Without) {
            let answer = of(
                &by_version(Host::Without),
                &row.title,
                "nothing",
                "no field, no annotation",
            );
            assert_eq!(
                answer.outcome,
                Outcome::SilentlyUnprotected,
                "{}",
                row.title
            );
        }
    }

    #[test]
    fn a_pod_that_asks_by_the_field_is_refused_by_the_kubelet_where_there_is_no_apparmor() {
        let answer = of(
            &by_version(Host::Without),
            "1.34",
            "Localhost",
            "by the field",
        );
        assert_eq!(answer.outcome, Outcome::RefusedToStart);
        assert_eq!(answer.component, "kubelet");
    }

    #[test]
    fn gvisor_drops_what_it_is_asked_for() {
        let answer = of(
            &by_kind(),
            "Ubuntu with gVisor",
            "Localhost",
            "by the field",
        );
        assert_eq!(answer.outcome, Outcome::SilentlyUnprotected);
    }
}
