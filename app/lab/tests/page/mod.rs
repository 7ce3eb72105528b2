//! A page as a test drives it: requests in JSON, answers in JSON.

#![allow(dead_code, reason = "each test file uses a part of it")]

use lab::{
    desk::Desk,
    document::{self, Document},
    message::{Answer, AnswerOutcome, Ask, Changed, NodeView, PROTOCOL, Request, Response, View},
};
use std::{fmt::Write as _, fs, path::Path};

/// The first lesson's lab.
pub fn lesson() -> Document {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lessons/two-guards");
    let text = fs::read_to_string(folder.join("lab.yaml")).expect("the lesson has a lab");
    document::read(&text, |path| fs::read_to_string(folder.join(path)).ok()).expect("the lab reads")
}

/// A page with an open lab.
pub struct Page {
    desk: Desk,
    /// What it shows.
    pub view: View,
}

impl Page {
    /// Opens a lab.
    pub fn open(document: Document) -> Self {
        let mut page = Self {
            desk: Desk::default(),
            view: View::default(),
        };
        let request = Request::Open {
            document: Box::new(document),
            files: Vec::new(),
        };
        match page.ask(request) {
            Response::View(view) => page.view = view,
            other => panic!("not a view: {other:?}"),
        }
        page
    }

    /// Asks, and expects to be answered.
    pub fn ask(&mut self, request: Request) -> Response {
        let ask = Ask {
            version: PROTOCOL,
            id: 1,
            request,
        };
        let json = serde_json::to_string(&ask).expect("a request is JSON");
        let answer: Answer =
            serde_json::from_str(&self.desk.answer_json(&json)).expect("an answer is JSON");
        match answer.outcome {
            AnswerOutcome::Response(response) => response,
            AnswerOutcome::Error(failure) => panic!("{}: {}", failure.code, failure.message),
        }
    }

    fn merge(&mut self, changed: Changed) {
        for file in changed.files {
            let old = self.view.files.iter_mut().find(|old| old.path == file.path);
            *old.expect("a file of the lab") = file;
        }
        for node in changed.nodes {
            let old = self.view.nodes.iter_mut().find(|old| old.id == node.id);
            *old.expect("a node of the lab") = node;
        }
    }

    /// Replaces a piece of a file.
    pub fn edit(&mut self, path: &str, from: &str, to: &str) {
        let file = self.view.files.iter().find(|file| file.path == path);
        let text = &file.expect("a file of the lab").text;
        assert!(text.contains(from), "{path} does not say {from}");
        let request = Request::Edit {
            path: path.to_owned(),
            text: text.replace(from, to),
        };
        match self.ask(request) {
            Response::Changed(changed) => self.merge(changed),
            other => panic!("not a change: {other:?}"),
        }
    }

    /// Types a line in a node's terminal: what it prints, and its exit code.
    pub fn run(&mut self, node: &str, command: &str) -> (String, u8) {
        let request = Request::Run {
            node: node.to_owned(),
            command: command.to_owned(),
            seq: 1,
        };
        match self.ask(request) {
            Response::Ran {
                output,
                exit,
                changed,
                ..
            } => {
                self.merge(changed);
                let lines: Vec<String> = output.into_iter().map(|line| line.text).collect();
                (lines.join("\n"), exit)
            }
            other => panic!("not an output: {other:?}"),
        }
    }

    /// A node as shown.
    pub fn node(&self, id: &str) -> &NodeView {
        let node = self.view.nodes.iter().find(|node| node.id == id);
        node.expect("a node of the lab")
    }

    /// The trace of a node: each row, and its gates below it.
    pub fn trace(&self, id: &str) -> String {
        let mut text = String::new();
        for row in &self.node(id).trace {
            let _ = writeln!(text, "{}. {} → {}", row.step, row.sentence, row.answer);
            for gate in &row.gates {
                let _ = writeln!(
                    text,
                    "     {:?} {:?}: {}",
                    gate.gate, gate.verdict, gate.sentence
                );
            }
        }
        text
    }

    /// Takes the profile away from the pod and puts the filter in its place.
    pub fn only_seccomp(&mut self) {
        self.edit(
            "pod.yaml",
            "    appArmorProfile:\n      type: Localhost\n      localhostProfile: k8s-deny-data\n    # seccompProfile:\n    #   type: Localhost\n    #   localhostProfile: no-mkdir.json\n",
            "    seccompProfile:\n      type: Localhost\n      localhostProfile: no-mkdir.json\n",
        );
    }
}
