//! The six checks of the capstone, each with its reason.

use super::{
    Drawn, Fleet,
    stand::{self, Cell},
};
use crate::{
    document::{Capstone, Document, Workload},
    message::{CellState, CheckView, Language},
    workspace::Workspace,
};
use cluster::{
    client::Client,
    object::ProfileType,
    start::{DeclaredIn, declared},
    step::Control,
    yaml::{self, Value},
};
use sorted::SortedMap;

/// What may be answered to "may it fail open, and why".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    Placed,
    Refused,
    Decided,
    Silent,
    Undeclared,
    Nowhere,
}

/// Every answer with its sentence.
pub(super) const OPTIONS: [(Choice, &str); 6] = [
    (
        Choice::Placed,
        "No. It declares a profile, and it is placed only on nodes where that profile is in force.",
    ),
    (
        Choice::Refused,
        "No. It declares a profile, and where it cannot have it, it is refused and stays down.",
    ),
    (
        Choice::Decided,
        "Yes, by decision. It declares Unconfined, so no guard is missing that somebody counts on.",
    ),
    (
        Choice::Silent,
        "Yes, unnoticed. It declares a profile, and on some nodes it runs without it.",
    ),
    (
        Choice::Undeclared,
        "Yes, by omission. It declares nothing, so each node does what it does anyway.",
    ),
    (
        Choice::Nowhere,
        "The question does not arise: it runs nowhere.",
    ),
];

impl Choice {
    /// The word in the file of answers.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Refused => "refused",
            Self::Decided => "decided",
            Self::Silent => "silent",
            Self::Undeclared => "undeclared",
            Self::Nowhere => "nowhere",
        }
    }
}

/// Decides all six.
pub(super) fn all(fleet: &Fleet<'_>, document: &Document, workspace: &Workspace) -> Vec<CheckView> {
    vec![
        silent(fleet),
        availability(fleet),
        attacks(fleet),
        good(fleet),
        migration(fleet.capstone, document, workspace),
        choices(fleet, workspace),
    ]
}

/// The learner's answers, by workload.
pub(super) fn answers(capstone: &Capstone, workspace: &Workspace) -> SortedMap<String, String> {
    let parsed = yaml::parse(&stand::text(workspace, &capstone.answers));
    let entries = parsed.documents.first().map(Value::entries);
    entries
        .unwrap_or_default()
        .iter()
        .filter_map(|entry| Some((entry.key.clone(), entry.value.as_str()?.to_owned())))
        .collect()
}

fn decided(title: String, problems: &[String], holds: String) -> CheckView {
    CheckView {
        title,
        passed: problems.is_empty(),
        sentence: if problems.is_empty() {
            holds
        } else {
            problems.join(" ")
        },
    }
}

impl<'c> Fleet<'c> {
    /// The workloads with their cells, and the pools of these.
    fn cells(&self) -> impl Iterator<Item = (&'c Workload, &Drawn<'c>, &Cell)> {
        let workloads = self.capstone.workloads.iter().enumerate();
        workloads.flat_map(move |(index, workload)| {
            self.pools
                .iter()
                .filter(|(drawn, _)| drawn.count > 0)
                .filter_map(move |(drawn, stand)| Some((workload, drawn, stand.cells.get(index)?)))
        })
    }

    fn of<'f>(&'f self, id: &'f str) -> impl Iterator<Item = (&'f Drawn<'c>, &'f Cell)> {
        self.cells()
            .filter(move |(workload, ..)| workload.id == id)
            .map(|(_, drawn, cell)| (drawn, cell))
    }
}

/// (1) No guarded workload runs without a guard.
fn silent(fleet: &Fleet<'_>) -> CheckView {
    let problems: Vec<String> = fleet
        .cells()
        .filter(|(workload, _, cell)| {
            workload.guarded && matches!(cell.state, CellState::Silent | CellState::Unconfined)
        })
        .map(|(workload, drawn, cell)| {
            format!(
                "{} on {} ({} nodes): {}",
                workload.id, drawn.pool.id, drawn.count, cell.sentence
            )
        })
        .collect();
    let guarded: Vec<&str> = fleet
        .capstone
        .workloads
        .iter()
        .filter(|workload| workload.guarded)
        .map(|workload| workload.id.as_str())
        .collect();
    decided(
        format!("No silent cell for {}", guarded.join(" and ")),
        &problems,
        "Wherever they run, what they declare is in force.".to_owned(),
    )
}

/// (2) Enough replicas run. The scheduler spreads them evenly over the nodes
/// that fit, up to the room that these have, and knows nothing of profiles: a
/// replica that is placed where its guard is missing stays down.
fn availability(fleet: &Fleet<'_>) -> CheckView {
    let wanted = &fleet.capstone.available;
    let nodes = |take: &dyn Fn(CellState) -> bool| -> usize {
        let of = fleet.of(&wanted.workload);
        of.filter(|(_, cell)| take(cell.state))
            .map(|(drawn, _)| drawn.count)
            .sum()
    };
    let fitting = nodes(&|state| !matches!(state, CellState::Elsewhere | CellState::NotAccepted));
    let running = nodes(&CellState::runs);
    let placed = wanted.replicas.min(fitting * wanted.per_node);
    let available = (placed * running).checked_div(fitting).unwrap_or(0);
    let percent = (available * 100).checked_div(wanted.replicas).unwrap_or(0);
    let sentence = format!(
        "{available} of {} replicas run, {percent} %: {fitting} nodes fit, with room for {} each, and on {running} of them it runs.",
        wanted.replicas, wanted.per_node
    );
    CheckView {
        title: format!(
            "Availability of {} is at least {} %",
            wanted.workload, wanted.percent
        ),
        passed: available * 100 >= wanted.replicas * wanted.percent,
        sentence,
    }
}

/// (3) Wherever a guard is in force, no attack goes through; and it is in force
/// somewhere, or nothing would have been shown.
fn attacks(fleet: &Fleet<'_>) -> CheckView {
    let workloads = &fleet.capstone.workloads;
    let total: usize = workloads
        .iter()
        .map(|workload| workload.attacks.len())
        .sum();
    let mut problems = Vec::new();
    for workload in workloads
        .iter()
        .filter(|workload| !workload.attacks.is_empty())
    {
        let mut tried = false;
        for (drawn, cell) in fleet.of(&workload.id) {
            tried |= cell.state == CellState::InForce;
            if !cell.open.is_empty() {
                problems.push(format!(
                    "{} on {}: {} of {} attacks go through: {}.",
                    workload.id,
                    drawn.pool.id,
                    cell.open.len(),
                    workload.attacks.len(),
                    cell.open.join("; ")
                ));
            }
        }
        if !tried {
            problems.push(format!(
                "{} is in force nowhere, so none of its {} attacks is refused by it.",
                workload.id,
                workload.attacks.len()
            ));
        }
    }
    decided(
        format!("All {total} attacks are refused where the guard is in force"),
        &problems,
        "Every attack was tried on every such node, and none went through.".to_owned(),
    )
}

/// (4) Wherever a workload runs, its own work goes on; and it runs somewhere.
fn good(fleet: &Fleet<'_>) -> CheckView {
    let mut problems = Vec::new();
    for workload in &fleet.capstone.workloads {
        let mut runs = false;
        for (drawn, cell) in fleet.of(&workload.id) {
            runs |= cell.state.runs();
            if let Some((command, answer)) = cell.broken.first() {
                problems.push(format!(
                    "{} on {}: {} of {} fail, first `{command}`: {answer}.",
                    workload.id,
                    drawn.pool.id,
                    cell.broken.len(),
                    workload.good.len()
                ));
            }
        }
        if !runs {
            let reason = fleet
                .of(&workload.id)
                .next()
                .map_or("", |(_, cell)| cell.sentence.as_str());
            problems.push(format!("{} runs nowhere: {reason}", workload.id));
        }
    }
    decided(
        "No good operation is broken".to_owned(),
        &problems,
        "Everything that the three workloads have to do was done wherever they run.".to_owned(),
    )
}

/// (5) The field everywhere, the annotation nowhere, and a rule that sends the
/// old manifests back.
fn migration(capstone: &Capstone, document: &Document, workspace: &Workspace) -> CheckView {
    let mut problems = Vec::new();
    for file in workspace.of(Language::Manifest) {
        for object in file.objects() {
            let left = declared(object).into_iter().find(|item| {
                item.control == Control::AppArmor
                    && !matches!(
                        item.place,
                        DeclaredIn::ContainerField | DeclaredIn::PodField
                    )
            });
            if let Some(item) = left {
                problems.push(format!(
                    "{} still has the annotation {}.",
                    file.about.path, item.words
                ));
            }
        }
    }
    let api = stand::api(capstone, workspace);
    for workload in &capstone.workloads {
        let client = Client::kubectl(&workload.file);
        for object in &yaml::parse(&stand::text(workspace, &workload.file)).documents {
            let creation = api.create(object, &client);
            let Some((_, pod)) = creation.placed() else {
                problems.push(format!("The API server does not take {}.", workload.file));
                continue;
            };
            let bare = pod.spec.all_containers().find(|(_, _, container)| {
                let field = container.security.app_armor.as_ref();
                field
                    .or(pod.spec.security.app_armor.as_ref())
                    .is_none_or(|profile| profile.profile_type().is_none())
            });
            if let Some((_, _, container)) = bare {
                problems.push(format!(
                    "The container {} in {} has no appArmorProfile.",
                    container.name, workload.file
                ));
            }
        }
        let start = document
            .files
            .iter()
            .find(|file| file.path == workload.file);
        let old = start.map_or("", |file| file.text.as_str());
        let taken = yaml::parse(old)
            .documents
            .iter()
            .any(|object| api.create(object, &client).placed().is_some());
        if taken {
            problems.push(format!(
                "The admission rule still takes {} as it was, with the annotation alone.",
                workload.file
            ));
        }
    }
    decided(
        "The migration from annotations to the field is complete".to_owned(),
        &problems,
        "No annotation is left, every container has the field, and the rule refuses the old manifests."
            .to_owned(),
    )
}

/// (6) Each answer is the one that the files make true on this fleet.
fn choices(fleet: &Fleet<'_>, workspace: &Workspace) -> CheckView {
    let answers = answers(fleet.capstone, workspace);
    let mut problems = Vec::new();
    for workload in &fleet.capstone.workloads {
        let (right, reason) = truth(fleet, workload, workspace);
        match answers.get(&workload.id) {
            None => problems.push(format!("{} has no answer yet.", workload.id)),
            Some(answer) if answer == right.word() => {}
            Some(answer) => problems.push(format!(
                "{}: “{answer}” does not describe your files: {reason}.",
                workload.id
            )),
        }
    }
    decided(
        "The answers to “may it fail open, and why” describe the files".to_owned(),
        &problems,
        "Each answer is what your own files do on this fleet.".to_owned(),
    )
}

/// The answer that is right for a workload, and what makes it so.
fn truth(fleet: &Fleet<'_>, workload: &Workload, workspace: &Workspace) -> (Choice, String) {
    let on = |state: CellState| -> Vec<&str> {
        fleet
            .of(&workload.id)
            .filter(|(_, cell)| cell.state == state)
            .map(|(drawn, _)| drawn.pool.id.as_str())
            .collect()
    };
    if !fleet.of(&workload.id).any(|(_, cell)| cell.state.runs()) {
        return (Choice::Nowhere, "it runs nowhere".to_owned());
    }
    let parsed = yaml::parse(&stand::text(workspace, &workload.file));
    let mut wishes = parsed
        .documents
        .iter()
        .flat_map(declared)
        .filter(|item| item.control == Control::AppArmor)
        .filter_map(|item| item.profile)
        .peekable();
    if wishes.peek().is_none() {
        return (Choice::Undeclared, "it declares no profile".to_owned());
    }
    if wishes.all(|profile| profile.is(ProfileType::Unconfined)) {
        return (Choice::Decided, "it declares Unconfined".to_owned());
    }
    let silent = on(CellState::Silent);
    if !silent.is_empty() {
        return (
            Choice::Silent,
            format!("on {} it runs without what it declares", silent.join(", ")),
        );
    }
    let refused = on(CellState::Refused);
    if refused.is_empty() {
        (
            Choice::Placed,
            "it is placed only where its profile is in force".to_owned(),
        )
    } else {
        (
            Choice::Refused,
            format!("on {} it is placed and refused", refused.join(", ")),
        )
    }
}
