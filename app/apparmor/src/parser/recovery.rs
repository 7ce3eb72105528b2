//! What to say where the text is not what the grammar asks for, and where to
//! read on.

use super::{Parser, Reported};
use crate::{
    diagnostic::{Diagnostic, codes},
    lexer::{Kind, Lexeme},
    source::Span,
};

/// How the text goes on behind a statement that could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// With the next statement.
    Statement,
    /// Inside braces that the unread statement opened.
    Body,
}

impl Parser<'_> {
    /// Reports that the next symbol is none of those expected.
    pub(crate) fn unexpected(&mut self, expected: &[Kind]) -> Reported {
        let ahead = self.peek();
        if self.is_stopped() {
            return Reported;
        }
        if ahead.kind.is_error() {
            self.lexical(ahead, expected);
            return Reported;
        }
        let diagnostic = self
            .explain(ahead, expected)
            .tool(Some(ahead.line), syntax_error(ahead.kind, expected));
        self.report(diagnostic);
        Reported
    }

    /// Reports a character that the lexer cannot read, once.
    fn lexical(&mut self, ahead: Lexeme, expected: &[Kind]) {
        if self.lexical_error == Some(ahead.span) {
            return;
        }
        self.lexical_error = Some(ahead.span);
        let text = self.written(ahead.span).to_owned();
        let first = text.bytes().next().unwrap_or_default();
        let wording = match ahead.kind {
            Kind::ValueComma => "Variable declarations do not accept trailing commas".to_owned(),
            Kind::Jammed => "flex scanner jammed".to_owned(),
            _ => {
                // The real lexer prints one byte, and its number sign-extended.
                let code = i32::from(first.cast_signed());
                format!(
                    "Lexer found unexpected character: '{text}' (0x{code:x}) in state: {}",
                    ahead.mode.name()
                )
            }
        };
        let line = (ahead.kind != Kind::Jammed).then_some(ahead.line);
        let rest = self.lexer.text_from(ahead.span.start as usize).to_owned();
        let diagnostic = match ahead.kind {
            Kind::ValueComma => Diagnostic::error(
                codes::VARIABLE_COMMA,
                ahead.span,
                "The values of a variable are separated by blanks; no comma belongs here.",
            )
            .fix("Remove the comma", ahead.span, ""),
            _ if first == b'~' => Diagnostic::error(
                codes::SHELL_SYNTAX,
                ahead.span,
                "`~` is the shell's; in a profile home folders are written `@{HOME}`.",
            )
            .fix("Write `@{HOME}`", ahead.span, "@{HOME}"),
            _ if first == b'"' => Diagnostic::error(
                codes::UNCLOSED_QUOTE,
                ahead.span,
                "A quote starts here that does not belong here or is not closed.",
            ),
            _ if first == b'#' && !rest.contains('\n') => Diagnostic::error(
                codes::UNEXPECTED_CHARACTER,
                ahead.span,
                "The last line of a file is read as a comment only where it ends with a line end.",
            )
            .fix(
                "End the line",
                Span {
                    start: ahead.span.start + len(&rest),
                    end: ahead.span.start + len(&rest),
                    ..ahead.span
                },
                "\n",
            ),
            _ if self.lacks_comma(ahead, expected) => self.no_comma_behind(self.last.span),
            _ => Diagnostic::error(
                codes::UNEXPECTED_CHARACTER,
                ahead.span,
                format!("`{}` cannot stand here.", text.escape_debug()),
            ),
        };
        self.report(diagnostic.tool(line, wording));
    }

    /// A plain sentence, and a fix where one is obvious.
    fn explain(&self, ahead: Lexeme, expected: &[Kind]) -> Diagnostic {
        let found = self.written(ahead.span);
        if self.lacks_comma(ahead, expected) {
            return self.no_comma_behind(self.last.span);
        }
        match ahead.kind {
            Kind::End => {
                return Diagnostic::error(
                    codes::MISSING_BRACE,
                    ahead.span,
                    "The file ends inside of a statement.",
                );
            }
            Kind::EndOfRule => {
                return Diagnostic::error(
                    codes::EXTRA_COMMA,
                    ahead.span,
                    format!("There is a comma where {} belongs.", expectation(expected)),
                );
            }
            _ => {}
        }
        Diagnostic::error(
            codes::UNEXPECTED,
            ahead.span,
            format!(
                "Here `{}` stands where {} belongs.",
                first_line(found),
                expectation(expected)
            ),
        )
    }

    /// Whether the rule could have ended, and the next symbol is no more of it.
    fn lacks_comma(&self, ahead: Lexeme, expected: &[Kind]) -> bool {
        expected.contains(&Kind::EndOfRule) && self.ends_statement(ahead)
    }

    /// That a rule ends at `last` without its comma, and the comma as a fix.
    pub(crate) fn no_comma_behind(&self, last: Span) -> Diagnostic {
        let place = last.after();
        let what = first_line(self.written(last)).trim_end();
        Diagnostic::error(
            codes::MISSING_COMMA,
            place,
            format!("Every rule ends with a comma; none follows `{what}`."),
        )
        .fix("Add the comma", place, ",")
    }

    /// Whether a symbol stands where the statement before it should have ended.
    fn ends_statement(&self, ahead: Lexeme) -> bool {
        let between = Span {
            start: self.last.span.end,
            end: ahead.span.start,
            file: ahead.span.file,
        };
        let next_line =
            self.last.span.file == ahead.span.file && self.files.text(between).contains('\n');
        next_line || ahead.kind == Kind::Close || self.written(ahead.span) == "}"
    }

    /// Reports that the comma behind `word` is missing, `next` standing on a later line
    /// and having been read as more of the rule; reading goes on there.
    pub(crate) fn missing_comma(
        &mut self,
        word: Lexeme,
        next: Lexeme,
        wording: String,
    ) -> Reported {
        let line = self.peek().line;
        let diagnostic = self.no_comma_behind(word.span);
        self.report(diagnostic.tool(Some(line), wording));
        if next.span.file == self.lexer.file() {
            self.ahead = None;
            self.lexer.restart(next.span.start as usize);
            self.last = word;
        }
        Reported
    }

    /// Whether a symbol stands on a later line than the one before it.
    pub(crate) fn on_next_line(&self, before: Lexeme, next: Lexeme) -> bool {
        let between = Span {
            start: before.span.end,
            end: next.span.start,
            ..before.span
        };
        before.span.file == next.span.file && self.files.text(between).contains('\n')
    }

    /// Goes to where the text can be read again behind a statement that started at `start`.
    pub(crate) fn recover(&mut self, start: Span) -> After {
        let ahead = self.peek();
        if self.is_stopped() || ahead.kind == Kind::End {
            return After::Statement;
        }
        let at = ahead.span.start as usize;
        self.ahead = None;
        if ahead.span != start && self.ends_statement(ahead) {
            self.lexer.restart(at);
            return After::Statement;
        }
        let rest = self.lexer.text_from(at);
        let line_end = rest.find('\n').unwrap_or(rest.len());
        let line = rest.get(..line_end).unwrap_or_default();
        let comment = line.find(" #").unwrap_or(line.len());
        let line = line.get(..comment).unwrap_or_default();
        let mut end = None;
        for (index, character) in line.char_indices() {
            let next = line.get(index + character.len_utf8()..).unwrap_or_default();
            let ends = next.is_empty() || next.starts_with([' ', '\t', '\r', '}']);
            match character {
                ',' | ';' if ends => end = Some((index + 1, After::Statement)),
                '{' if next.trim().is_empty() => end = Some((index + 1, After::Body)),
                '}' if next.trim().is_empty()
                    && index > 0
                    && line.get(..index).is_some_and(|l| l.ends_with([' ', '\t'])) =>
                {
                    end = Some((index, After::Statement));
                }
                _ => continue,
            }
            break;
        }
        if ahead.kind == Kind::ValueComma {
            // The values behind it belong to the same variable.
            end = None;
        }
        let (length, after) = end.unwrap_or((line_end, After::Statement));
        // At least one symbol is passed over, so that reading always goes on.
        let least = (ahead.span.end - ahead.span.start) as usize;
        self.lexer.restart(
            at + if ahead.span == start {
                length.max(least)
            } else {
                length.max(1)
            },
        );
        after
    }
}

fn len(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// The wording of bison: what was expected is told up to four symbols.
pub(crate) fn syntax_error(found: Kind, expected: &[Kind]) -> String {
    const MOST_TOLD: usize = 4;
    let mut expected = expected.to_vec();
    sorted::sort(&mut expected);
    let mut wording = format!("syntax error, unexpected {}", found.name());
    if expected.len() <= MOST_TOLD {
        for (index, kind) in expected.iter().enumerate() {
            wording.push_str(if index == 0 { ", expecting " } else { " or " });
            wording.push_str(kind.name());
        }
    }
    wording
}

/// What was expected, in words.
fn expectation(expected: &[Kind]) -> String {
    let words: Vec<&str> = expected.iter().map(|kind| plain(*kind)).collect();
    match words.split_last() {
        None => "something else".to_owned(),
        Some((only, [])) => (*only).to_owned(),
        Some((last, first)) => format!("{} or {last}", first.join(", ")),
    }
}

fn plain(kind: Kind) -> &'static str {
    match kind {
        Kind::End => "the end of the file",
        Kind::Id => "a path or name",
        Kind::Mode => "permission letters",
        Kind::SetVar => "a variable",
        Kind::EndOfRule => "the comma that ends the rule",
        Kind::Open => "`{`",
        Kind::Close => "`}`",
        Kind::OpenParen => "`(`",
        Kind::CloseParen => "`)`",
        Kind::Equals => "`=`",
        Kind::AddAssign => "`+=`",
        Kind::CondAssign => "`?=`",
        Kind::OverrideAssign => "`:=`",
        Kind::Arrow => "`->`",
        Kind::Le => "`<=`",
        Kind::Value => "a value",
        Kind::CondId => "a condition",
        Kind::If => "`if`",
        Kind::Or => "`or`",
        Kind::Rlimit => "`rlimit`",
        Kind::In => "`in`",
        Kind::Identities => "`identities`",
        _ => "another word",
    }
}
