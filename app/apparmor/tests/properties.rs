//! What holds for every text.

use apparmor::{
    Options, expand, format::format, is_refused, parse, standard::standard, tree::Tree,
};
use proptest::prelude::*;

/// Pieces that policies are made of, in any order.
fn policy_like() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "profile p {",
        "}",
        "{",
        "\n",
        " ",
        "  ",
        ",",
        "/a/** rw",
        "/b r,",
        "deny ",
        "audit ",
        "owner ",
        "file,",
        "capability chown",
        "network inet stream,",
        "@{A}=/x /y\n",
        "@{A}",
        "$B=true\n",
        "if $B {",
        "else",
        "include <x>",
        "\"/q r\" r,",
        "\"",
        "#c\n",
        "flags=(complain)",
        "mount options=(ro) ",
        "-> ",
        "signal set=(term) peer=x,",
        "priority=5 ",
        "\\",
        "(",
        ")",
        "=",
        "\u{e9}",
        "\0",
        "^h {",
        "px -> c,",
        "set rlimit nofile <= 5,",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// A policy of good rules, laid out at random.
fn good_policy() -> impl Strategy<Value = String> {
    let rule = prop::sample::select(vec![
        "/a/** rw,",
        "deny /data/{,**} w,",
        "audit owner /home/*/x mrwkl,",
        "/bin/sh ix,",
        "/bin/ls px -> other,",
        "capability chown setuid,",
        "network inet stream,",
        "signal (send) set=(term, kill) peer=unconfined,",
        "mount options=(ro, nosuid) /dev/sda -> /mnt/,",
        "\"/with blank/*\" r,",
        "link subset /a -> /b,",
        "change_profile unsafe /x -> y,",
        "set rlimit nofile <= 10,",
        "ptrace (read) peer=@{profile_name},",
        "file,",
        "priority=3 /p r,",
        "unix (connect) type=stream peer=(label=x),",
        "userns,",
        "if $B { /b r, } else { /c r, }",
        "audit deny { /d w, }",
        "# a comment\n",
    ]);
    let space = prop::sample::select(vec![" ", "\n", "\n\n\n", "\t", "   \n  "]);
    prop::collection::vec((rule, space), 0..12).prop_map(|rules| {
        let pieces: Vec<&str> = rules
            .iter()
            .flat_map(|(rule, space)| [*rule, *space])
            .collect();
        let body = pieces.concat();
        format!(
            "$B = true\n@{{V}} = /x \\\n  /y\nprofile p /usr/bin/p   flags=(audit) {{\n{body}\n}}\n"
        )
    })
}

fn without_places(tree: &Tree) -> String {
    let mut debug = format!("{tree:?}");
    while let Some(start) = debug.find("Span {") {
        let end = debug[start..]
            .find('}')
            .map_or(debug.len(), |end| start + end + 1);
        debug.replace_range(start..end, "");
    }
    debug
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in any::<String>()) {
        let _ = parse("text", &text);
    }

    #[test]
    fn tokens_laid_end_to_end_give_the_text_back(text in policy_like()) {
        let parsed = parse("text", &text);
        let joined: String = parsed.tokens.iter().map(|token| parsed.files.text(token.span)).collect();
        prop_assert_eq!(joined, text);
    }

    #[test]
    fn any_policy_is_expanded_without_a_panic(text in policy_like()) {
        let _ = expand("text", &text, &standard(), &Options::default());
    }

    #[test]
    fn laying_out_keeps_the_meaning_and_is_done_once(text in good_policy()) {
        let before = parse("text", &text);
        prop_assert!(!is_refused(&before.diagnostics), "{:?}", before.diagnostics);
        let laid_out = format(&text).unwrap_or_default();
        let after = parse("text", &laid_out);
        prop_assert_eq!(without_places(&before.tree), without_places(&after.tree));
        prop_assert_eq!(format(&laid_out), Some(laid_out.clone()));
    }
}
