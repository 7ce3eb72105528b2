//! `verify.sh`: performs the steps with the real tools and compares each
//! answer with the prediction that stands beside it.

use super::{
    base,
    prediction::{Prediction, Step},
    quoted,
};
use crate::{document::Document, message::Language, workspace::Workspace};
use std::fmt::Write as _;

/// What every script begins with.
const HEAD: &str = include_str!("verify/head.sh");
/// What every script ends with.
const TAIL: &str = include_str!("verify/tail.sh");

/// The script for a lab.
pub(super) fn script(
    document: &Document,
    workspace: &Workspace,
    prediction: &Prediction,
) -> String {
    let mut text = HEAD
        .replace("@LAB@", &one_line(&document.title))
        .replace("@NODE@", &one_line(&prediction.node));
    // Writing to a string cannot fail.
    let mut line = |words: std::fmt::Arguments<'_>| {
        let _ = writeln!(text, "{words}");
    };
    line(format_args!(
        "\nsection 'The parser: needs no AppArmor in the kernel'"
    ));
    for profile in &prediction.profiles {
        line(format_args!(
            "parse {} {} {}",
            quoted(&format!("profiles/{}", profile.file)),
            taken(profile.accepted),
            taken(profile.accepted_before),
        ));
        let names: Vec<String> = profile
            .loaded
            .iter()
            .map(|(name, _)| quoted(name))
            .collect();
        if profile.accepted && !names.is_empty() {
            line(format_args!(
                "names {} {}",
                quoted(&format!("profiles/{}", profile.file)),
                names.join(" ")
            ));
        }
    }
    line(format_args!(
        "\nif [ \"$only_parser\" = yes ]; then finish; fi"
    ));
    line(format_args!("\nsection 'The node'"));
    let enabled = if prediction.apparmor { "Y" } else { "no" };
    line(format_args!("enabled {enabled}"));
    line(format_args!("\nsection 'The files, on the node'"));
    for profile in &prediction.profiles {
        if !profile.accepted || !prediction.apparmor {
            continue;
        }
        line(format_args!(
            "load {}",
            quoted(&format!("profiles/{}", profile.file))
        ));
        for (name, mode) in &profile.loaded {
            line(format_args!("loaded {} {}", quoted(name), quoted(mode)));
        }
    }
    for file in workspace.of(Language::Seccomp) {
        line(format_args!(
            "place {} {}",
            quoted(&format!("seccomp/{}", base(&file.about.path))),
            quoted(&file.about.node_path)
        ));
    }
    let manifests: Vec<String> = workspace
        .of(Language::Manifest)
        .map(|file| quoted(&format!("manifests/{}", base(&file.about.path))))
        .collect();
    if !manifests.is_empty() {
        line(format_args!("\nmanifests=({})", manifests.join(" ")));
        line(format_args!("\nsection 'The pods'\nfresh"));
        for pod in &prediction.pods {
            line(format_args!(
                "pod {} {} {}",
                quoted(&pod.name),
                quoted(&pod.phase),
                quoted(&pod.reason)
            ));
            if let Some(label) = &pod.label {
                line(format_args!(
                    "label {} {}",
                    quoted(&pod.name),
                    quoted(label)
                ));
            }
        }
    }
    for run in &prediction.runs {
        line(format_args!(
            "\nsection {}\nfresh",
            quoted(&one_line(&run.title))
        ));
        for step in &run.steps {
            line(format_args!("{}", call(step)));
        }
    }
    text.push('\n');
    text.push_str(TAIL);
    text
}

fn taken(accepted: bool) -> &'static str {
    if accepted { "accepted" } else { "refused" }
}

/// `run POD CONTAINER EXIT LOGGED WORDS…`.
fn call(step: &Step) -> String {
    let words: Vec<String> = step.words.iter().map(|word| quoted(word)).collect();
    format!(
        "run {} {} {} {} {}",
        quoted(&step.pod),
        quoted(&step.container),
        step.exit,
        step.logged,
        words.join(" ")
    )
}

/// A text that stands in a comment or a title.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
