//! Nothing that arrives makes the engine fall over.

use lab::{desk::Desk, document};
use proptest::prelude::*;

/// A lab's YAML with a piece of it replaced.
fn mangled_lab() -> impl Strategy<Value = String> {
    const LAB: &str = include_str!("../../../lessons/two-guards/lab.yaml");
    (
        0..LAB.len(),
        0..40_usize,
        "[a-z:\\-\\[\\]{}\"' \n#&*]{0,20}",
    )
        .prop_map(|(at, length, text)| {
            let mut lab = LAB.to_owned();
            let start = (0..=at)
                .rev()
                .find(|at| lab.is_char_boundary(*at))
                .unwrap_or(0);
            let end = (start + length..=lab.len())
                .find(|at| lab.is_char_boundary(*at))
                .unwrap_or(lab.len());
            lab.replace_range(start..end, &text);
            lab
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_a_lab_or_a_list_of_errors(text in any::<String>()) {
        if let Err(errors) = document::read(&text, |_| None) {
            prop_assert!(!errors.is_empty());
        }
    }

    #[test]
    fn a_mangled_lab_is_a_lab_or_a_list_of_errors(text in mangled_lab()) {
        let read = document::read(&text, |_| Some("profile a { file, }".to_owned()));
        if let Ok(document) = read {
            let request = lab::message::Request::open(document);
            let ask = lab::message::Ask { version: lab::message::PROTOCOL, id: 1, request };
            let _ = Desk::default().answer(ask);
        }
    }

    #[test]
    fn any_text_as_a_request_is_answered(text in any::<String>()) {
        let answer = Desk::default().answer_json(&text);
        prop_assert!(answer.contains("\"error\""));
    }

    #[test]
    fn any_command_line_is_answered(line in "[a-z /.|&;<>$(){}'\"\\\\*=-]{0,40}") {
        let document = document::read(include_str!("../../../lessons/two-guards/lab.yaml"), |_| Some(String::new()));
        let mut desk = Desk::default();
        let ask = |request| lab::message::Ask { version: lab::message::PROTOCOL, id: 1, request };
        desk.answer(ask(lab::message::Request::open(document.expect("it reads"))));
        let ran = desk.answer(ask(lab::message::Request::Run { node: "ubuntu".to_owned(), command: line, seq: 1 }));
        prop_assert!(matches!(ran.outcome, lab::message::AnswerOutcome::Response(_)));
    }
}
