//! A lab as its author writes it: the nodes, the files to start with, what to
//! predict, what to do and how to tell that it is done.

mod capstone;
mod challenge;
mod change;
mod read;

pub use capstone::{Availability, Capstone, Pool, Workload};
pub use challenge::{Challenge, Kind, SEEDS, Side};
pub use change::{Case, Change, Origin};
pub(crate) use read::json;
pub use read::{LabError, MAX_LAB, Places, read, read_with_places, typed};

use crate::message::{FileText, Gate, Language, NodeSpec};
use serde::{Deserialize, Serialize};

/// A lab. Plain data: the pages may show any of it, and send it to the engine
/// as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Stable name, the lesson's slug: saved drafts and links are kept by it.
    pub id: String,
    /// Shown above the lab.
    pub title: String,
    /// What the learner can do afterwards, one sentence.
    pub goal: String,
    /// How it is scored, when it is a challenge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<Challenge>,
    /// The files, in the order of their tabs.
    pub files: Vec<DocumentFile>,
    /// The fleet to start with.
    pub nodes: Vec<NodeSpec>,
    /// What the pod's image holds besides busybox: absolute paths; one that
    /// ends in `/` is a directory.
    #[serde(default)]
    pub image: Vec<ImageFile>,
    /// Command lines that are run in the pod's first container on every node
    /// after each edit, and traced.
    pub workload: Vec<String>,
    /// The question that is asked before anything is shown.
    #[serde(default)]
    pub prediction: Option<Prediction>,
    /// What to do, Markdown; empty for free play.
    #[serde(default)]
    pub task: String,
    /// How to tell that it is done; shown to the learner.
    #[serde(default)]
    pub checks: Vec<Check>,
    /// What a right answer has to survive besides; shown once the checks pass.
    #[serde(default)]
    pub variants: Vec<Check>,
    /// What the text says of the lab as it starts, as it is solved, or after an
    /// edit; each has an id, by which the text cites it. It is proven when the
    /// lab is checked, and no page needs it.
    #[serde(skip)]
    pub cases: Vec<Case>,
    /// Where to look, what to read, what to type: in this order.
    #[serde(default)]
    pub hints: Vec<String>,
    /// A whole fleet to be made safe, judged by six checks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capstone: Option<Capstone>,
}

impl Document {
    /// The variants of a draw.
    pub fn drawn(&self, seed: u8) -> impl Iterator<Item = &Check> {
        let variants = self.variants.iter();
        variants.filter(move |check| check.seeds.is_empty() || check.seeds.contains(&seed))
    }

    /// The files that the author's answer changes, as it leaves them.
    pub fn solution(&self) -> Vec<FileText> {
        let changed = self.files.iter().filter_map(|file| {
            Some(FileText {
                path: file.path.clone(),
                text: file.solution.clone()?,
            })
        });
        changed.collect()
    }
}

/// A file of a lab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentFile {
    /// Its name on its tab and in the lab's folders.
    pub path: String,
    /// What it is written in.
    pub language: Language,
    /// Where it lies on every node; empty for a file that stays with the
    /// learner, like a manifest.
    #[serde(default)]
    pub node_path: String,
    /// Whether the learner may change it.
    #[serde(default = "yes")]
    pub editable: bool,
    /// The text to start with, from the folder `start`.
    #[serde(default)]
    pub text: String,
    /// The text of the author's answer, from the folder `solution`, where it
    /// differs.
    #[serde(default)]
    pub solution: Option<String>,
}

/// A file that the pod's image holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageFile {
    /// Absolute path; a directory when it ends in `/`.
    pub path: String,
    /// What is in it.
    #[serde(default)]
    pub text: String,
    /// The learner's file whose text it has in place of `text`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

fn yes() -> bool {
    true
}

/// A question with its answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prediction {
    /// The question.
    pub question: String,
    /// Three or four answers, one of them right.
    pub options: Vec<PredictionOption>,
}

/// One answer to a [`Prediction`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PredictionOption {
    /// The answer.
    pub text: String,
    /// Whether it is the right one.
    #[serde(default)]
    pub right: bool,
    /// What is said once it was chosen.
    pub reply: String,
    /// The number of the wrong idea behind it, from `misconceptions.yaml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub misconception: Option<u16>,
}

/// Operations with the answers that they have to get, done one after the other
/// in a fresh world. Never a comparison of texts: whatever makes them come out
/// this way is a right answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenCheck", into = "WrittenCheck")]
pub struct Check {
    /// By which the lesson's text cites it; may be empty.
    pub id: String,
    /// What is asked for: "touch /data/x is blocked".
    pub title: String,
    /// Ids of the nodes where it has to hold.
    pub nodes: Vec<String>,
    /// At least one.
    pub operations: Vec<Operation>,
    /// What it costs in a challenge when it does not hold.
    pub kind: Kind,
    /// The draws that a variant of a challenge belongs to; empty for all.
    pub seeds: Vec<u8>,
}

/// One thing that is done for a [`Check`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// The command line. Empty to look only at whether the pod runs.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub run: String,
    /// Where it is run.
    #[serde(default)]
    pub on: Seat,
    /// Name of the pod; the first one when it is empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub pod: String,
    /// Name of the container; the first one when it is empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub container: String,
    /// What has to come of it.
    pub expect: Expectation,
    /// Which gate has to decide, when that matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Gate>,
    /// Whether the kernel has to log it, when that matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logged: Option<bool>,
}

/// Where an [`Operation`] is run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seat {
    /// In a container, as with `kubectl exec`.
    #[default]
    Pod,
    /// At the node's terminal, as root.
    Node,
}

/// A [`Check`] as it is written: with a list of operations, or with a single
/// one beside its title.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCheck {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    id: String,
    title: String,
    nodes: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    operations: Vec<Operation>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    run: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    on: Option<Seat>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expect: Option<Expectation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gate: Option<Gate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    logged: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<Kind>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    seeds: Vec<u8>,
}

impl TryFrom<WrittenCheck> for Check {
    type Error = &'static str;

    fn try_from(written: WrittenCheck) -> Result<Self, Self::Error> {
        let operations = match (written.expect, written.operations) {
            (Some(_), operations) if !operations.is_empty() => {
                return Err("a check has either `expect` or `operations`, not both");
            }
            (Some(expect), _) => vec![Operation {
                run: written.run,
                on: written.on.unwrap_or_default(),
                pod: String::new(),
                container: String::new(),
                expect,
                gate: written.gate,
                logged: written.logged,
            }],
            (None, operations) if operations.is_empty() => {
                return Err("a check needs `expect`, or a list of `operations`");
            }
            (None, operations) => operations,
        };
        Ok(Self {
            id: written.id,
            title: written.title,
            nodes: written.nodes,
            operations,
            kind: written.kind.unwrap_or_default(),
            seeds: written.seeds,
        })
    }
}

impl From<Check> for WrittenCheck {
    fn from(check: Check) -> Self {
        Self {
            id: check.id,
            title: check.title,
            nodes: check.nodes,
            operations: check.operations,
            run: String::new(),
            on: None,
            expect: None,
            gate: None,
            logged: None,
            kind: Some(check.kind).filter(|kind| *kind != Kind::default()),
            seeds: check.seeds,
        }
    }
}

/// What has to come of an [`Operation`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expectation {
    /// The command ends with code 0.
    Allowed,
    /// A gate that guards stops one of its calls.
    Blocked,
    /// It fails, but no guard had a part in that.
    Failed,
    /// The pod does not start, and something says why.
    RefusedToStart,
    /// The pod runs under a profile in enforce mode.
    Enforced,
    /// The pod runs unconfined, and nothing asked for more.
    Unconfined,
    /// The pod runs without a protection that it declares.
    SilentlyUnprotected,
}
