//! File, link and `change_profile` rules.
//!
//! As `process_dfa_entry` of `parser_regex.c` (5.0.2). A path's permissions stand at its end; a
//! link and a change of profile add pairs, written `first NUL second`.

use super::class::{ClassBuilder, Grant, PatternError, push_glob};
use crate::{
    decision::{ExecFallback, ExecKind, ExecTransition, RuleId},
    precedence::{Scheme, Transition, bits},
    tree::{ChangeProfile, ExecMode, ExecTarget, File, Link, Owner, Prefix, Safety, Text},
};

/// The path of a bare `file,`.
pub(crate) const EVERYTHING: &str = "/{**,}";
/// Any executable, for a `change_profile` that names none.
const ANY_EXECUTABLE: &[u8] = b"/[^/\\x00][^\\x00]*";
/// Any target of a link rule that names none.
const ANY_LINK_TARGET: &[u8] = b"/[^/].*";
const NUL: &[u8] = b"\\x00";

/// The file rules of a profile on the way to their automaton.
#[derive(Debug)]
pub(crate) struct FileRules {
    pub(crate) class: ClassBuilder,
    pub(crate) transitions: Vec<ExecTransition>,
    /// The paths with exec modes, as written, for the check of equal texts.
    pub(crate) written: Vec<WrittenExec>,
}

/// What a file rule means depends on whose it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Own<'a> {
    /// The profile's full name, for the names of children.
    pub(crate) profile: &'a str,
    /// The parser added the rule by itself: its `w` is without append.
    pub(crate) implied: bool,
}

/// An exec mode as a rule writes it.
#[derive(Clone, Debug)]
pub(crate) struct WrittenExec {
    pub(crate) rule: RuleId,
    pub(crate) path: String,
    pub(crate) link: Option<String>,
    pub(crate) prefix: Prefix,
    pub(crate) bits: u32,
    pub(crate) transition: Transition,
    /// Its number among the entries.
    pub(crate) entry: usize,
}

impl FileRules {
    pub(crate) fn new() -> Self {
        Self {
            class: ClassBuilder::new(Scheme::File),
            transitions: Vec::new(),
            written: Vec::new(),
        }
    }

    /// Adds a file rule of the profile `profile`.
    pub(crate) fn file(
        &mut self,
        rule: RuleId,
        prefix: Prefix,
        file: &File,
        own: Own<'_>,
    ) -> Result<(), PatternError> {
        let path = file.path.as_ref().map_or(EVERYTHING, Text::as_str);
        let letters = file.permissions;
        let mut wanted = 0;
        for (named, bit) in [
            (letters.read, bits::READ),
            (letters.write, bits::WRITE),
            (letters.write && !own.implied, bits::APPEND),
            (letters.append, bits::APPEND),
            (letters.link, bits::LINK),
            (letters.lock, bits::LOCK),
            (letters.mmap_exec, bits::MMAP),
            (letters.exec, bits::EXEC),
        ] {
            if named {
                wanted |= bit;
            }
        }
        let wanted = halves(prefix, wanted);
        let transition = match file.exec {
            Some(mode) if letters.exec && !prefix.is_deny() => {
                let target = file.exec_target().map(Text::as_str);
                Some(self.transition(mode, target, own.profile))
            }
            _ => None,
        };
        let link = file.link_target().map(Text::as_str);
        let at = self.class.entries().len();
        self.path(rule, prefix, path, wanted, transition, link, file.subset)?;
        if let Some(transition) = transition {
            self.written.push(WrittenExec {
                rule,
                path: path.to_owned(),
                link: link.map(str::to_owned),
                prefix,
                bits: wanted & halves(prefix, bits::EXEC),
                transition,
                entry: at,
            });
        }
        Ok(())
    }

    /// Adds a `link` rule.
    pub(crate) fn link(
        &mut self,
        rule: RuleId,
        prefix: Prefix,
        link: &Link,
    ) -> Result<(), PatternError> {
        let wanted = halves(prefix, bits::LINK);
        let target = Some(link.target.as_str());
        self.path(
            rule,
            prefix,
            link.link.as_str(),
            wanted,
            None,
            target,
            link.subset,
        )
    }

    #[allow(clippy::too_many_arguments)]
    fn path(
        &mut self,
        rule: RuleId,
        prefix: Prefix,
        path: &str,
        wanted: u32,
        transition: Option<Transition>,
        link_target: Option<&str>,
        subset: bool,
    ) -> Result<(), PatternError> {
        const LINKS: u32 = bits::LINK | bits::LINK << bits::OTHER;
        let mut expression = Vec::with_capacity(path.len() + 16);
        push_glob(path, &mut expression)?;
        // The link bit of the first name must stay where a deny rule names it: both halves of the
        // pair have to match, and the pair carries the denial.
        let own = if prefix.is_deny() {
            wanted & !LINKS
        } else {
            wanted
        };
        if own != 0 {
            let grant = Grant {
                transition,
                ..Grant::new(rule, prefix, own)
            };
            self.class.add(&expression, grant)?;
        }
        let links = wanted & LINKS;
        if links == 0 {
            return Ok(());
        }
        expression.extend_from_slice(NUL);
        match link_target {
            Some(target) => push_glob(target, &mut expression)?,
            None => expression.extend_from_slice(ANY_LINK_TARGET),
        }
        let mut grant = Grant::new(rule, prefix, links);
        // Only the owner half carries the subset test (LINK_TO_LINK_SUBSET masks the other away).
        if (subset || link_target.is_none()) && links & bits::LINK != 0 {
            grant.bits |= bits::SUBSET;
        }
        self.class.add(&expression, grant)
    }

    /// Adds a `change_profile` rule. Neither `priority=` nor `audit` has an effect on it.
    pub(crate) fn change_profile(
        &mut self,
        rule: RuleId,
        prefix: Prefix,
        change: &ChangeProfile,
    ) -> Result<(), PatternError> {
        let target = change.target.as_ref().map_or("**", Text::as_str);
        let grant = |bits| Grant {
            priority: 0,
            audit: 0,
            ..Grant::new(rule, prefix, bits)
        };
        let mut name = Vec::new();
        push_glob(target, &mut name)?;
        self.class
            .add(&name, grant(bits::CHANGE_PROFILE | bits::CHANGE_ONEXEC))?;
        let mut pair = Vec::new();
        match &change.exec {
            Some(exec) => push_glob(exec.as_str(), &mut pair)?,
            None => pair.extend_from_slice(ANY_EXECUTABLE),
        }
        self.class.add(&pair, grant(bits::CHANGE_ONEXEC))?;
        pair.extend_from_slice(NUL);
        pair.extend_from_slice(&name);
        let mut last = grant(bits::CHANGE_ONEXEC);
        if change.exec.is_some() {
            last.bits |= bits::EXEC | bits::EXEC << bits::OTHER;
            let mode = ExecTransition {
                kind: ExecKind::None,
                fallback: ExecFallback::Refuse,
                scrub: change.safety != Some(Safety::Unsafe),
            };
            last.transition = Some(self.transition_number(mode));
        }
        self.class.add(&pair, last)
    }

    /// Adds the file part of `all,`: everything, `ix` at a priority two lower.
    pub(crate) fn all(&mut self, rule: RuleId, prefix: Prefix) -> Result<(), PatternError> {
        let exec = bits::EXEC | bits::EXEC << bits::OTHER;
        let rest = halves(prefix, bits::HALF & !bits::EXEC);
        self.path(rule, prefix, EVERYTHING, rest, None, None, false)?;
        let transition = self.transition_number(ExecTransition {
            kind: ExecKind::None,
            fallback: ExecFallback::Inherit,
            scrub: true,
        });
        let lower = Prefix {
            priority: prefix.priority - 2,
            ..prefix
        };
        let transition = (!prefix.is_deny()).then_some(transition);
        self.path(rule, lower, EVERYTHING, exec, transition, None, false)
    }

    /// The transition of an exec mode, numbered.
    fn transition(&mut self, mode: ExecMode, target: Option<&str>, profile: &str) -> Transition {
        let kind = match (mode.target, target) {
            (ExecTarget::Child, Some(target)) => ExecKind::Named(format!("{profile}//{target}")),
            (_, Some(target)) => ExecKind::Named(target.to_owned()),
            (ExecTarget::Inherit | ExecTarget::Unconfined, None) => ExecKind::None,
            (ExecTarget::Profile, None) => ExecKind::Profile,
            (ExecTarget::Child, None) => ExecKind::Child,
        };
        let fallback = match mode.target {
            ExecTarget::Inherit => ExecFallback::Inherit,
            ExecTarget::Unconfined if target.is_none() => ExecFallback::Unconfined,
            _ if mode.inherit_fallback => ExecFallback::Inherit,
            _ if mode.unconfined_fallback => ExecFallback::Unconfined,
            _ => ExecFallback::Refuse,
        };
        self.transition_number(ExecTransition {
            kind,
            fallback,
            scrub: !mode.dangerous,
        })
    }

    fn transition_number(&mut self, transition: ExecTransition) -> Transition {
        let inherits = transition.fallback == ExecFallback::Inherit;
        let known = self
            .transitions
            .iter()
            .position(|known| *known == transition);
        let index = known.unwrap_or_else(|| {
            self.transitions.push(transition);
            self.transitions.len() - 1
        });
        Transition {
            index: u32::try_from(index).unwrap_or(u32::MAX),
            inherits,
        }
    }
}

/// The bits in the halves that the prefix speaks of.
fn halves(prefix: Prefix, wanted: u32) -> u32 {
    match prefix.owner {
        Some(Owner::Owner) => wanted,
        Some(Owner::Other) => wanted << bits::OTHER,
        None => wanted | wanted << bits::OTHER,
    }
}
