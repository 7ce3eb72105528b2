//! A page as a test drives it: requests in JSON, answers in JSON.

#![allow(dead_code, reason = "each test file uses a part of it")]

use lab::{
    desk::Desk,
    document::{self, Document},
    message::{
        Answer, AnswerOutcome, Ask, Changed, FileView, NodeView, PROTOCOL, Request, Response,
        SearchOrder, SearchState, SearchView, View, WorldView,
    },
};
use std::{fmt::Write as _, fs, path::Path};

/// The first lesson's lab.
pub fn lesson() -> Document {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lessons/two-guards");
    let text = fs::read_to_string(folder.join("lab.yaml")).expect("the lesson has a lab");
    document::read(&text, |path| fs::read_to_string(folder.join(path)).ok()).expect("the lab reads")
}

/// The lab of a challenge.
pub fn challenge(name: &str) -> Document {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lessons/challenges");
    let folder = folder.join(name);
    let text = fs::read_to_string(folder.join("lab.yaml")).expect("the challenge has a lab");
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
        match page.ask(Request::open(document)) {
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

    /// Searches to the end, in slices as the worker does.
    pub fn search(&mut self, order: SearchOrder) -> SearchView {
        let begun = self.ask(Request::Search { order });
        assert!(matches!(begun, Response::Search(view) if view.state == SearchState::Running));
        loop {
            let answer = self.desk.work(5000).expect("a search is under way");
            let AnswerOutcome::Response(Response::Search(view)) = answer.outcome else {
                panic!("not a search");
            };
            if view.state != SearchState::Running {
                assert!(self.desk.work(1).is_none(), "nothing is left to do");
                return *view;
            }
        }
    }

    /// Makes the attack that was found.
    pub fn replay(&mut self) {
        match self.ask(Request::Replay) {
            Response::Changed(changed) => self.merge(changed),
            other => panic!("not a change: {other:?}"),
        }
    }

    /// Goes back to before the command of a row.
    pub fn rewind(&mut self, node: &str, row: u32) {
        let request = Request::Rewind {
            node: node.to_owned(),
            row,
        };
        match self.ask(request) {
            Response::Changed(changed) => self.merge(changed),
            other => panic!("not a change: {other:?}"),
        }
    }

    /// A node's world as of a row.
    pub fn look(&mut self, node: &str, row: u32) -> WorldView {
        let request = Request::Look {
            node: node.to_owned(),
            row,
        };
        match self.ask(request) {
            Response::World(world) => world,
            other => panic!("not a world: {other:?}"),
        }
    }

    /// The changes that turn an answer round, a line each.
    pub fn what_if(&mut self, node: &str, row: Option<u32>) -> String {
        let request = Request::WhatIf {
            node: node.to_owned(),
            row,
        };
        let Response::Changes(changes) = self.ask(request) else {
            panic!("not changes");
        };
        let mut text = String::new();
        for change in changes {
            let _ = writeln!(text, "{} → {}", change.label, change.answer);
            for also in change.also {
                let _ = writeln!(text, "    also {also}");
            }
        }
        text
    }

    /// One slice of the search that is under way.
    pub fn work(&mut self) -> Option<Answer> {
        self.desk.work(100)
    }

    fn merge(&mut self, changed: Changed) {
        for file in changed.files {
            let old = self.view.files.iter_mut().find(|old| old.path == file.path);
            *old.expect("a file of the lab") = file;
        }
        for node in changed.nodes {
            let old = self.view.nodes.iter_mut().find(|old| old.id == node.id);
            node.apply(old.expect("a node of the lab"));
        }
    }

    /// Waits until the engine has nothing left to tell.
    fn settle(&mut self) {
        while let Some(answer) = self.desk.work(1) {
            if let AnswerOutcome::Response(Response::Changed(changed)) = answer.outcome {
                self.merge(changed);
            }
        }
    }

    /// Replaces a piece of a file.
    pub fn edit(&mut self, path: &str, from: &str, to: &str) {
        let file = self.view.files.iter().find(|file| file.path == path);
        let text = &file.expect("a file of the lab").text;
        assert!(text.contains(from), "{path} does not say {from}");
        let text = text.replace(from, to);
        self.replace(path, &text);
    }

    /// Replaces a file's text.
    pub fn replace(&mut self, path: &str, text: &str) {
        let request = Request::Edit {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        match self.ask(request) {
            Response::Changed(changed) => self.merge(changed),
            other => panic!("not a change: {other:?}"),
        }
        self.settle();
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

    /// A file as shown.
    pub fn file(&self, path: &str) -> &FileView {
        let file = self.view.files.iter().find(|file| file.path == path);
        file.expect("there is such a file")
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
