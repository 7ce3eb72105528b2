//! One node that stands for its pool, with every workload on it.

use super::{Drawn, loading};
use crate::{
    document::{Capstone, Document, Workload},
    message::{CellState, Language, NodeSpec, RowOutcome},
    node::Node,
    view,
    workspace::Workspace,
};
use cluster::{api::ApiServer, client::Client, fleet, scheduler, start, step::Component, yaml};
use sorted::SortedMap;

/// What came of everything on one node of a pool.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Stand {
    /// What the load plan came to.
    pub loaded: String,
    /// One for each workload.
    pub cells: Vec<Cell>,
}

/// What came of a workload on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    /// In one word.
    pub state: CellState,
    /// In one sentence.
    pub sentence: String,
    /// What it has to be able to do and cannot: the command, and the answer.
    pub broken: Vec<(String, String)>,
    /// The attacks that are not refused.
    pub open: Vec<String>,
}

/// The API server of the cluster: as new as the newest kubelet of the fleet
/// that is shown, with the learner's admission rule.
pub(super) fn api(capstone: &Capstone, workspace: &Workspace) -> ApiServer {
    let kinds = capstone.pools.iter().filter_map(|pool| pool.kinds.first());
    let newest = kinds
        .filter_map(|kind| cluster::node::kind(kind))
        .map(|kind| kind.stack.kubelet.version)
        .max();
    let mut api = ApiServer::new(newest.unwrap_or(cluster::version::Version::new(1, 34)));
    for document in &yaml::parse(&text(workspace, &capstone.admission)).documents {
        api.configure(document);
    }
    api
}

/// The text of a file; empty when there is none.
pub(super) fn text(workspace: &Workspace, path: &str) -> String {
    workspace
        .file(path)
        .map_or_else(String::new, |file| file.text.to_string())
}

/// Sets a node of a pool up from the files, and tries everything on it.
pub(super) fn of(
    drawn: Drawn<'_>,
    document: &Document,
    capstone: &Capstone,
    workspace: &Workspace,
) -> Stand {
    let spec = NodeSpec {
        id: drawn.pool.id.clone(),
        kind: drawn.kind.to_owned(),
        options: SortedMap::new(),
    };
    let mut node = match Node::new(spec) {
        Ok(node) => node,
        Err(error) => {
            let cell = Cell {
                state: CellState::NotAccepted,
                sentence: error.to_string(),
                broken: Vec::new(),
                open: Vec::new(),
            };
            return Stand {
                loaded: String::new(),
                cells: vec![cell; capstone.workloads.len()],
            };
        }
    };
    node.start(&without_objects(document), &document.image);
    let machine = &mut node.machine;
    if drawn.pool.loaded && machine.has_apparmor() {
        let before = Workspace::new(document, &document.nodes, &[]);
        for file in before.of(Language::AppArmor) {
            machine.world.load_profiles(file.profiles());
        }
    }
    machine.api = api(capstone, workspace);
    machine.node.labels.clone_from(&drawn.pool.labels);
    let sent = |path: &str| (Client::kubectl(path), text(workspace, path));
    let (client, labels) = sent(&capstone.labels);
    machine.apply(&client, &yaml::parse(&labels), "apply", false);
    let (client, plan) = sent(&capstone.loader);
    let loaded = loading::load(machine, &client, &plan, workspace);
    machine.tell_node();
    let cells = capstone
        .workloads
        .iter()
        .map(|workload| cell(&node, workload, workspace))
        .collect();
    Stand { loaded, cells }
}

/// The lab without anything that a node loads or starts by itself.
fn without_objects(document: &Document) -> Workspace {
    let bare = Document {
        files: Vec::new(),
        ..document.clone()
    };
    Workspace::new(&bare, &bare.nodes, &[])
}

fn cell(node: &Node, workload: &Workload, workspace: &Workspace) -> Cell {
    let client = Client::kubectl(&workload.file);
    let parsed = yaml::parse(&text(workspace, &workload.file));
    let mut cell = Cell {
        state: CellState::NotAccepted,
        sentence: format!("{} has no object.", workload.file),
        broken: Vec::new(),
        open: Vec::new(),
    };
    let machine = &node.machine;
    let Some(manifest) = parsed.documents.first() else {
        return cell;
    };
    let start = start::start(manifest, &client, &machine.api, &machine.node);
    cell.sentence.clone_from(&start.sentence);
    let Some((stored, pod)) = start
        .placed
        .as_ref()
        .and_then(|stored| Some((stored, stored.pod.as_ref()?)))
    else {
        return cell;
    };
    if let Some(words) = scheduler::misfit(&pod.spec, &machine.node) {
        cell.state = CellState::Elsewhere;
        cell.sentence = format!("The scheduler does not place it here: {words}.");
        return cell;
    }
    cell.state = match start.outcome {
        start::Outcome::Enforced => CellState::InForce,
        start::Outcome::Unconfined => CellState::Unconfined,
        start::Outcome::SilentlyUnprotected => CellState::Silent,
        start::Outcome::RefusedToStart => CellState::Refused,
        start::Outcome::Invalid => CellState::NotAccepted,
    };
    // What is declared beside what the outcome goes by counts here too.
    let report = fleet::report(
        std::slice::from_ref(manifest),
        &client,
        &machine.api,
        std::slice::from_ref(&machine.node),
    );
    if let Some(gap) = report.gaps.first()
        && cell.state.runs()
    {
        cell.state = CellState::Silent;
        cell.sentence = format!(
            "{} declares {}, which is not in force. {}: {}",
            gap.container.as_deref().unwrap_or(&gap.pod),
            gap.declared,
            who(gap.component),
            gap.message
        );
    }
    if !cell.state.runs() {
        return cell;
    }
    let mut running = node.clone();
    let pod = yaml::emit(&stored.value);
    running
        .machine
        .apply(&client, &yaml::parse(&pod), "apply", false);
    for command in &workload.good {
        if let Err(answer) = attempt(&running, command, workspace) {
            cell.broken.push((command.clone(), answer.sentence));
        }
    }
    if cell.state == CellState::InForce {
        for command in &workload.attacks {
            if attempt(&running, command, workspace).is_ok() {
                cell.open.push(command.clone());
            }
        }
    }
    cell
}

fn who(component: Component) -> String {
    component.name().to_owned()
}

/// Why a command did not end well.
struct Answer {
    sentence: String,
}

/// Runs a command in the node's first pod, in a world of its own.
fn attempt(node: &Node, command: &str, workspace: &Workspace) -> Result<(), Answer> {
    let mut node = node.clone();
    let before = node.machine.journal.len();
    match node.run_in("", "", command) {
        Ok(0) => Ok(()),
        Ok(exit) => {
            let rows = view::rows(&node.machine, workspace);
            let blocked = rows.iter().find(|row| {
                usize::try_from(row.id).is_ok_and(|id| id >= before)
                    && row.outcome == RowOutcome::Blocked
            });
            Err(Answer {
                sentence: blocked.map_or_else(
                    || format!("it ends with code {exit}"),
                    |row| format!("{}: {}", row.sentence, row.answer),
                ),
            })
        }
        Err(sentence) => Err(Answer { sentence }),
    }
}
