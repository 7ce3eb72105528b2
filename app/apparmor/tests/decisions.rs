//! What holds for the answers of every policy.

mod naive;

use std::sync::Arc;

use apparmor::{
    FilePermissions, NetworkPermission, Options, Profile, PtracePermission, SignalPermission,
    SourceSet, compile, is_refused,
};
use naive::{Answer, Case, LETTERS};
use proptest::prelude::*;

fn compiled(policy: &str) -> Arc<Profile> {
    let mut compiled = compile("p", policy, &SourceSet::new(), &Options::default());
    assert_eq!(
        compiled.profiles.len(),
        1,
        "{policy}{:?}",
        compiled.diagnostics
    );
    compiled.profiles.remove(0)
}

fn profile_of(rules: &[&str]) -> String {
    format!("profile p {{\n  {}\n}}\n", rules.join("\n  "))
}

/// Rules of every class; the paths and labels overlap.
fn rules() -> impl Strategy<Value = Vec<&'static str>> {
    let rule = prop::sample::select(vec![
        "/a/** rw,",
        "/a/b r,",
        "owner /a/* rwk,",
        "audit /a/b w,",
        "/{a,b}/** m,",
        "priority=1 /a/b k,",
        "priority=-1 /** rwkm,",
        "/a/b ix,",
        "/a/* px,",
        "/b/x px -> c,",
        "/b/x ux,",
        "/b/** l,",
        "link subset /b/l -> /a/**,",
        "link /a/l -> /b/**,",
        "change_profile -> c,",
        "change_profile /a/b -> d*,",
        "signal (send) peer=c,",
        "audit signal set=(term kill),",
        "ptrace (read) peer=p*,",
        "network inet,",
        "network inet stream,",
        "capability chown net_raw,",
        "audit capability chown,",
        "mount /dev/a -> /mnt/,",
        "mount options=(ro) fstype=ext4 -> /mnt/,",
        "umount /mnt/**,",
        "userns,",
        "io_uring sqpoll,",
        "file,",
        "all,",
    ]);
    prop::collection::vec(rule, 0..8)
}

/// Denials of every class.
fn denials() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "deny /a/** w,",
        "audit deny /a/b rwk,",
        "deny owner /a/* r,",
        "deny /b/x x,",
        "deny /** m,",
        "priority=2 deny /a/b k,",
        "priority=-2 deny /** rw,",
        "deny link /b/l -> /a/b,",
        "deny change_profile -> c,",
        "deny signal (send),",
        "deny ptrace peer=p,",
        "deny network inet stream,",
        "deny capability chown,",
        "deny mount,",
        "deny umount /mnt/a/,",
        "deny userns,",
        "deny all,",
    ])
}

const PATHS: [&[u8]; 8] = [
    b"/", b"/a/", b"/a/b", b"/a/l", b"/b/x", b"/b/l", b"/mnt/", b"/mnt/a/",
];
const LABELS: [&[u8]; 4] = [b"p", b"c", b"dx", b"unconfined"];

/// Every answer but those about links, told by a name; without the rules behind it, whose
/// numbers follow the order of the text.
fn answers(profile: &Arc<Profile>) -> Vec<(String, bool, [u32; 3])> {
    let mut answers = Vec::new();
    let mut tell = |question: String, decision: apparmor::Decision| {
        let permissions = decision.permissions;
        let bits = [permissions.allow, permissions.audit, permissions.quiet];
        answers.push((question, decision.allowed(), bits));
    };
    for path in PATHS {
        let name = String::from_utf8_lossy(path);
        for owner in [true, false] {
            for (letter, bit) in LETTERS {
                let request = FilePermissions(bit);
                tell(
                    format!("{letter} {name} {owner}"),
                    profile.file(path, request, owner),
                );
            }
            let exec = profile.exec(path, owner, &[], std::slice::from_ref(profile));
            let how = format!("x {name} {owner} {:?} {}", exec.transition, exec.secure);
            tell(how, exec.decision);
        }
        let request = apparmor::MountRequest {
            mountpoint: path,
            source: Some(b"/dev/a"),
            fstype: Some(b"ext4"),
            flags: 1,
            data: None,
        };
        tell(format!("mount {name}"), profile.mount(&request));
        tell(format!("umount {name}"), profile.umount(path));
    }
    for label in LABELS {
        let name = String::from_utf8_lossy(label);
        tell(
            format!("signal {name}"),
            profile.signal(SignalPermission::Send, "term", label),
        );
        tell(
            format!("ptrace {name}"),
            profile.ptrace(PtracePermission::Read, label),
        );
        let now = apparmor::ChangeProfileKind::Now;
        tell(
            format!("change to {name}"),
            profile.change_profile(label, now),
        );
        let at_exec = apparmor::ChangeProfileKind::Exec(b"/a/b", true);
        tell(
            format!("change at exec to {name}"),
            profile.change_profile(label, at_exec),
        );
    }
    for kind in [1, 2] {
        let create = NetworkPermission::Create.bit();
        tell(
            format!("network {kind}"),
            profile.network(2, kind, 0, create),
        );
    }
    for number in [0, 13, 21] {
        tell(format!("capability {number}"), profile.capability(number));
    }
    tell("userns".to_owned(), profile.userns());
    answers
}

fn links(profile: &Profile) -> Vec<(bool, [u32; 3])> {
    let pairs = PATHS
        .iter()
        .flat_map(|link| PATHS.iter().map(move |target| (link, target)));
    pairs
        .map(|(link, target)| {
            let decision = profile.link(link, target, true);
            let permissions = decision.permissions;
            (
                decision.allowed(),
                [permissions.allow, permissions.audit, permissions.quiet],
            )
        })
        .collect()
}

proptest! {
    #[test]
    fn the_automaton_answers_as_the_naive_matcher(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
        let case = Case::read(&bytes);
        let profile = compiled(&case.policy());
        for path in &case.paths {
            for owner in [true, false] {
                let permissions = profile.file_permissions(path.as_bytes(), owner);
                for (letter, bit) in LETTERS {
                    let found = Answer {
                        allow: permissions.allow & bit != 0,
                        audit: permissions.audit & bit != 0,
                        quiet: permissions.quiet & bit != 0,
                    };
                    let expected = naive::decide(&case.rules, path, owner, letter);
                    prop_assert_eq!(found, expected, "{} on {} by {}", letter, path, case.policy());
                }
            }
        }
    }

    #[test]
    fn the_order_of_rules_never_changes_an_answer(
        (written, shuffled) in (rules(), prop::option::of(denials()))
            .prop_map(|(mut rules, denial)| { rules.extend(denial); rules })
            .prop_flat_map(|rules| (Just(rules.clone()), Just(rules).prop_shuffle()))
    ) {
        let [one, other] = [&written, &shuffled].map(|rules| {
            compile("p", &profile_of(rules), &SourceSet::new(), &Options::default())
        });
        prop_assert_eq!(is_refused(&one.diagnostics), is_refused(&other.diagnostics));
        if let (Some(one), Some(other)) = (one.profiles.first(), other.profiles.first()) {
            prop_assert_eq!(answers(one), answers(other));
            prop_assert_eq!(links(one), links(other));
        }
    }

    #[test]
    fn a_deny_never_grants(rules in rules(), denial in denials()) {
        let mut with_denial = rules.clone();
        with_denial.push(denial);
        let [before, after] = [&rules, &with_denial].map(|rules| {
            compile("p", &profile_of(rules), &SourceSet::new(), &Options::default())
        });
        if let (Some(before), Some(after)) = (before.profiles.first(), after.profiles.first()) {
            for (before, after) in answers(before).into_iter().zip(answers(after)) {
                prop_assert!(before.1 || !after.1, "{}: {:?} now {:?}", denial, before, after);
            }
        }
    }

    #[test]
    fn a_granted_request_names_the_rules_that_grant_it(rules in rules()) {
        let compiled = compile("p", &profile_of(&rules), &SourceSet::new(), &Options::default());
        if let Some(profile) = compiled.profiles.first() {
            for path in PATHS {
                let decision = profile.file(path, FilePermissions::WRITE, true);
                for rule in &decision.rules {
                    let origin = profile.rule(*rule).expect("the rule exists");
                    prop_assert!(rules.contains(&origin.text.as_str()), "{}", origin.text);
                }
                prop_assert_eq!(decision.allowed(), !decision.rules.is_empty());
            }
        }
    }
}

#[test]
fn denying_what_a_link_has_beyond_its_target_makes_the_link_possible() {
    let rules = ["/new l,", "/new w,", "/old r,", "link subset /new -> /old,"];
    let refused = compiled(&profile_of(&rules)).link(b"/new", b"/old", true);
    assert!(
        !refused.allowed(),
        "the new name could be written, the old one could not"
    );
    let mut denied = rules.to_vec();
    denied.push("deny /new w,");
    let granted = compiled(&profile_of(&denied)).link(b"/new", b"/old", true);
    assert!(granted.allowed(), "{granted:?}");
}
