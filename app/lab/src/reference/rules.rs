//! The kinds of rule: what each is for, an example, and the kernels that ask
//! about it.

use super::versions::KERNELS;
use apparmor::{Options, diagnostic::codes, hover, standard::standard};

/// A kind of rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleKind {
    /// The word that it begins with.
    pub keyword: &'static str,
    /// What it is for.
    pub meaning: &'static str,
    /// A profile's line with it.
    pub example: &'static str,
    /// Whether each of [`KERNELS`] asks about it.
    pub mediated: Vec<bool>,
}

/// Examples by keyword, in the order of how often one meets them.
const EXAMPLES: [(&str, &str); 16] = [
    ("file", "/data/** rw,"),
    ("link", "link /srv/new -> /srv/old,"),
    ("capability", "capability net_bind_service,"),
    ("network", "network inet stream,"),
    ("unix", "unix (send, receive) type=stream peer=(label=web),"),
    (
        "signal",
        "signal (receive) set=(term, kill) peer=unconfined,",
    ),
    ("ptrace", "ptrace (read) peer=web,"),
    ("mount", "mount options=(rw, bind) /srv/ -> /mnt/,"),
    ("remount", "remount options=(ro) /mnt/,"),
    ("umount", "umount /mnt/,"),
    ("pivot_root", "pivot_root oldroot=/old/ /new/,"),
    ("change_profile", "change_profile -> web,"),
    ("rlimit", "set rlimit nofile <= 1024,"),
    ("userns", "userns create,"),
    ("mqueue", "mqueue (read, write) /queue,"),
    ("io_uring", "io_uring sqpoll,"),
];

/// Every kind of rule.
pub fn all() -> Vec<RuleKind> {
    let sources = standard();
    EXAMPLES
        .iter()
        .map(|&(keyword, example)| {
            let policy = format!("profile p {{\n  {example}\n}}\n");
            let mediated = KERNELS
                .iter()
                .map(|kernel| {
                    let options = Options::for_features(kernel.level, (kernel.features)());
                    let compiled = apparmor::compile("p", &policy, &sources, &options);
                    // Older kernels take a unix rule for a network rule.
                    (keyword != "unix" || (kernel.features)().has_unix_sockets())
                        && !compiled.diagnostics.iter().any(|found| {
                            [codes::NOT_MEDIATED, codes::NOT_AT_THIS_LEVEL].contains(&found.code)
                        })
                })
                .collect();
            RuleKind {
                keyword,
                meaning: hover::meaning(keyword).unwrap_or_default(),
                example,
                mediated,
            }
        })
        .collect()
}

/// A word or letter of the language with what it means.
pub type Meaning = (String, &'static str);

/// What every keyword and flag means.
pub fn words() -> Vec<Meaning> {
    let words = hover::words().iter();
    words
        .map(|(word, text)| ((*word).to_owned(), *text))
        .collect()
}

/// What every permission letter and exec mode means.
pub fn letters() -> Vec<Meaning> {
    hover::letters().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use apparmor::diagnostic::Severity;

    #[test]
    fn every_example_is_read_without_an_error_and_every_word_has_a_meaning() {
        let sources = standard();
        for rule in all() {
            assert!(!rule.meaning.is_empty(), "{}", rule.keyword);
            let policy = format!("profile p {{\n  {}\n}}\n", rule.example);
            let compiled = apparmor::compile("p", &policy, &sources, &Options::default());
            let errors: Vec<_> = compiled
                .diagnostics
                .iter()
                .filter(|found| found.severity == Severity::Error)
                .collect();
            assert!(errors.is_empty(), "{}: {errors:?}", rule.keyword);
        }
    }

    #[test]
    fn newer_kernels_ask_about_more() {
        let of = |keyword: &str| {
            let rule = all().into_iter().find(|rule| rule.keyword == keyword);
            rule.map(|rule| rule.mediated).unwrap_or_default()
        };
        assert_eq!(of("file"), [true, true, true]);
        assert_eq!(of("userns"), [false, true, true]);
        assert_eq!(of("unix"), [false, false, true]);
    }
}
