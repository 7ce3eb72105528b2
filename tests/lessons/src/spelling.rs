//! The words of what people read, held against a dictionary and the project's
//! own list of words.

use crate::{Problem, folders};
use lab::document;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

/// The words that are right although the dictionary does not have them.
const OWN: &str = "lessons/words.txt";
/// The dictionary, as Debian's package `hunspell-en-gb` has it.
const DICTIONARY: &str = "en_GB";
/// The keys of YAML files whose text people read.
const READ: [&str; 9] = [
    "goal", "hints", "name", "question", "reply", "sentence", "task", "text", "title",
];

/// What came of reading everything.
#[derive(Debug, Default)]
pub struct Spelling {
    /// How many files were read.
    pub files: usize,
    /// The first place of each word that nobody knows, and what is wrong with
    /// the list of own words.
    pub problems: Vec<Problem>,
}

/// A word with the first place where it is used.
type Words = BTreeMap<String, (PathBuf, usize)>;

/// Reads every text of a project.
///
/// # Errors
/// When a file cannot be read or there is no checker, in one sentence.
pub fn spelling(project: &Path) -> Result<Spelling, String> {
    let files = texts(project)?;
    let mut words = Words::new();
    for file in &files {
        let text = fs::read_to_string(file).map_err(|error| said(file, &error))?;
        let yaml = file.extension().is_some_and(|ending| ending == "yaml");
        for (word, line) in if yaml {
            of_yaml(&text)
        } else {
            of_markdown(&text)
        } {
            words.entry(word).or_insert((file.clone(), line));
        }
    }
    let own = project.join(OWN);
    let own_text = fs::read_to_string(&own).map_err(|error| said(&own, &error))?;
    let known: BTreeSet<&str> = own_text.lines().collect();
    let mut found = Spelling {
        files: files.len(),
        problems: Vec::new(),
    };
    let unknown = unknown(&words)?;
    for word in &unknown {
        if let Some((file, line)) = words.get(word)
            && !known.contains(word.as_str())
        {
            found.problems.push(Problem {
                file: file.clone(),
                line: *line,
                message: format!(
                    "“{word}” is in no dictionary: mend it, put it in backticks, or add it to {OWN}"
                ),
            });
        }
    }
    let mut last = "";
    for (line, word) in (1..).zip(own_text.lines()) {
        let message = if !unknown.contains(word) {
            format!("“{word}” is in the dictionary, or no text uses it")
        } else if word <= last {
            format!("“{word}” stands out of order")
        } else {
            last = word;
            continue;
        };
        found.problems.push(Problem {
            file: own.clone(),
            line,
            message,
        });
    }
    Ok(found)
}

/// The files that people read.
fn texts(project: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files: Vec<PathBuf> = [
        "README.md",
        "ARCHITECTURE.md",
        "lessons/README.md",
        "lessons/glossary.md",
        "lessons/course.yaml",
        "lessons/misconceptions.yaml",
    ]
    .iter()
    .map(|file| project.join(file))
    .collect();
    for folder in folders(project).map_err(|error| said(project, &error))? {
        let of_lesson = ["index.md", "lab.yaml", "cards.yaml"].map(|file| folder.join(file));
        files.extend(of_lesson.into_iter().filter(|file| file.is_file()));
    }
    Ok(files)
}

/// The words of a Markdown text with their lines; code and addresses are left
/// out.
fn of_markdown(text: &str) -> Vec<(String, usize)> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
    let mut code = false;
    let mut found = Vec::new();
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => code = true,
            Event::End(TagEnd::CodeBlock) => code = false,
            Event::Text(part) if !code => {
                let line = text[..range.start].matches('\n').count() + 1;
                found.extend(words(&part).map(|word| (word, line)));
            }
            _ => {}
        }
    }
    found
}

/// The words of a YAML file's texts, which are Markdown, with their lines.
fn of_yaml(text: &str) -> Vec<(String, usize)> {
    let mut texts = Vec::new();
    if let Ok(root) = document::typed::<Value>("", text) {
        read(&root, false, &mut texts);
    }
    let line_of = |word: &str| {
        let has = |line: &str| words(line).any(|other| other == word);
        text.lines().position(has).map_or(1, |index| index + 1)
    };
    texts
        .iter()
        .flat_map(|text| of_markdown(text))
        .map(|(word, _)| {
            let line = line_of(&word);
            (word, line)
        })
        .collect()
}

/// Collects the texts below a value.
fn read(value: &Value, is_text: bool, texts: &mut Vec<String>) {
    match value {
        Value::String(text) if is_text => texts.push(text.clone()),
        Value::Array(items) => {
            for item in items {
                read(item, is_text, texts);
            }
        }
        // What a file of an image holds is no text of ours.
        Value::Object(entries) if !entries.contains_key("path") => {
            for (key, value) in entries {
                read(value, READ.contains(&key.as_str()), texts);
            }
        }
        _ => {}
    }
}

/// The words of a line of prose. What looks like a name, a path or a number is
/// none.
fn words(text: &str) -> impl Iterator<Item = String> {
    let breaks =
        |letter: char| letter.is_whitespace() || "()[]{}“”\"…–—,;!?→`*|<>".contains(letter);
    let name = |letter: char| letter.is_ascii_digit() || "_/@=$.:+#&%~^\\".contains(letter);
    text.split(breaks)
        .map(|chunk| chunk.trim_matches(|letter: char| !letter.is_alphanumeric()))
        .filter(move |chunk| !chunk.contains(name))
        .flat_map(|chunk| chunk.split('-'))
        .map(|word| {
            let word = word.replace('’', "'");
            word.strip_suffix("'s").unwrap_or(&word).to_owned()
        })
        // Abbreviations are no words either.
        .filter(|word| word.chars().count() > 1 && word.chars().any(char::is_lowercase))
        .collect::<Vec<_>>()
        .into_iter()
}

/// The words that the dictionary does not have.
fn unknown(words: &Words) -> Result<BTreeSet<String>, String> {
    let mut checker = Command::new("hunspell")
        .args(["-l", "-i", "UTF-8", "-d", DICTIONARY])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("hunspell: {error}"))?;
    let mut input = checker.stdin.take();
    let list: Vec<&str> = words.keys().map(String::as_str).collect();
    let list = list.join("\n") + "\n";
    // Written beside the reading, so that neither waits for the other.
    let writing = thread::spawn(move || {
        if let Some(mut input) = input.take() {
            input.write_all(list.as_bytes())
        } else {
            Ok(())
        }
    });
    let output = checker
        .wait_with_output()
        .map_err(|error| format!("hunspell: {error}"))?;
    if !output.status.success() || !matches!(writing.join(), Ok(Ok(()))) {
        return Err(format!(
            "hunspell with the dictionary {DICTIONARY} did not run"
        ));
    }
    let output = String::from_utf8_lossy(&output.stdout);
    Ok(output.lines().map(str::to_owned).collect())
}

fn said(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_paths_numbers_and_code_are_no_words() {
        let found = of_markdown(
            "AppArmor's kernel-side `frobnicate` /etc/x 1.34 EACCES [a word](https://nowrd.org).\n\n```text\nblok\n```\n\nlast\n",
        );
        let words: Vec<_> = found
            .iter()
            .map(|(word, line)| (word.as_str(), *line))
            .collect();
        assert_eq!(
            words,
            [
                ("AppArmor", 1),
                ("kernel", 1),
                ("side", 1),
                ("word", 1),
                ("last", 7)
            ]
        );
    }

    #[test]
    fn only_what_is_read_of_a_lab_is_checked() {
        let lab = "id: xyzzy\ntitle: A title\nimage:\n  - path: /x\n    text: blok\nchecks:\n  - title: Runs\n    run: frobnicate\nhints:\n  - Look `blok`\n";
        let found = of_yaml(lab);
        let words: Vec<_> = found
            .iter()
            .map(|(word, line)| (word.as_str(), *line))
            .collect();
        assert_eq!(words, [("Runs", 7), ("Look", 10), ("title", 2)]);
    }
}
