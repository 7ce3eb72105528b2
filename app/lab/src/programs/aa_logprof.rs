//! `aa-logprof`: from the log to a profile, one question after the other.
//!
//! The questions and the keys are those of apparmor-utils 3.0 (`aa.py`,
//! `ui.py`). Where the real one waits for a key, the next line that is typed on
//! the terminal is its answer; lines on standard input do as well.

use super::{
    Place, Program, aa_mode,
    options::{Given, Options, value},
};
use crate::process::{Process, quiet};
use apparmor::{
    suggest::{Record, suggest},
    tree::{Body, Item, Statement},
};
use sorted::SortedMap;

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "aa-logprof",
    options: Options::Anywhere(&[value('d', "dir"), value('f', "file"), value('m', "mark")]),
    run,
    place: Place::Node,
}];

/// Where the real one finds the log on Ubuntu.
const LOG: &str = "/var/log/syslog";

/// A run of the program that waits for an answer.
#[derive(Debug, Clone)]
pub struct Dialog {
    /// What is left to be asked, the current question first.
    questions: Vec<Question>,
    /// The mode whose heading was printed last.
    heading: Option<bool>,
    /// Rules to be added, by the profile.
    added: SortedMap<String, Vec<String>>,
    /// The file of each profile.
    files: SortedMap<String, String>,
    stage: Stage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Asking,
    /// A path is to be typed.
    NewPath,
    Saving,
    /// Whether everything is to be thrown away.
    Abandoning,
    Done,
}

/// A rule that is asked about, in several widths.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Question {
    profile: String,
    allowed: bool,
    /// The name of a file, where it is about one.
    path: Option<String>,
    /// Lines of a profile, the narrowest first; at least one.
    options: Vec<String>,
    selected: usize,
    audit: bool,
}

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let folder = given.value("d").unwrap_or(aa_mode::FOLDER).to_owned();
    process.print(&format!("Updating AppArmor profiles in {folder}."));
    let lines = match given.value("f").map(str::to_owned) {
        Some(path) => {
            let Ok(bytes) = process.read_file(&path) else {
                process.warn(&format!(
                    "\nERROR: The logfile {path} does not exist. Please check the path."
                ));
                return 1;
            };
            process.print(&format!("Reading log entries from {path}."));
            let text = String::from_utf8_lossy(&bytes).into_owned();
            text.lines().map(str::to_owned).collect()
        }
        None => {
            process.print(&format!("Reading log entries from {LOG}."));
            process.machine.kernel_log()
        }
    };
    let files = files(process, &folder);
    let mut texts: SortedMap<String, String> = SortedMap::new();
    for path in files.values() {
        let bytes = quiet(process, |process| process.read_file(path)).unwrap_or_default();
        texts.insert(path.clone(), String::from_utf8_lossy(&bytes).into_owned());
    }
    let mut questions: Vec<Question> = Vec::new();
    for question in lines.iter().filter_map(|line| Question::of(line)) {
        let text = files
            .get(&question.profile)
            .and_then(|path| texts.get(path));
        // What has been answered before is not asked again.
        let open = text.is_some_and(|text| !text.contains(&question.options[0]));
        if open && !questions.contains(&question) {
            questions.push(question);
        }
    }
    // What complain mode let pass comes first.
    sorted::sort_by_key(&mut questions, |question| !question.allowed);
    let mut dialog = Dialog {
        questions,
        heading: None,
        added: SortedMap::new(),
        files,
        stage: Stage::Asking,
    };
    dialog.advance(process);
    let input = process.read_all(0).unwrap_or_default();
    if !input.is_empty() {
        for line in String::from_utf8_lossy(&input).lines() {
            dialog.answer(process, line);
        }
        return 0;
    }
    if dialog.stage != Stage::Done {
        process.machine.dialog = Some(dialog);
    }
    0
}

/// The profiles that lie in the folder, with their files.
fn files(process: &mut Process<'_>, folder: &str) -> SortedMap<String, String> {
    let mut files = SortedMap::new();
    quiet(process, |process| {
        for name in process.list(folder).unwrap_or_default() {
            let path = format!("{folder}/{name}");
            let Ok(bytes) = process.read_file(&path) else {
                continue;
            };
            let text = String::from_utf8_lossy(&bytes).into_owned();
            for item in &apparmor::parse(&path, &text).tree.items {
                if let Item::Profile(profile) = item {
                    collect(&profile.name.value, &profile.body, &path, &mut files);
                }
            }
        }
    });
    files
}

fn collect(name: &str, body: &Body, path: &str, files: &mut SortedMap<String, String>) {
    files.insert(name.to_owned(), path.to_owned());
    for statement in &body.statements {
        if let Statement::Profile(inner) = statement {
            let name = format!("{name}//{}", inner.name.value);
            collect(&name, &inner.body, path, files);
        }
    }
}

impl Question {
    /// What a line of the log asks for; nothing where it tells of no refusal.
    fn of(line: &str) -> Option<Self> {
        let allowed = line.contains("apparmor=\"ALLOWED\"");
        if !allowed && !line.contains("apparmor=\"DENIED\"") {
            return None;
        }
        let record = Record::read(line)?;
        let options: Vec<String> = suggest(&record)
            .into_iter()
            .map(|suggestion| suggestion.rule)
            .collect();
        // A rule about a file begins with its name.
        let about_file = options
            .first()?
            .trim_start_matches("owner ")
            .starts_with(['/', '"']);
        Some(Self {
            profile: record.profile,
            allowed,
            path: record.name.filter(|_| about_file),
            options,
            selected: 0,
            audit: false,
        })
    }

    fn chosen(&self) -> &str {
        &self.options[self.selected.min(self.options.len() - 1)]
    }

    fn owner(&self) -> bool {
        self.options[0].starts_with("owner ")
    }

    /// The letters of a rule about a file.
    fn letters(&self) -> &str {
        let rule = self.options[0].trim_end_matches(',');
        rule.rsplit(' ').next().unwrap_or_default()
    }

    fn offer(&mut self, option: String) {
        if let Some(index) = self.options.iter().position(|known| *known == option) {
            self.selected = index;
        } else {
            self.options.push(option);
            self.selected = self.options.len() - 1;
        }
    }
}

impl Dialog {
    /// Takes an answer; true while more are wanted.
    pub fn answer(&mut self, process: &mut Process<'_>, line: &str) -> bool {
        let key = line.trim().to_lowercase();
        match self.stage {
            Stage::Done => return false,
            Stage::NewPath => {
                self.stage = Stage::Asking;
                let path = line.trim().to_owned();
                if let (Some(question), true) = (self.questions.first_mut(), !path.is_empty()) {
                    let owner = if question.owner() { "owner " } else { "" };
                    let rule = format!("{owner}{path} {},", question.letters());
                    question.offer(rule);
                }
            }
            Stage::Abandoning => {
                if key == "y" {
                    process.print("Abandoning all changes.");
                    self.stage = Stage::Done;
                    return false;
                }
                self.stage = if self.questions.is_empty() {
                    Stage::Saving
                } else {
                    Stage::Asking
                };
            }
            Stage::Saving => self.save(process, &key),
            Stage::Asking => self.choose(process, &key),
        }
        self.advance(process);
        self.stage != Stage::Done
    }

    fn choose(&mut self, process: &mut Process<'_>, key: &str) {
        let Some(question) = self.questions.first_mut() else {
            return;
        };
        let default = if question.allowed { "a" } else { "d" };
        let key = if key.is_empty() { default } else { key };
        match key {
            "a" | "d" => {
                let mut rule = question.chosen().to_owned();
                if key == "d" && rule.starts_with("include") {
                    // What an abstraction holds cannot be denied by naming it.
                    rule.clone_from(&question.options[0]);
                }
                if question.audit {
                    rule = format!("audit {rule}");
                }
                if key == "d" {
                    rule = match rule.strip_prefix("audit ") {
                        Some(rest) => format!("audit deny {rest}"),
                        None => format!("deny {rule}"),
                    };
                }
                process.print(&format!("Adding {rule} to profile."));
                let rules = self.added.entry(question.profile.clone()).or_default();
                rules.push(rule);
                self.questions.remove(0);
            }
            "i" => {
                self.questions.remove(0);
            }
            // Each press one step wider; with an extension, the ones that keep it.
            "g" => question.selected = (question.selected + 1).min(question.options.len() - 1),
            "e" => {
                let kept = question
                    .options
                    .iter()
                    .position(|option| option.contains("*."));
                question.selected = kept.unwrap_or(question.selected);
            }
            "n" if question.path.is_some() => {
                process.print("\nEnter new path: ");
                self.stage = Stage::NewPath;
            }
            "t" => question.audit = !question.audit,
            "o" if question.path.is_some() => {
                let owner = question.owner();
                for option in &mut question.options {
                    *option = match option.strip_prefix("owner ") {
                        Some(rest) if owner => rest.to_owned(),
                        None if !owner && option.starts_with('/') => format!("owner {option}"),
                        _ => continue,
                    };
                }
            }
            "r" => self.stage = Stage::Abandoning,
            "f" => self.questions.clear(),
            number => match number.parse::<usize>() {
                Ok(number) if (1..=question.options.len()).contains(&number) => {
                    question.selected = number - 1;
                }
                _ => {}
            },
        }
    }

    fn save(&mut self, process: &mut Process<'_>, key: &str) {
        match key {
            "s" | "t" => {
                for (profile, rules) in std::mem::take(&mut self.added) {
                    process.print(&format!("Writing updated profile for {profile}."));
                    let Some(path) = self.files.get(&profile).cloned() else {
                        continue;
                    };
                    let Ok(bytes) = process.read_file(&path) else {
                        continue;
                    };
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    let new = with_rules(&path, &text, &profile, &rules);
                    if let Err(errno) = super::write_file(process, &path, &new) {
                        process.warn(&format!("\nERROR: {path}: {}", errno.words()));
                        continue;
                    }
                    aa_mode::reload(process, "-r", &path);
                }
                self.stage = Stage::Done;
            }
            "r" => self.stage = Stage::Abandoning,
            // The default is to look first.
            _ => {
                for (profile, rules) in &self.added {
                    process.print(&format!("--- {profile}\n+++ {profile}"));
                    for rule in rules {
                        process.print(&format!("+  {rule}"));
                    }
                }
            }
        }
    }

    /// Asks the next question, or ends.
    fn advance(&mut self, process: &mut Process<'_>) {
        match self.stage {
            Stage::Abandoning => {
                process.print("\nAre you sure you want to abandon this set of profile changes and exit?\n\n(Y)es / [(N)o]");
            }
            Stage::Asking => {
                if let Some(question) = self.questions.first() {
                    if self.heading != Some(question.allowed) {
                        self.heading = Some(question.allowed);
                        process.print(if question.allowed {
                            "Complain-mode changes:"
                        } else {
                            "Enforce-mode changes:"
                        });
                    }
                    ask(process, question);
                } else if self.added.is_empty() {
                    self.stage = Stage::Done;
                } else {
                    self.stage = Stage::Saving;
                    self.advance(process);
                }
            }
            Stage::Saving => {
                process.print("\n= Changed Local Profiles =\n\nThe following local profiles were changed. Would you like to save them?\n");
                for (index, profile) in self.added.keys().enumerate() {
                    process.print(&option(index, 0, profile));
                }
                process.print("(S)ave Changes / Save Selec(t)ed Profile / [(V)iew Changes] / View Changes b/w (C)lean profiles / Abo(r)t");
            }
            Stage::NewPath | Stage::Done => {}
        }
    }
}

fn option(index: usize, selected: usize, text: &str) -> String {
    let number = index + 1;
    if index == selected {
        format!(" [{number} - {text}]")
    } else {
        format!("  {number} - {text}")
    }
}

fn ask(process: &mut Process<'_>, question: &Question) {
    process.print(&format!("\nProfile:  {}", question.profile));
    if let Some(path) = &question.path {
        let owner = if question.owner() { "owner " } else { "" };
        process.print(&format!(
            "Path:     {path}\nNew Mode: {owner}{}",
            question.letters()
        ));
    } else {
        let rule = question.options[0].trim_end_matches(',');
        process.print(&format!("Rule:     {rule}"));
    }
    process.print("Severity: unknown\n");
    for (index, rule) in question.options.iter().enumerate() {
        let audit = if question.audit { "audit " } else { "" };
        let text = format!("{audit}{rule}");
        process.print(&option(index, question.selected, &text));
    }
    let (allow, deny) = if question.allowed {
        ("[(A)llow]", "(D)eny")
    } else {
        ("(A)llow", "[(D)eny]")
    };
    let files = if question.path.is_some() {
        let owner = if question.owner() { "off" } else { "on" };
        format!(" / (G)lob / Glob with (E)xtension / (N)ew / Audi(t) / (O)wner permissions {owner}")
    } else {
        " / Audi(t)".to_owned()
    };
    process.print(&format!(
        "{allow} / {deny} / (I)gnore{files} / Abo(r)t / (F)inish"
    ));
}

/// The text with rules added at the end of a profile.
fn with_rules(path: &str, text: &str, profile: &str, rules: &[String]) -> String {
    let parsed = apparmor::parse(path, text);
    let mut parts = profile.split("//");
    let first = parts.next().unwrap_or_default();
    let mut body = parsed.tree.items.iter().find_map(|item| match item {
        Item::Profile(found) if found.name.value == first => Some(&found.body),
        _ => None,
    });
    let mut depth = 1;
    for part in parts {
        depth += 1;
        body = body.and_then(|body| {
            body.statements
                .iter()
                .find_map(|statement| match statement {
                    Statement::Profile(found) if found.name.value == part => Some(&found.body),
                    _ => None,
                })
        });
    }
    let Some(body) = body else {
        return text.to_owned();
    };
    let inside = text.get(..body.span.range().end).unwrap_or(text);
    let Some(end) = inside.rfind('}') else {
        return text.to_owned();
    };
    // At the start of the brace's line, where it stands alone on one.
    let line = inside.get(..end).unwrap_or_default();
    let own_line = line.rfind('\n').map(|newline| newline + 1).filter(|start| {
        line.get(*start..)
            .is_some_and(|rest| rest.trim().is_empty())
    });
    let blanks = "  ".repeat(depth);
    let mut added: String = rules
        .iter()
        .map(|rule| format!("{blanks}{rule}\n"))
        .collect();
    if own_line.is_none() {
        added.insert(0, '\n');
    }
    let start = own_line.unwrap_or(end);
    let mut new = text.to_owned();
    new.insert_str(start, &added);
    new
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_added_before_the_closing_brace_of_their_profile() {
        let text = "profile a {\n  file,\n  ^h {\n  }\n}\nprofile b { file, }\n";
        let rules = ["/x r,".to_owned()];
        assert_eq!(
            with_rules("f", text, "a", &rules),
            "profile a {\n  file,\n  ^h {\n  }\n  /x r,\n}\nprofile b { file, }\n"
        );
        assert_eq!(
            with_rules("f", text, "a//h", &rules),
            "profile a {\n  file,\n  ^h {\n    /x r,\n  }\n}\nprofile b { file, }\n"
        );
        assert_eq!(
            with_rules("f", text, "b", &rules),
            "profile a {\n  file,\n  ^h {\n  }\n}\nprofile b { file, \n  /x r,\n}\n"
        );
        assert_eq!(with_rules("f", text, "c", &rules), text);
    }
}
