//! Any file rules and paths: the automata answer as the naive matcher does.

#![no_main]

#[path = "../../apparmor/tests/naive/mod.rs"]
mod naive;

use apparmor::{Options, SourceSet, compile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let case = naive::Case::read(input);
    let policy = case.policy();
    let compiled = compile("p", &policy, &SourceSet::new(), &Options::default());
    let profile = compiled
        .profiles
        .first()
        .unwrap_or_else(|| panic!("{policy}{:?}", compiled.diagnostics));
    for path in &case.paths {
        for owner in [true, false] {
            let permissions = profile.file_permissions(path.as_bytes(), owner);
            for (letter, bit) in naive::LETTERS {
                let expected = naive::decide(&case.rules, path, owner, letter);
                let found = naive::Answer {
                    allow: permissions.allow & bit != 0,
                    audit: permissions.audit & bit != 0,
                    quiet: permissions.quiet & bit != 0,
                };
                assert_eq!(
                    found, expected,
                    "{letter} on {path} (owner: {owner}) by\n{policy}"
                );
            }
        }
    }
});
