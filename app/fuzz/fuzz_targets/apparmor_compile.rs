//! Any bytes as a profile and as paths, labels and names to ask it about: no question panics,
//! and every rule that an answer names exists.

#![no_main]

use std::sync::Arc;

use apparmor::{
    ChangeProfileKind, Decision, FilePermissions, IoUringPermission, MountRequest, Options,
    Profile, PtracePermission, SignalPermission, UnixRequest, best_attachment, compile,
    standard::standard,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let text = String::from_utf8_lossy(input);
    let compiled = compile("profile", &text, &standard(), &Options::default());
    // What a policy speaks of are its own words.
    let mut subjects: Vec<&[u8]> = input
        .split(|byte| byte.is_ascii_whitespace() || *byte == b',')
        .filter(|word| !word.is_empty())
        .take(12)
        .collect();
    subjects.push(b"");
    for profile in compiled.profiles.iter().take(4) {
        for subject in &subjects {
            ask(profile, subject, &compiled.profiles);
        }
    }
});

fn ask(profile: &Arc<Profile>, subject: &[u8], loaded: &[Arc<Profile>]) {
    let told = |decision: &Decision| {
        for rule in &decision.rules {
            assert!(profile.rule(*rule).is_some(), "{decision:?}");
        }
        let _ = decision.verdict(profile.enforcement());
    };
    for owner in [true, false] {
        told(&profile.file(subject, FilePermissions::READ, owner));
        told(&profile.file(subject, FilePermissions::WRITE, owner));
        told(&profile.exec(subject, owner, &[], loaded).decision);
        told(&profile.link(subject, b"/a", owner));
        told(&profile.link(b"/a", subject, owner));
        told(&profile.change_onexec(b"p", subject, owner).decision);
    }
    told(&profile.change_profile(subject, ChangeProfileKind::Now));
    told(&profile.change_profile(subject, ChangeProfileKind::Stack));
    told(&profile.signal(SignalPermission::Send, "term", subject));
    told(&profile.ptrace(PtracePermission::Trace, subject));
    told(&profile.io_uring(IoUringPermission::OverrideCreds, subject));
    told(&profile.userns());
    told(&profile.network(2, 1, 6, 2));
    told(&profile.capability(21));
    told(&profile.mount(&MountRequest {
        mountpoint: subject,
        source: Some(subject),
        fstype: Some(b"ext4"),
        flags: 0,
        data: None,
    }));
    told(&profile.unix(
        &UnixRequest {
            socket_type: 1,
            address: Some(subject),
            label: b"p",
            ..UnixRequest::default()
        },
        2,
    ));
    let _ = profile.change_hat(&String::from_utf8_lossy(subject), loaded);
    let _ = best_attachment(loaded, subject, &[]);
}
