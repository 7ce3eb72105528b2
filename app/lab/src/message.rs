//! The contract between the engine and the pages: plain data with a version.
//!
//! Offsets into a file's text are UTF-8 bytes. Lines and columns count from 1,
//! columns in characters. Enumerations are snake case; one with contents is
//! written as an object with a single key (`{"edit": {…}}`).

mod audit;
mod capstone;
mod change;
mod comparison;
mod file;
mod node;
mod observe;
mod score;
mod search;
mod trace;
mod world;

pub use audit::{AuditField, AuditGroup, AuditVerdict, CandidateRule};
pub use capstone::{
    CapstoneCell, CapstoneChoice, CapstoneFleet, CapstonePool, CapstoneRow, CapstoneView,
    CellState, RESULT_SCHEMA,
};
pub use change::{Changed, NodeChange};
pub use comparison::{ComparedLine, Comparison, LineVerdict, PastedKind};
pub use file::{
    Diagnostic, FileText, FileView, Fix, Language, LineMark, Severity, Span, Suggestion, TextEdit,
    Token, TokenKind,
};
pub use node::{
    ChainStep, ChainVerdict, Fact, LoadedProfile, NodeKind, NodeOption, NodeSpec, NodeView, Outcome,
};
pub use observe::{Converged, ConvergedFilter, Observation, Proposal, Seen, Width};
pub use score::Score;
pub use search::{
    AttackView, Attacker, Goal, Letter, NodeSearch, SearchOrder, SearchState, SearchView,
};
pub use trace::{
    Change, Evidence, Gate, GateVerdict, GateView, RowOutcome, RuleEffect, RuleView, TraceRow,
};
pub use world::{MountView, TaskView, TreeEntry, WorldChange, WorldChangeKind, WorldView};

use crate::document::Document;
use serde::{Deserialize, Serialize};

/// Version of this contract. The engine refuses a request of another version,
/// because a cached page may be older than the engine beside it.
pub const PROTOCOL: u32 = 4;

/// What the page sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// [`PROTOCOL`] of the sender.
    pub version: u32,
    /// Chosen by the sender; the answer carries it back.
    pub id: u64,
    /// What is asked for.
    pub request: Request,
}

/// What the engine sends back, one per [`Ask`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// [`PROTOCOL`] of the engine.
    pub version: u32,
    /// The id of the [`Ask`]; 0 when that could not be read.
    pub id: u64,
    /// The answer proper.
    pub outcome: AnswerOutcome,
}

/// Either a response or the reason why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerOutcome {
    /// The request was carried out.
    Response(Response),
    /// It was not; the session is as it was before.
    Error(Failure),
}

/// Why a request was not carried out. A learner's mistake is never one of
/// these: it is a [`Diagnostic`] in a response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Stable kebab-case code, e.g. `no-session`.
    pub code: String,
    /// One sentence for the learner.
    pub message: String,
}

/// A request to the one session that an engine holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Starts a session, dropping the one before. Answer: [`Response::View`].
    Open {
        /// The lab.
        document: Box<Document>,
        /// The learner's saved drafts; they replace the document's texts.
        #[serde(default)]
        files: Vec<FileText>,
        /// The fleet, when it is another than the document's.
        #[serde(default)]
        nodes: Option<Vec<NodeSpec>>,
        /// The workload, when it is another than the document's.
        #[serde(default)]
        workload: Option<Vec<String>>,
    },
    /// Replaces the text of a file. Answer: [`Response::Changed`] with every verdict; the smallest
    /// changes that would turn refusals round ([`Evidence::change`]) follow under id 0, once nothing
    /// else is asked.
    Edit {
        /// Path of the file, as in [`FileView::path`].
        path: String,
        /// Its whole new text.
        text: String,
    },
    /// Replaces the fleet. Answer: [`Response::View`].
    SetNodes {
        /// The nodes, in the order in which they are shown.
        nodes: Vec<NodeSpec>,
    },
    /// Runs a command line in a node's terminal. Answer: [`Response::Ran`].
    Run {
        /// Id of the node.
        node: String,
        /// What was typed.
        command: String,
        /// Number of the command, chosen by the page; carried back.
        seq: u64,
    },
    /// Asks how a line could go on. Answer: [`Response::Completions`].
    Complete {
        /// Id of the node.
        node: String,
        /// The line so far.
        line: String,
        /// Byte offset of the cursor in it.
        cursor: usize,
    },
    /// Asks what may be written at a place of a file. Answer:
    /// [`Response::Suggestions`].
    Suggest {
        /// Path of the file, as in [`FileView::path`].
        path: String,
        /// Its text, which may be ahead of the last [`Request::Edit`].
        text: String,
        /// The place, a byte.
        at: usize,
    },
    /// Asks what a word of a file means. Answer: [`Response::Explained`].
    Explain {
        /// Path of the file, as in [`FileView::path`].
        path: String,
        /// Its text, which may be ahead of the last [`Request::Edit`].
        text: String,
        /// A place in the word, a byte.
        at: usize,
    },
    /// Decides the lab's checks for the files as they are. Answer:
    /// [`Response::Checked`].
    Check {
        /// The draw of a challenge's variants, 1 to 5. Without one, all of
        /// them are decided and nothing is scored.
        #[serde(default)]
        seed: Option<u8>,
    },
    /// Decides the lab's capstone for the files as they are. Answer:
    /// [`Response::Capstone`].
    Capstone,
    /// Looks at a node's world as it was just before a call. Answer:
    /// [`Response::World`].
    Look {
        /// Id of the node.
        node: String,
        /// [`TraceRow::id`] of the call. One more than that of the last call
        /// made stands for now.
        row: u32,
    },
    /// Goes back to just before the command line that a call belongs to; what
    /// was typed on the node since is undone. Answer: [`Response::Changed`].
    Rewind {
        /// Id of the node.
        node: String,
        /// [`TraceRow::id`] of the call.
        row: u32,
    },
    /// Asks for every single change that would turn an answer round. Answer:
    /// [`Response::Changes`].
    WhatIf {
        /// Id of the node.
        node: String,
        /// [`TraceRow::id`] of the call; without one, the question is what
        /// would let the pod run, or run protected.
        row: Option<u32>,
    },
    /// Runs the workload, and what was typed, under a profile that only
    /// complains and a filter that only logs. Answer: [`Response::Observed`].
    Observe {
        /// Id of the node.
        node: String,
    },
    /// Packs the state into a link. Answer: [`Response::Shared`].
    Share,
    /// Reads what a link carries; needs no session. Answer:
    /// [`Response::Unpacked`].
    Unpack {
        /// The link's fragment, without its `#`.
        fragment: String,
    },
    /// Reads a piece of a kernel log; needs no session. A log of any length is
    /// read piece by piece, so that the page can tell how far it is and stop.
    /// Answer: [`Response::Decoded`].
    Decode {
        /// Whole lines.
        text: String,
        /// Whether this is the first piece: what was read before is forgotten.
        first: bool,
        /// Whether this is the last piece: the answer then has the groups.
        last: bool,
    },
    /// Explains one record of a kernel log; needs no session. Answer:
    /// [`Response::RecordExplained`].
    ExplainRecord {
        /// The line.
        line: String,
    },
    /// Searches for a way past the guards, in the place of a search that is
    /// under way. Answer: [`Response::Search`] at once, and again with the same
    /// id each time the engine has gone on with it, until its state is no
    /// longer `running`.
    Search {
        /// What is searched.
        order: SearchOrder,
    },
    /// Stops the search. Answer: [`Response::Done`]; what the search came to
    /// follows under the search's id.
    StopSearch,
    /// Makes the attack that the last search found, on its node. Answer:
    /// [`Response::Changed`]: its calls stand at the end of the trace.
    Replay,
    /// Asks what a search tries. Answer: [`Response::Alphabet`].
    Alphabet,
    /// Packs the lab into a folder for a real machine. Answer:
    /// [`Response::Exported`].
    Export,
    /// Compares what a real machine printed (`dmesg`, `aa-status`,
    /// `kubectl describe pod`) with a node. Answer: [`Response::Compared`].
    Compare {
        /// Id of the node.
        node: String,
        /// What was pasted.
        text: String,
    },
}

impl Request {
    /// Opens a lab as its author wrote it.
    pub fn open(document: Document) -> Self {
        Self::Open {
            document: Box::new(document),
            files: Vec::new(),
            nodes: None,
            workload: None,
        }
    }
}

/// The answer to a [`Request`] that was carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// Everything there is to show.
    View(View),
    /// Only what changed since the last answer.
    Changed(Changed),
    /// What a command printed, and what it changed.
    Ran {
        /// Id of the node.
        node: String,
        /// The number from the request.
        seq: u64,
        /// What it printed, in order.
        output: Vec<Line>,
        /// Its exit code, 0 to 255.
        exit: u8,
        /// What is different now.
        changed: Changed,
    },
    /// Ways in which a line could go on.
    Completions {
        /// Byte offset in the line from which a candidate replaces text.
        from: usize,
        /// The candidates, sorted.
        candidates: Vec<String>,
    },
    /// What may be written at a place.
    Suggestions {
        /// What a suggestion replaces.
        span: Span,
        /// In the order in which they are shown.
        items: Vec<Suggestion>,
    },
    /// What a word means.
    Explained {
        /// The word.
        span: Span,
        /// Its meaning; empty when there is nothing to say.
        text: String,
    },
    /// The lab's checks, decided.
    Checked {
        /// One entry per check, in the document's order.
        checks: Vec<CheckView>,
        /// What a right answer has to survive besides; empty until every check
        /// passes.
        variants: Vec<CheckView>,
        /// What it comes to in a challenge, the variants of the draw included
        /// even while they are not shown.
        #[serde(default)]
        score: Option<Score>,
    },
    /// The lab's capstone, decided.
    Capstone(Box<CapstoneView>),
    /// A node's world just before a call.
    World(WorldView),
    /// Changes that turn an answer round, the smallest first. Each was made and
    /// run.
    Changes(Vec<Change>),
    /// What a workload was seen to do, and what follows from it.
    Observed(Box<Observation>),
    /// How far a search has come.
    Search(Box<SearchView>),
    /// What a search tries, and what none tries.
    Alphabet {
        /// The operations.
        letters: Vec<Letter>,
        /// What is left out.
        left_out: Vec<String>,
    },
    /// It was done, and there is nothing to show.
    Done,
    /// A link's fragment for the state as it is, or why there is none.
    Shared {
        /// The fragment, without its `#`; empty when there is none.
        fragment: String,
        /// Why there is none; empty when there is one.
        problem: String,
    },
    /// What a link carries, or why it cannot be read.
    Unpacked {
        /// The lab that it is a state of; empty when it cannot be read.
        lab: String,
        /// The files that differ from the lab's start.
        files: Vec<FileText>,
        /// The fleet, where it differs.
        nodes: Option<Vec<NodeSpec>>,
        /// Why it cannot be read; empty when it can.
        problem: String,
    },
    /// What a kernel log tells, so far.
    Decoded {
        /// Lines read so far.
        lines: u64,
        /// Records of AppArmor and seccomp among them.
        records: u64,
        /// Records that tell the same, together, the most frequent first; empty
        /// until the last piece.
        groups: Vec<AuditGroup>,
        /// Records that are counted in `records` and in no group, because there
        /// were too many different ones.
        left_out: u64,
    },
    /// One record explained; none when the line is no record that is known.
    RecordExplained {
        /// What it tells.
        group: Option<AuditGroup>,
        /// Each of its fields.
        fields: Vec<AuditField>,
        /// Rules that would allow what it tells, the narrowest first.
        rules: Vec<CandidateRule>,
    },
    /// A real machine's output beside the prediction.
    Compared(Comparison),
    /// The lab as a folder, or why there is none.
    Exported {
        /// The name of the file.
        name: String,
        /// A zip archive in base64 (RFC 4648, section 4); empty when there is
        /// none.
        archive: String,
        /// Why there is none; empty when there is one.
        problem: String,
    },
}

/// Everything that a lab's page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Title of the lab.
    pub title: String,
    /// The learner's files, in the document's order.
    pub files: Vec<FileView>,
    /// The nodes, in order.
    pub nodes: Vec<NodeView>,
    /// The kinds of node that [`Request::SetNodes`] may name.
    pub kinds: Vec<NodeKind>,
}

/// A line that a command printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Where it was printed.
    pub stream: Stream,
    /// The line without its newline.
    pub text: String,
}

/// Where a line was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Error,
    /// Not from the command: the lab itself says something, e.g. that a
    /// command is not part of the simulation.
    Notice,
}

/// A check of the lab with its result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckView {
    /// What is asked for, as the document says it.
    pub title: String,
    /// Whether it holds.
    pub passed: bool,
    /// What happened, in one sentence: names the operation, the node and the
    /// answer.
    pub sentence: String,
}
