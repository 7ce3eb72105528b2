//! Lists, pipelines, simple commands and redirections.

use super::{
    Command, Entry, List, Piece, Pipeline, Redirection, RedirectionKind, SyntaxError, When,
    cursor::{Cursor, is_name},
};

/// Words that begin a compound command.
const COMPOUND: [&str; 14] = [
    "if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac",
    "function", "{",
];

impl Cursor<'_> {
    pub(super) fn list(&mut self) -> Result<List, SyntaxError> {
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
}
