//! Options as `getopt_long` reads them.

use crate::process::{Process, Userland};

/// An option that a program knows.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// The letter; `'\0'` for one that has only a long name.
    pub letter: char,
    /// The long name; empty for one that has only a letter.
    pub long: &'static str,
    /// Whether it takes a value.
    pub value: bool,
}

/// An option without a value.
pub const fn flag(letter: char, long: &'static str) -> Known {
    Known {
        letter,
        long,
        value: false,
    }
}

/// An option with a value.
pub const fn value(letter: char, long: &'static str) -> Known {
    Known {
        letter,
        long,
        value: true,
    }
}

/// How a program reads its arguments.
#[derive(Debug, Clone, Copy)]
pub enum Options {
    /// These options, before, between and after the operands.
    Anywhere(&'static [Known]),
    /// These options; the first operand ends them, since it begins a command
    /// with options of its own.
    Leading(&'static [Known]),
    /// None: the program looks at its arguments itself.
    Verbatim,
}

impl Options {
    /// Reads arguments.
    pub fn read(self, arguments: &[String]) -> Result<Given, Wrong> {
        match self {
            Self::Anywhere(known) => read(arguments, known),
            Self::Leading(known) => read_until(arguments, known, true),
            Self::Verbatim => Ok(Given {
                options: Vec::new(),
                operands: arguments.to_vec(),
            }),
        }
    }

    /// The options that are simulated.
    pub fn known(self) -> &'static [Known] {
        match self {
            Self::Anywhere(known) | Self::Leading(known) => known,
            Self::Verbatim => &[],
        }
    }
}

/// What was given on a command line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// The options in order, by letter or, where they have none, by long
    /// name, with their values.
    options: Vec<(String, String)>,
    /// What is no option.
    pub operands: Vec<String>,
}

impl Given {
    /// Whether an option was given.
    pub fn has(&self, name: &str) -> bool {
        self.options.iter().any(|(given, _)| given == name)
    }

    /// With what was given after it.
    #[must_use]
    pub fn and(mut self, after: Self) -> Self {
        self.options.extend(after.options);
        self.operands.extend(after.operands);
        self
    }

    /// The values of an option in the order in which they were given.
    pub fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.options
            .iter()
            .filter(move |(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    }

    /// The value of an option, the last one when it was given often.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.options
            .iter()
            .rev()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    }
}

/// What was wrong with a command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// An option that the program does not know.
    Unknown(String),
    /// An option without its value.
    NoValue(String),
}

/// Reads arguments. Options may stand after operands, and `--` ends them.
pub fn read(arguments: &[String], known: &[Known]) -> Result<Given, Wrong> {
    read_until(arguments, known, false)
}

fn read_until(arguments: &[String], known: &[Known], leading: bool) -> Result<Given, Wrong> {
    let mut given = Given::default();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == "--" {
            given.operands.extend(rest.by_ref().cloned());
        } else if let Some(long) = argument.strip_prefix("--") {
            let (name, attached) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (long, None),
            };
            let option = known
                .iter()
                .find(|option| option.long == name)
                .ok_or_else(|| Wrong::Unknown(argument.clone()))?;
            let value = match (option.value, attached) {
                (true, None) => rest
                    .next()
                    .cloned()
                    .ok_or_else(|| Wrong::NoValue(name.to_owned()))?,
                (_, attached) => attached.unwrap_or_default(),
            };
            given.options.push((key(option), value));
        } else if argument.len() > 1 && argument.starts_with('-') {
            let mut letters = argument.chars().skip(1);
            while let Some(letter) = letters.next() {
                let option = known
                    .iter()
                    .find(|option| option.letter == letter)
                    .ok_or_else(|| Wrong::Unknown(letter.to_string()))?;
                let mut value = String::new();
                if option.value {
                    value = letters.by_ref().collect();
                    if value.is_empty() {
                        value = rest
                            .next()
                            .cloned()
                            .ok_or_else(|| Wrong::NoValue(letter.to_string()))?;
                    }
                }
                given.options.push((key(option), value));
            }
        } else {
            given.operands.push(argument.clone());
            if leading {
                given.operands.extend(rest.by_ref().cloned());
            }
        }
    }
    Ok(given)
}

fn key(option: &Known) -> String {
    if option.letter == '\0' {
        option.long.to_owned()
    } else {
        option.letter.to_string()
    }
}

impl Wrong {
    /// Says it as the program's library says it, then what there is.
    pub fn tell(&self, process: &mut Process<'_>, known: &[Known]) -> u8 {
        let message = match (self, process.userland) {
            (Self::Unknown(name), Userland::Gnu) if name.starts_with('-') => {
                format!("unrecognized option '{name}'")
            }
            (Self::Unknown(name), Userland::Gnu) => format!("invalid option -- '{name}'"),
            (Self::Unknown(name), Userland::Busybox) => {
                format!("unrecognized option: {}", name.trim_start_matches('-'))
            }
            (Self::NoValue(name), Userland::Gnu) => {
                format!("option requires an argument -- '{name}'")
            }
            (Self::NoValue(name), Userland::Busybox) => {
                format!("option requires an argument: {name}")
            }
        };
        process.complain(&message);
        let name = process.name.clone();
        notice(process, &name, known);
        match process.userland {
            Userland::Gnu if process.name == "ls" => 2,
            _ => 1,
        }
    }
}

/// Says which options are simulated.
pub fn notice(process: &mut Process<'_>, name: &str, known: &[Known]) {
    let list: Vec<String> = known
        .iter()
        .map(|option| match (option.letter, option.long) {
            ('\0', long) => format!("--{long}"),
            (letter, "") => format!("-{letter}"),
            (letter, long) => format!("-{letter} (--{long})"),
        })
        .collect();
    let notice = if list.is_empty() {
        format!("{name} is simulated without options")
    } else {
        format!("simulated options of {name}: {}", list.join(", "))
    };
    process.machine.console.notice(&notice);
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[Known] = &[flag('p', "parents"), value('m', "mode"), flag('\0', "help")];

    fn given(line: &str) -> Result<Given, Wrong> {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        read(&words, KNOWN)
    }

    #[test]
    fn letters_may_be_joined_and_values_attached() {
        let given = given("-pm700 a --mode=755 b -- -x").expect("it reads");
        assert!(given.has("p"));
        assert_eq!(given.value("m"), Some("755"));
        assert_eq!(given.operands, ["a", "b", "-x"]);
    }

    #[test]
    fn an_option_that_is_not_known_is_named() {
        assert_eq!(given("-pz"), Err(Wrong::Unknown("z".to_owned())));
        assert_eq!(given("--zero"), Err(Wrong::Unknown("--zero".to_owned())));
        assert_eq!(given("-m"), Err(Wrong::NoValue("m".to_owned())));
    }
}
