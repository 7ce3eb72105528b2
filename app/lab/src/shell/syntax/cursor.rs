//! Where reading has come to in a line.

use super::{MAX_NESTING, SyntaxError};

/// The rest of a line, and how deeply what is being read is nested.
pub(super) struct Cursor<'a> {
    pub(super) rest: &'a str,
    pub(super) depth: usize,
}

impl<'a> Cursor<'a> {
    /// At the start of a line.
    pub(super) fn new(line: &'a str) -> Self {
        Self {
            rest: line,
            depth: 0,
        }
    }
}

impl Cursor<'_> {
    pub(super) fn deeper(&self) -> Result<usize, SyntaxError> {
        if self.depth >= MAX_NESTING {
            return Err(SyntaxError::TooDeep);
        }
        Ok(self.depth + 1)
    }

    /// Skips blanks and comments, and newlines when asked to.
    pub(super) fn skip_blanks(&mut self, newlines: bool) {
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

    pub(super) fn eat(&mut self, token: &str) -> bool {
        let found = self.rest.starts_with(token);
        if found {
            self.advance(token.len());
        }
        found
    }

    pub(super) fn next_char(&mut self) -> Option<char> {
        let next = self.rest.chars().next()?;
        self.advance(next.len_utf8());
        Some(next)
    }

    pub(super) fn advance(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    /// The token at the current place, for a message.
    pub(super) fn token(&self) -> String {
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

pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && name_length(text) == text.len()
}

/// Length of the name (XBD 3.235) that a text begins with.
pub(super) fn name_length(text: &str) -> usize {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return 0;
    }
    text.len()
        - text
            .trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_')
            .len()
}
