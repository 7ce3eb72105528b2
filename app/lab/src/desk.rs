//! Where requests arrive: one session, one answer per request.

use crate::{
    decode::{self, Decoder},
    export,
    message::{Answer, AnswerOutcome, Ask, Failure, PROTOCOL, Request, Response},
    search,
    session::Session,
    share,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use thiserror::Error;

/// Longest request, in bytes of JSON.
pub const MAX_REQUEST: usize = 16 * 1024 * 1024;

/// The engine's side of the contract in [`crate::message`].
#[derive(Debug, Default)]
pub struct Desk {
    session: Option<Session>,
    decoder: Decoder,
    /// The id of the request by which the search was begun that is under way.
    searching: u64,
}

/// Why a request was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DeskError {
    /// Over [`MAX_REQUEST`].
    #[error("The request has more than {MAX_REQUEST} bytes, which is more than the engine takes.")]
    TooLong,
    /// Not a request of this contract.
    #[error("The engine could not read the request: {0}.")]
    Unreadable(String),
    /// From a page of another version.
    #[error(
        "The page speaks version {0} and the engine version {PROTOCOL}. Reload the page to get matching ones."
    )]
    Version(u32),
    /// A draw that no challenge has.
    #[error("There is no draw {0}: they are numbered 1 to 5.")]
    NoDraw(u8),
    /// A request for a session before [`Request::Open`].
    #[error("No lab is open.")]
    NoSession,
    /// A file that the lab does not have.
    #[error("The lab has no file `{0}`.")]
    NoFile(String),
    /// A file that the lab does not let the learner change.
    #[error("The lab does not let you change `{0}`.")]
    ReadOnly(String),
    /// A node that the fleet does not have.
    #[error("The fleet has no node `{0}`.")]
    NoNode(String),
    /// A row that the node's trace does not have.
    #[error("The trace of `{0}` has no such row any more.")]
    NoRow(String),
    /// A kind of node that there is not.
    #[error("There is no kind of node called `{0}`.")]
    NoKind(String),
    /// A name that stands for two nodes or files.
    #[error("`{0}` is the name of more than one node or file.")]
    Twice(String),
    /// A replay before a search has found anything.
    #[error("No search has found an attack on the files as they are.")]
    NoAttack,
    /// A lab that is no capstone.
    #[error("The lab has no capstone.")]
    NoCapstone,
    /// More than a session holds.
    #[error("A lab may have at most {1} {0}.")]
    TooMany(&'static str, usize),
}

impl DeskError {
    /// The stable code in [`Failure::code`].
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong => "request-too-long",
            Self::Unreadable(_) => "request-unreadable",
            Self::Version(_) => "version-mismatch",
            Self::NoSession => "no-session",
            Self::NoFile(_) => "no-file",
            Self::ReadOnly(_) => "read-only",
            Self::NoNode(_) => "no-node",
            Self::NoRow(_) => "no-row",
            Self::NoKind(_) => "no-kind",
            Self::Twice(_) => "twice",
            Self::NoAttack => "no-attack",
            Self::NoCapstone => "no-capstone",
            Self::TooMany(..) => "too-many",
            Self::NoDraw(_) => "no-draw",
        }
    }
}

impl Desk {
    /// Answers a request in JSON with an answer in JSON. Never fails: what
    /// cannot be read is answered with an error.
    pub fn answer_json(&mut self, json: &str) -> String {
        let answer = if json.len() > MAX_REQUEST {
            answer(0, Err(DeskError::TooLong))
        } else {
            match serde_json::from_str::<Ask>(json) {
                Ok(ask) => self.answer(ask),
                Err(error) => {
                    // A page of another version asks in a form of its own.
                    let known = serde_json::from_str::<Id>(json).ok();
                    let problem = match known.as_ref().map(|ask| ask.version) {
                        Some(version) if version != PROTOCOL => DeskError::Version(version),
                        _ => DeskError::Unreadable(error.to_string()),
                    };
                    answer(known.map_or(0, |ask| ask.id), Err(problem))
                }
            }
        };
        // Only maps with keys that are not strings cannot be written.
        serde_json::to_string(&answer).unwrap_or_default()
    }

    /// Answers a request.
    pub fn answer(&mut self, ask: Ask) -> Answer {
        if matches!(ask.request, Request::Search { .. }) {
            self.searching = ask.id;
        }
        let result = if ask.version == PROTOCOL {
            self.carry_out(ask.request)
        } else {
            Err(DeskError::Version(ask.version))
        };
        answer(ask.id, result)
    }

    /// Goes on with what takes longer than an answer may: the changes that would turn refusals
    /// round, told under id 0, then the search that is under way, by up to `calls` system calls,
    /// told as one more answer to the request by which it was begun. `None` when nothing is
    /// left to do.
    pub fn work(&mut self, calls: u64) -> Option<Answer> {
        let session = self.session.as_mut()?;
        if let Some(changed) = session.explain_next() {
            return Some(answer(0, Ok(Response::Changed(changed))));
        }
        let view = session.advance_search(calls)?;
        Some(answer(self.searching, Ok(Response::Search(Box::new(view)))))
    }

    /// The same as JSON.
    pub fn work_json(&mut self, calls: u64) -> Option<String> {
        let answer = self.work(calls)?;
        // Only maps with keys that are not strings cannot be written.
        serde_json::to_string(&answer).ok()
    }

    fn carry_out(&mut self, request: Request) -> Result<Response, DeskError> {
        if let Request::Open {
            mut document,
            files,
            nodes,
            workload,
        } = request
        {
            document.workload = workload.unwrap_or(document.workload);
            let mut session = Session::open(*document, &files, nodes)?;
            let view = session.view();
            self.session = Some(session);
            return Ok(Response::View(view));
        }
        match request {
            Request::Decode { text, first, last } => {
                if first {
                    self.decoder = Decoder::default();
                }
                self.decoder.read(&text);
                return Ok(self.decoder.answer(last));
            }
            Request::ExplainRecord { line } => return Ok(decode::explain(&line)),
            Request::Unpack { fragment } => return Ok(unpacked(&fragment)),
            _ => {}
        }
        let session = self.session.as_mut().ok_or(DeskError::NoSession)?;
        match request {
            Request::Open { .. }
            | Request::Decode { .. }
            | Request::ExplainRecord { .. }
            | Request::Unpack { .. } => Err(DeskError::NoSession),
            Request::Edit { path, text } => session.edit(&path, &text).map(Response::Changed),
            Request::SetNodes { nodes } => {
                session.set_nodes(nodes)?;
                Ok(Response::View(session.view()))
            }
            Request::Run { node, command, seq } => session.run(&node, &command, seq),
            Request::Complete { node, line, cursor } => session.complete(&node, &line, cursor),
            Request::Suggest { path, text, at } => {
                let found = session.suggest(&path, &text, at)?;
                Ok(Response::Suggestions {
                    span: found.span,
                    items: found.items,
                })
            }
            Request::Explain { path, text, at } => {
                let found = session.explain(&path, &text, at)?.unwrap_or_default();
                Ok(Response::Explained {
                    span: found.0,
                    text: found.1,
                })
            }
            Request::Check { seed } => session.check(seed),
            Request::Capstone => session
                .capstone()
                .map(|view| Response::Capstone(Box::new(view)))
                .ok_or(DeskError::NoCapstone),
            Request::Look { node, row } => session.look(&node, row).map(Response::World),
            Request::Rewind { node, row } => session.rewind(&node, row).map(Response::Changed),
            Request::WhatIf { node, row } => session.what_if(&node, row).map(Response::Changes),
            Request::Observe { node } => session
                .observe(&node)
                .map(|seen| Response::Observed(Box::new(seen))),
            Request::Search { order } => session
                .search(order)
                .map(|view| Response::Search(Box::new(view))),
            Request::StopSearch => {
                session.stop_search("The search was stopped.");
                Ok(Response::Done)
            }
            Request::Replay => session.replay_attack().map(Response::Changed),
            Request::Alphabet => Ok(Response::Alphabet {
                letters: search::letters(),
                left_out: search::LEFT_OUT.map(str::to_owned).to_vec(),
            }),
            Request::Export => Ok(exported(session)),
            Request::Compare { node, text } => {
                session.compare(&node, &text).map(Response::Compared)
            }
            Request::Share => Ok(match session.share() {
                Ok(fragment) => Response::Shared {
                    fragment,
                    problem: String::new(),
                },
                Err(error) => Response::Shared {
                    fragment: String::new(),
                    problem: error.to_string(),
                },
            }),
        }
    }
}

/// What a link carries.
fn unpacked(fragment: &str) -> Response {
    match share::decode(fragment) {
        Ok(shared) => Response::Unpacked {
            lab: shared.lab,
            files: shared.files,
            nodes: shared.nodes,
            problem: String::new(),
        },
        Err(error) => Response::Unpacked {
            lab: String::new(),
            files: Vec::new(),
            nodes: None,
            problem: error.to_string(),
        },
    }
}

/// The lab as an archive.
fn exported(session: &Session) -> Response {
    let folder = session.folder();
    let (archive, problem) = match session.export() {
        Ok(files) => (STANDARD.encode(export::zip(&folder, &files)), String::new()),
        Err(error) => (String::new(), error.to_string()),
    };
    Response::Exported {
        name: format!("{folder}.zip"),
        archive,
        problem,
    }
}

/// The part of a request that is read when the rest cannot be.
#[derive(serde::Deserialize)]
struct Id {
    version: u32,
    id: u64,
}

fn answer(id: u64, result: Result<Response, DeskError>) -> Answer {
    Answer {
        version: PROTOCOL,
        id,
        outcome: match result {
            Ok(response) => AnswerOutcome::Response(response),
            Err(error) => AnswerOutcome::Error(Failure {
                code: error.code().to_owned(),
                message: error.to_string(),
            }),
        },
    }
}
