//! Manifests as people write them, mistakes included.

use cluster::{
    diagnostic::{Severity, line_and_column},
    yaml::{Data, MAX_DEPTH, MAX_TEXT, Value, emit, parse, span_of},
};
use proptest::prelude::*;

/// The findings of a text: code, line, column, and what the tool says.
fn findings(text: &str) -> Vec<String> {
    parse(text)
        .diagnostics
        .iter()
        .map(|finding| {
            let (line, column) = line_and_column(text, finding.span.start);
            format!(
                "{} {line}:{column} {} [{}]",
                finding.code,
                finding.sentence,
                finding.tool_wording.as_deref().unwrap_or("-")
            )
        })
        .collect()
}

#[test]
fn mistakes_are_told_at_their_line_in_the_words_of_kubectl() {
    let texts = [
        ("a tab", "spec:\n\tcontainers: []\n"),
        ("a second colon", "metadata:\n  name: web: 1\n"),
        ("an open bracket", "spec:\n  args: [a, b\n"),
        ("an open quote", "name: \"web\n"),
        ("a key twice", "name: a\nother: 1\nname: b\n"),
        ("a list as a key", "? [a, b]\n: 1\n"),
        ("an unknown anchor", "a: *nowhere\n"),
        ("an anchor inside itself", "a: &a\n  b: *a\n"),
        ("a bad merge", "a:\n  <<: 1\n"),
        ("a dedent that fits nothing", "a:\n    b: 1\n  c: 2\n"),
        ("no colon", "spec:\n  containers\n  - name: a\n"),
        ("control characters", "a: \u{1}\n"),
    ];
    let told: Vec<String> = texts
        .iter()
        .map(|(about, text)| format!("{about}:\n  {}", findings(text).join("\n  ")))
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn an_alias_bomb_is_refused_before_it_unfolds() {
    let mut text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, before) in "bcdefghij".chars().zip("abcdefghi".chars()) {
        let aliases = vec![format!("*{before}"); 10].join(", ");
        text = format!("{text}{name}: &{name} [{aliases}]\n");
    }
    let parsed = parse(&text);
    assert_eq!(parsed.diagnostics.len(), 1);
    assert_eq!(parsed.diagnostics[0].code, "yaml-alias-bomb");
    assert_eq!(
        parsed.diagnostics[0].tool_wording.as_deref(),
        Some("error converting YAML to JSON: yaml: document contains excessive aliasing")
    );
}

#[test]
fn a_text_longer_than_the_server_takes_is_refused_unread() {
    let text = "a: b\n".repeat(2 * 1024 * 1024);
    assert!(text.len() > MAX_TEXT);
    assert_eq!(
        parse(&text).diagnostics[0].tool_wording.as_deref(),
        Some("Request entity too large: limit is 3145728")
    );
}

#[test]
fn nesting_beyond_the_limit_is_refused() {
    let flow = format!("{}{}", "[".repeat(MAX_DEPTH + 1), "]".repeat(MAX_DEPTH + 1));
    assert_eq!(parse(&flow).diagnostics[0].code, "yaml-too-deep");
    let mut block = String::new();
    for depth in 0..=MAX_DEPTH {
        block = block + &" ".repeat(depth) + "a:\n";
    }
    assert!(!parse(&block).diagnostics.is_empty());
}

#[test]
fn json_and_several_documents_are_read() {
    let parsed = parse("{\"kind\": \"Pod\", \"n\": [1, true, null]}");
    assert_eq!(
        parsed.documents[0].get("kind").and_then(Value::as_str),
        Some("Pod")
    );
    let parsed = parse("---\nkind: Pod\n---\n# nothing\n---\nkind: Namespace\n");
    assert_eq!(parsed.documents.len(), 2);
    assert_eq!(parsed.diagnostics, []);
}

#[test]
fn an_anchor_and_a_merge_mean_what_they_mean_to_kubectl() {
    let parsed = parse("base: &base {a: 1, b: 2}\nmore:\n  <<: *base\n  b: 3\n");
    let more = parsed.documents[0].get("more").expect("a mapping");
    assert_eq!(more.get("a").and_then(Value::as_int), Some(1));
    assert_eq!(more.get("b").and_then(Value::as_int), Some(3));
}

#[test]
fn a_field_path_leads_to_its_key() {
    let text = "metadata:\n  annotations:\n    container.apparmor.security.beta.kubernetes.io/app: x\nspec:\n  containers:\n  - name: app\n    securityContext:\n      appArmorProfile: {type: é}\n";
    let document = &parse(text).documents[0];
    for (path, found) in [
        (
            "metadata.annotations[container.apparmor.security.beta.kubernetes.io/app]",
            "container.apparmor.security.beta.kubernetes.io/app",
        ),
        (
            "spec.containers[0].securityContext.appArmorProfile.type",
            "type",
        ),
        ("spec.containers[0].image", "name: app"),
        (
            "spec.containers[0].securityContext.appArmorProfile.localhostProfile",
            "appArmorProfile",
        ),
    ] {
        let span = span_of(document, path);
        assert!(
            text[span.start..span.end].starts_with(found),
            "{path}: {:?}",
            &text[span.start..span.end]
        );
    }
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Data::Null),
        any::<bool>().prop_map(Data::Bool),
        any::<i64>().prop_map(Data::Int),
        "[ -~]{0,12}".prop_map(Data::String),
        "(yes|no|on|~|0x1|1e3|- a|a: b|#|'|\"|é|a\nb\n|\n|\t)".prop_map(Data::String),
    ]
    .prop_map(Value::added);
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5)
                .prop_map(|items| Value::added(Data::List(items))),
            prop::collection::btree_map("[a-zA-Z0-9 :./-]{1,10}", inner, 0..5).prop_map(
                |entries| {
                    let mut map = Value::map();
                    for (key, value) in entries {
                        map.set(&key, value);
                    }
                    map
                }
            ),
        ]
    })
}

/// A value without its places, for comparison.
fn bare(value: &Value) -> String {
    match &value.data {
        Data::List(items) => format!("[{}]", items.iter().map(bare).collect::<Vec<_>>().join(",")),
        Data::Map(entries) => {
            let mut parts: Vec<String> = entries
                .iter()
                .map(|entry| format!("{:?}:{}", entry.key, bare(&entry.value)))
                .collect();
            parts.sort();
            format!("{{{}}}", parts.join(","))
        }
        data => format!("{data:?}"),
    }
}

proptest! {
    #[test]
    fn what_is_printed_reads_back_the_same(value in value()) {
        let printed = emit(&value);
        let parsed = parse(&printed);
        prop_assert!(
            parsed.diagnostics.iter().all(|finding| finding.severity != Severity::Error),
            "{:?} in\n{printed}", parsed.diagnostics
        );
        let null = Value::added(Data::Null);
        prop_assert_eq!(bare(parsed.documents.first().unwrap_or(&null)), bare(&value), "\n{}", printed);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[ -~\n\t&*<>:\\[\\]{}]{0,200}") {
        let _ = parse(&text);
    }
}
