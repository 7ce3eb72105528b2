//! A rule: its prefix, and which kind it is.

use super::{Parser, Read, statement::RULE_START};
use crate::{
    diagnostic::{Code, Diagnostic, codes},
    level::Syntax,
    lexer::Kind,
    source::Span,
    tree::{
        ChangeProfile, ConditionList, NamedCondition, Operator, Owner, Prefix, Qualifier, Rule,
        RuleKind, Safety, Text,
    },
};

/// The highest priority that a rule may have; the lowest is its negative.
pub const MAX_PRIORITY: i64 = 1000;

impl Parser<'_> {
    /// `priority=N audit allow|deny|prompt owner|other`
    pub(crate) fn prefix(&mut self) -> Read<Prefix> {
        let mut prefix = Prefix::default();
        if let Some(word) = self.eat(Kind::Priority) {
            self.expect(Kind::Equals)?;
            let value = self.expect(Kind::Value)?;
            self.needs(Syntax::Priority, word.span, "priorities");
            prefix.priority = self.priority(value.span);
        }
        prefix.audit = self.eat(Kind::Audit).is_some();
        let word = self.peek();
        prefix.qualifier = match word.kind {
            Kind::Allow => Some(Qualifier::Allow),
            Kind::Deny => Some(Qualifier::Deny),
            Kind::Prompt => Some(Qualifier::Prompt),
            _ => None,
        };
        if prefix.qualifier.is_some() {
            self.next();
        }
        if prefix.qualifier == Some(Qualifier::Prompt) {
            self.needs(Syntax::Prompt, word.span, "`prompt`");
        }
        prefix.owner = match self.peek().kind {
            Kind::Owner => Some(Owner::Owner),
            Kind::Other => Some(Owner::Other),
            _ => None,
        };
        if prefix.owner.is_some() {
            self.next();
        }
        Ok(prefix)
    }

    fn priority(&mut self, span: Span) -> i32 {
        let written = self.written(span).to_owned();
        let value = written
            .parse::<i64>()
            .unwrap_or(if written.starts_with('-') {
                i64::MIN
            } else {
                i64::MAX
            });
        let bound = value.clamp(-MAX_PRIORITY, MAX_PRIORITY);
        if bound != value {
            let sentence = format!("A priority lies between -{MAX_PRIORITY} and {MAX_PRIORITY}.");
            self.error(
                codes::BAD_PRIORITY,
                span,
                sentence,
                format!("invalid priority {value} > {bound}"),
            );
        }
        i32::try_from(bound).unwrap_or_default()
    }

    /// Reads a rule behind its prefix.
    pub(crate) fn rule(&mut self, prefix: Prefix, start: Span) -> Read<Rule> {
        let ahead = self.peek();
        let kind = match ahead.kind {
            Kind::Capability => self.capability()?,
            Kind::Network => self.network()?,
            Kind::Unix => self.unix()?,
            Kind::Dbus => self.dbus()?,
            Kind::Signal => self.signal()?,
            Kind::Ptrace => self.ptrace()?,
            Kind::Mount | Kind::Remount | Kind::Umount => self.mount()?,
            Kind::PivotRoot => self.pivot_root()?,
            Kind::Userns => self.userns()?,
            Kind::Mqueue => self.mqueue()?,
            Kind::IoUring => self.io_uring()?,
            Kind::ChangeProfile => self.change_profile()?,
            Kind::All if self.options.level.has(Syntax::All) => {
                self.next();
                self.expect(Kind::EndOfRule)?;
                RuleKind::All
            }
            Kind::Link => self.link()?,
            Kind::File | Kind::Safe | Kind::Unsafe | Kind::Id | Kind::SetVar | Kind::Mode => {
                self.file()?
            }
            _ => return Err(self.no_rule(ahead)),
        };
        let span = start.to(self.last.span);
        self.check_prefix(prefix, &kind, span);
        Ok(Rule { prefix, kind, span })
    }

    fn no_rule(&mut self, ahead: crate::lexer::Lexeme) -> super::Reported {
        let word = self.written(ahead.span).to_owned();
        let out_of_order = matches!(
            ahead.kind,
            Kind::Audit
                | Kind::Deny
                | Kind::Allow
                | Kind::Prompt
                | Kind::Owner
                | Kind::Other
                | Kind::Priority
        );
        if out_of_order {
            let sentence = format!(
                "`{word}` cannot stand here: the order is `priority=`, `audit`, `allow` or `deny`, then `owner`."
            );
            let wording = super::recovery::syntax_error(ahead.kind, &RULE_START);
            let diagnostic = Diagnostic::error(codes::PREFIX_ORDER, ahead.span, sentence);
            self.report(diagnostic.tool(Some(ahead.line), wording));
            return super::Reported;
        }
        let wording = super::recovery::syntax_error(ahead.kind, &RULE_START);
        let diagnostic = match ahead.kind {
            Kind::BoolVar => {
                let name = word.trim_start_matches('$').trim_matches(['{', '}']);
                let sentence = format!(
                    "`{word}` is the shell's; a policy's variables are written `@{{{name}}}`."
                );
                let fixed = format!("@{{{name}}}");
                Diagnostic::error(codes::SHELL_SYNTAX, ahead.span, sentence).fix(
                    format!("Write `{fixed}`"),
                    ahead.span,
                    fixed.clone(),
                )
            }
            Kind::EndOfRule if self.follows_include(ahead.span) => {
                let sentence = "No comma follows an include.";
                Diagnostic::error(codes::EXTRA_COMMA, ahead.span, sentence).fix(
                    "Remove the comma",
                    ahead.span,
                    "",
                )
            }
            _ => return self.unexpected(&RULE_START),
        };
        self.report(diagnostic.tool(Some(ahead.line), wording));
        super::Reported
    }

    /// Whether the line up to a place is an include.
    fn follows_include(&self, span: Span) -> bool {
        let before = self.files.text(Span {
            start: 0,
            end: span.start,
            ..span
        });
        let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
        line.trim_start_matches('#').starts_with("include")
    }

    fn check_prefix(&mut self, prefix: Prefix, kind: &RuleKind, span: Span) {
        let name = match kind {
            RuleKind::File(_) | RuleKind::Link(_) => return self.check_exec(prefix, kind, span),
            RuleKind::Capability(_) => "capability",
            RuleKind::Network(_) => "network",
            RuleKind::Mount(_) | RuleKind::PivotRoot(_) => "mount",
            RuleKind::Signal(_) => "signal",
            RuleKind::Ptrace(_) => "ptrace",
            RuleKind::Unix(_) => "unix",
            RuleKind::Dbus(_) => "dbus",
            RuleKind::Userns(_) => "userns",
            RuleKind::IoUring(_) => "io_uring",
            RuleKind::Mqueue(_) => "mqueue",
            RuleKind::ChangeProfile(_) => "change_profile",
            RuleKind::All => "all",
            RuleKind::Rlimit(_) => return,
        };
        if prefix.owner.is_none() {
            return;
        }
        // The wording for change_profile names another kind of rule.
        let wording = match name {
            "capability" => "owner conditional not allowed on capability rules".to_owned(),
            "change_profile" => "owner conditional not allowed on unix rules".to_owned(),
            name => format!("owner prefix not allowed on {name} rules"),
        };
        let sentence = format!("`owner` asks whose file it is; a {name} rule speaks of no file.");
        self.error(codes::PREFIX_NOT_ALLOWED, span, sentence, wording);
    }

    /// `name=value`, `name=(value …)`, `name in (value …)`, as many as there are.
    pub(crate) fn conditions(&mut self) -> Read<Vec<NamedCondition>> {
        let mut conditions = Vec::new();
        while let Some(name) = self.eat(Kind::CondId) {
            let name = self.text(name);
            let operator = match self.peek().kind {
                Kind::Equals => Operator::Equals,
                Kind::OverrideAssign => Operator::Set,
                Kind::In => Operator::In,
                _ => Operator::None,
            };
            let mut values = Vec::new();
            match operator {
                Operator::None => {}
                Operator::In => {
                    self.next();
                    self.expect(Kind::OpenParen)?;
                    values = self.values()?;
                }
                Operator::Equals | Operator::Set => {
                    self.next();
                    if let Some(value) = self.eat(Kind::Value) {
                        values.push(self.text(value));
                        // Inside of a list, brackets are left to the lexer.
                        while let Some(value) = self.eat(Kind::Value) {
                            values.push(self.text(value));
                        }
                    } else if self.eat(Kind::OpenParen).is_some() {
                        values = self.values()?;
                    } else {
                        return Err(self.unexpected(&[Kind::Value, Kind::OpenParen]));
                    }
                }
            }
            conditions.push(NamedCondition {
                name,
                operator,
                values,
            });
        }
        Ok(conditions)
    }

    fn values(&mut self) -> Read<Vec<Text>> {
        let first = self.expect(Kind::Value)?;
        let mut values = vec![self.text(first)];
        loop {
            match self.peek().kind {
                Kind::Value => {
                    let value = self.next();
                    values.push(self.text(value));
                }
                Kind::CloseParen => {
                    self.next();
                    return Ok(values);
                }
                _ => return Err(self.unexpected(&[Kind::Value, Kind::CloseParen])),
            }
        }
    }

    /// `peer=(…)`, where it is written.
    pub(crate) fn condition_list(&mut self) -> Read<Option<ConditionList>> {
        let Some(name) = self.eat(Kind::CondListId) else {
            return Ok(None);
        };
        let name = self.text(name);
        self.expect(Kind::Equals)?;
        self.expect(Kind::OpenParen)?;
        let conditions = self.conditions()?;
        if !self.at(Kind::CloseParen) {
            return Err(self.unexpected(&[Kind::CondId, Kind::CloseParen]));
        }
        self.next();
        Ok(Some(ConditionList { name, conditions }))
    }

    /// The conditions of `peer=(…)` behind those of a rule; another group is refused.
    pub(crate) fn peer(&mut self, rule: &str) -> Read<Vec<NamedCondition>> {
        let Some(list) = self.condition_list()? else {
            return Ok(Vec::new());
        };
        if list.name.as_str() != "peer" {
            let name = list.name.as_str();
            let wording = format!("{rule} rule: invalid conditional group {name}=()");
            self.error(
                codes::BAD_CONDITION,
                list.name.span,
                format!("{rule} rules have no `{name}=(…)`."),
                wording,
            );
        }
        Ok(list.conditions)
    }

    /// Reports a condition; the words of the real parser come as they are.
    pub(crate) fn bad_condition(
        &mut self,
        code: Code,
        condition: &NamedCondition,
        wording: impl Into<String>,
    ) {
        let wording = wording.into();
        let sentence = format!(
            "The condition `{}` does not fit here: {wording}.",
            condition.name.as_str()
        );
        self.error(code, condition.name.span, sentence, wording);
    }

    /// The one value of a condition that may be given once.
    pub(crate) fn once(&mut self, rule: &str, slot: &mut Option<Text>, condition: &NamedCondition) {
        if slot.is_some() {
            let name = condition.name.as_str();
            let wording = format!("{rule} conditional \"{name}\" can only be specified once");
            self.error(
                codes::CONDITION_TWICE,
                condition.name.span,
                format!("`{name}` is given twice."),
                wording,
            );
        }
        *slot = condition.values.first().cloned();
    }

    /// `safe` or `unsafe`.
    pub(crate) fn safety(&mut self) -> Option<Safety> {
        let safety = match self.peek().kind {
            Kind::Safe => Safety::Safe,
            Kind::Unsafe => Safety::Unsafe,
            _ => return None,
        };
        self.next();
        Some(safety)
    }

    fn change_profile(&mut self) -> Read<RuleKind> {
        let start = self.expect(Kind::ChangeProfile)?.span;
        let safety = self.safety();
        let exec = self.eat(Kind::Id).map(|exec| self.text(exec));
        let target = self.target()?;
        self.expect(Kind::EndOfRule)?;
        let span = start.to(self.last.span);
        match &exec {
            None if safety.is_some() => {
                let sentence =
                    "`safe` and `unsafe` tell how an executable is started; none is named.";
                let wording = "Exec condition is required when unsafe or safe keywords are present";
                self.error(codes::BAD_EXEC_CONDITION, span, sentence, wording);
            }
            Some(exec) if !exec.value.starts_with('/') && !exec.value.starts_with("@{") => {
                let sentence = format!("`{}` should be the path of an executable.", exec.value);
                self.error(
                    codes::BAD_EXEC_CONDITION,
                    exec.span,
                    sentence,
                    "Exec condition must begin with '/'.",
                );
            }
            _ => {}
        }
        Ok(RuleKind::ChangeProfile(ChangeProfile {
            safety,
            exec,
            target,
        }))
    }

    /// `-> name`, where it is written.
    pub(crate) fn target(&mut self) -> Read<Option<Text>> {
        if self.eat(Kind::Arrow).is_none() {
            return Ok(None);
        }
        self.path().map(Some)
    }

    /// A path or name, or a variable standing for one.
    pub(crate) fn path(&mut self) -> Read<Text> {
        match self.peek().kind {
            Kind::Id | Kind::SetVar => {
                let path = self.next();
                Ok(self.text(path))
            }
            _ => Err(self.unexpected(&[Kind::Id, Kind::SetVar])),
        }
    }
}
