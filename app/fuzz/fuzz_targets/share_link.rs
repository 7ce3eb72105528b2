//! Any text as a link's fragment is a state or an error, and a state that was
//! read comes back from its own link.

#![no_main]

use lab::share;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    // Most texts lack the format digit; with it, the rest is looked at too.
    for fragment in [text.to_owned(), format!("1{text}"), packed(text)] {
        let Ok(shared) = share::decode(&fragment) else {
            continue;
        };
        match share::encode(&shared) {
            Ok(fragment) => assert_eq!(share::decode(&fragment), Ok(shared)),
            Err(error) => assert!(matches!(error, share::ShareError::TooLong(_))),
        }
    }
});

/// The text as the contents of a link, so that reading gets beyond the packing.
fn packed(text: &str) -> String {
    share::pack(text.as_bytes())
}
