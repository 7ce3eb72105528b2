//! Rules between processes: signals, tracing, message queues, and what a
//! process may set up for itself.

use super::{Parser, Read, network::Words};
use crate::{
    diagnostic::codes,
    level::Syntax,
    lexer::Kind,
    tree::{IoUring, Mqueue, NamedCondition, Operator, Ptrace, RuleKind, Signal, Text, Userns},
    vocabulary::signal_number,
};

const SIGNAL_WORDS: Words = &[
    ("send", "send"),
    ("write", "send"),
    ("receive", "receive"),
    ("read", "receive"),
];

const PTRACE_WORDS: Words = &[
    ("trace", "trace"),
    ("write", "trace"),
    ("read", "read"),
    ("tracedby", "tracedby"),
    ("readby", "readby"),
];

const MQUEUE_WORDS: Words = &[
    ("create", "create"),
    ("open", "open"),
    ("delete", "delete"),
    ("getattr", "getattr"),
    ("setattr", "setattr"),
    ("write", "write"),
    ("read", "read"),
];

const USERNS_WORDS: Words = &[("create", "create")];

const IO_URING_WORDS: Words = &[("sqpoll", "sqpoll"), ("override_creds", "override_creds")];

impl Parser<'_> {
    /// The conditions of a rule that has no peer group, and its comma.
    fn own_conditions(&mut self, also: &[Kind]) -> Read<Vec<NamedCondition>> {
        let conditions = self.conditions()?;
        let ahead = self.peek().kind;
        if ahead != Kind::EndOfRule && !also.contains(&ahead) {
            let mut expected = vec![Kind::CondId, Kind::EndOfRule];
            expected.extend_from_slice(also);
            return Err(self.unexpected(&expected));
        }
        Ok(conditions)
    }

    /// False, with a finding, where a condition is not written with `=`.
    fn takes_equals(&mut self, rule: &str, condition: &NamedCondition) -> bool {
        let good = condition.operator == Operator::Equals;
        if !good {
            let wording = format!("only \"=\" allowed in conditions of {rule} rules");
            self.bad_condition(codes::BAD_CONDITION, condition, wording);
        }
        good
    }

    /// `signal [(permissions)] [set=(…)] [peer=…],`
    pub(crate) fn signal(&mut self) -> Read<RuleKind> {
        self.expect(Kind::Signal)?;
        let permissions = self.permissions("signal", SIGNAL_WORDS)?;
        let conditions = self.own_conditions(&[])?;
        self.expect(Kind::EndOfRule)?;
        let mut signals = Vec::new();
        let mut peer = None;
        for condition in conditions.iter().rev() {
            if !self.takes_equals("signal", condition) {
                continue;
            }
            match condition.name.as_str() {
                "set" => {
                    for value in &condition.values {
                        self.check_signal(value);
                        signals.push(value.clone());
                    }
                }
                "peer" => self.once("signal", &mut peer, condition),
                name => {
                    let wording = format!("invalid signal rule conditional \"{name}\"");
                    self.bad_condition(codes::BAD_CONDITION, condition, wording);
                }
            }
        }
        Ok(RuleKind::Signal(Signal {
            permissions,
            signals,
            peer,
        }))
    }

    fn check_signal(&mut self, signal: &Text) {
        if signal_number(&signal.value).is_some() {
            return;
        }
        let sentence = format!("There is no signal `{}`.", signal.value);
        let wording = format!("unknown signal \"{}\"", signal.value);
        let lower = signal.value.to_lowercase();
        let short = lower.strip_prefix("sig").unwrap_or(&lower);
        let line = self.last.line;
        let mut diagnostic =
            crate::diagnostic::Diagnostic::error(codes::UNKNOWN_SIGNAL, signal.span, sentence)
                .tool(Some(line), wording);
        if signal_number(short).is_some() {
            diagnostic = diagnostic.fix(format!("Write `{short}`"), signal.span, short);
        }
        self.report(diagnostic);
    }

    /// `ptrace [(permissions)] [peer=…],`
    pub(crate) fn ptrace(&mut self) -> Read<RuleKind> {
        self.expect(Kind::Ptrace)?;
        let permissions = self.permissions("ptrace", PTRACE_WORDS)?;
        let conditions = self.own_conditions(&[])?;
        self.expect(Kind::EndOfRule)?;
        let mut peer = None;
        for condition in conditions.iter().rev() {
            if !self.takes_equals("ptrace", condition) {
                continue;
            }
            match condition.name.as_str() {
                "peer" => self.once("ptrace", &mut peer, condition),
                name => {
                    let wording = format!("invalid ptrace rule conditional \"{name}\"");
                    self.bad_condition(codes::BAD_CONDITION, condition, wording);
                }
            }
        }
        Ok(RuleKind::Ptrace(Ptrace { permissions, peer }))
    }

    /// `userns [create],`
    pub(crate) fn userns(&mut self) -> Read<RuleKind> {
        let word = self.expect(Kind::Userns)?;
        self.needs(Syntax::NamespaceRules, word.span, "`userns` rules");
        let permissions = self.permissions("userns", USERNS_WORDS)?;
        let conditions = self.own_conditions(&[])?;
        self.expect(Kind::EndOfRule)?;
        for condition in conditions.iter().rev() {
            let wording = format!(
                "invalid userns rule conditional \"{}\"",
                condition.name.as_str()
            );
            self.bad_condition(codes::BAD_CONDITION, condition, wording);
        }
        Ok(RuleKind::Userns(Userns { permissions }))
    }

    /// `io_uring [sqpoll|override_creds] [label=…],`
    pub(crate) fn io_uring(&mut self) -> Read<RuleKind> {
        let word = self.expect(Kind::IoUring)?;
        self.needs(Syntax::NamespaceRules, word.span, "`io_uring` rules");
        let permissions = self.permissions("io_uring", IO_URING_WORDS)?;
        let conditions = self.conditions()?;
        let ring = self
            .condition_list()?
            .map(|list| list.conditions)
            .unwrap_or_default();
        self.expect(Kind::EndOfRule)?;
        let mut label = None;
        for condition in conditions.iter().rev().chain(ring.iter().rev()) {
            if !self.takes_equals("io_uring", condition) {
                continue;
            }
            let name = condition.name.as_str();
            if condition.values.len() > 1 {
                let wording =
                    format!("io_uring conditional \"{name}\" only supports a single value");
                self.bad_condition(codes::BAD_CONDITION_VALUE, condition, wording);
            }
            if name == "label" {
                self.once("io_uring", &mut label, condition);
            } else {
                self.bad_condition(
                    codes::BAD_CONDITION,
                    condition,
                    format!("invalid io_uring conditional \"{name}\""),
                );
            }
        }
        Ok(RuleKind::IoUring(IoUring { permissions, label }))
    }

    /// `mqueue [(permissions)] [type=posix|sysv] [label=…] [name],`
    pub(crate) fn mqueue(&mut self) -> Read<RuleKind> {
        let word = self.expect(Kind::Mqueue)?;
        self.needs(Syntax::NamespaceRules, word.span, "`mqueue` rules");
        let permissions = self.permissions("mqueue", MQUEUE_WORDS)?;
        let conditions = self.own_conditions(&[Kind::Id])?;
        let name = self.eat(Kind::Id).map(|name| self.text(name));
        self.expect(Kind::EndOfRule)?;
        let (mut kind, mut label) = (None, None);
        for condition in conditions.iter().rev() {
            if !self.takes_equals("mqueue", condition) {
                continue;
            }
            let value = condition
                .values
                .first()
                .map(Text::as_str)
                .unwrap_or_default()
                .to_owned();
            match condition.name.as_str() {
                "label" => self.once("mqueue", &mut label, condition),
                "type" => {
                    kind.clone_from(&condition.values.first().cloned());
                    if value != "posix" && value != "sysv" {
                        let wording = format!("mqueue invalid type='{value}'");
                        self.bad_condition(codes::BAD_CONDITION_VALUE, condition, wording);
                    }
                }
                name => {
                    let wording = format!("invalid mqueue rule conditional \"{name}\"");
                    self.bad_condition(codes::BAD_CONDITION, condition, wording);
                }
            }
        }
        if let Some(name) = &name {
            self.check_queue_name(name, kind.as_ref());
        }
        Ok(RuleKind::Mqueue(Mqueue {
            permissions,
            kind,
            label,
            name,
        }))
    }

    /// A POSIX queue is named by a path, a System V queue by a number.
    fn check_queue_name(&mut self, name: &Text, kind: Option<&Text>) {
        let value = name.as_str();
        let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        let wording = match kind.map(Text::as_str) {
            Some("sysv") if value.starts_with('/') => format!(
                "mqueue type=sysv invalid name '{value}', sysv message queues must be identified by a positive integer."
            ),
            Some("posix") if is_number => {
                format!(
                    "mqueue type=posix invalid name '{value}', posix message queues names must begin with a /"
                )
            }
            _ if value.starts_with('/') || is_number => return,
            _ => format!(
                "mqueue invalid name '{value}', message queue names must begin with a / or be a positive integer."
            ),
        };
        let sentence = "A POSIX message queue is named by a path, a System V one by a number.";
        self.error(codes::BAD_QUEUE_NAME, name.span, sentence, wording);
    }
}
