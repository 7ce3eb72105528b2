//! What the simulated node answers to each step that the script makes.

use crate::{
    document::{Check, Document, Expectation, Seat},
    message::Language,
    node::Node,
    programs,
    workspace::Workspace,
};
use apparmor::Level;
use cluster::status::ContainerState;

/// Everything that is predicted.
#[derive(Debug, Clone)]
pub(super) struct Prediction {
    /// What the node is, in words.
    pub(super) node: String,
    /// Whether `aa-enabled` says yes.
    pub(super) apparmor: bool,
    /// The profile files.
    pub(super) profiles: Vec<ProfileFile>,
    /// The pods, once the manifests are applied.
    pub(super) pods: Vec<PodState>,
    /// Runs of the pod, each begun anew.
    pub(super) runs: Vec<Run>,
}

/// A file with profiles.
#[derive(Debug, Clone)]
pub(super) struct ProfileFile {
    /// Its name in the folder `profiles`.
    pub(super) file: String,
    /// Whether the node's parser takes it.
    pub(super) accepted: bool,
    /// Whether a parser of the release 3 takes it too, which some machines still have.
    pub(super) accepted_before: bool,
    /// The profiles in it with their modes, as the kernel lists them.
    pub(super) loaded: Vec<(String, String)>,
}

/// A pod, as the API tells of it.
#[derive(Debug, Clone)]
pub(super) struct PodState {
    /// Its name.
    pub(super) name: String,
    /// `status.phase`.
    pub(super) phase: String,
    /// `status.reason`, or why its first container waits; empty for none.
    pub(super) reason: String,
    /// What `/proc/1/attr/current` says in its first container, where that
    /// runs.
    pub(super) label: Option<String>,
}

/// Commands in one life of the pods.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// What it is for.
    pub(super) title: String,
    /// The commands in order.
    pub(super) steps: Vec<Step>,
}

/// A command with its answer.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// The pod and the container.
    pub(super) pod: String,
    pub(super) container: String,
    /// The words of the command.
    pub(super) words: Vec<String>,
    /// Its exit code.
    pub(super) exit: u8,
    /// How many lines of AppArmor's it leaves in the kernel's log.
    pub(super) logged: usize,
}

impl Prediction {
    /// What a node of this kind answers.
    pub(super) fn of(document: &Document, workspace: &Workspace, node: &Node) -> Self {
        let mut fresh = node.fresh();
        fresh.start(workspace, &document.image);
        let profiles = workspace
            .of(Language::AppArmor)
            .map(|file| ProfileFile {
                file: super::base(&file.about.path).to_owned(),
                accepted: !file.profiles().is_empty(),
                accepted_before: workspace.is_read_by(file, Level::V3_0),
                loaded: file
                    .profiles()
                    .iter()
                    .filter_map(|profile| {
                        let policy = fresh.machine.world.policy();
                        let loaded = policy.find(profile.name())?;
                        Some((profile.name().to_owned(), loaded.mode().name().to_owned()))
                    })
                    .collect(),
            })
            .collect();
        let pods = fresh
            .machine
            .pods
            .iter()
            .map(|pod| {
                let label = pod
                    .containers
                    .first()
                    .and_then(|container| fresh.machine.world.label_text(container.init));
                let waiting = pod
                    .start
                    .status
                    .containers
                    .iter()
                    .find_map(|one| match &one.state {
                        ContainerState::Waiting { reason, .. } => Some(reason.clone()),
                        _ => None,
                    });
                PodState {
                    name: pod.start.pod.clone(),
                    phase: pod.start.status.phase.name().to_owned(),
                    reason: Some(pod.start.status.reason.clone())
                        .filter(|reason| !reason.is_empty())
                        .or(waiting)
                        .unwrap_or_default(),
                    label,
                }
            })
            .collect();
        let mut runs = Vec::new();
        if !document.workload.is_empty() {
            let commands = document.workload.iter().map(|line| ("", "", line.as_str()));
            runs.extend(run("The workload", commands, document, workspace, node));
        }
        for check in document.checks.iter().chain(&document.variants) {
            let commands = of_check(check);
            runs.extend(run(&check.title, commands, document, workspace, node));
        }
        Self {
            node: format!("{} ({})", node.spec.id, node.kind.title),
            apparmor: fresh.machine.has_apparmor(),
            profiles,
            pods,
            runs,
        }
    }
}

/// The commands of a check that are run in a pod.
fn of_check(check: &Check) -> impl Iterator<Item = (&str, &str, &str)> {
    check
        .operations
        .iter()
        .filter(|operation| {
            operation.on == Seat::Pod
                && matches!(
                    operation.expect,
                    Expectation::Allowed | Expectation::Blocked | Expectation::Failed
                )
        })
        .map(|operation| {
            (
                operation.pod.as_str(),
                operation.container.as_str(),
                operation.run.as_str(),
            )
        })
}

/// Runs commands in a fresh world, up to the first that could not be run there or
/// that no real image could run; nothing where that is the first of all.
fn run<'c>(
    title: &str,
    commands: impl Iterator<Item = (&'c str, &'c str, &'c str)>,
    document: &Document,
    workspace: &Workspace,
    node: &Node,
) -> Option<Run> {
    let mut fresh = node.fresh();
    fresh.start(workspace, &document.image);
    let mut steps = Vec::new();
    for (pod, container, command) in commands {
        if programs::only_here(command) {
            break;
        }
        let before = fresh.machine.world.log().count();
        let Ok(exit) = fresh.run_in(pod, container, command) else {
            break;
        };
        let pods = &fresh.machine.pods;
        let found = pods
            .iter()
            .find(|known| pod.is_empty() || known.start.pod == pod)?;
        let first = found.containers.first().map(|one| one.name.clone());
        let logged = fresh.machine.world.log().skip(before);
        steps.push(Step {
            pod: found.start.pod.clone(),
            container: if container.is_empty() {
                first.unwrap_or_default()
            } else {
                container.to_owned()
            },
            words: crate::shell::plain_words(command),
            exit,
            logged: logged
                .filter(|record| record.to_string().contains("apparmor="))
                .count(),
        });
    }
    (!steps.is_empty()).then(|| Run {
        title: title.to_owned(),
        steps,
    })
}
