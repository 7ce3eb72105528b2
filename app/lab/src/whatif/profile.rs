//! Changes of AppArmor profiles.

use super::Candidate;
use crate::{
    machine::Recorded,
    message::{Language, TextEdit},
    workspace::Workspace,
};
use apparmor::{Class, FilePermissions, RuleOrigin, suggest};
use kernel::event::AppArmorEvidence;

/// Without one of the rules that refuse, or with a rule that allows.
pub fn allowing(
    question: &AppArmorEvidence,
    recorded: &Recorded,
    workspace: &Workspace,
) -> Vec<Candidate> {
    let mut found = without(question, apparmor::Effect::Deny, workspace);
    if !found.is_empty() {
        return found;
    }
    let mut rules: Vec<String> = missing_rule(question).into_iter().collect();
    for record in &recorded.event.records {
        let record = suggest::Record::read(&record.to_string());
        let suggested = record.map(|record| suggest::suggest(&record));
        rules.extend(suggested.into_iter().flatten().map(|one| one.rule));
    }
    for rule in rules {
        let candidate = with(question, &rule, workspace);
        found.extend(candidate.filter(|candidate| !found.contains(candidate)));
    }
    found
}

/// With a rule that refuses, or without one of the rules that allow.
pub fn refusing(question: &AppArmorEvidence, workspace: &Workspace) -> Vec<Candidate> {
    let rule = match question.class {
        Class::File => missing_letters(question.requested)
            .zip(plain_name(question))
            .map(|(letters, name)| {
                // Only a mode that forbids can stand after a deny.
                format!("deny {name} {},", letters.replace("ix", "x"))
            }),
        _ => None,
    };
    let mut found: Vec<Candidate> = rule
        .and_then(|rule| with(question, &rule, workspace))
        .into_iter()
        .collect();
    found.extend(without(question, apparmor::Effect::Allow, workspace));
    found
}

/// Without one of the rules of an effect that took part.
fn without(
    question: &AppArmorEvidence,
    effect: apparmor::Effect,
    workspace: &Workspace,
) -> Vec<Candidate> {
    let origins = question
        .rules
        .iter()
        .filter_map(|id| question.profile.compiled()?.rule(*id))
        .filter(|rule: &RuleOrigin| rule.effect == effect);
    origins
        .filter_map(|rule| {
            Some(Candidate {
                label: format!("Remove `{}`", rule.text),
                file: workspace.path_of(&rule.file)?.to_owned(),
                edits: vec![TextEdit {
                    start: rule.span.range().start,
                    end: rule.span.range().end,
                    text: String::new(),
                }],
            })
        })
        .collect()
}

/// With one more rule at the end of the profile.
fn with(question: &AppArmorEvidence, rule: &str, workspace: &Workspace) -> Option<Candidate> {
    let (file, end) = end_of_profile(&question.profile.name, workspace)?;
    Some(Candidate {
        label: format!("Add `{rule}`"),
        file,
        edits: vec![TextEdit {
            start: end,
            end,
            text: format!("  {rule}\n"),
        }],
    })
}

/// The rule that would grant what was refused.
fn missing_rule(question: &AppArmorEvidence) -> Option<String> {
    match question.class {
        Class::File => {
            let letters = missing_letters(question.denied)?;
            Some(format!("{} {letters},", plain_name(question)?))
        }
        _ => None,
    }
}

/// The letters of a rule for permissions of a file.
fn missing_letters(permissions: u32) -> Option<String> {
    let letters = FilePermissions(permissions).log_letters();
    let mut wanted = String::new();
    for (written, asked) in [("r", "r"), ("w", "wcd"), ("k", "k"), ("l", "l"), ("m", "m")] {
        if letters.contains(|letter| asked.contains(letter)) {
            wanted.push_str(written);
        }
    }
    if letters.contains('x') {
        wanted.push_str("ix");
    }
    (!wanted.is_empty()).then_some(wanted)
}

/// The object's name, when a rule can say it without quotes or escapes.
fn plain_name(question: &AppArmorEvidence) -> Option<String> {
    let name = question.name.as_ref()?;
    let name = std::str::from_utf8(name).ok()?;
    let quoted = name.contains([' ', '"', '{', '}', '[', ']', '*', '?', '^', '\\', '@']);
    (!quoted).then(|| name.to_owned())
}

/// The file that holds a profile, and the place before its closing brace.
pub fn end_of_profile(name: &str, workspace: &Workspace) -> Option<(String, usize)> {
    let file = workspace
        .of(Language::AppArmor)
        .find(|file| file.profiles().iter().any(|profile| profile.name() == name))?;
    let [_] = file.profiles() else {
        return None;
    };
    let brace = file.text.rfind('}')?;
    let line = file
        .text
        .get(..brace)?
        .rfind('\n')
        .map_or(0, |newline| newline + 1);
    Some((file.about.path.clone(), line))
}
