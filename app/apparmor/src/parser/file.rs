//! File and link rules.

use super::{
    Parser, Read,
    letters::{EVERYTHING, Letters},
};
use crate::{
    diagnostic::{Diagnostic, codes},
    lexer::{Kind, Lexeme},
    source::Span,
    tree::{File, FilePermissions, Link, RuleKind, Safety},
};

impl Parser<'_> {
    /// `[file] [safe|unsafe] path letters [-> target],` or the letters first.
    pub(crate) fn file(&mut self) -> Read<RuleKind> {
        let keyword = self.eat(Kind::File);
        if let Some(word) = keyword
            && self.eat(Kind::EndOfRule).is_some()
        {
            let Letters { permissions, exec } = EVERYTHING;
            return Ok(RuleKind::File(File {
                path: None,
                permissions,
                permissions_span: word.span.after(),
                exec,
                safety: None,
                subset: false,
                target: None,
                permissions_first: false,
                keyword: true,
            }));
        }
        let start = self.peek().span;
        let safety = self.safety();
        let ahead = self.peek();
        let mut rule = match ahead.kind {
            Kind::Mode => self.letters_first()?,
            Kind::Id | Kind::SetVar => self.path_first()?,
            _ => {
                let expected = super::statement::RULE_START;
                return Err(
                    match keyword.filter(|word| self.on_next_line(*word, ahead)) {
                        Some(word) if !ahead.kind.is_error() => {
                            let wording = super::recovery::syntax_error(ahead.kind, &expected);
                            self.missing_comma(word, ahead, wording)
                        }
                        _ => self.unexpected(&expected),
                    },
                );
            }
        };
        rule.keyword = keyword.is_some();
        rule.safety = safety;
        self.apply_safety(&mut rule, start);
        Ok(RuleKind::File(rule))
    }

    fn path_first(&mut self) -> Read<File> {
        let path = self.next();
        let written = self.text(path);
        if !self.at(Kind::Mode) {
            return Err(self.no_letters(path));
        }
        let mode = self.next();
        let Letters { permissions, exec } = self.letters(mode.span);
        if matches!(self.peek().kind, Kind::Id | Kind::SetVar) {
            let next = self.next();
            let wording = format!(
                "missing an end of line character? (entry: {})",
                written.value
            );
            let diagnostic = self.no_comma_behind(mode.span);
            self.report(diagnostic.tool(Some(next.line), wording));
            // The rule is whole but for its comma; the next one is read again.
            self.ahead = Some(next);
            self.last = mode;
            return Err(super::Reported);
        }
        let target = self.target()?;
        self.expect(Kind::EndOfRule)?;
        Ok(File {
            path: Some(written),
            permissions,
            permissions_span: mode.span,
            exec,
            safety: None,
            subset: false,
            target,
            permissions_first: false,
            keyword: false,
        })
    }

    fn letters_first(&mut self) -> Read<File> {
        let mode = self.next();
        let Letters { permissions, exec } = self.letters(mode.span);
        let subset = self.subset();
        let path = self.path()?;
        let target = self.target()?;
        self.expect(Kind::EndOfRule)?;
        let span = mode.span.to(self.last.span);
        let other_than_link = FilePermissions {
            link: false,
            ..permissions
        } != FilePermissions::default();
        if subset && other_than_link {
            let sentence = "`subset` compares a link with its target, so it goes with `l` alone.";
            self.error(
                codes::SUBSET_WITHOUT_LINK,
                span,
                sentence,
                "subset can only be used with link rules.",
            );
        }
        if let Some(target) = &target
            && permissions.link
        {
            if permissions.exec {
                let sentence =
                    "The arrow names either a link's target or an exec's profile, not both.";
                let wording = "link and exec perms conflict on a file rule using ->";
                self.error(codes::LINK_AND_EXEC, span, sentence, wording);
            }
            if has_namespace(&target.value) {
                let sentence = "A link's target is a path; this one names a namespace.";
                let wording = "link perms are not allowed on a named profile transition.";
                self.error(codes::LINK_AND_EXEC, target.span, sentence, wording);
            }
        }
        Ok(File {
            path: Some(path),
            permissions,
            permissions_span: mode.span,
            exec,
            safety: None,
            subset,
            target,
            permissions_first: true,
            keyword: false,
        })
    }

    fn subset(&mut self) -> bool {
        self.eat(Kind::Subset)
            .or_else(|| self.eat(Kind::Le))
            .is_some()
    }

    /// `link [subset] a -> b,`
    pub(crate) fn link(&mut self) -> Read<RuleKind> {
        self.expect(Kind::Link)?;
        let subset = self.subset();
        let link = self.path()?;
        self.expect(Kind::Arrow)?;
        let target = self.path()?;
        self.expect(Kind::EndOfRule)?;
        Ok(RuleKind::Link(Link {
            subset,
            link,
            target,
        }))
    }

    fn apply_safety(&mut self, rule: &mut File, start: Span) {
        let Some(safety) = rule.safety else { return };
        if !rule.permissions.exec {
            let sentence = "`safe` and `unsafe` tell how a file is executed; this rule has no `x`.";
            self.error(
                codes::SAFETY_WITHOUT_EXEC,
                start,
                sentence,
                "unsafe rule missing exec permissions",
            );
        }
        if let Some(exec) = &mut rule.exec {
            exec.dangerous = safety == Safety::Unsafe;
        }
    }

    /// Something else stands where the letters of a path belong.
    fn no_letters(&mut self, path: Lexeme) -> super::Reported {
        let ahead = self.peek();
        if ahead.kind.is_error() || ahead.kind == Kind::End {
            return self.unexpected(&[Kind::Mode]);
        }
        let wording = super::recovery::syntax_error(ahead.kind, &[Kind::Mode]);
        let word = self.written(path.span).to_owned();
        let found = self.written(ahead.span).to_owned();
        let is_path = word.starts_with(['/', '@', '"', '&', ':']);
        let behind = self.lexer.text_from(ahead.span.end as usize).chars().next();
        let diagnostic = if !is_path && ahead.span.start == path.span.end && found.starts_with('/')
        {
            let start = Span {
                end: path.span.start,
                ..path.span
            };
            Diagnostic::error(
                codes::MISSING_SLASH,
                path.span,
                format!("A path starts with `/`; `{word}` does not."),
            )
            .fix("Add the slash", start, "/")
        } else if !is_path {
            unknown_rule(&word, path.span)
        } else if matches!(
            ahead.kind,
            Kind::Equals | Kind::AddAssign | Kind::CondAssign | Kind::OverrideAssign
        ) {
            let sentence = "Variables are set before the first profile, not inside of one.";
            Diagnostic::error(
                codes::VARIABLE_IN_PROFILE,
                path.span.to(ahead.span),
                sentence,
            )
        } else if ahead.kind == Kind::EndOfRule || self.on_next_line(path, ahead) {
            let sentence = format!("The rule names `{word}` but no permissions.");
            let end = path.span.after();
            Diagnostic::error(codes::BAD_PERMISSIONS, end, sentence).fix("Allow reading", end, " r")
        } else if behind == Some(';')
            && found
                .chars()
                .all(|letter| "rwaklmxpciu".contains(letter.to_ascii_lowercase()))
        {
            let semicolon = Span {
                start: ahead.span.end,
                end: ahead.span.end + 1,
                ..ahead.span
            };
            Diagnostic::error(
                codes::MISSING_COMMA,
                semicolon,
                "A rule ends with a comma, not with a semicolon.",
            )
            .fix("Write a comma", semicolon, ",")
        } else if ahead.kind == Kind::Id && matches!(behind, Some(',')) {
            unknown_letters(&found, ahead.span)
        } else {
            self.unquoted_blank(path, ahead)
        };
        self.report(diagnostic.tool(Some(ahead.line), wording));
        super::Reported
    }

    fn unquoted_blank(&self, path: Lexeme, ahead: Lexeme) -> Diagnostic {
        let found = self.written(ahead.span);
        let line = self
            .lexer
            .text_from(path.span.start as usize)
            .lines()
            .next()
            .unwrap_or_default();
        let rule = line.split_once(',').map_or(line, |(rule, _)| rule);
        let sentence = format!(
            "`{found}` stands where permission letters belong; a path with a blank needs quotes."
        );
        let diagnostic = Diagnostic::error(codes::UNQUOTED_BLANK, ahead.span, sentence);
        match rule.rsplit_once(' ') {
            Some((words, letters))
                if !letters.is_empty() && words.contains(' ') && !words.contains('"') =>
            {
                let end =
                    path.span.start + u32::try_from(words.trim_end().len()).unwrap_or_default();
                diagnostic.fix(
                    "Quote the path",
                    Span { end, ..path.span },
                    format!("\"{}\"", words.trim_end()),
                )
            }
            _ => diagnostic,
        }
    }
}

fn unknown_rule(word: &str, span: Span) -> Diagnostic {
    const STARTS: &[&str] = &[
        "file",
        "capability",
        "network",
        "mount",
        "remount",
        "umount",
        "pivot_root",
        "signal",
        "ptrace",
        "unix",
        "dbus",
        "userns",
        "io_uring",
        "mqueue",
        "change_profile",
        "link",
        "deny",
        "audit",
        "allow",
        "owner",
        "include",
        "profile",
        "hat",
        "all",
    ];
    let sentence = format!("No rule starts with `{word}`.");
    let diagnostic = Diagnostic::error(codes::UNKNOWN_RULE, span, sentence);
    match STARTS.iter().find(|known| is_near(word, known)) {
        Some(known) => diagnostic.fix(format!("Write `{known}`"), span, *known),
        None => diagnostic,
    }
}

/// Whether two words differ by one letter left out, added, exchanged or swapped with its neighbour.
fn is_near(word: &str, known: &str) -> bool {
    let (word, known): (Vec<char>, Vec<char>) = (
        word.to_lowercase().chars().collect(),
        known.chars().collect(),
    );
    let same_start = word.iter().zip(&known).take_while(|(a, b)| a == b).count();
    let word_rest = word.get(same_start..).unwrap_or_default();
    let known_rest = known.get(same_start..).unwrap_or_default();
    let tail = |rest: &[char], from: usize| rest.get(from..).map(<[char]>::to_vec);
    let (left_out, added) = (tail(known_rest, 1), tail(word_rest, 1));
    left_out.as_deref() == Some(word_rest)
        || added.as_deref() == Some(known_rest)
        || (left_out.is_some() && left_out == added)
        || matches!((word_rest, known_rest), ([a, b, word @ ..], [c, d, known @ ..]) if a == d && b == c && word == known)
        || word == known
}

fn unknown_letters(found: &str, span: Span) -> Diagnostic {
    let stray: String = found
        .chars()
        .filter(|letter| !"rwaklmxpciuPCURWLMXI".contains(*letter))
        .collect();
    let sentence = if stray.is_empty() {
        format!(
            "`{found}` is not a set of permission letters: `p`, `c`, `u` and `i` stand before an `x`."
        )
    } else {
        format!(
            "`{stray}` is not a permission letter; they are r, w, a, l, k, m and x with i, p, c or u before it."
        )
    };
    let diagnostic = Diagnostic::error(codes::BAD_PERMISSIONS, span, sentence);
    let kept: String = found
        .chars()
        .filter(|letter| !stray.contains(*letter))
        .collect();
    if stray.is_empty() || kept.is_empty() {
        diagnostic
    } else {
        diagnostic.fix("Leave it out", span, kept)
    }
}

/// Whether a label starts with a whole namespace. Source: `label_contains_ns`.
pub(crate) fn has_namespace(label: &str) -> bool {
    let label = label.strip_prefix('&').unwrap_or(label);
    label
        .strip_prefix(':')
        .and_then(|rest| rest.split_once(':'))
        .is_some_and(|(namespace, name)| {
            !namespace.is_empty() && !name.trim_start_matches("//").is_empty()
        })
}
