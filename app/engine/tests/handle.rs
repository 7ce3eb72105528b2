//! The engine as the worker drives it: one string in, one string out.

use serde_json::{Value, json};

fn ask(request: &Value) -> Value {
    let message = json!({ "version": 4, "id": 7, "request": request }).to_string();
    serde_json::from_str(&engine::handle(&message)).expect("an answer is JSON")
}

fn lab() -> Value {
    json!({
        "id": "t", "title": "T", "goal": "g",
        "files": [{
            "path": "pod.yaml", "language": "manifest",
            "text": "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  containers:\n  - name: c\n    image: busybox:1.36\n    command: [sleep, infinity]\n",
        }],
        "nodes": [{ "id": "kind", "kind": "kind-docker-desktop" }],
        "workload": ["touch /tmp/x"],
    })
}

#[test]
fn a_lab_is_opened_edited_and_asked_through_one_function() {
    let view = ask(&json!({ "open": { "document": lab() } }));
    let node = &view["outcome"]["response"]["view"]["nodes"][0];
    assert_eq!(view["id"], 7);
    assert_eq!(node["outcome"], "silently_unprotected");
    assert_eq!(node["trace"][2]["answer"], "= 3");

    let ran = ask(
        &json!({ "run": { "node": "kind", "command": "kubectl exec p -- ls /tmp", "seq": 1 } }),
    );
    let ran = &ran["outcome"]["response"]["ran"];
    assert_eq!(ran["output"], json!([{ "stream": "output", "text": "x" }]));
    assert_eq!(ran["exit"], 0);

    let changed = ask(&json!({ "edit": { "path": "pod.yaml", "text": "kind: [" } }));
    let changed = &changed["outcome"]["response"]["changed"];
    assert_eq!(changed["nodes"][0]["outcome"], "invalid");
    assert_eq!(changed["files"][0]["diagnostics"][0]["severity"], "error");
}

#[test]
fn a_search_goes_on_between_the_requests_under_its_own_id() {
    ask(&json!({ "open": { "document": lab() } }));
    assert_eq!(engine::work(100), None, "nothing has been begun");
    let order = json!({
        "goal": { "bytes_change": { "path": "/etc/passwd" } },
        "attacker": { "container": {} },
        "depth": 2,
    });
    let begun = ask(&json!({ "search": { "order": order } }));
    assert_eq!(begun["outcome"]["response"]["search"]["state"], "running");
    let mut answer: Value;
    loop {
        let text = engine::work(10).expect("the search goes on");
        answer = serde_json::from_str(&text).expect("an answer is JSON");
        assert_eq!(answer["id"], 7);
        if answer["outcome"]["response"]["search"]["state"] != "running" {
            break;
        }
    }
    let view = &answer["outcome"]["response"]["search"];
    assert_eq!(view["state"], "found", "nothing guards this node");
    assert_eq!(view["attack"]["script"].as_array().map(Vec::len), Some(1));
    assert_eq!(engine::work(10), None, "it is over");
}

#[test]
fn a_request_that_makes_no_sense_is_answered_with_its_reason() {
    for (message, code) in [
        ("", "request-unreadable"),
        (
            "{\"version\":4,\"id\":3,\"request\":\"fly\"}",
            "request-unreadable",
        ),
        (
            "{\"version\":1,\"id\":3,\"request\":\"fly\"}",
            "version-mismatch",
        ),
        (
            "{\"version\":9,\"id\":3,\"request\":\"check\"}",
            "version-mismatch",
        ),
    ] {
        let answer: Value = serde_json::from_str(&engine::handle(message)).expect("JSON");
        assert_eq!(answer["outcome"]["error"]["code"], code, "{message}");
    }
}
