//! Any bytes as a profile of any form: a profile or an error with a place in
//! the text, never a panic. What reads well is built too, and looked through
//! for what a learner should know of it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use seccomp::{
    Arch, BuildOptions, Format, ReadContext, Reading, build, check_listener, disassemble, lint, read,
};

fuzz_target!(|input: &[u8]| {
    let Some((choice, text)) = input.split_first() else {
        return;
    };
    let format = match choice % 3 {
        0 => Format::Oci,
        1 => Format::Docker,
        _ => Format::Common,
    };
    let native = if choice & 0x80 == 0 {
        Arch::X86_64
    } else {
        Arch::Aarch64
    };
    match read(text, format, &ReadContext::new(native)) {
        Err(error) => assert!(error.span.start <= error.span.end && error.span.end <= text.len()),
        Ok(Reading::Off) => {}
        Ok(Reading::Profile(profile)) => {
            for entry in &profile.entries {
                assert!(entry.span.end <= text.len());
            }
            if let Err(error) = check_listener(&profile) {
                assert!(error.span.end <= text.len());
            }
            let options = BuildOptions::new(native);
            match build(&profile, options) {
                Err(error) => assert!(error.span.end <= text.len()),
                Ok(filter) => {
                    assert_eq!(disassemble(&filter).len(), filter.program.len());
                    for found in lint(&profile, &filter, options) {
                        assert!(found.span.end <= text.len());
                        let edits = found.fix.map(|fix| fix.edits).unwrap_or_default();
                        assert!(edits.iter().all(|edit| edit.span.end <= text.len()));
                    }
                }
            }
        }
    }
});
