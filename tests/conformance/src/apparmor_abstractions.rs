//! The project's own abstractions: does each permit what the field's does?

use std::{collections::BTreeMap, path::Path};

use apparmor::{
    EffectiveRule, Expanded, Options, SourceSet, expand, is_refused,
    standard::{abstraction_names, standard},
    tree::{FilePermissions, Owner, Qualifier, RuleKind},
};
use serde::Deserialize;

use crate::{apparmor_parser::read, report::Report};

#[derive(Deserialize)]
struct Facts {
    abstractions: BTreeMap<String, Abstraction>,
}

#[derive(Deserialize)]
struct Abstraction {
    rules: Vec<Fact>,
}

#[derive(Deserialize)]
struct Fact {
    class: String,
    #[serde(default, rename = "mod")]
    modifiers: Vec<String>,
    #[serde(default)]
    path: String,
    #[serde(default)]
    perms: String,
}

/// Compares every file rule of the facts with the effective rules of ours.
pub fn run(folder: &Path, report: &mut Report) -> Result<(), String> {
    let facts: Facts = serde_json::from_str(&read(&folder.join("abstractions.json"))?)
        .map_err(|error| error.to_string())?;
    let sources = standard();
    let options = Options::default();
    for name in abstraction_names() {
        let Some(fact) = facts.abstractions.get(name) else {
            report.fail(name, "no facts tell what it must permit");
            continue;
        };
        let ours = policy(
            &format!("include <abstractions/{name}>"),
            &sources,
            &options,
        );
        if is_refused(&ours.diagnostics) {
            report.fail(
                name,
                &format!("it does not load: {:?}", ours.diagnostics.first()),
            );
            continue;
        }
        for rule in fact.rules.iter().filter(|rule| rule.class == "file") {
            let text = format!(
                "{} \"{}\" {},",
                rule.modifiers.join(" "),
                rule.path,
                rule.perms
            );
            let wanted = policy(&text, &sources, &options);
            let wanted = wanted
                .profiles
                .first()
                .and_then(|profile| profile.rules.first());
            let found = ours.profiles.first().is_some_and(|profile| {
                wanted.is_some_and(|wanted| profile.rules.iter().any(|rule| grants(rule, wanted)))
            });
            if found {
                report.pass();
            } else {
                report.fail(name, &format!("nothing in it says `{text}`"));
            }
        }
    }
    Ok(())
}

/// A policy of one profile with the given body.
fn policy(body: &str, sources: &SourceSet, options: &Options) -> Expanded {
    let text = format!("include <tunables/global>\nprofile asking {{\n  {body}\n}}\n");
    expand("asking", &text, sources, options)
}

/// Whether a rule says at least what `wanted` says, of the same files.
fn grants(rule: &EffectiveRule, wanted: &EffectiveRule) -> bool {
    let (RuleKind::File(ours), RuleKind::File(theirs)) = (&rule.kind, &wanted.kind) else {
        return false;
    };
    let same_files =
        ours.path.as_ref().map(|path| &path.value) == theirs.path.as_ref().map(|path| &path.value);
    let deny = |rule: &EffectiveRule| rule.prefix.qualifier == Some(Qualifier::Deny);
    let owner = rule.prefix.owner.is_none() || wanted.prefix.owner == Some(Owner::Owner);
    same_files
        && deny(rule) == deny(wanted)
        && rule.prefix.audit == wanted.prefix.audit
        && owner
        && ours.exec == theirs.exec
        && covers(ours.permissions, theirs.permissions)
}

fn covers(ours: FilePermissions, theirs: FilePermissions) -> bool {
    (ours.read || !theirs.read)
        && (ours.write || !theirs.write)
        && (ours.append || ours.write || !theirs.append)
        && (ours.link || !theirs.link)
        && (ours.lock || !theirs.lock)
        && (ours.mmap_exec || !theirs.mmap_exec)
        && (ours.exec || !theirs.exec)
}
