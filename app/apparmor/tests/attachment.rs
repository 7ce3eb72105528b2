//! Which profile an executable gets, extended attributes included.

use apparmor::{Attachment, Features, Level, Options, SourceSet, best_attachment, compile};

/// Two profiles for one path; one asks for two attributes.
const POLICY: &str = "
profile plain /usr/bin/* {
}
profile trusted /usr/bin/* xattrs=(user.origin=debian* user.signed) {
}
profile other /usr/bin/* xattrs=(user.other=x) {
}
";

fn attached(options: &Options, xattrs: &[(&str, &[u8])]) -> String {
    let compiled = compile("p", POLICY, &SourceSet::new(), options);
    match best_attachment(&compiled.profiles, b"/usr/bin/tool", xattrs) {
        Attachment::None => "none".to_owned(),
        Attachment::Profile(profile) => profile.name().to_owned(),
        Attachment::Conflict(profiles) => format!("{} in conflict", profiles.len()),
    }
}

#[test]
fn a_profile_attaches_only_where_all_its_attributes_match() {
    let options = Options::default();
    assert_eq!(attached(&options, &[]), "plain");
    let origin: (&str, &[u8]) = ("user.origin", b"debian-13");
    assert_eq!(attached(&options, &[origin]), "plain");
    assert_eq!(
        attached(&options, &[("user.origin", b"else"), ("user.signed", b"")]),
        "plain"
    );
}

#[test]
fn of_equal_patterns_the_one_with_more_attributes_wins() {
    let options = Options::default();
    let both: [(&str, &[u8]); 2] = [("user.origin", b"debian-13"), ("user.signed", b"\x01\x02")];
    assert_eq!(attached(&options, &both), "trusted");
    let all: [(&str, &[u8]); 3] = [both[0], both[1], ("user.other", b"x")];
    assert_eq!(attached(&options, &all), "trusted");
    assert_eq!(attached(&options, &[("user.other", b"x")]), "other");
}

#[test]
fn attributes_are_not_looked_at_where_the_policy_was_not_written_for_them() {
    let options = Options::for_features(Level::default(), Features::without_abi());
    assert_eq!(attached(&options, &[]), "3 in conflict");
}
