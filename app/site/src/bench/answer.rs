//! What the program reads of the engine's answers (`lab::message::Answer`). The tools of a lab and
//! the reference ask by themselves, in JavaScript; what they are told is not in here, so that the
//! program has no code to read it.

use lab::message::{
    CapstoneView, Changed, CheckView, Failure, FileText, Line, NodeSpec, Score, View,
};
use serde::Deserialize;

/// An answer.
#[derive(Debug, Deserialize)]
pub struct Answer {
    /// What came of the question.
    pub outcome: Outcome,
}

/// What came of a question.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was carried out.
    Response(Response),
    /// It was not.
    Error(Failure),
}

/// What was asked for, as `lab::message::Response` has it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "lab::message documents them")]
pub enum Response {
    View(View),
    Changed(Changed),
    Ran {
        node: String,
        seq: u64,
        output: Vec<Line>,
        exit: u8,
        changed: Changed,
    },
    Completions {
        from: usize,
        candidates: Vec<String>,
    },
    Checked {
        checks: Vec<CheckView>,
        variants: Vec<CheckView>,
        #[serde(default)]
        score: Option<Score>,
    },
    Capstone(Box<CapstoneView>),
    Shared {
        fragment: String,
        problem: String,
    },
    Unpacked {
        lab: String,
        files: Vec<FileText>,
        nodes: Option<Vec<NodeSpec>>,
        problem: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab::message;

    /// Whether the engine's answer reads as the one that the program needs.
    fn reads(response: message::Response, is: fn(Response) -> bool) -> bool {
        let answer = message::Answer {
            version: message::PROTOCOL,
            id: 1,
            outcome: message::AnswerOutcome::Response(response),
        };
        let text = serde_json::to_string(&answer).expect("an answer is JSON");
        match serde_json::from_str::<Answer>(&text).map(|answer| answer.outcome) {
            Ok(Outcome::Response(response)) => is(response),
            _ => false,
        }
    }

    #[test]
    fn what_the_program_asks_for_reads_as_the_engine_answers_it() {
        use message::Response as Told;
        assert!(reads(
            Told::View(View::default()),
            |read| matches!(read, Response::View(view) if view == View::default())
        ));
        assert!(reads(Told::Changed(Changed::default()), |read| matches!(
            read,
            Response::Changed(_)
        )));
        let ran = Told::Ran {
            node: "ubuntu".to_owned(),
            seq: 7,
            output: Vec::new(),
            exit: 2,
            changed: Changed::default(),
        };
        assert!(reads(
            ran,
            |read| matches!(read, Response::Ran { node, seq: 7, exit: 2, .. } if node == "ubuntu")
        ));
        let completions = Told::Completions {
            from: 3,
            candidates: vec!["touch".to_owned()],
        };
        assert!(reads(
            completions,
            |read| matches!(read, Response::Completions { from: 3, candidates } if candidates == ["touch"])
        ));
        let checked = Told::Checked {
            checks: Vec::new(),
            variants: Vec::new(),
            score: None,
        };
        assert!(reads(checked, |read| matches!(
            read,
            Response::Checked { score: None, .. }
        )));
        let capstone = message::CapstoneView {
            schema: message::RESULT_SCHEMA,
            ..message::CapstoneView::default()
        };
        assert!(reads(
            Told::Capstone(Box::new(capstone)),
            |read| matches!(read, Response::Capstone(view) if view.schema == message::RESULT_SCHEMA)
        ));
        let shared = Told::Shared {
            fragment: "1.x".to_owned(),
            problem: String::new(),
        };
        assert!(reads(
            shared,
            |read| matches!(read, Response::Shared { fragment, .. } if fragment == "1.x")
        ));
        let unpacked = Told::Unpacked {
            lab: "two-guards".to_owned(),
            files: Vec::new(),
            nodes: None,
            problem: String::new(),
        };
        assert!(reads(
            unpacked,
            |read| matches!(read, Response::Unpacked { lab, .. } if lab == "two-guards")
        ));
    }

    #[test]
    fn a_refusal_reads_as_one() {
        let text = r#"{"version":4,"id":1,"outcome":{"error":{"code":"no-file","message":"The lab has no file `x`."}}}"#;
        let answer: Answer = serde_json::from_str(text).expect("it reads");
        assert!(matches!(answer.outcome, Outcome::Error(failure) if failure.code == "no-file"));
    }
}
