//! The shell language: a command line as a tree.
//!
//! The part of POSIX sh (IEEE Std 1003.1-2017, XCU chapter 2) that one types at
//! a prompt: lists, pipelines, simple commands, redirections, quoting,
//! parameters and command substitution. Compound commands are refused with a
//! sentence that says so.

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
    let mut parser = Parser {
        rest: line,
        depth: 0,
    };
    let list = parser.list()?;
    match parser.rest.chars().next() {
        None => Ok(list),
        Some(other) => Err(SyntaxError::Unexpected(other.to_string())),
    }
}

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

/// Words that begin a compound command.
const COMPOUND: [&str; 14] = [
    "if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac",
    "function", "{",
];

impl Parser<'_> {
    fn list(&mut self) -> Result<List, SyntaxError> {
        let mut entries = Vec::new();
        let mut when = When::Always;
        loop {
            self.skip_blanks(when != When::Always || entries.is_empty());
            if self.rest.is_empty() || self.rest.starts_with(')') {
                if when == When::Always {
                    return Ok(List(entries));
                }
                return Err(SyntaxError::Unexpected(self.token()));
            }
            let pipeline = self.pipeline()?;
            self.skip_blanks(false);
            let mut entry = Entry {
                when,
                pipeline,
                background: false,
            };
            if self.eat("&&") {
                when = When::Succeeded;
            } else if self.eat("||") {
                when = When::Failed;
            } else if self.eat(";;") {
                return Err(SyntaxError::Unexpected(";;".to_owned()));
            } else {
                when = When::Always;
                entry.background = self.eat("&");
                if !entry.background && !self.eat(";") && !self.eat("\n") {
                    entries.push(entry);
                    if self.rest.is_empty() || self.rest.starts_with(')') {
                        return Ok(List(entries));
                    }
                    return Err(SyntaxError::Unexpected(self.token()));
                }
                entries.push(entry);
                self.skip_blanks(true);
                continue;
            }
            entries.push(entry);
        }
    }

    fn pipeline(&mut self) -> Result<Pipeline, SyntaxError> {
        let negated = self.rest.starts_with("! ");
        if negated {
            self.advance(1);
            self.skip_blanks(false);
        }
        let mut commands = vec![self.command()?];
        loop {
            self.skip_blanks(false);
            if self.rest.starts_with("||") || !self.eat("|") {
                return Ok(Pipeline { negated, commands });
            }
            self.skip_blanks(true);
            commands.push(self.command()?);
        }
    }

    fn command(&mut self) -> Result<Command, SyntaxError> {
        let mut command = Command::default();
        loop {
            self.skip_blanks(false);
            if let Some((descriptor, kind)) = self.redirection_operator()? {
                self.skip_blanks(false);
                let target = self
                    .word()?
                    .ok_or_else(|| SyntaxError::Unexpected(self.token()))?;
                command.redirections.push(Redirection {
                    descriptor,
                    kind,
                    target,
                });
                continue;
            }
            if self.rest.starts_with('(') {
                return Err(if command.words.is_empty() {
                    SyntaxError::NotSimulated("a subshell in ( )".to_owned())
                } else {
                    SyntaxError::Unexpected("(".to_owned())
                });
            }
            if command.words.is_empty()
                && let Some(name) = self.assignment_name()
            {
                self.advance(name.len() + 1);
                let value = self.word()?.unwrap_or_default();
                command.assignments.push((name, value));
                continue;
            }
            let Some(word) = self.word()? else { break };
            if command.words.is_empty()
                && let [Piece::Text(text)] = word.0.as_slice()
                && COMPOUND.contains(&text.as_str())
            {
                return Err(SyntaxError::NotSimulated(format!("`{text}'")));
            }
            command.words.push(word);
        }
        if command == Command::default() {
            return Err(SyntaxError::Unexpected(self.token()));
        }
        Ok(command)
    }

    /// `NAME` when the rest begins with `NAME=`.
    fn assignment_name(&self) -> Option<String> {
        let (name, _) = self.rest.split_once('=')?;
        is_name(name).then(|| name.to_owned())
    }

    fn redirection_operator(&mut self) -> Result<Option<(u32, RedirectionKind)>, SyntaxError> {
        let digits = self.rest.len()
            - self
                .rest
                .trim_start_matches(|c: char| c.is_ascii_digit())
                .len();
        let after = self.rest.get(digits..).unwrap_or_default();
        if !after.starts_with(['<', '>']) {
            return Ok(None);
        }
        let number = self.rest.get(..digits).unwrap_or_default().parse().ok();
        self.advance(digits);
        for (operator, default, kind) in [
            (">>", 1, RedirectionKind::Append),
            (">&", 1, RedirectionKind::Duplicate),
            (">|", 1, RedirectionKind::Write),
            (">", 1, RedirectionKind::Write),
            ("<&", 0, RedirectionKind::Duplicate),
            ("<>", 0, RedirectionKind::ReadWrite),
            ("<<", 0, RedirectionKind::Read),
            ("<", 0, RedirectionKind::Read),
        ] {
            if self.eat(operator) {
                if operator == "<<" {
                    return Err(SyntaxError::NotSimulated("a here-document".to_owned()));
                }
                return Ok(Some((number.unwrap_or(default), kind)));
            }
        }
        Ok(None)
    }

    /// The next word, or `None` where an operator or the end stands.
    fn word(&mut self) -> Result<Option<Word>, SyntaxError> {
        let mut word = Word::default();
        let mut text = String::new();
        while let Some(next) = self.rest.chars().next() {
            match next {
                ' ' | '\t' | '\n' | ';' | '&' | '|' | '<' | '>' | '(' | ')' => break,
                '\\' => {
                    self.advance(1);
                    if let Some(escaped) = self.next_char()
                        && escaped != '\n'
                    {
                        flush(&mut text, &mut word);
                        word.0.push(Piece::Quoted(escaped.to_string()));
                    }
                }
                '\'' => {
                    self.advance(1);
                    let end = self.rest.find('\'').ok_or(SyntaxError::Unfinished('\''))?;
                    let quoted = self.rest.get(..end).unwrap_or_default().to_owned();
                    self.advance(end + 1);
                    flush(&mut text, &mut word);
                    word.0.push(Piece::Quoted(quoted));
                }
                '"' => {
                    self.advance(1);
                    flush(&mut text, &mut word);
                    self.double_quoted(&mut word)?;
                }
                '$' | '`' => {
                    if let Some(piece) = self.expansion(false)? {
                        flush(&mut text, &mut word);
                        word.0.push(piece);
                    } else {
                        text.push('$');
                    }
                }
                other => {
                    self.advance(other.len_utf8());
                    text.push(other);
                }
            }
        }
        flush(&mut text, &mut word);
        Ok((!word.0.is_empty()).then_some(word))
    }

    /// The inside of double quotes, the opening one already read.
    fn double_quoted(&mut self, word: &mut Word) -> Result<(), SyntaxError> {
        let mut text = String::new();
        loop {
            match self.rest.chars().next() {
                None => return Err(SyntaxError::Unfinished('"')),
                Some('"') => {
                    self.advance(1);
                    // Kept even when empty: "" is a word.
                    word.0.push(Piece::Quoted(text));
                    return Ok(());
                }
                Some('\\') => {
                    self.advance(1);
                    match self.next_char() {
                        Some(escaped @ ('$' | '`' | '"' | '\\')) => text.push(escaped),
                        Some('\n') => {}
                        Some(other) => {
                            text.push('\\');
                            text.push(other);
                        }
                        None => return Err(SyntaxError::Unfinished('"')),
                    }
                }
                Some('$' | '`') => {
                    if let Some(piece) = self.expansion(true)? {
                        word.0.push(Piece::Quoted(std::mem::take(&mut text)));
                        word.0.push(piece);
                    } else {
                        text.push('$');
                    }
                }
                Some(other) => {
                    self.advance(other.len_utf8());
                    text.push(other);
                }
            }
        }
    }

    /// What begins with `$` or a backquote; `None` for a `$` that stands for
    /// itself, already read.
    fn expansion(&mut self, quoted: bool) -> Result<Option<Piece>, SyntaxError> {
        if self.eat("`") {
            let end = self.rest.find('`').ok_or(SyntaxError::Unfinished('`'))?;
            let inner = self.rest.get(..end).unwrap_or_default().to_owned();
            self.advance(end + 1);
            let mut parser = Parser {
                rest: &inner,
                depth: self.deeper()?,
            };
            let list = parser.list()?;
            if !parser.rest.is_empty() {
                return Err(SyntaxError::Unexpected(parser.token()));
            }
            return Ok(Some(Piece::Substitution { list, quoted }));
        }
        self.advance(1);
        if self.rest.starts_with("((") {
            return Err(SyntaxError::NotSimulated("arithmetic in $(( ))".to_owned()));
        }
        if self.eat("(") {
            let deeper = self.deeper()?;
            let outer = std::mem::replace(&mut self.depth, deeper);
            let list = self.list()?;
            self.depth = outer;
            if !self.eat(")") {
                return Err(SyntaxError::Unfinished(')'));
            }
            return Ok(Some(Piece::Substitution { list, quoted }));
        }
        if self.eat("{") {
            return self.braced(quoted).map(Some);
        }
        let special = self.rest.starts_with(['?', '$', '!', '#', '@', '*']);
        let digit = self.rest.starts_with(|c: char| c.is_ascii_digit());
        let length = if special || digit {
            1
        } else {
            name_length(self.rest)
        };
        if length == 0 {
            return Ok(None);
        }
        let name = self.rest.get(..length).unwrap_or_default().to_owned();
        self.advance(length);
        Ok(Some(Piece::Parameter {
            name,
            default: None,
            quoted,
        }))
    }

    /// The inside of `${…}`, the brace already read.
    fn braced(&mut self, quoted: bool) -> Result<Piece, SyntaxError> {
        let end = self.rest.find('}').ok_or(SyntaxError::Unfinished('}'))?;
        let inner = self.rest.get(..end).unwrap_or_default().to_owned();
        self.advance(end + 1);
        let length = match inner.chars().next() {
            Some('?' | '$' | '!' | '#' | '@' | '*' | '0'..='9') => 1,
            _ => name_length(&inner),
        };
        let (name, rest) = inner.split_at(length);
        let default = if rest.is_empty() {
            None
        } else {
            let text = rest
                .strip_prefix(":-")
                .ok_or_else(|| SyntaxError::BadSubstitution(inner.clone()))?;
            let mut parser = Parser {
                rest: text,
                depth: self.deeper()?,
            };
            Some(parser.word()?.unwrap_or_default())
        };
        if name.is_empty() {
            return Err(SyntaxError::BadSubstitution(inner));
        }
        Ok(Piece::Parameter {
            name: name.to_owned(),
            default,
            quoted,
        })
    }

    fn deeper(&self) -> Result<usize, SyntaxError> {
        if self.depth >= MAX_NESTING {
            return Err(SyntaxError::TooDeep);
        }
        Ok(self.depth + 1)
    }

    /// Skips blanks and comments, and newlines when asked to.
    fn skip_blanks(&mut self, newlines: bool) {
        loop {
            self.rest = self.rest.trim_start_matches([' ', '\t', '\r']);
            if self.rest.starts_with('#') {
                let end = self.rest.find('\n').unwrap_or(self.rest.len());
                self.advance(end);
            } else if newlines && self.rest.starts_with('\n') || self.rest.starts_with("\\\n") {
                let length = if self.rest.starts_with('\n') { 1 } else { 2 };
                self.advance(length);
            } else {
                return;
            }
        }
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest.starts_with(token);
        if found {
            self.advance(token.len());
        }
        found
    }

    fn next_char(&mut self) -> Option<char> {
        let next = self.rest.chars().next()?;
        self.advance(next.len_utf8());
        Some(next)
    }

    fn advance(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    /// The token at the current place, for a message.
    fn token(&self) -> String {
        for operator in [
            "&&", "||", ";;", ";", "&", "|", ">>", "<<", ">", "<", "(", ")",
        ] {
            if self.rest.starts_with(operator) {
                return operator.to_owned();
            }
        }
        match self.rest.split_whitespace().next() {
            Some(word) => word.to_owned(),
            None => "newline".to_owned(),
        }
    }
}

fn flush(text: &mut String, word: &mut Word) {
    if !text.is_empty() {
        word.0.push(Piece::Text(std::mem::take(text)));
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && name_length(text) == text.len()
}

/// Length of the name (XBD 3.235) that a text begins with.
fn name_length(text: &str) -> usize {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return 0;
    }
    text.len()
        - text
            .trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_')
            .len()
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
