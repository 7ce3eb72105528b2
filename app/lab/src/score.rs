//! What an attempt at a challenge comes to.

use crate::{
    check::Verdict,
    document::{Document, Kind, Side, json},
    message::{Language, Score},
    shell::commands_of,
    workspace::{File, Workspace},
};
use cluster::yaml::{self, Value};
use sorted::SortedMap;

/// What one starts with.
const FULL: u32 = 100;
/// What each piece of good work that is broken costs.
const BROKEN: u32 = 10;
/// What each open attack costs.
const OPEN: u32 = 15;
/// What each rule over par costs.
const OVER: u32 = 1;

/// The score of an attempt with so many rules, from what became of its checks
/// and of the variants of its draw: 100 points, less 10 for each piece of good
/// work that is broken, 15 for each open attack and 1 for each rule over par,
/// but never below 0. What cannot be decided counts as failed.
pub fn score(par: usize, rules: usize, decided: impl Iterator<Item = (Kind, Verdict)>) -> Score {
    let (mut broken, mut open) = (0_u32, 0_u32);
    for (kind, verdict) in decided {
        if verdict != Verdict::Holds {
            match kind {
                Kind::Good => broken += 1,
                Kind::Attack => open += 1,
            }
        }
    }
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let over = number(rules.saturating_sub(par));
    Score {
        points: FULL
            .saturating_sub(broken.saturating_mul(BROKEN))
            .saturating_sub(open.saturating_mul(OPEN))
            .saturating_sub(over.saturating_mul(OVER)),
        broken,
        open,
        over,
        rules: number(rules),
    }
}

/// The number of rules that a learner wrote, over all files that may be
/// changed: what a shorter answer has fewer of.
///
/// - An AppArmor profile: its rules and includes.
/// - A seccomp profile: the names of calls in its entries.
/// - A shell script: its commands, wherever `;`, `|` or a line's end separates
///   them. In a challenge of two sides the script is the other one's move and
///   does not count.
/// - A manifest: its fields that are different from the start, missing ones
///   included.
/// - Any other file: its lines that are different from the start.
pub fn rules(document: &Document, workspace: &Workspace) -> usize {
    let versus = document
        .challenge
        .is_some_and(|challenge| challenge.side == Side::Versus);
    let counted = workspace
        .files
        .iter()
        .filter(|file| file.about.editable && !(versus && file.about.language == Language::Shell));
    counted.map(in_file).sum()
}

fn in_file(file: &File) -> usize {
    let File { about, text, .. } = file;
    match about.language {
        Language::AppArmor => apparmor::parse(&about.path, text).tree.rules(),
        Language::Seccomp => file.seccomp.as_ref().map_or(0, |profile| {
            profile.entries.iter().map(|entry| entry.names.len()).sum()
        }),
        Language::Shell => text.lines().map(commands_of).sum(),
        Language::Manifest => different(
            &fields(&yaml::parse(&about.text).documents),
            &fields(file.objects()),
        ),
        Language::Plain => different(&lines(&about.text), &lines(text)),
    }
}

/// Places of a file, each with what stands there.
type Places = SortedMap<String, String>;

/// How many places have another content, or only one of two texts has.
fn different(before: &Places, now: &Places) -> usize {
    let changed = now
        .iter()
        .filter(|(place, text)| before.get(*place) != Some(text));
    let gone = before.keys().filter(|place| !now.contains_key(*place));
    changed.count() + gone.count()
}

/// The lines of a text, wherever they stand.
fn lines(text: &str) -> Places {
    let lines = text.lines();
    lines.map(|line| (line.to_owned(), String::new())).collect()
}

/// The fields of all documents of a manifest that hold a value.
fn fields(documents: &[Value]) -> Places {
    let mut found = Places::new();
    for (index, document) in documents.iter().enumerate() {
        leaves(&json(document), &index.to_string(), &mut found);
    }
    found
}

fn leaves(value: &serde_json::Value, path: &str, found: &mut Places) {
    match value {
        serde_json::Value::Object(entries) if !entries.is_empty() => {
            for (key, value) in entries {
                leaves(value, &format!("{path}/{key}"), found);
            }
        }
        serde_json::Value::Array(items) if !items.is_empty() => {
            for (index, value) in items.iter().enumerate() {
                leaves(value, &format!("{path}/{index}"), found);
            }
        }
        _ => {
            found.insert(path.to_owned(), value.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::DocumentFile;
    use Kind::{Attack, Good};
    use Verdict::{Fails, Holds, Undecided};

    #[test]
    fn ten_fifteen_and_one_are_taken_off_a_hundred_and_never_more_than_that() {
        let points =
            |rules, decided: &[(Kind, Verdict)]| score(6, rules, decided.iter().copied()).points;
        assert_eq!(points(6, &[(Good, Holds), (Attack, Holds)]), 100);
        assert_eq!(points(2, &[]), 100);
        assert_eq!(points(6, &[(Good, Fails)]), 90);
        assert_eq!(points(6, &[(Attack, Fails)]), 85);
        assert_eq!(points(6, &[(Attack, Undecided), (Good, Undecided)]), 75);
        assert_eq!(points(9, &[(Attack, Fails), (Good, Fails)]), 72);
        assert_eq!(points(7, &[(Attack, Fails); 7]), 0);
    }

    #[test]
    fn what_was_taken_off_is_told() {
        let told = score(1, 3, [(Good, Fails), (Attack, Holds)].into_iter());
        let expected = Score {
            points: 88,
            broken: 1,
            open: 0,
            over: 2,
            rules: 3,
        };
        assert_eq!(told, expected);
    }

    fn counted(language: Language, start: &str, text: &str) -> usize {
        let path = "file".to_owned();
        let file = DocumentFile {
            path: path.clone(),
            language,
            node_path: String::new(),
            editable: true,
            text: start.to_owned(),
            solution: None,
        };
        let document = Document {
            files: vec![file],
            ..Document::default()
        };
        let draft = crate::message::FileText {
            path,
            text: text.to_owned(),
        };
        rules(&document, &Workspace::new(&document, &[], &[draft]))
    }

    #[test]
    fn a_profile_is_counted_by_its_rules_and_includes() {
        let text = "profile x {\n  #include <abstractions/base>\n  /a r, /b w,\n  # no rule\n}\n";
        assert_eq!(counted(Language::AppArmor, "", text), 3);
    }

    #[test]
    fn a_filter_is_counted_by_the_names_of_its_calls() {
        let text = r#"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
            {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"},
            {"names": ["mknod"], "action": "SCMP_ACT_ERRNO"}]}"#;
        assert_eq!(counted(Language::Seccomp, "", text), 3);
    }

    #[test]
    fn a_script_is_counted_by_its_commands_on_however_many_lines() {
        let text = "# a comment\n\ncd /tmp; touch x && mv x y\necho a | tee b\n";
        assert_eq!(counted(Language::Shell, "", text), 5);
    }

    #[test]
    fn a_manifest_is_counted_by_the_fields_that_are_different() {
        let start = "kind: Pod\nspec:\n  a: 1\n  b: 2\n";
        let count = |text| counted(Language::Manifest, start, text);
        assert_eq!(count(start), 0);
        assert_eq!(count("kind: Pod\nspec: {b: 2, a: 1}\n"), 0);
        assert_eq!(count("kind: Pod\nspec:\n  a: 3\n  b: 2\n"), 1);
        assert_eq!(count("kind: Pod\nspec:\n  b: 2\n"), 1);
        assert_eq!(
            count("kind: Pod\nspec:\n  a: 1\n  b: 2\n  c: {d: 1, e: 2}\n"),
            2
        );
    }
}
