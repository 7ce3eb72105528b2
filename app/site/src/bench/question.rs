//! What the program asks the engine for (`lab::message::Ask`). The tools of a lab and the reference
//! ask by themselves, in JavaScript; what they ask for is not in here, so that the program has no
//! code to write it.

use lab::message::{FileText, NodeSpec, PROTOCOL};
use serde::Serialize;
use serde_json::value::RawValue;

/// A question with its number.
#[derive(Debug, Serialize)]
pub struct Ask {
    version: u32,
    id: u64,
    request: Question,
}

impl Ask {
    /// Asks in the version of the contract that this program was built with.
    pub fn new(id: u64, request: Question) -> Self {
        Self {
            version: PROTOCOL,
            id,
            request,
        }
    }
}

/// What is asked for, as `lab::message::Request` has it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "lab::message documents them")]
pub enum Question {
    Open {
        document: Box<RawValue>,
        files: Vec<FileText>,
        nodes: Option<Vec<NodeSpec>>,
        workload: Option<Vec<String>>,
    },
    Edit {
        path: String,
        text: String,
    },
    Run {
        node: String,
        command: String,
        seq: u64,
    },
    Complete {
        node: String,
        line: String,
        cursor: usize,
    },
    Suggest {
        path: String,
        text: String,
        at: usize,
    },
    Explain {
        path: String,
        text: String,
        at: usize,
    },
    Check {
        seed: Option<u8>,
    },
    Capstone,
    Share,
    Unpack {
        fragment: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab::{
        document::Document,
        message::{self, Request},
    };

    /// The question as the engine reads it.
    fn read(question: Question) -> Request {
        let text = serde_json::to_string(&Ask::new(7, question)).expect("a question is JSON");
        let ask: message::Ask = serde_json::from_str(&text).expect("the engine reads it");
        assert_eq!((ask.version, ask.id), (PROTOCOL, 7));
        ask.request
    }

    #[test]
    fn the_engine_reads_each_question_as_it_is_meant() {
        let word = || "word".to_owned();
        let lab = Document {
            id: word(),
            ..Document::default()
        };
        let document = serde_json::value::to_raw_value(&lab).expect("a lab is JSON");
        let files = vec![FileText {
            path: word(),
            text: word(),
        }];
        let (nodes, workload) = (Some(Vec::new()), Some(vec![word()]));
        let questions = [
            (
                Question::Open {
                    document,
                    files: files.clone(),
                    nodes: nodes.clone(),
                    workload: workload.clone(),
                },
                Request::Open {
                    document: Box::new(lab),
                    files,
                    nodes,
                    workload,
                },
            ),
            (
                Question::Edit {
                    path: word(),
                    text: word(),
                },
                Request::Edit {
                    path: word(),
                    text: word(),
                },
            ),
            (
                Question::Run {
                    node: word(),
                    command: word(),
                    seq: 3,
                },
                Request::Run {
                    node: word(),
                    command: word(),
                    seq: 3,
                },
            ),
            (
                Question::Complete {
                    node: word(),
                    line: word(),
                    cursor: 4,
                },
                Request::Complete {
                    node: word(),
                    line: word(),
                    cursor: 4,
                },
            ),
            (
                Question::Suggest {
                    path: word(),
                    text: word(),
                    at: 2,
                },
                Request::Suggest {
                    path: word(),
                    text: word(),
                    at: 2,
                },
            ),
            (
                Question::Explain {
                    path: word(),
                    text: word(),
                    at: 2,
                },
                Request::Explain {
                    path: word(),
                    text: word(),
                    at: 2,
                },
            ),
            (
                Question::Check { seed: Some(5) },
                Request::Check { seed: Some(5) },
            ),
            (Question::Capstone, Request::Capstone),
            (Question::Share, Request::Share),
            (
                Question::Unpack { fragment: word() },
                Request::Unpack { fragment: word() },
            ),
        ];
        for (question, request) in questions {
            assert_eq!(read(question), request);
        }
    }
}
