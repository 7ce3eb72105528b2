//! Laying a policy text out: indentation by braces, single blanks, no blanks at line ends.
//!
//! Only white space changes, so the meaning stays: words, comments, quotes and
//! line ends are kept, the latter because they end the values of a variable.

use crate::{
    parser::{is_refused, parse},
    token::{Token, TokenKind},
};

/// What one level of braces is indented by.
const INDENT: &str = "  ";

/// How many empty lines may stand together.
const MAX_EMPTY_LINES: usize = 1;

/// The text laid out; none where it has errors, for then its structure is not known, and none where
/// white space that would be changed has a meaning: `@{A}=#a` at the very end of a file assigns a
/// value, and with a line end behind it is a comment (`#.*\n` in the parser's lexer).
pub fn format(text: &str) -> Option<String> {
    let parsed = parse("policy", text);
    if is_refused(&parsed.diagnostics) {
        return None;
    }
    let mut layout = Layout::default();
    for token in &parsed.tokens {
        layout.token(*token, parsed.files.text(token.span));
    }
    let laid_out = layout.finish();
    (!is_refused(&parse("policy", &laid_out).diagnostics)).then_some(laid_out)
}

#[derive(Default)]
struct Layout {
    out: String,
    line: String,
    depth: usize,
    /// A blank stands before the next piece of the line.
    blank: bool,
    empty_lines: usize,
    /// The rule that the last line began goes on.
    continues: bool,
}

impl Layout {
    fn token(&mut self, token: Token, text: &str) {
        match token.kind {
            TokenKind::Space => {
                for character in text.chars() {
                    if character == '\n' {
                        self.end_line();
                    } else {
                        self.blank = true;
                    }
                }
            }
            TokenKind::Comment => {
                self.piece(text.trim_end());
                self.end_line();
            }
            // A backslash carries the values of a variable on to the next line.
            TokenKind::Punctuation if text.ends_with('\n') => {
                self.piece(text.trim_end());
                self.end_line();
            }
            kind => {
                if text == "}" && kind == TokenKind::Punctuation {
                    self.depth = self.depth.saturating_sub(1);
                    self.continues = false;
                }
                self.piece(text.trim_end_matches([' ', '\t']));
                self.blank |= text.ends_with([' ', '\t']);
                if text == "{" && kind == TokenKind::Punctuation {
                    self.depth += 1;
                }
            }
        }
    }

    fn piece(&mut self, text: &str) {
        if self.line.is_empty() {
            let levels = self.depth + usize::from(self.continues);
            self.line.push_str(&INDENT.repeat(levels));
        } else if self.blank {
            self.line.push(' ');
        }
        self.blank = false;
        self.line.push_str(text);
    }

    fn end_line(&mut self) {
        let line = self.line.trim();
        if line.is_empty() {
            self.empty_lines += 1;
            if self.empty_lines <= MAX_EMPTY_LINES && !self.out.is_empty() {
                self.out.push('\n');
            }
        } else {
            self.empty_lines = 0;
            let is_whole = line.ends_with([',', '{', '}'])
                || line.starts_with('#')
                || line.starts_with("include")
                || line.contains(" #");
            self.continues = self.depth > 0 && !is_whole;
            self.out.push_str(&self.line);
            self.out.push('\n');
        }
        self.line.clear();
        self.blank = false;
    }

    fn finish(mut self) -> String {
        if !self.line.trim().is_empty() {
            self.end_line();
        }
        let end = self.out.trim_end().len();
        self.out.truncate(end);
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out
    }
}
