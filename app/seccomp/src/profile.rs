//! A profile as the runtime sees it once it is read: the runtime-spec form,
//! with the place in the text that each part came from.

use std::ops::Range;

use crate::syscalls::{self, Numbers, Syscall};

/// A byte range in the profile's text.
pub type Span = Range<usize>;

/// A value and where it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place in the text; empty where the text does not have it.
    pub span: Span,
}

/// A seccomp profile in the runtime-spec form (`linux.seccomp` of `config.json`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// `defaultAction`, as written.
    pub default_action: Spanned<String>,
    /// `defaultErrnoRet`.
    pub default_errno: Option<u64>,
    /// `architectures` beside the native one, as written; from `archMap` in a template.
    pub architectures: Vec<Spanned<String>>,
    /// `flags`; `None` where the key is absent or null, which is not the same as an empty list.
    pub flags: Option<Vec<Spanned<String>>>,
    /// `listenerPath`.
    pub listener_path: String,
    /// `syscalls`, without the entries that a template's conditions took out.
    pub entries: Vec<Entry>,
    /// The entries of a template that do not apply here, and why.
    pub left_out: Vec<LeftOut>,
    /// Keys of a template in a text that was not read as one; they have no effect.
    pub template_keys: Vec<Spanned<String>>,
}

/// One object of `syscalls`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The whole object.
    pub span: Span,
    /// `names`.
    pub names: Vec<Spanned<String>>,
    /// `action`, as written.
    pub action: Spanned<String>,
    /// `errnoRet`.
    pub errno: Option<u64>,
    /// `args`.
    pub conditions: Vec<Condition>,
}

/// One object of `args`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The whole object.
    pub span: Span,
    /// `index`.
    pub index: u64,
    /// `op`, as written.
    pub operator: Spanned<String>,
    /// `value`.
    pub value: u64,
    /// `valueTwo`.
    pub value_two: u64,
}

/// An entry of a template that its conditions took out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The whole object.
    pub span: Span,
    /// Which condition, in words: `needs CAP_SYS_ADMIN`.
    pub reason: String,
}

impl<T: Default> Default for Spanned<T> {
    fn default() -> Self {
        Self {
            value: T::default(),
            span: 0..0,
        }
    }
}

/// Comparison of an argument with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// Not equal.
    NotEqual,
    /// Less than, unsigned.
    Less,
    /// Less than or equal.
    LessOrEqual,
    /// Equal.
    Equal,
    /// Greater than or equal.
    GreaterOrEqual,
    /// Greater than.
    Greater,
    /// The bits under the mask `value` equal `valueTwo`.
    MaskedEqual,
}

impl Operator {
    /// The operator that runc knows by this name.
    pub fn from_oci(name: &str) -> Option<Self> {
        Some(match name {
            "SCMP_CMP_NE" => Self::NotEqual,
            "SCMP_CMP_LT" => Self::Less,
            "SCMP_CMP_LE" => Self::LessOrEqual,
            "SCMP_CMP_EQ" => Self::Equal,
            "SCMP_CMP_GE" => Self::GreaterOrEqual,
            "SCMP_CMP_GT" => Self::Greater,
            "SCMP_CMP_MASKED_EQ" => Self::MaskedEqual,
            _ => return None,
        })
    }
}

/// Which rule of a profile: one name of one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleRef {
    /// Position in [`Profile::entries`].
    pub entry: u32,
    /// Position in [`Entry::names`].
    pub name: u32,
    /// Position in [`Entry::conditions`], where a repeated index made every
    /// condition a rule of its own.
    pub condition: Option<u32>,
}

/// A name in a profile, looked up in the table of syscalls.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ProfileName<'p> {
    /// The rule that it makes.
    pub(crate) rule: RuleRef,
    /// As written.
    pub(crate) name: &'p Spanned<String>,
    /// The call's numbers; `None` for a name that no table has.
    pub(crate) call: Option<Numbers>,
}

impl Profile {
    /// Every name of every entry, in the order of the text.
    pub(crate) fn names(&self) -> impl Iterator<Item = ProfileName<'_>> {
        (0_u32..).zip(&self.entries).flat_map(|(entry_at, entry)| {
            (0_u32..)
                .zip(&entry.names)
                .map(move |(name_at, name)| ProfileName {
                    rule: RuleRef {
                        entry: entry_at,
                        name: name_at,
                        condition: None,
                    },
                    name,
                    call: syscalls::find(&name.value).map(Syscall::numbers),
                })
        })
    }

    /// The place of a rule's name in the text.
    pub fn name_span(&self, rule: RuleRef) -> Span {
        self.entries
            .get(rule.entry as usize)
            .and_then(|entry| entry.names.get(rule.name as usize))
            .map_or(0..0, |name| name.span.clone())
    }

    /// The place of the entry that a rule belongs to.
    pub fn entry_span(&self, rule: RuleRef) -> Span {
        self.entries
            .get(rule.entry as usize)
            .map_or(0..0, |entry| entry.span.clone())
    }

    /// A rule in a line of words: `mkdir → ERRNO(1) if arg1 & 0x800 == 0x800`.
    pub fn describe(&self, rule: RuleRef) -> String {
        let Some(entry) = self.entries.get(rule.entry as usize) else {
            return String::new();
        };
        let name = entry
            .names
            .get(rule.name as usize)
            .map_or("", |name| name.value.as_str());
        let action = crate::Action::from_oci(&entry.action.value, entry.errno)
            .map_or_else(|| entry.action.value.clone(), |action| action.to_string());
        let mut text = format!("{name} → {action}");
        let conditions = entry
            .conditions
            .iter()
            .enumerate()
            .filter(|(at, _)| rule.condition.is_none_or(|only| only as usize == *at));
        for (position, (_, condition)) in conditions.enumerate() {
            text.push_str(if position == 0 { " if " } else { " and " });
            text.push_str(&condition.to_string());
        }
        text
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = match Operator::from_oci(&self.operator.value) {
            Some(Operator::MaskedEqual) => {
                return write!(
                    out,
                    "arg{} & {:#x} == {:#x}",
                    self.index, self.value, self.value_two
                );
            }
            Some(Operator::NotEqual) => "!=",
            Some(Operator::Less) => "<",
            Some(Operator::LessOrEqual) => "<=",
            Some(Operator::Equal) => "==",
            Some(Operator::GreaterOrEqual) => ">=",
            Some(Operator::Greater) => ">",
            None => "?",
        };
        write!(out, "arg{} {sign} {:#x}", self.index, self.value)
    }
}
