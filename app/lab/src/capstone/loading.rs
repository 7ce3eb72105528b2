//! What brings the profiles to a node: a `DaemonSet` that loads them, or
//! objects of the Security Profiles Operator.

use crate::{machine::Machine, message::Language, workspace::Workspace};
use cluster::{
    client::Client,
    distribution::{self, OperatorState},
    object::Kind,
    scheduler,
    start::{self, Outcome},
    yaml::{self, Value},
};

/// What a loader has to see of the node to load anything.
const SECURITYFS: &str = "/sys/kernel/security";

/// Carries a load plan out on a node: what came of it, in one sentence.
pub(super) fn load(
    machine: &mut Machine,
    client: &Client,
    text: &str,
    workspace: &Workspace,
) -> String {
    let mut said = Vec::new();
    for document in &yaml::parse(text).documents {
        machine.tell_node();
        said.extend(match Kind::of(document) {
            Some(Kind::DaemonSet) => Some(daemon_set(machine, client, document, workspace)),
            Some(Kind::AppArmorProfile) => operator(machine, document, workspace),
            _ => None,
        });
    }
    if said.is_empty() {
        "The load plan has neither a DaemonSet nor an AppArmorProfile.".to_owned()
    } else {
        said.join(" ")
    }
}

/// A loader runs `apparmor_parser -r` on every profile of its `ConfigMap`, which
/// holds the lab's profiles.
fn daemon_set(
    machine: &mut Machine,
    client: &Client,
    document: &Value,
    workspace: &Workspace,
) -> String {
    let start = start::start(document, client, &machine.api, &machine.node);
    let Some(pod) = start.placed.as_ref().and_then(|stored| stored.pod.as_ref()) else {
        return format!("The loader is not accepted: {}", start.sentence);
    };
    if scheduler::misfit(&pod.spec, &machine.node).is_some() {
        return "The loader is not placed here.".to_owned();
    }
    if matches!(start.outcome, Outcome::RefusedToStart | Outcome::Invalid) {
        return format!("The loader does not run: {}", start.sentence);
    }
    let volumes = &pod.spec.volumes;
    let able = pod.spec.containers.iter().any(|container| {
        let mounts = |wanted: &dyn Fn(&cluster::object::Volume) -> bool| {
            volumes.iter().any(|volume| {
                wanted(volume)
                    && container
                        .mounts
                        .iter()
                        .any(|mount| mount.volume == volume.name)
            })
        };
        container.security.privileged == Some(true)
            && mounts(&|volume| {
                volume
                    .host_path
                    .as_deref()
                    .is_some_and(|path| path.trim_end_matches('/') == SECURITYFS)
            })
            && mounts(&|volume| volume.source == "configMap")
    });
    if !able {
        return format!(
            "The loader can load nothing: it needs a privileged container that mounts {SECURITYFS} of the node and the ConfigMap with the profiles."
        );
    }
    if !machine.has_apparmor() {
        return "The loader runs, and finds no AppArmor to load into.".to_owned();
    }
    let mut names = Vec::new();
    for file in workspace.of(Language::AppArmor) {
        if file.profiles().is_empty() {
            return format!("The loader stops: {} does not compile.", file.about.path);
        }
        names.extend(
            file.profiles()
                .iter()
                .map(|profile| profile.name().to_string()),
        );
        machine.world.load_profiles(file.profiles());
    }
    format!("The loader has loaded {}.", names.join(" and "))
}

/// The operator compiles the policy in the object.
fn operator(machine: &mut Machine, document: &Value, workspace: &Workspace) -> Option<String> {
    let name = document.at(&["metadata", "name"])?.as_str()?;
    let state = distribution::reconcile(&mut machine.node, document, false)?;
    Some(match state {
        OperatorState::Disabled => format!("The operator leaves {name} out."),
        OperatorState::Error(words) => format!("The operator does not load {name}: {words}."),
        OperatorState::Installed => {
            let toolchain = workspace.toolchain();
            let policy = document.at(&["spec", "policy"]).and_then(Value::as_str);
            let compiled = apparmor::compile(
                name,
                policy.unwrap_or_default(),
                &toolchain.sources,
                &toolchain.options,
            );
            if compiled
                .profiles
                .iter()
                .any(|profile| profile.name() == name)
            {
                machine.world.load_profiles(&compiled.profiles);
                format!("The operator has loaded {name}.")
            } else {
                format!(
                    "The operator does not load {name}: its policy gives no profile of that name."
                )
            }
        }
    })
}
