//! Any bytes as a profile: a tree, diagnostics, tokens that give the text back, and a layout
//! that has no new errors; never a panic.

#![no_main]

use apparmor::{Options, expand, format::format, is_refused, parse, standard::standard};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let text = String::from_utf8_lossy(input);
    let parsed = parse("profile", &text);
    let joined: String = parsed.tokens.iter().map(|token| parsed.files.text(token.span)).collect();
    assert_eq!(joined, text);
    if let Some(laid_out) = format(&text) {
        assert!(!is_refused(&parse("profile", &laid_out).diagnostics));
    }
    let _ = expand("profile", &text, &standard(), &Options::default());
});
