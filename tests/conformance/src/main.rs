//! Replays recorded corpora against the crates: `conformance GROUP [DIR]`.
//!
//! With no `DIR` a group looks below the folder that `ARMORLAB_CORPUS` names,
//! and says that it skipped where there is none. Ends with
//! `N passed, N failed`; exit status 1 on any failure.

mod apparmor_abstractions;
mod apparmor_decisions;
mod apparmor_mistakes;
mod apparmor_parser;
mod apparmor_profiles;
mod kernel;
mod kube;
mod report;
mod seccomp_decisions;
mod seccomp_defaults;
mod sources;

use std::{env, path::PathBuf, process::ExitCode};

use report::Report;

/// A group of cases: its name, its folder below the corpus, and its runner.
struct Group {
    name: &'static str,
    folder: &'static str,
    run: fn(&std::path::Path, &mut Report) -> Result<(), String>,
}

/// Every group, in the order in which `conformance all` runs them.
const GROUPS: &[Group] = &[
    Group {
        name: "apparmor-abstractions",
        folder: "../facts/apparmor-abstractions",
        run: apparmor_abstractions::run,
    },
    Group {
        name: "apparmor-parser",
        folder: "apparmor/parser",
        run: apparmor_parser::run,
    },
    Group {
        name: "apparmor-mistakes",
        folder: "apparmor/parser",
        run: apparmor_mistakes::run,
    },
    Group {
        name: "apparmor-profiles",
        folder: "apparmor/profiles",
        run: apparmor_profiles::run,
    },
    Group {
        name: "apparmor-decisions",
        folder: "apparmor/decisions",
        run: apparmor_decisions::run,
    },
    Group {
        name: "seccomp-decisions",
        folder: "seccomp/open",
        run: seccomp_decisions::run,
    },
    Group {
        name: "seccomp-defaults",
        folder: "seccomp/defaults",
        run: seccomp_defaults::run,
    },
    Group {
        name: "kernel",
        folder: "kernel",
        run: kernel::run,
    },
    Group {
        name: "kube-validation",
        folder: "kube/validation",
        run: kube::validation,
    },
    Group {
        name: "kube-sync",
        folder: "kube/validation",
        run: kube::sync,
    },
    Group {
        name: "kube-kubelet",
        folder: "kube/validation",
        run: kube::kubelet,
    },
    Group {
        name: "kube-runtime",
        folder: "kube/validation",
        run: kube::runtime,
    },
    Group {
        name: "kube-psa",
        folder: "kube/psa",
        run: kube::pod_security,
    },
    Group {
        name: "kube-manifests",
        folder: "kube/real-pods",
        run: kube::manifests,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let Some(name) = arguments.first() else {
        return usage("which group?");
    };
    let chosen: Vec<&Group> = GROUPS
        .iter()
        .filter(|group| name == "all" || group.name == name)
        .collect();
    if chosen.is_empty() {
        return usage(&format!("there is no group {name:?}"));
    }
    let mut failed = false;
    for group in chosen {
        let folder = arguments.get(1).map(PathBuf::from).or_else(|| {
            let corpus = PathBuf::from(env::var_os("ARMORLAB_CORPUS")?);
            Some(corpus.join(group.folder))
        });
        let Some(folder) = folder.filter(|folder| folder.is_dir()) else {
            println!("{}: skipped, no corpus folder", group.name);
            continue;
        };
        let mut report = Report::new(group.name);
        if let Err(error) = (group.run)(&folder, &mut report) {
            report.fail("corpus", &error);
        }
        failed |= !report.finish();
    }
    ExitCode::from(u8::from(failed))
}

fn usage(problem: &str) -> ExitCode {
    eprintln!("conformance: {problem}");
    eprintln!("usage: conformance GROUP|all [DIR]");
    for group in GROUPS {
        eprintln!("  {:24} {}", group.name, group.folder);
    }
    ExitCode::from(2)
}
