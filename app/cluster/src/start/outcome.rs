//! What came of it all, in one word and one sentence.

use super::{Confinement, Declared, DeclaredIn, Outcome, SeccompInForce, Start};
use crate::{object::ProfileType, step::Control};

/// Whether what a manifest declares for AppArmor or seccomp is in force in
/// one of its containers.
pub(crate) fn in_force(declared: &Declared, confinement: &Confinement) -> bool {
    let Some(profile) = &declared.profile else {
        return false;
    };
    let Some(kind) = profile.profile_type() else {
        return false;
    };
    match (declared.control, kind) {
        (Control::Seccomp, ProfileType::Unconfined) => {
            confinement.seccomp == SeccompInForce::Unconfined
        }
        (Control::Seccomp, ProfileType::RuntimeDefault) => {
            confinement.seccomp == SeccompInForce::RuntimeDefault
        }
        (Control::Seccomp, ProfileType::Localhost) => {
            match (&confinement.seccomp, &profile.localhost) {
                (SeccompInForce::Localhost(path), Some(file)) => path.ends_with(file.as_str()),
                _ => false,
            }
        }
        (_, ProfileType::Unconfined) => confinement.apparmor.is_none(),
        (_, ProfileType::RuntimeDefault) => confinement.apparmor.is_some() && !confinement.complain,
        (_, ProfileType::Localhost) => {
            let name = profile.localhost.as_deref().unwrap_or_default();
            let name = name.strip_prefix("localhost/").unwrap_or(name);
            confinement.apparmor.as_deref() == Some(name) && !confinement.complain
        }
    }
}

/// The declarations that count for a container: the first of each control,
/// and a weaker annotation does not make the pod's own wish disappear.
pub(crate) fn wished<'d>(declared: &'d [Declared], container: &str) -> Vec<&'d Declared> {
    let mut wished: Vec<&Declared> = Vec::new();
    for control in [Control::AppArmor, Control::Seccomp] {
        let mine: Vec<&Declared> = declared
            .iter()
            .filter(|item| {
                item.control == control
                    && item
                        .container
                        .as_deref()
                        .is_none_or(|name| name == container)
            })
            .collect();
        // A container's own field is a decision; an annotation beside a
        // pod-wide field is more often a leftover.
        let field = mine
            .iter()
            .find(|item| item.place == DeclaredIn::ContainerField);
        let strongest = mine.iter().find(|item| item.confines());
        if let Some(item) = field.or(strongest).or(mine.first()) {
            wished.push(item);
        }
    }
    wished
}

/// Decides what came of a pod whose containers have been tried. One that runs
/// without what it should have counts more than one that is refused: the refusal
/// shows in the pod's status, and the other one nowhere.
pub(super) fn settle(start: &mut Start, declared: &[Declared], node: &str) {
    let (outcome, sentence) = of_running(declared, &start.containers, node);
    if start.outcome != Outcome::RefusedToStart {
        start.outcome = outcome;
        start.sentence = sentence;
    } else if outcome == Outcome::SilentlyUnprotected && !start.containers.is_empty() {
        start.outcome = outcome;
        start.sentence = format!("{sentence} {}", start.sentence);
    }
}

/// The outcome of a pod whose containers run, and its sentence.
pub(super) fn of_running(
    declared: &[Declared],
    containers: &[Confinement],
    node: &str,
) -> (Outcome, String) {
    let mut unconfined = None;
    for confinement in containers {
        let wished = wished(declared, &confinement.container);
        if let Some(missed) = wished
            .iter()
            .find(|item| item.confines() && !in_force(item, confinement))
        {
            let what = match missed.control {
                Control::Seccomp => "seccomp",
                _ => "AppArmor",
            };
            return (
                Outcome::SilentlyUnprotected,
                format!(
                    "Container {} runs on {node} without the {what} profile that the manifest declares.",
                    confinement.container
                ),
            );
        }
        let apparmor = wished.iter().find(|item| item.control == Control::AppArmor);
        if confinement.apparmor.is_none() {
            if apparmor.is_none() && !confinement.privileged {
                return (
                    Outcome::SilentlyUnprotected,
                    format!(
                        "Container {} runs on {node} without any AppArmor profile: the manifest asks for none, so nothing objects.",
                        confinement.container
                    ),
                );
            }
            unconfined = Some(confinement.container.as_str());
        }
    }
    if let Some(name) = unconfined {
        return (
            Outcome::Unconfined,
            format!("Container {name} runs on {node} unconfined, as the manifest says."),
        );
    }
    let names: Vec<&str> = containers
        .iter()
        .filter_map(|confinement| confinement.apparmor.as_deref())
        .collect();
    let names: Vec<&str> = names
        .iter()
        .enumerate()
        .filter(|(index, name)| !names[..*index].contains(name))
        .map(|(_, name)| *name)
        .collect();
    (
        Outcome::Enforced,
        format!("It runs on {node} under {}.", names.join(" and ")),
    )
}
