//! Any text as a lab is a lab or a list of errors, and a lab that was read can
//! be opened, checked and typed into.

#![no_main]

use lab::{
    desk::Desk,
    document,
    message::{Ask, PROTOCOL, Request},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let read = document::read(text, |path| {
        path.starts_with("start/")
            .then(|| "profile a { file, deny /data/** w, }".to_owned())
    });
    let document = match read {
        Ok(document) => document,
        Err(errors) => {
            assert!(!errors.is_empty());
            return;
        }
    };
    let json = serde_json::to_string(&document).expect("a lab is JSON");
    let mut again: document::Document = serde_json::from_str(&json).expect("it reads");
    // What the text says of a lab stays with its author.
    again.cases.clone_from(&document.cases);
    assert_eq!(again, document);
    let node = document.nodes.first().map(|node| node.id.clone());
    let mut desk = Desk::default();
    let mut ask = |request| {
        desk.answer(Ask {
            version: PROTOCOL,
            id: 1,
            request,
        })
    };
    ask(Request::open(document));
    ask(Request::Check { seed: Some(1) });
    ask(Request::Share);
    if let Some(node) = node {
        ask(Request::Run {
            node,
            command: text.chars().take(200).collect(),
            seq: 1,
        });
    }
});
