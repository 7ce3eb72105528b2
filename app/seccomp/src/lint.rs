//! What a profile does that its author may not expect.

use sorted::SortedSet;

use crate::{
    action::Action,
    arch::Arch,
    build::BuildOptions,
    diagnostic::{Diagnostic, Edit, Fix, Severity},
    filter::{Filter, IdleReason},
    goals::{self, Access, Goal},
    profile::{Condition, Entry, Operator, Profile, RuleRef, Span, Spanned},
    syscalls::{self, ArgumentKind},
};

/// Findings of one kind on one profile before the rest is left out.
const PER_CODE_LIMIT: usize = 20;

/// Ways named in a message before the rest is counted.
const WAYS_NAMED: usize = 4;

/// Largest distance of a misspelled name from the one that is proposed.
const SPELLING_DISTANCE: usize = 2;

/// Calls whose flags a filter sees, and those that take the same flags in memory.
const FLAGS_IN_MEMORY: [(&str, u8, &str); 3] = [
    ("open", 1, "openat2"),
    ("openat", 2, "openat2"),
    ("clone", 0, "clone3"),
];

/// Arguments that the kernel takes as 32 bits, whatever is in the upper half of
/// the register.
const INT_ARGUMENTS: [(&str, u8); 7] = [
    ("ioctl", 1),
    ("socket", 0),
    ("socket", 1),
    ("socket", 2),
    ("prctl", 0),
    ("fcntl", 1),
    ("ptrace", 0),
];

/// Looks through a profile that builds, in the order of its text.
pub fn lint(profile: &Profile, filter: &Filter, options: BuildOptions) -> Vec<Diagnostic> {
    let mut lint = Lint {
        profile,
        filter,
        options,
        goals: goals::all(),
        looked_at: SortedSet::new(),
        found: Vec::new(),
    };
    lint.template_keys();
    lint.unreachable();
    lint.idle_rules();
    for (at, entry) in (0_u32..).zip(&profile.entries) {
        lint.entry(entry);
        for (name_at, name) in (0_u32..).zip(&entry.names) {
            let rule = RuleRef {
                entry: at,
                name: name_at,
                condition: None,
            };
            lint.name(entry, name);
            lint.other_ways(rule, name);
        }
    }
    let mut found = lint.found;
    sorted::sort_by_key(&mut found, |one| (one.span.start, one.code));
    found.dedup_by(|one, other| one.code == other.code && one.span == other.span);
    found
}

struct Lint<'a> {
    profile: &'a Profile,
    filter: &'a Filter,
    options: BuildOptions,
    goals: Vec<Goal>,
    /// Names whose other ways have been looked for.
    looked_at: SortedSet<String>,
    found: Vec<Diagnostic>,
}

impl Lint<'_> {
    /// Whether enough findings of a kind are there.
    fn is_full(&self, code: &str) -> bool {
        self.found.iter().filter(|one| one.code == code).count() >= PER_CODE_LIMIT
    }

    fn report(
        &mut self,
        code: &'static str,
        severity: Severity,
        span: &Span,
        sentence: String,
        why: &str,
        fix: Option<Fix>,
    ) {
        if !self.is_full(code) {
            self.found.push(Diagnostic {
                code,
                severity,
                span: span.clone(),
                sentence,
                why: why.to_owned(),
                tool_wording: None,
                fix,
            });
        }
    }

    fn template_keys(&mut self) {
        for key in &self.profile.template_keys {
            self.report(
                "seccomp-template-key",
                Severity::Warning,
                &key.span,
                format!("\"{}\" has no effect here.", key.value),
                "containerd reads a Localhost profile in the runtime-spec form, which has no \
                 conditions and no archMap: every rule applies, and calls of other ABIs are killed.",
                None,
            );
        }
    }

    fn unreachable(&mut self) {
        for arch in &self.filter.unreachable {
            let span = self.profile.default_action.span.clone();
            self.report(
                "seccomp-rules-unreachable",
                Severity::Warning,
                &span,
                format!("No rule of this profile works on {}.", arch.name()),
                "libseccomp 2.5 forgets to load the syscall number where the rule it sorts first is \
                 for a call that the ABI does not have. A rule without conditions for any call that \
                 exists there mends it.",
                None,
            );
        }
    }

    fn idle_rules(&mut self) {
        for idle in &self.filter.idle {
            let span = self.profile.name_span(idle.rule);
            let name = name_of(self.profile, idle.rule);
            match idle.reason {
                IdleReason::UnknownName => self.unknown_name(name, &span),
                IdleReason::SameAsDefault => self.report(
                    "seccomp-same-as-default",
                    Severity::Advice,
                    &span,
                    format!("The rule for {name} says what the default says already."),
                    "runc leaves such rules out.",
                    None,
                ),
                IdleReason::NotOnArchitecture if idle.arch == Some(self.options.native) => {
                    let arch = self.options.native.name();
                    self.report(
                        "seccomp-not-on-architecture",
                        Severity::Advice,
                        &span,
                        format!("{arch} has no {name}; the rule does nothing on this node."),
                        "Programs use another call there, such as the one ending in \"at\".",
                        None,
                    );
                }
                IdleReason::Overruled(by) if idle.arch == Some(self.options.native) => {
                    let winner = self.profile.describe(by);
                    self.report(
                        "seccomp-overruled",
                        Severity::Warning,
                        &span,
                        format!("This rule for {name} has no effect: {winner} decides."),
                        "The first rule without conditions for a call decides, whatever stands \
                         before or after it.",
                        None,
                    );
                }
                IdleReason::NotOnArchitecture | IdleReason::Overruled(_) => {}
            }
        }
    }

    fn unknown_name(&mut self, name: &str, span: &Span) {
        if let Some(call) = syscalls::find(name) {
            let since = call.since().map_or_else(String::new, |since| {
                format!(" (the kernel has it since {since})")
            });
            self.report(
                "seccomp-newer-than-libseccomp",
                Severity::Warning,
                span,
                format!(
                    "The node's libseccomp does not know {name}{since}; the rule does nothing."
                ),
                "runc passes over names that libseccomp does not know, without a message. The call \
                 gets the default action or, if it is newer than all others here, ENOSYS.",
                None,
            );
            return;
        }
        if self.is_full("seccomp-unknown-name") {
            return;
        }
        let near = syscalls::all()
            .map(|call| (distance(name, call.name()), call.name()))
            .filter(|(distance, _)| *distance <= SPELLING_DISTANCE)
            .min();
        let fix = near.map(|(_, near)| Fix {
            label: format!("Write {near}"),
            edits: vec![Edit {
                span: span.clone(),
                text: format!("\"{near}\""),
            }],
        });
        self.report(
            "seccomp-unknown-name",
            Severity::Warning,
            span,
            format!("There is no syscall called \"{name}\"; the rule does nothing."),
            "runc passes over names that libseccomp does not know, without a message.",
            fix,
        );
    }

    fn entry(&mut self, entry: &Entry) {
        let action = Action::from_oci(&entry.action.value, entry.errno);
        match action {
            Some(Action::Errno(0)) => self.report(
                "seccomp-errno-zero",
                Severity::Warning,
                &entry.action.span,
                "ERRNO 0 skips the call and reports success.".to_owned(),
                "The program goes on as if the call had been done; nothing has been.",
                None,
            ),
            Some(Action::Errno(_) | Action::Trace(_)) | None => {}
            Some(_) if entry.errno.is_some() => self.report(
                "seccomp-errno-unused",
                Severity::Warning,
                &entry.action.span,
                format!("errnoRet has no effect with {}.", entry.action.value),
                "Only SCMP_ACT_ERRNO and SCMP_ACT_TRACE carry a number; runc passes over it.",
                None,
            ),
            Some(_) => {}
        }
        let mut seen = [false; 6];
        for condition in &entry.conditions {
            let index = usize::try_from(condition.index).unwrap_or(usize::MAX);
            if let Some(seen) = seen.get_mut(index) {
                if *seen {
                    self.report(
                        "seccomp-repeated-argument",
                        Severity::Warning,
                        &condition.span,
                        format!("Argument {index} comes twice, so any one of these conditions is enough."),
                        "Conditions on different arguments must all hold. As soon as one argument \
                         comes twice, runc makes a rule of each condition, also of those on other \
                         arguments.",
                        None,
                    );
                }
                *seen = true;
            }
            self.condition(condition);
        }
    }

    fn condition(&mut self, condition: &Condition) {
        let Some(operator) = Operator::from_oci(&condition.operator.value) else {
            return;
        };
        let is_masked = operator == Operator::MaskedEqual;
        let is_wide = condition.value > u64::from(u32::MAX)
            || (is_masked && condition.value_two > u64::from(u32::MAX));
        if let Some(arch) = self.narrow_arch().filter(|_| is_wide) {
            self.report(
                "seccomp-value-beyond-32-bits",
                Severity::Warning,
                &condition.span,
                format!(
                    "On {} only the low 32 bits of this value count.",
                    arch.name()
                ),
                "libseccomp compares one word of each argument on 32-bit ABIs.",
                None,
            );
        }
        let sentence = match operator {
            Operator::MaskedEqual if condition.value == 0 => "A mask of 0 is no condition at all.",
            Operator::MaskedEqual if condition.value_two & !condition.value != 0 => {
                "valueTwo has bits outside of the mask; they do not count."
            }
            Operator::Less if condition.value == 0 => "Nothing is less than 0; this never holds.",
            Operator::GreaterOrEqual if condition.value == 0 => "This holds for every value.",
            _ => return,
        };
        self.report(
            "seccomp-idle-condition",
            Severity::Warning,
            &condition.span,
            sentence.to_owned(),
            "Arguments are compared as unsigned numbers; for a mask, valueTwo is masked first.",
            None,
        );
    }

    fn narrow_arch(&self) -> Option<Arch> {
        Arch::ALL.into_iter().find(|arch| {
            arch.is_32_bit()
                && (self.profile.architectures.iter()).any(|one| one.value == arch.oci_name())
        })
    }

    fn name(&mut self, entry: &Entry, name: &Spanned<String>) {
        let Some(call) = syscalls::find(&name.value) else {
            return;
        };
        let stops = Action::from_oci(&entry.action.value, entry.errno)
            .is_some_and(|action| !action.runs_the_call());
        for condition in &entry.conditions {
            let Ok(index) = u8::try_from(condition.index) else {
                continue;
            };
            if let Some(mut arguments) = call.arguments() {
                let known = arguments.nth(usize::from(index));
                self.argument(call.name(), index, known, condition);
            }
            let operator = Operator::from_oci(&condition.operator.value);
            let is_int = INT_ARGUMENTS.contains(&(call.name(), index));
            if stops && is_int && operator == Some(Operator::Equal) {
                self.report(
                    "seccomp-upper-half",
                    Severity::Warning,
                    &condition.span,
                    format!("A caller gets past this by setting a high bit of argument {index}."),
                    "The filter compares 64 bits, but the kernel takes this argument as 32 bits. \
                     SCMP_CMP_MASKED_EQ with value 4294967295 and the wanted value as valueTwo \
                     compares what the kernel sees.",
                    None,
                );
            }
        }
        self.flags_in_memory(entry, call.name(), name);
    }

    fn argument(
        &mut self,
        call: &str,
        index: u8,
        known: Option<syscalls::Argument>,
        condition: &Condition,
    ) {
        let Some(argument) = known else {
            self.report(
                "seccomp-no-such-argument",
                Severity::Warning,
                &condition.span,
                format!(
                    "{call} has no argument {index}; the register holds whatever was left there."
                ),
                "A filter sees all six registers, also those that a call does not use.",
                None,
            );
            return;
        };
        if matches!(argument.kind, ArgumentKind::Path | ArgumentKind::Pointer) {
            self.report(
                "seccomp-pointer",
                Severity::Warning,
                &condition.span,
                format!(
                    "Argument {index} of {call} ({}) is an address; the filter compares the address, not what is there.",
                    argument.name
                ),
                "A filter cannot follow pointers: another thread could change the memory after \
                 the check. Paths are a matter for AppArmor.",
                None,
            );
        }
    }

    fn flags_in_memory(&mut self, entry: &Entry, call: &str, name: &Spanned<String>) {
        for (filtered, index, other) in FLAGS_IN_MEMORY {
            let is_filtered =
                (entry.conditions.iter()).any(|condition| condition.index == u64::from(index));
            if filtered == call && is_filtered && self.runs(other) {
                self.report(
                    "seccomp-flags-in-memory",
                    Severity::Warning,
                    &name.span,
                    format!("{other} does the same as {call}, and this filter lets it run."),
                    "It takes its flags in memory, where a filter cannot look. Answer it with \
                     ENOSYS (38), and programs fall back to the older call.",
                    None,
                );
            }
        }
    }

    /// Whether a call runs on the native ABI with any arguments.
    fn runs(&self, call: &str) -> bool {
        let native = self.options.native;
        syscalls::number(native, call).is_some_and(|number| {
            let data = crate::SeccompData {
                nr: number.cast_signed(),
                arch: native.audit(),
                ..crate::SeccompData::default()
            };
            Action::from_return(self.filter.decide(&data)).runs_the_call()
        })
    }

    /// A call that a rule stops while others bring the same about.
    fn other_ways(&mut self, rule: RuleRef, name: &Spanned<String>) {
        if !self.looked_at.insert(name.value.clone()) {
            return;
        }
        let Some(goal) = goal_of(&self.goals, &name.value).cloned() else {
            return;
        };
        let ways = goal.under(&[self.filter], self.options.native);
        let is_stopped_here = ways.iter().any(|way| {
            way.way.calls == [name.value.as_str()]
                && matches!(&way.access, Access::Closed { rules, .. } if rules.contains(&rule))
        });
        let open: Vec<String> = ways
            .iter()
            .filter(|way| way.way.tried && way.access == Access::Open)
            .map(|way| way.way.calls.join(" + "))
            .collect();
        if !is_stopped_here || open.is_empty() {
            return;
        }
        let mut list = open
            .iter()
            .take(WAYS_NAMED)
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        if open.len() > WAYS_NAMED {
            list = format!("{list} and {} more", open.len() - WAYS_NAMED);
        }
        let single: Vec<&str> = open
            .iter()
            .map(String::as_str)
            .filter(|way| !way.contains('+'))
            .collect();
        let fix = (!single.is_empty() && !name.span.is_empty()).then(|| Fix {
            label: format!("Stop {} as well", single.join(", ")),
            edits: vec![Edit {
                span: name.span.end..name.span.end,
                text: format!(", \"{}\"", single.join("\", \"")),
            }],
        });
        self.report(
            "seccomp-other-ways",
            Severity::Warning,
            &name.span,
            format!("A process can still {} with {list}.", goal.name),
            "A filter stops syscalls, not what they bring about.",
            fix,
        );
    }
}

/// The goal that a call serves most directly: of those that list it by itself
/// and without further words, the one with the fewest ways.
fn goal_of<'a>(goals: &'a [Goal], call: &str) -> Option<&'a Goal> {
    goals
        .iter()
        .filter(|goal| {
            goal.ways
                .iter()
                .any(|way| way.calls == [call] && way.how.is_empty())
        })
        .min_by_key(|goal| goal.ways.len())
}

fn name_of(profile: &Profile, rule: RuleRef) -> &str {
    profile
        .entries
        .get(rule.entry as usize)
        .and_then(|entry| entry.names.get(rule.name as usize))
        .map_or("", |name| name.value.as_str())
}

/// Edits between two names (Levenshtein), or more than any limit where their
/// lengths already differ too much.
fn distance(one: &str, other: &str) -> usize {
    if one.len().abs_diff(other.len()) > SPELLING_DISTANCE {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, a) in one.bytes().enumerate() {
        let mut diagonal = at;
        if let Some(first) = row.first_mut() {
            *first = at + 1;
        }
        for (column, b) in other.bytes().enumerate() {
            let (left, above) = (row[column], row[column + 1]);
            let replaced = diagonal + usize::from(a != b);
            row[column + 1] = replaced.min(left + 1).min(above + 1);
            diagonal = above;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}
