//! Profiles, child profiles and hats.

use sorted::SortedSet;

use super::{Parser, Read, Reported};
use crate::{
    diagnostic::{Diagnostic, codes},
    lexer::Kind,
    source::Span,
    tree::{Body, Flags, Keyword, NamedCondition, Operator, Profile, Statement, Text, Xattr},
};

/// How many different profiles a profile may name as exec targets: the slots of
/// the transition table. Source: `add_entry_to_x_table`.
pub const MAX_EXEC_TARGETS: usize = 12;

/// What stands before the brace.
struct Head {
    attachment: Option<Text>,
    xattrs: Vec<Xattr>,
    group: Option<Text>,
    identities: Vec<Text>,
    flags: Flags,
}

/// A name split at its namespace. Source: `_parse_label`.
pub(crate) struct Label<'a> {
    /// `&` stands before it.
    pub stack: bool,
    /// The namespace without colons.
    pub namespace: Option<&'a str>,
    /// The rest.
    pub name: &'a str,
}

/// Splits a label, or tells in the real parser's words why that cannot be done.
pub(crate) fn split_label(label: &str) -> Result<Label<'_>, String> {
    let (stack, rest) = match label.strip_prefix('&') {
        Some(rest) => (true, rest),
        None => (false, label),
    };
    let Some(inner) = rest.strip_prefix(':') else {
        return if rest.is_empty() {
            Err(format!("Empty named transition profile name: {label}"))
        } else {
            Ok(Label {
                stack,
                namespace: None,
                name: rest,
            })
        };
    };
    let Some((namespace, name)) = inner.split_once(':') else {
        return Err(format!("Namespace not terminated: {label}"));
    };
    let name = name.strip_prefix("//").unwrap_or(name);
    if namespace.is_empty() {
        Err(format!("Empty namespace: {label}"))
    } else if name.is_empty() {
        Err(format!("Empty named transition profile name: {label}"))
    } else {
        Ok(Label {
            stack,
            namespace: Some(namespace),
            name,
        })
    }
}

impl Parser<'_> {
    /// A profile at the outermost level.
    pub(crate) fn outer_profile(
        &mut self,
        names: &mut SortedSet<(Option<String>, String)>,
    ) -> Read<Profile> {
        let profile = self.nested(Self::any_profile)?;
        let line = self.last.line;
        if let Ok(Label {
            namespace, name, ..
        }) = split_label(&profile.name.value)
        {
            if profile.keyword == Keyword::None && namespace.is_none() && !name.starts_with('/') {
                let sentence =
                    format!("`{name}` is no path, so the word `profile` must stand before it.");
                let wording =
                    "Profile names must begin with a '/', namespace or keyword 'profile' or 'hat'.";
                let start = Span {
                    end: profile.span.start,
                    ..profile.span
                };
                let diagnostic =
                    Diagnostic::error(codes::NAME_NEEDS_KEYWORD, profile.name.span, sentence)
                        .fix("Write `profile`", start, "profile ")
                        .tool(Some(line), wording);
                self.report(diagnostic);
            }
            if !names.insert((namespace.map(str::to_owned), name.to_owned())) {
                let sentence = format!("There are two profiles named `{name}`.");
                let wording = format!("Multiple definitions for profile {name} exist,bailing out.");
                let diagnostic =
                    Diagnostic::error(codes::DUPLICATE_PROFILE, profile.name.span, sentence);
                self.report(diagnostic.tool(None, wording));
            }
        }
        Ok(profile)
    }

    /// A child profile or hat.
    pub(crate) fn inner_profile(&mut self) -> Read<Profile> {
        let profile = self.any_profile()?;
        if profile.keyword.is_hat()
            && let Some(xattr) = profile.xattrs.first()
        {
            let sentence = "A hat is entered by its name, so extended attributes cannot select it.";
            self.error(
                codes::BAD_PROFILE_CONDITION,
                xattr.name.span,
                sentence,
                "hat profiles can't use xattrs matches",
            );
        }
        Ok(profile)
    }

    fn any_profile(&mut self) -> Read<Profile> {
        let start = self.peek().span;
        let keyword = match self.peek().kind {
            Kind::Profile => Keyword::Profile,
            Kind::Hat => Keyword::Hat,
            Kind::Caret => Keyword::Caret,
            _ => Keyword::None,
        };
        if keyword != Keyword::None {
            self.next();
        }
        let name_lexeme = self.expect(Kind::Id)?;
        let name = self.text(name_lexeme);
        let head = match self.head(keyword, name.span) {
            Ok(head) => head,
            Err(Reported) => self.skip_head(start, name_lexeme)?,
        };
        let open = self.last.span;
        let head_span = Span {
            end: open.start,
            ..start
        };
        let body = self.with_own_includes(|parser| parser.body(open));
        let Head {
            attachment,
            xattrs,
            group,
            identities,
            flags,
        } = head;
        self.check_profile(&name, attachment.as_ref(), group.as_ref(), &body);
        let span = start.to(self.last.span);
        Ok(Profile {
            keyword,
            name,
            attachment,
            xattrs,
            identities,
            flags,
            body,
            span,
            head: head_span,
        })
    }

    /// What stands between the name and the brace, that one included.
    fn head(&mut self, keyword: Keyword, name: Span) -> Read<Head> {
        let attachment = match self.peek().kind {
            Kind::Id | Kind::SetVar => {
                let attachment = self.next();
                Some(self.text(attachment))
            }
            _ => None,
        };
        let list = self.condition_list()?;
        let mut identities = Vec::new();
        while let Some(plus) = self.eat(Kind::Plus) {
            self.needs(
                crate::level::Syntax::Identities,
                plus.span,
                "`identities=(…)`",
            );
            self.identities(&mut identities)?;
        }
        let flags = self.flags()?;
        if self.eat(Kind::Open).is_none() {
            let ahead = self.peek();
            let expected = [Kind::Open];
            if ahead.kind.is_error() {
                return Err(self.unexpected(&expected));
            }
            let wording = super::recovery::syntax_error(ahead.kind, &expected);
            let diagnostic = if keyword == Keyword::None && ahead.kind == Kind::Mode {
                let sentence = "A rule stands here outside of a profile; rules belong between a profile's braces.";
                Diagnostic::error(codes::OUTSIDE_PROFILE, name, sentence)
            } else {
                let sentence = "The `{` that opens the profile is missing.";
                Diagnostic::error(codes::MISSING_BRACE, name.after(), sentence).fix(
                    "Add the brace",
                    name.after(),
                    " {",
                )
            };
            self.report(diagnostic.tool(Some(ahead.line), wording));
            return Err(Reported);
        }
        let (group, conditions) = match list {
            Some(list) => (Some(list.name), list.conditions),
            None => (None, Vec::new()),
        };
        let xattrs = conditions.into_iter().map(xattr).collect();
        Ok(Head {
            attachment,
            xattrs,
            group,
            identities,
            flags,
        })
    }

    /// Goes on inside the braces of a profile whose head could not be read.
    fn skip_head(&mut self, start: Span, name: crate::lexer::Lexeme) -> Read<Head> {
        let ahead = self.peek();
        if self.is_stopped() || ahead.kind == Kind::End || start == name.span {
            return Err(Reported);
        }
        let at = name.span.end as usize;
        if name.span.file != self.lexer.file() {
            return Err(Reported);
        }
        let rest = self.lexer.text_from(at);
        let line_end = rest.find('\n').unwrap_or(rest.len());
        let line = rest.get(..line_end).unwrap_or_default();
        let next = match line.find('{') {
            Some(brace) => at + brace + 1,
            None => at + line_end,
        };
        let end = u32::try_from(next).unwrap_or(u32::MAX);
        self.ahead = None;
        self.lexer.restart(next);
        self.last = crate::lexer::Lexeme {
            span: Span {
                start: end.saturating_sub(1),
                end,
                ..name.span
            },
            ..name
        };
        Ok(Head {
            attachment: None,
            xattrs: Vec::new(),
            group: None,
            identities: Vec::new(),
            flags: Flags::default(),
        })
    }

    fn identities(&mut self, identities: &mut Vec<Text>) -> Read<()> {
        self.expect(Kind::Identities)?;
        self.expect(Kind::Equals)?;
        self.expect(Kind::OpenParen)?;
        let mut first = true;
        loop {
            match self.peek().kind {
                Kind::Value => {
                    let value = self.next();
                    let value = self.text(value);
                    if !value.value.starts_with('/') && value.value.contains(' ') {
                        let wording = format!(
                            "Space character not allowed in identities: '{}'",
                            value.value
                        );
                        let sentence = "An identity holds no blank unless it is a path.";
                        self.error(codes::BAD_IDENTITY, value.span, sentence, wording);
                    }
                    identities.push(value);
                }
                Kind::CloseParen if !first => {
                    self.next();
                    return Ok(());
                }
                _ if first => return Err(self.unexpected(&[Kind::Value])),
                _ => return Err(self.unexpected(&[Kind::Value, Kind::CloseParen])),
            }
            first = false;
        }
    }

    /// What can be told once the closing brace is read.
    fn check_profile(
        &mut self,
        name: &Text,
        attachment: Option<&Text>,
        group: Option<&Text>,
        body: &Body,
    ) {
        match split_label(&name.value) {
            Err(wording) => {
                let sentence =
                    "A namespace is written `:namespace:name`, neither part being empty.";
                self.error(codes::BAD_NAMESPACE, name.span, sentence, wording);
            }
            Ok(label) if label.stack => {
                let wording = "Profile names must begin with a '/' or a namespace";
                self.error(
                    codes::NAME_NEEDS_KEYWORD,
                    name.span,
                    "A profile's name does not start with `&`.",
                    wording,
                );
            }
            Ok(_) => {}
        }
        if let Some(attachment) = attachment
            && !attachment.value.starts_with('/')
            && !attachment.value.starts_with("@{")
        {
            self.bad_attachment(attachment);
        }
        if let Some(group) = group
            && group.as_str() != "xattrs"
        {
            let wording = format!(
                "profile id: invalid conditional group {}=()",
                group.as_str()
            );
            let sentence = format!("Profiles have no `{}=(…)`.", group.as_str());
            self.error(codes::BAD_PROFILE_CONDITION, group.span, sentence, wording);
        }
        self.check_children(body);
    }

    fn bad_attachment(&mut self, attachment: &Text) {
        let line = self.last.line;
        let word = attachment.as_str();
        let wording = "Profile attachment must begin with a '/' or variable.";
        let diagnostic = if word == "flags" {
            let end = attachment.span.after();
            let sentence = "`flags` takes an equals sign before its brackets.";
            Diagnostic::error(codes::BAD_ATTACHMENT, attachment.span, sentence).fix(
                "Add the equals sign",
                end,
                "=",
            )
        } else {
            let sentence = format!(
                "`{word}` stands where the path of a program belongs; a name with a blank needs quotes."
            );
            Diagnostic::error(codes::BAD_ATTACHMENT, attachment.span, sentence)
        };
        self.report(diagnostic.tool(Some(line), wording));
    }

    /// Two children of one name.
    fn check_children(&mut self, body: &Body) {
        let mut names = SortedSet::new();
        let mut twice = Vec::new();
        let mut bodies = vec![body];
        while let Some(body) = bodies.pop() {
            for statement in &body.statements {
                match statement {
                    Statement::Profile(child) if !names.insert(child.name.value.clone()) => {
                        twice.push(child.name.clone());
                    }
                    Statement::Conditional(conditional) => bodies.extend(conditional.chosen()),
                    _ => {}
                }
            }
        }
        for name in twice {
            let sentence = format!(
                "There are two hats or child profiles named `{}`.",
                name.value
            );
            let wording = format!(
                "Multiple definitions for hat {} in profile (null) exist,bailing out.",
                name.value
            );
            self.report(
                Diagnostic::error(codes::DUPLICATE_PROFILE, name.span, sentence)
                    .tool(None, wording),
            );
        }
    }

    /// Something outside of a profile that does not belong there.
    pub(crate) fn outside(&mut self, preamble: bool) -> Reported {
        let ahead = self.peek();
        if ahead.kind.is_error() {
            return self.unexpected(&[Kind::End]);
        }
        let word = self
            .written(ahead.span)
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned();
        let diagnostic = match ahead.kind {
            Kind::Close => {
                let sentence = "This brace closes nothing.";
                Diagnostic::error(codes::EXTRA_BRACE, ahead.span, sentence).fix(
                    "Remove it",
                    ahead.span,
                    "",
                )
            }
            Kind::SetVar | Kind::BoolVar | Kind::Alias | Kind::Abi if !preamble => {
                let sentence = format!("`{word}` belongs before the first profile.");
                Diagnostic::error(codes::OUTSIDE_PROFILE, ahead.span, sentence)
            }
            _ => {
                let sentence = format!(
                    "`{word}` stands outside of a profile; rules belong between a profile's braces."
                );
                Diagnostic::error(codes::OUTSIDE_PROFILE, ahead.span, sentence)
            }
        };
        let wording = super::recovery::syntax_error(ahead.kind, &[Kind::End]);
        self.report(diagnostic.tool(Some(ahead.line), wording));
        Reported
    }
}

fn xattr(condition: NamedCondition) -> Xattr {
    let value = if condition.operator == Operator::Equals {
        condition.values.into_iter().next()
    } else {
        None
    };
    Xattr {
        name: condition.name,
        value,
    }
}
