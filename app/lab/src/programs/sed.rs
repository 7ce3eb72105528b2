//! `sed`: printing, deleting and substituting lines.

use super::{
    Place, Program, cat,
    options::{Given, Options, flag, value},
    pattern,
};
use crate::process::{Process, Userland};
use kernel::abi;
use regex_lite::Regex;

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "sed",
    options: Options::Anywhere(&[
        flag('n', "quiet"),
        flag('E', "regexp-extended"),
        flag('r', ""),
        flag('i', "in-place"),
        value('e', "expression"),
    ]),
    run,
    place: Place::Everywhere,
}];

/// A command with the lines that it is for.
struct Step {
    addresses: Vec<Address>,
    negated: bool,
    action: Action,
    /// Inside a range that has begun.
    inside: bool,
}

enum Address {
    Line(usize),
    Last,
    Match(Regex),
}

enum Action {
    Print,
    Delete,
    Quit,
    Number,
    Substitute {
        pattern: Regex,
        replacement: Vec<Part>,
        all: bool,
        print: bool,
    },
}

/// A piece of a replacement.
enum Part {
    Text(String),
    /// A group; 0 is the whole match.
    Group(usize),
}

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let mut paths = given.operands.clone();
    let mut texts: Vec<String> = given.values("e").map(str::to_owned).collect();
    if texts.is_empty() {
        if paths.is_empty() {
            let _ = process.write(
                2,
                b"Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n",
            );
            return 1;
        }
        texts.push(paths.remove(0));
    }
    let extended = given.has("E") || given.has("r");
    let mut script = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let mut reader = Reader {
            text,
            rest: text,
            extended,
        };
        if let Err(fault) = reader.script(&mut script) {
            let at = reader.position();
            process.complain(&match process.userland {
                Userland::Gnu => format!("-e expression #{}, char {at}: {fault}", index + 1),
                Userland::Busybox => fault,
            });
            return 1;
        }
    }
    if paths.is_empty() {
        paths.push("-".to_owned());
    }
    let mut status = 0;
    let mut number = 0;
    let count = paths.len();
    for (index, path) in paths.iter().enumerate() {
        let text = match cat::read(process, path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(errno) => {
                let words = errno.words();
                process.complain(&match process.userland {
                    Userland::Gnu => format!("can't read {path}: {words}"),
                    Userland::Busybox => format!("{path}: {words}"),
                });
                status = if process.userland == Userland::Gnu {
                    2
                } else {
                    1
                };
                continue;
            }
        };
        if given.has("i") {
            number = 0;
        }
        let last_file = index + 1 == count || given.has("i");
        let (output, quit) = edit(&mut script, &text, given.has("n"), &mut number, last_file);
        if given.has("i") {
            if let Err(words) = replace(process, path, &output) {
                process.complain(&words);
                return 4;
            }
        } else {
            let _ = process.write(1, output.as_bytes());
        }
        if quit {
            break;
        }
    }
    status
}

/// Writes beside the file, then takes its name: `sed -i` never writes into the
/// file itself (sed 4.9, `execute.c`).
fn replace(process: &mut Process<'_>, path: &str, text: &str) -> Result<(), String> {
    let folder = path.rfind('/').map_or("./", |slash| &path[..=slash]);
    let temporary = format!("{folder}sedQxm2Kp");
    let flags = abi::O_RDWR | abi::O_CREAT | abi::O_EXCL;
    let fd = process.open(&temporary, flags, 0o600).map_err(|errno| {
        format!(
            "couldn't open temporary file {temporary}: {}",
            errno.words()
        )
    })?;
    let written = process.write(fd, text.as_bytes());
    process.close(fd);
    written.map_err(|errno| format!("couldn't write to {temporary}: {}", errno.words()))?;
    process
        .call("rename", [temporary.as_str().into(), path.into()])
        .map(drop)
        .map_err(|errno| format!("cannot rename {temporary}: {}", errno.words()))
}

/// What the script makes of a text, and whether it quit.
fn edit(
    script: &mut [Step],
    text: &str,
    quiet: bool,
    number: &mut usize,
    last_file: bool,
) -> (String, bool) {
    let lines: Vec<&str> = text.lines().collect();
    let mut output = String::new();
    for (index, line) in lines.iter().enumerate() {
        *number += 1;
        let last = last_file && index + 1 == lines.len();
        let mut space = (*line).to_owned();
        let mut deleted = false;
        let mut quit = false;
        for step in script.iter_mut() {
            if !step.applies(&space, *number, last) {
                continue;
            }
            match &step.action {
                Action::Print => output.push_str(&format!("{space}\n")),
                Action::Number => output.push_str(&format!("{number}\n")),
                Action::Delete => deleted = true,
                Action::Quit => quit = true,
                Action::Substitute {
                    pattern,
                    replacement,
                    all,
                    print,
                } => {
                    if let Some(new) = substitute(pattern, replacement, *all, &space) {
                        space = new;
                        if *print {
                            output.push_str(&format!("{space}\n"));
                        }
                    }
                }
            }
            if deleted || quit {
                break;
            }
        }
        if !quiet && !deleted {
            output.push_str(&format!("{space}\n"));
        }
        if quit {
            return (output, true);
        }
    }
    (output, false)
}

fn substitute(pattern: &Regex, replacement: &[Part], all: bool, space: &str) -> Option<String> {
    let mut text = String::new();
    let mut end = 0;
    for found in pattern.captures_iter(space) {
        let Some(whole) = found.get(0) else { continue };
        text.push_str(space.get(end..whole.start()).unwrap_or_default());
        for part in replacement {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Group(group) => {
                    text.push_str(found.get(*group).map_or("", |group| group.as_str()));
                }
            }
        }
        end = whole.end();
        if !all {
            break;
        }
    }
    pattern.is_match(space).then(|| {
        text.push_str(space.get(end..).unwrap_or_default());
        text
    })
}

impl Step {
    fn applies(&mut self, space: &str, number: usize, last: bool) -> bool {
        let hit = match self.addresses.as_slice() {
            [] => true,
            [only] => only.matches(space, number, last),
            [first, second, ..] => {
                if self.inside {
                    let over = match second {
                        Address::Line(line) => number >= *line,
                        other => other.matches(space, number, last),
                    };
                    self.inside = !over;
                    !matches!(second, Address::Line(line) if number > *line)
                } else {
                    let begins = first.matches(space, number, last);
                    let ends = matches!(second, Address::Line(line) if number >= *line);
                    self.inside = begins && !ends;
                    begins
                }
            }
        };
        hit != self.negated
    }
}

impl Address {
    fn matches(&self, space: &str, number: usize, last: bool) -> bool {
        match self {
            Self::Line(line) => *line == number,
            Self::Last => last,
            Self::Match(regex) => regex.is_match(space),
        }
    }
}

/// Reads a script.
struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
    extended: bool,
}

impl Reader<'_> {
    /// How many characters have been read.
    fn position(&self) -> usize {
        let read = self.text.len() - self.rest.len();
        self.text.get(..read).map_or(0, |text| text.chars().count())
    }

    fn next(&mut self) -> Option<char> {
        let character = self.rest.chars().next()?;
        self.rest = self.rest.get(character.len_utf8()..).unwrap_or_default();
        Some(character)
    }

    fn eat(&mut self, character: char) -> bool {
        let found = self.rest.starts_with(character);
        if found {
            self.next();
        }
        found
    }

    fn script(&mut self, script: &mut Vec<Step>) -> Result<(), String> {
        loop {
            self.rest = self.rest.trim_start_matches([' ', ';', '\n', '\t']);
            if self.rest.is_empty() {
                return Ok(());
            }
            let mut addresses = Vec::new();
            if let Some(first) = self.address()? {
                addresses.push(first);
                if self.eat(',') {
                    addresses.push(self.address()?.ok_or_else(|| "unexpected `,'".to_owned())?);
                }
            }
            self.rest = self.rest.trim_start();
            let negated = self.eat('!');
            let action = match self.next() {
                Some('p') => Action::Print,
                Some('d') => Action::Delete,
                Some('q') => Action::Quit,
                Some('=') => Action::Number,
                Some('s') => self.substitution()?,
                Some(other) => {
                    return Err(format!(
                        "unknown command: `{other}' (p, d, q, = and s are simulated)"
                    ));
                }
                None => return Err("missing command".to_owned()),
            };
            script.push(Step {
                addresses,
                negated,
                action,
                inside: false,
            });
            self.rest = self.rest.trim_start_matches([' ', '\t']);
            if !(self.rest.is_empty() || self.rest.starts_with([';', '\n', '}'])) {
                self.next();
                return Err("extra characters after command".to_owned());
            }
        }
    }

    fn address(&mut self) -> Result<Option<Address>, String> {
        if self.eat('$') {
            return Ok(Some(Address::Last));
        }
        if self.eat('/') {
            let text = self
                .until('/')
                .ok_or_else(|| "unterminated address regex".to_owned())?;
            return Ok(Some(Address::Match(pattern::compile(
                &text,
                self.extended,
                false,
            )?)));
        }
        let digits: String = self.rest.chars().take_while(char::is_ascii_digit).collect();
        if digits.is_empty() {
            return Ok(None);
        }
        self.rest = self.rest.get(digits.len()..).unwrap_or_default();
        Ok(Some(Address::Line(digits.parse().unwrap_or(usize::MAX))))
    }

    /// Up to the delimiter, which is read as well; a backslash keeps it.
    fn until(&mut self, delimiter: char) -> Option<String> {
        let mut text = String::new();
        while let Some(character) = self.next() {
            if character == delimiter {
                return Some(text);
            }
            if character == '\\' {
                let escaped = self.next()?;
                if escaped != delimiter {
                    text.push('\\');
                }
                text.push(escaped);
            } else {
                text.push(character);
            }
        }
        None
    }

    fn substitution(&mut self) -> Result<Action, String> {
        let unterminated = || "unterminated `s' command".to_owned();
        let delimiter = self.next().ok_or_else(unterminated)?;
        let text = self.until(delimiter).ok_or_else(unterminated)?;
        let new = self.until(delimiter).ok_or_else(unterminated)?;
        let (mut all, mut print, mut fold) = (false, false, false);
        while let Some(letter) = self.rest.chars().next().filter(char::is_ascii_alphabetic) {
            match letter {
                'g' => all = true,
                'p' => print = true,
                'i' | 'I' => fold = true,
                _ => return Err("unknown option to `s'".to_owned()),
            }
            self.next();
        }
        Ok(Action::Substitute {
            pattern: pattern::compile(&text, self.extended, fold)?,
            replacement: replacement(&new),
            all,
            print,
        })
    }
}

fn replacement(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let group = match character {
            '&' => Some(0),
            '\\' => match characters.next() {
                Some(digit @ '0'..='9') => digit.to_digit(10).map(|digit| digit as usize),
                Some('n') => {
                    plain.push('\n');
                    None
                }
                Some(other) => {
                    plain.push(other);
                    None
                }
                None => None,
            },
            other => {
                plain.push(other);
                None
            }
        };
        if let Some(group) = group {
            parts.push(Part::Text(std::mem::take(&mut plain)));
            parts.push(Part::Group(group));
        }
    }
    parts.push(Part::Text(plain));
    parts
}
