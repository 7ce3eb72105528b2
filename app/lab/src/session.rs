//! A lab at work: the learner's files, the fleet, and what came of both.
//!
//! After each edit every node is set up anew from the files: profiles are
//! loaded, the pod is started, the workload is run. What was typed in a
//! terminal since then is undone by that, and the terminal says so.

mod history;
mod search;

pub use search::ATTACK;

use crate::{
    capstone,
    check::{self, Decided, Verdict},
    compare,
    desk::DeskError,
    document::{Check, Document, SEEDS},
    export::{self, ExportError, ExportFile},
    language::{self, Suggestions},
    message::{
        CapstoneView, Change, Changed, Comparison, FileText, FileView, Language, LineMark,
        NodeChange, NodeKind, NodeSpec, NodeView, Response, RowOutcome, Span, View,
    },
    node::Node,
    score,
    share::{self, ShareError, Shared},
    view, whatif,
    workspace::Workspace,
};
use cluster::version::Version;
use sorted::SortedMap;

/// Most nodes that a fleet may have.
pub const MAX_NODES: usize = 12;
/// Most files that a lab may have.
pub const MAX_FILES: usize = 32;
/// Most command lines that a workload may have.
pub const MAX_WORKLOAD: usize = 50;
/// Most checks that a lab may have, hidden ones included.
pub const MAX_CHECKS: usize = 100;

/// A lab at work.
#[derive(Debug)]
pub struct Session {
    document: Document,
    workspace: Workspace,
    nodes: Vec<Node>,
    /// For each node the changes that would turn refusals of its workload round, by row; none
    /// while they have not been looked for, which takes longer than the verdicts.
    explained: Vec<Option<SortedMap<u32, Change>>>,
    /// What the page was last told.
    shown: Shown,
    /// What was typed since the last edit, in order.
    typed: Vec<history::Typed>,
    /// The search for a way past the guards that is under way.
    search: Option<search::FleetSearch>,
    /// What the last one found.
    attack: Option<search::Attack>,
}

/// What a page shows of the files and the nodes.
#[derive(Debug, Default)]
struct Shown {
    files: Vec<FileView>,
    nodes: Vec<NodeView>,
}

impl Session {
    /// Opens a lab with the learner's drafts, and with the learner's fleet if it is another than
    /// the document's, and runs it for the first time.
    pub fn open(
        document: Document,
        drafts: &[FileText],
        nodes: Option<Vec<NodeSpec>>,
    ) -> Result<Self, DeskError> {
        let paths = document.files.iter().map(|file| file.path.as_str());
        unique(paths)?;
        for (what, count, limit) in [
            ("files", document.files.len(), MAX_FILES),
            (
                "commands in its workload",
                document.workload.len(),
                MAX_WORKLOAD,
            ),
            (
                "checks",
                document.checks.len() + document.variants.len() + document.cases.len(),
                MAX_CHECKS,
            ),
        ] {
            if count > limit {
                return Err(DeskError::TooMany(what, limit));
            }
        }
        let specs = nodes.unwrap_or_else(|| document.nodes.clone());
        let mut session = Self {
            workspace: Workspace::new(&document, &specs, drafts),
            nodes: Vec::new(),
            explained: Vec::new(),
            shown: Shown::default(),
            typed: Vec::new(),
            search: None,
            attack: None,
            document,
        };
        session.set_nodes(specs)?;
        Ok(session)
    }

    /// Replaces the fleet.
    pub fn set_nodes(&mut self, specs: Vec<NodeSpec>) -> Result<(), DeskError> {
        if specs.len() > MAX_NODES {
            return Err(DeskError::TooMany("nodes", MAX_NODES));
        }
        unique(specs.iter().map(|spec| spec.id.as_str()))?;
        self.nodes = specs.into_iter().map(Node::new).collect::<Result<_, _>>()?;
        self.start();
        Ok(())
    }

    /// Replaces a file's text; answers with what is different now. What would turn
    /// refusals round comes later, from [`Session::explain_next`].
    pub fn edit(&mut self, path: &str, text: &str) -> Result<Changed, DeskError> {
        let file = self
            .workspace
            .file(path)
            .ok_or_else(|| DeskError::NoFile(path.to_owned()))?;
        if !file.about.editable {
            return Err(DeskError::ReadOnly(path.to_owned()));
        }
        self.workspace.edit(path, text);
        self.start();
        // The page has moved along with the text what it knew of the file.
        self.shown.files.retain(|file| file.path != path);
        Ok(self.changes())
    }

    /// Looks for the changes that would turn refusals round, on the nodes where that has not
    /// been done since the last edit, up to the first where there is something to tell.
    pub fn explain_next(&mut self) -> Option<Changed> {
        while let Some(found) = self.explain_node() {
            if found {
                return Some(self.changes());
            }
        }
        None
    }

    /// The same for the next such node: whether changes were found. None when there is none.
    fn explain_node(&mut self) -> Option<bool> {
        let index = self.explained.iter().position(Option::is_none)?;
        let node = &self.nodes[index];
        let found = whatif::explain(node, &self.workspace, &self.document);
        let explained = self.explained[index].insert(found);
        Some(!explained.is_empty())
    }

    /// Runs a command line in a node's terminal.
    pub fn run(&mut self, node: &str, command: &str, seq: u64) -> Result<Response, DeskError> {
        let found = self.node(node)?;
        let before = found.machine.journal.len();
        let (output, exit) = found.run(command);
        self.typed.push(history::Typed {
            node: node.to_owned(),
            line: command.to_owned(),
            before,
        });
        Ok(Response::Ran {
            node: node.to_owned(),
            seq,
            output,
            exit,
            changed: self.changes(),
        })
    }

    /// Ways in which a line in a node's terminal could go on.
    pub fn complete(
        &mut self,
        node: &str,
        line: &str,
        cursor: usize,
    ) -> Result<Response, DeskError> {
        let found = self.node(node)?;
        let (from, candidates) = found.complete(line, cursor);
        Ok(Response::Completions { from, candidates })
    }

    /// What may be written at a place of a file whose text is `text` by now.
    pub fn suggest(&self, path: &str, text: &str, at: usize) -> Result<Suggestions, DeskError> {
        let newest = self
            .nodes
            .iter()
            .map(|node| node.kind.stack.kubelet.version)
            .max();
        Ok(language::suggest(
            self.language(path)?,
            text,
            at,
            self.workspace.toolchain(),
            newest.unwrap_or(Version::new(1, 0)),
        ))
    }

    /// What a word of a file whose text is `text` by now means.
    pub fn explain(
        &self,
        path: &str,
        text: &str,
        at: usize,
    ) -> Result<Option<(Span, String)>, DeskError> {
        Ok(language::explain(self.language(path)?, text, at))
    }

    fn language(&self, path: &str) -> Result<Language, DeskError> {
        let file = self.workspace.file(path);
        file.map(|file| file.about.language)
            .ok_or_else(|| DeskError::NoFile(path.to_owned()))
    }

    /// The fragment of a link to this state.
    pub fn share(&self) -> Result<String, ShareError> {
        let document = &self.document;
        let specs: Vec<NodeSpec> = self.nodes.iter().map(|node| node.spec.clone()).collect();
        let files = self.workspace.files.iter();
        share::encode(&Shared {
            lab: document.id.clone(),
            files: files
                .filter(|file| *file.text != *file.about.text)
                .map(|file| FileText {
                    path: file.about.path.clone(),
                    text: file.text.to_string(),
                })
                .collect(),
            nodes: (specs != document.nodes).then_some(specs),
        })
    }

    /// What the learner wrote, counted as [`score::rules`] says.
    pub fn rules(&self) -> usize {
        score::rules(&self.document, &self.workspace)
    }

    /// What a real machine printed, beside what the node would print.
    pub fn compare(&mut self, node: &str, text: &str) -> Result<Comparison, DeskError> {
        Ok(compare::compare(self.node(node)?, text))
    }

    /// The name of the lab's folder.
    pub fn folder(&self) -> String {
        let letter = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let id: String = self.document.id.chars().filter(letter).collect();
        format!("lab-{id}")
    }

    /// The lab as a folder for a real machine.
    pub fn export(&self) -> Result<Vec<ExportFile>, ExportError> {
        export::files(&self.document, &self.workspace, &self.nodes)
    }

    /// Decides the lab's checks, each in a fresh world, and the variants: all of
    /// them, or those of a challenge's draw, which are scored with the checks.
    pub fn check(&self, seed: Option<u8>) -> Result<Response, DeskError> {
        if let Some(seed) = seed
            && !SEEDS.contains(&seed)
        {
            return Err(DeskError::NoDraw(seed));
        }
        let checks = self.decide(&self.document.checks);
        let hold = checks.iter().all(|check| check.verdict == Verdict::Holds);
        let scored = self.document.challenge.zip(seed);
        let drawn: Vec<Check> = match scored {
            Some((_, seed)) => self.document.drawn(seed).cloned().collect(),
            None if hold => self.document.variants.clone(),
            None => Vec::new(),
        };
        let variants = self.decide(&drawn);
        let score = scored.map(|(challenge, _)| {
            let kinds = self.document.checks.iter().chain(&drawn);
            let verdicts = checks.iter().chain(&variants);
            let decided = kinds
                .zip(verdicts)
                .map(|(check, decided)| (check.kind, decided.verdict));
            score::score(challenge.par, self.rules(), decided)
        });
        Ok(Response::Checked {
            checks: checks.iter().map(Decided::view).collect(),
            variants: if hold {
                variants.iter().map(Decided::view).collect()
            } else {
                Vec::new()
            },
            score,
        })
    }

    /// Decides checks for the files as they are.
    pub fn decide(&self, checks: &[Check]) -> Vec<Decided> {
        checks
            .iter()
            .map(|check| check::decide(check, &self.nodes, &self.workspace, &self.document.image))
            .collect()
    }

    /// Decides the lab's capstone; nothing when it has none.
    pub fn capstone(&self) -> Option<CapstoneView> {
        capstone::decide(&self.document, &self.workspace)
    }

    /// Everything there is to show; what changes after this is told as a
    /// difference to it.
    pub fn view(&mut self) -> View {
        while self.explain_node().is_some() {}
        self.shown = self.all();
        View {
            title: self.document.title.clone(),
            files: self.shown.files.clone(),
            nodes: self.shown.nodes.clone(),
            kinds: kinds(),
        }
    }

    /// Sets every node up from the files.
    fn start(&mut self) {
        self.stop_search("The files or the nodes were changed, so the search was stopped.");
        self.attack = None;
        self.typed.clear();
        self.explained = vec![None; self.nodes.len()];
        for node in &mut self.nodes {
            node.start(&self.workspace, &self.document.image);
            for command in &self.document.workload {
                node.run_in_pod(command);
            }
        }
    }

    fn node(&mut self, id: &str) -> Result<&mut Node, DeskError> {
        self.nodes
            .iter_mut()
            .find(|node| node.spec.id == id)
            .ok_or_else(|| DeskError::NoNode(id.to_owned()))
    }

    fn all(&self) -> Shown {
        let nodes: Vec<NodeView> = self
            .nodes
            .iter()
            .zip(&self.explained)
            .map(|(node, explained)| {
                let mut view = view::node(node, &self.workspace);
                for (row, change) in explained.iter().flatten() {
                    let row = view.trace.iter_mut().find(|found| found.id == *row);
                    if let Some(row) = row.filter(|row| row.outcome == RowOutcome::Blocked) {
                        row.evidence.change = Some(change.clone());
                    }
                }
                view
            })
            .collect();
        let mut files: Vec<FileView> = self
            .workspace
            .files
            .iter()
            .map(|file| {
                let mut view = file.view();
                for node in &self.nodes {
                    view.diagnostics
                        .extend(node.diagnostics(file, &self.workspace));
                }
                sorted::sort_by_key(&mut view.diagnostics, |found| found.span);
                view.diagnostics.dedup();
                view
            })
            .collect();
        for file in &mut files {
            file.deciding = deciding(&file.path, &nodes);
        }
        Shown { files, nodes }
    }

    /// What is different from what the page was last told.
    fn changes(&mut self) -> Changed {
        let all = self.all();
        let files = all
            .files
            .iter()
            .filter(|file| !self.shown.files.contains(file));
        let nodes = all.nodes.iter().filter_map(|node| {
            let before = self
                .shown
                .nodes
                .iter()
                .find(|before| before.id == node.id)?;
            NodeChange::between(before, node)
        });
        let changed = Changed {
            files: files.cloned().collect(),
            nodes: nodes.collect(),
        };
        self.shown = all;
        changed
    }
}

/// The lines of a file that decided rows of the nodes' traces.
fn deciding(path: &str, nodes: &[NodeView]) -> Vec<LineMark> {
    let mut marks = Vec::new();
    for node in nodes {
        for row in &node.trace {
            for rule in row.evidence.rules.iter().filter(|rule| rule.file == path) {
                if row.outcome == RowOutcome::Blocked {
                    marks.push(LineMark {
                        line: rule.line,
                        span: Span {
                            start: rule.start,
                            end: rule.end,
                        },
                        node: node.id.clone(),
                        row: row.id,
                    });
                }
            }
        }
    }
    sorted::sort(&mut marks);
    marks.dedup();
    marks
}

/// The kinds of node that there are.
pub fn kinds() -> Vec<NodeKind> {
    cluster::node::kinds()
        .iter()
        .map(|kind| NodeKind {
            id: kind.id.to_owned(),
            title: kind.title.to_owned(),
            summary: kind.sentence.to_owned(),
            options: Vec::new(),
        })
        .collect()
}

/// Refuses names that stand for two things.
fn unique<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), DeskError> {
    let mut seen = sorted::SortedSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(DeskError::Twice(name.to_owned()));
        }
    }
    Ok(())
}
