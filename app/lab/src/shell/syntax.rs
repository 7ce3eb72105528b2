//! The shell language: a command line as a tree.
//!
//! The part of POSIX sh (IEEE Std 1003.1-2017, XCU chapter 2) that one types at
//! a prompt: lists, pipelines, simple commands, redirections, quoting,
//! parameters and command substitution. Compound commands are refused with a
//! sentence that says so.

mod command;
mod cursor;
mod word;

use cursor::Cursor;
use thiserror::Error;

/// Longest line that is read, in bytes.
pub const MAX_LINE: usize = 16 * 1024;
/// How deeply `$(…)` may be nested.
pub const MAX_NESTING: usize = 16;

/// Commands, one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List(pub Vec<Entry>);

/// A pipeline, and when it is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What has to have happened before.
    pub when: When,
    /// What is run.
    pub pipeline: Pipeline,
    /// Ends with `&`: the shell does not wait.
    pub background: bool,
}

/// When an [`Entry`] is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// After `;`, a newline, or at the start.
    Always,
    /// After `&&`: the one before succeeded.
    Succeeded,
    /// After `||`: the one before failed.
    Failed,
}

/// Commands joined by `|`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pipeline {
    /// Starts with `!`: the exit code is turned round.
    pub negated: bool,
    /// At least one.
    pub commands: Vec<Command>,
}

/// A simple command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Command {
    /// `NAME=word` before the command's name.
    pub assignments: Vec<(String, Word)>,
    /// The name and its arguments.
    pub words: Vec<Word>,
    /// In the order in which they are written.
    pub redirections: Vec<Redirection>,
}

/// One redirection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirection {
    /// The descriptor that is redirected.
    pub descriptor: u32,
    /// How.
    pub kind: RedirectionKind,
    /// Where to or from.
    pub target: Word,
}

/// How a descriptor is redirected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedirectionKind {
    /// `<`
    Read,
    /// `>` and `>|`
    Write,
    /// `>>`
    Append,
    /// `<>`
    ReadWrite,
    /// `>&` and `<&`
    Duplicate,
}

/// A word before its expansions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Word(pub Vec<Piece>);

/// A part of a [`Word`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Unquoted text: `*`, `?` and `[` in it make a pattern.
    Text(String),
    /// Quoted text: every character stands for itself.
    Quoted(String),
    /// `$NAME` or `${NAME…}`.
    Parameter {
        /// The name, a digit, or one of `? $ ! # @ *`.
        name: String,
        /// What comes in its place when it is unset or empty (`${NAME:-word}`).
        default: Option<Word>,
        /// Inside double quotes: not split into fields.
        quoted: bool,
    },
    /// `$(…)` or `` `…` ``.
    Substitution {
        /// What is run.
        list: List,
        /// Inside double quotes: not split into fields.
        quoted: bool,
    },
}

/// Why a line is not one of this shell.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SyntaxError {
    /// A token where none of its kind can stand.
    #[error("syntax error near unexpected token `{0}'")]
    Unexpected(String),
    /// The line ends inside quotes or an expansion.
    #[error("unexpected EOF while looking for matching `{0}'")]
    Unfinished(char),
    /// Correct shell, but not part of this one.
    #[error("{0} is not part of this shell; it knows lists, pipelines, redirections and $(…)")]
    NotSimulated(String),
    /// `${…}` with something in it that this shell does not know.
    #[error("${{{0}}}: bad substitution")]
    BadSubstitution(String),
    /// Over [`MAX_LINE`].
    #[error("the line is longer than {MAX_LINE} bytes")]
    TooLong,
    /// Over [`MAX_NESTING`].
    #[error("$(…) is nested more than {MAX_NESTING} deep")]
    TooDeep,
}

/// Reads a command line.
pub fn parse(line: &str) -> Result<List, SyntaxError> {
    if line.len() > MAX_LINE {
        return Err(SyntaxError::TooLong);
    }
    let mut cursor = Cursor::new(line);
    let list = cursor.list()?;
    match cursor.rest.chars().next() {
        None => Ok(list),
        Some(other) => Err(SyntaxError::Unexpected(other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(line: &str) -> Vec<Vec<Piece>> {
        parse(line).expect("it parses").0[0].pipeline.commands[0]
            .words
            .iter()
            .map(|word| word.0.clone())
            .collect()
    }

    #[test]
    fn quotes_keep_their_inside_together() {
        assert_eq!(
            words(r#"echo 'a  b' "c d" e\ f"#),
            [
                vec![Piece::Text("echo".into())],
                vec![Piece::Quoted("a  b".into())],
                vec![Piece::Quoted("c d".into())],
                vec![
                    Piece::Text("e".into()),
                    Piece::Quoted(" ".into()),
                    Piece::Text("f".into())
                ],
            ]
        );
    }

    #[test]
    fn a_list_says_when_each_of_its_pipelines_is_run() {
        let list = parse("a && b || c; d &").expect("it parses");
        let when: Vec<_> = list.0.iter().map(|e| (e.when, e.background)).collect();
        assert_eq!(
            when,
            [
                (When::Always, false),
                (When::Succeeded, false),
                (When::Failed, false),
                (When::Always, true)
            ]
        );
    }

    #[test]
    fn a_number_before_a_redirection_names_the_descriptor() {
        let list = parse("ls 2>/dev/null >>out 2>&1 <in").expect("it parses");
        let found: Vec<_> = list.0[0].pipeline.commands[0]
            .redirections
            .iter()
            .map(|r| (r.descriptor, r.kind))
            .collect();
        assert_eq!(
            found,
            [
                (2, RedirectionKind::Write),
                (1, RedirectionKind::Append),
                (2, RedirectionKind::Duplicate),
                (0, RedirectionKind::Read)
            ]
        );
    }

    #[test]
    fn a_comment_ends_the_line() {
        assert_eq!(words("touch /data/x # not this").len(), 2);
    }

    #[test]
    fn mistakes_are_told_in_the_words_of_the_shell() {
        let messages: Vec<String> = ["| a", "a &&", "a 'b", "a > ", "for i in a", "$(a", "a ;; b"]
            .iter()
            .map(|line| format!("{line} → {}", parse(line).expect_err("a mistake")))
            .collect();
        insta::assert_snapshot!(messages.join("\n"));
    }

    proptest! {
        #[test]
        fn any_text_is_a_list_or_an_error(line in any::<String>()) {
            let _ = parse(&line);
        }

        #[test]
        fn any_mix_of_operators_is_a_list_or_an_error(line in "[a$(){}`'\"\\\\ ;&|<>#!*?=0-9\n-]{0,60}") {
            let _ = parse(&line);
        }
    }
}
