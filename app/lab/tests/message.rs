//! The contract with the pages.

use lab::message::{Answer, AnswerOutcome, PROTOCOL, Response, View};

#[test]
fn the_sample_view_is_what_the_types_say() {
    let text = include_str!("fixtures/view.json");
    let view: View = serde_json::from_str(text).expect("the sample fits the types");
    let value: serde_json::Value = serde_json::from_str(text).expect("the sample is JSON");
    assert_eq!(serde_json::to_value(&view).expect("a view is JSON"), value);
    for file in &view.files {
        for token in &file.tokens {
            assert!(file.text.get(token.start..token.end).is_some());
        }
    }
}

#[test]
fn an_answer_comes_back_unchanged_through_json() {
    let answer = Answer {
        version: PROTOCOL,
        id: 7,
        outcome: AnswerOutcome::Response(Response::View(View::default())),
    };
    let text = serde_json::to_string(&answer).expect("an answer is JSON");
    assert_eq!(
        serde_json::from_str::<Answer>(&text).expect("it reads"),
        answer
    );
}
