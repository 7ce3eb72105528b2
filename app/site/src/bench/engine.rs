//! The way from a lab to the engine and back: one question at a time, edits
//! that follow each other melted into one, and a fresh engine after a fault.

use sorted::{SortedMap, SortedSet};
use std::collections::VecDeque;

use lab::message::{FileText, Line, Stream, View};
use leptos::{prelude::*, task::spawn_local};

use super::{
    Bench,
    answer::{Answer, Outcome, Response},
    question::{Ask, Question},
};
use crate::platform;

/// An answer takes a few milliseconds. An engine that has not answered after
/// this many is stopped and started afresh; the first answer also waits for
/// the download.
const BUDGET_MS: u32 = 4_000;
/// The same for the first answer, which waits for the engine's download.
const FIRST_BUDGET_MS: u32 = 60_000;

/// What is said when the engine misunderstood.
pub const OTHER_ANSWER: &str = "The simulator gave another answer than was asked for.";

/// How the engine is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Not needed yet.
    Asleep,
    /// On its way, or starting again.
    Starting,
    /// Answers.
    Ready,
    /// Answers, but did not carry out what was asked last, for this reason.
    Refused(String),
    /// Stopped, for this reason. The next question starts it again.
    Stopped(String),
}

/// Why a question got no answer.
enum Silence {
    /// The engine understood it and did not carry it out.
    Refused(String),
    /// The engine is gone, or does not speak as it should.
    Gone(String),
}

impl Silence {
    fn reason(self) -> String {
        match self {
            Self::Refused(reason) | Self::Gone(reason) => reason,
        }
    }
}

/// A command in the terminal and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The command's number.
    pub seq: u64,
    /// Id of the node.
    pub node: String,
    /// The prompt in front of it.
    pub prompt: String,
    /// What was typed.
    pub command: String,
    /// What it printed.
    pub output: Vec<Line>,
    /// Its exit code, once it has ended.
    pub exit: Option<u8>,
}

/// What is waiting to be asked.
#[derive(Default)]
pub(super) struct Queue {
    /// The engine holds this lab, with every edit that is not waiting.
    open: bool,
    /// A question is on its way.
    asking: bool,
    /// The id of the next question.
    next: u64,
    edits: SortedMap<String, String>,
    commands: VecDeque<(String, String, u64)>,
    /// A check is wanted, with this draw of a challenge's variants.
    check: bool,
    seed: Option<u8>,
    capstone: bool,
}

impl Queue {
    /// Paths of the files whose last text was not yet sent.
    pub(super) fn pending(&self) -> SortedSet<String> {
        self.edits.keys().cloned().collect()
    }

    /// The next question. Edits go first: a command and a check see what the
    /// learner sees.
    fn next(&mut self) -> Option<Question> {
        if let Some((path, text)) = self.edits.pop_first() {
            return Some(Question::Edit { path, text });
        }
        if let Some((node, command, seq)) = self.commands.pop_front() {
            return Some(Question::Run { node, command, seq });
        }
        if std::mem::take(&mut self.check) {
            return Some(Question::Check { seed: self.seed });
        }
        std::mem::take(&mut self.capstone).then_some(Question::Capstone)
    }
}

impl Bench {
    /// Wakes the engine, so that the first edit is answered at once.
    pub fn wake(self) {
        let asleep = self.queue.with_value(|queue| !queue.open);
        if asleep {
            self.ask_next();
        }
    }

    /// A tool asks the engine by itself. Before it does, it tells nothing, and
    /// the engine gets this lab; then it tells the answer that changes what the
    /// page shows, or why the engine stopped. The engine too tells such answers.
    pub fn told(self, told: &str) {
        if told.is_empty() {
            self.wake();
            return;
        }
        match serde_json::from_str::<Answer>(told) {
            Ok(Answer {
                outcome: Outcome::Response(response),
            }) => self.answered(response),
            _ => self.stopped(told.to_owned()),
        }
    }

    /// Runs a command line in a node's terminal.
    pub fn run(self, node: &str, command: &str) {
        let prompt = self.nodes.with_untracked(|nodes| {
            nodes
                .iter()
                .find(|known| known.id == node)
                .map(|known| known.prompt.clone())
        });
        let seq = self
            .terminal
            .with_untracked(|entries| entries.len() as u64 + 1);
        self.terminal.update(|entries| {
            entries.push(Entry {
                seq,
                node: node.to_owned(),
                prompt: prompt.unwrap_or_default(),
                command: command.to_owned(),
                output: Vec::new(),
                exit: None,
            });
        });
        self.queue.update_value(|queue| {
            queue
                .commands
                .push_back((node.to_owned(), command.to_owned(), seq));
        });
        self.ask_next();
    }

    /// Runs a command line in the terminal of every node, and shows it there.
    pub fn run_everywhere(self, command: &str) {
        let nodes = self.specs.get_untracked();
        for node in nodes {
            self.run(&node.id, command);
        }
        platform::choose("panel-terminal");
        platform::focus("terminal-input");
    }

    /// How `line` could go on: the byte from which a candidate replaces it,
    /// and the candidates.
    pub async fn complete(self, node: String, line: String) -> (usize, Vec<String>) {
        let cursor = line.len();
        match self
            .question(Question::Complete { node, line, cursor })
            .await
        {
            Ok(Response::Completions { from, candidates }) => (from, candidates),
            _ => (0, Vec::new()),
        }
    }

    /// Asks something that changes nothing on the page.
    pub async fn question(self, request: Question) -> Result<Response, String> {
        ask(0, request, self.budget())
            .await
            .map_err(Silence::reason)
    }

    /// Asks what may be written at a byte of a file, or what stands there
    /// means; gives the answer's JSON, empty when there is none.
    pub fn ask_language(
        self,
        explain: bool,
        path: String,
        text: String,
        at: usize,
    ) -> impl Future<Output = String> + use<> {
        let request = if explain {
            Question::Explain { path, text, at }
        } else {
            Question::Suggest { path, text, at }
        };
        let answer = send(0, request, self.budget());
        async move { answer.await.unwrap_or_default() }
    }

    /// Opens the lab as it was at the start, with another workload, and gives the answer.
    pub async fn with_workload(self, workload: &[String]) -> Result<View, String> {
        let request = Question::Open {
            document: self.whole.get_value(),
            files: Vec::new(),
            nodes: None,
            workload: Some(workload.to_vec()),
        };
        match self.question(request).await? {
            Response::View(view) => Ok(view),
            _ => Err(OTHER_ANSWER.to_owned()),
        }
    }

    /// How long the next answer may take.
    fn budget(self) -> u32 {
        if self.engine.get_untracked() == Engine::Ready {
            BUDGET_MS
        } else {
            FIRST_BUDGET_MS
        }
    }

    /// The fragment of a link to the state on the page, or why there is none.
    pub async fn fragment(self) -> Result<String, String> {
        // The engine may not have this lab yet, or be another tab's.
        self.question(self.opening(&SortedMap::new())).await?;
        match self.question(Question::Share).await? {
            Response::Shared { fragment, problem } if problem.is_empty() => Ok(fragment),
            Response::Shared { problem, .. } => Err(problem),
            _ => Err(OTHER_ANSWER.to_owned()),
        }
    }

    /// Decides the lab's checks; the results come to [`Bench::checked`].
    pub fn check(self) {
        let seed = self.seed.get_untracked();
        self.queue.update_value(|queue| {
            queue.check = true;
            queue.seed = seed;
        });
        self.ask_next();
    }

    /// Decides the lab's capstone; what comes of it goes to [`Bench::judged`].
    pub fn judge(self) {
        self.queue.update_value(|queue| queue.capstone = true);
        self.ask_next();
    }

    /// Asks for the verdicts on a file's new text, which need not be in
    /// [`Bench::files`] yet.
    pub(super) fn ask_edit(self, path: String, text: String) {
        self.queue.update_value(|queue| {
            queue.edits.insert(path, text);
        });
        self.ask_next();
    }

    /// Starts the session again with everything as it is on the page.
    pub(super) fn reopen(self) {
        self.queue.update_value(|queue| queue.open = false);
        self.ask_next();
    }

    fn ask_next(self) {
        let request = self.queue.try_update_value(|queue| {
            if queue.asking {
                return None;
            }
            let request = if queue.open {
                queue.next()?
            } else {
                queue.open = true;
                self.opening(&std::mem::take(&mut queue.edits))
            };
            queue.asking = true;
            queue.next += 1;
            Some((queue.next, request))
        });
        let Some(Some((id, request))) = request else {
            return;
        };
        let ready = self.engine.get_untracked() == Engine::Ready;
        if !ready {
            self.engine.set(Engine::Starting);
        }
        // Sent at once: the engine thinks while the page draws what was typed.
        let answer = ask(id, request, self.budget());
        spawn_local(async move {
            let answer = answer.await;
            self.queue.update_value(|queue| queue.asking = false);
            match answer {
                Ok(response) => {
                    if !ready {
                        self.engine.set(Engine::Ready);
                    }
                    self.answered(response);
                    self.ask_next();
                }
                Err(Silence::Refused(reason)) => {
                    self.engine.set(Engine::Refused(reason));
                    self.ask_next();
                }
                Err(Silence::Gone(reason)) => self.stopped(reason),
            }
        });
    }

    /// The request that opens the lab as it is on the page, with what was typed
    /// just now.
    fn opening(self, typed: &SortedMap<String, String>) -> Question {
        let files = self.files.with_untracked(|files| {
            files
                .iter()
                .map(|file| FileText {
                    path: file.path.clone(),
                    text: typed.get(&file.path).unwrap_or(&file.text).clone(),
                })
                .collect()
        });
        Question::Open {
            document: self.whole.get_value(),
            files,
            nodes: Some(self.specs.get_untracked()),
            workload: None,
        }
    }

    fn answered(self, response: Response) {
        match response {
            Response::View(view) => self.take_view(view),
            Response::Changed(changed) => self.take(changed),
            Response::Ran {
                seq,
                output,
                exit,
                changed,
                ..
            } => {
                self.ended(seq, output, Some(exit));
                self.take(changed);
            }
            Response::Checked {
                checks,
                variants,
                score,
            } => {
                self.score.set(score);
                self.survived.set(variants);
                self.checked.set(checks);
            }
            Response::Capstone(view) => self.judged.set(Some(*view)),
            // Only ever given back by `question`.
            Response::Completions { .. } | Response::Shared { .. } | Response::Unpacked { .. } => {}
        }
    }

    fn ended(self, seq: u64, output: Vec<Line>, exit: Option<u8>) {
        self.terminal.update(|entries| {
            if let Some(entry) = entries.iter_mut().find(|entry| entry.seq == seq) {
                entry.output = output;
                entry.exit = exit;
            }
        });
    }

    /// The engine is gone, and with it what it remembered. The texts are on
    /// the page; commands that got no answer are told so.
    fn stopped(self, reason: String) {
        self.queue.update_value(|queue| {
            queue.open = false;
            queue.commands.clear();
            queue.check = false;
            queue.capstone = false;
        });
        self.terminal.update(|entries| {
            for entry in entries.iter_mut().filter(|entry| entry.exit.is_none()) {
                entry.exit = Some(1);
                entry.output = vec![Line {
                    stream: Stream::Notice,
                    text: "The simulator stopped before it could answer.".to_owned(),
                }];
            }
        });
        self.engine.set(Engine::Stopped(reason));
    }
}

/// `command` as it is typed on a node to run it in the pod.
pub fn in_pod(command: &str) -> String {
    format!("kubectl exec writer -- {command}")
}

/// Sends one question; gives its answer.
fn ask(
    id: u64,
    request: Question,
    budget_ms: u32,
) -> impl Future<Output = Result<Response, Silence>> + use<> {
    let answer = send(id, request, budget_ms);
    async move {
        let answer = answer.await.map_err(Silence::Gone)?;
        match serde_json::from_str::<Answer>(&answer)
            .map_err(|error| Silence::Gone(error.to_string()))?
            .outcome
        {
            Outcome::Response(response) => Ok(response),
            Outcome::Error(failure) => Err(Silence::Refused(failure.message)),
        }
    }
}

/// Sends one question; gives the text of its answer.
fn send(
    id: u64,
    request: Question,
    budget_ms: u32,
) -> impl Future<Output = Result<String, String>> + use<> {
    let answer = serde_json::to_string(&Ask::new(id, request))
        .map(|text| platform::ask(&text, budget_ms))
        .map_err(|error| error.to_string());
    async move { answer?.await }
}
