//! From nested statements to a flat list of rules.

use crate::{
    diagnostic::{Diagnostic, codes},
    effective::{EffectiveProfile, EffectiveRule, Origin, ProfileName},
    parser::split_label,
    tree::{
        Body, ExecTarget, Owner, Prefix, Profile, Qualifier, Rule, RuleKind, Safety, Statement,
        Text,
    },
};

/// Appends a profile and then its children.
pub(crate) fn flatten(
    profile: Profile,
    parent: Option<usize>,
    profiles: &mut Vec<EffectiveProfile>,
    findings: &mut Vec<Diagnostic>,
) {
    let (namespace, local) = match split_label(&profile.name.value) {
        Ok(label) => (label.namespace.map(str::to_owned), label.name.to_owned()),
        Err(_) => (None, profile.name.value),
    };
    let full = match parent.and_then(|parent| profiles.get(parent)) {
        Some(parent) => format!("{}//{local}", parent.name.full),
        None => local.clone(),
    };
    let index = profiles.len();
    let mut flattened = Flattened {
        rules: Vec::new(),
        children: Vec::new(),
        findings,
    };
    flattened.body(profile.body, Around::Profile);
    let Flattened {
        rules, children, ..
    } = flattened;
    profiles.push(EffectiveProfile {
        name: ProfileName {
            namespace,
            local,
            full,
        },
        parent,
        keyword: profile.keyword,
        attachment: profile.attachment.map(|attachment| attachment.value),
        aliased_attachments: Vec::new(),
        xattrs: profile
            .xattrs
            .into_iter()
            .map(|xattr| (xattr.name.value, xattr.value.map(|value| value.value)))
            .collect(),
        flags: profile.flags,
        rules,
        span: profile.span,
        head: profile.head,
    });
    for child in children {
        flatten(child, Some(index), profiles, findings);
    }
}

/// What a body stands in: a block keeps only what it puts its prefix before,
/// a conditional loses resource limits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Profile,
    Conditional,
    Block,
}

struct Flattened<'a> {
    rules: Vec<EffectiveRule>,
    children: Vec<Profile>,
    findings: &'a mut Vec<Diagnostic>,
}

impl Flattened<'_> {
    fn body(&mut self, body: Body, around: Around) {
        for statement in body.statements {
            match statement {
                Statement::Rule(rule) => self.rule(rule, around),
                Statement::Block(block) => {
                    let first = self.rules.len();
                    let children = self.children.len();
                    self.body(block.body, Around::Block);
                    // The real parser takes the file rules out of a block and drops the rest.
                    self.children.truncate(children);
                    let inner = self.rules.split_off(first);
                    for mut rule in inner {
                        match around_prefix(block.prefix, rule.prefix) {
                            Ok(prefix) => rule.prefix = prefix,
                            Err(wording) => {
                                let sentence =
                                    "The prefix of the block contradicts that of a rule in it.";
                                let finding = Diagnostic::error(
                                    codes::PREFIX_CONFLICT,
                                    rule.origin.span,
                                    sentence,
                                );
                                self.findings.push(finding.tool(None, wording));
                            }
                        }
                        self.rules.push(rule);
                    }
                }
                Statement::Conditional(conditional) => {
                    let inside = if around == Around::Block {
                        Around::Block
                    } else {
                        Around::Conditional
                    };
                    if let Some(chosen) = conditional.into_chosen() {
                        self.body(chosen, inside);
                    }
                }
                Statement::Profile(child) => self.children.push(child),
                Statement::Abi(_) | Statement::Include(_) => {}
            }
        }
    }

    fn rule(&mut self, rule: Rule, around: Around) {
        let kept_by_block = matches!(
            rule.kind,
            RuleKind::File(_) | RuleKind::Link(_) | RuleKind::ChangeProfile(_)
        );
        let lost = match around {
            Around::Profile => false,
            Around::Conditional => matches!(rule.kind, RuleKind::Rlimit(_)),
            Around::Block => !kept_by_block,
        };
        if lost {
            let sentence = match around {
                Around::Block => {
                    "This rule has no effect: in a block only file, link and change_profile rules are kept."
                }
                _ => "This limit has no effect: resource limits inside of a condition are dropped.",
            };
            self.findings.push(Diagnostic::warning(
                codes::DROPPED_RULE,
                rule.span,
                sentence,
            ));
            return;
        }
        self.rules.push(EffectiveRule {
            prefix: rule.prefix,
            kind: rule.kind,
            origin: Origin {
                span: rule.span,
                variables: Vec::new(),
                alias: None,
                implied: false,
            },
        });
    }
}

/// A rule's prefix with that of the block around it. Source: `entry_add_prefix`.
fn around_prefix(outer: Prefix, inner: Prefix) -> Result<Prefix, &'static str> {
    let qualifier = match (outer.qualifier, inner.qualifier) {
        (Some(outer), Some(inner)) if outer != inner => return Err("conflicting mode prefix"),
        (outer, inner) => outer.or(inner),
    };
    Ok(Prefix {
        priority: if outer.priority == 0 {
            inner.priority
        } else {
            outer.priority
        },
        audit: outer.audit || inner.audit,
        qualifier,
        owner: outer.owner.or(inner.owner),
    })
}

/// What two rules must have in common for the real parser to merge them.
pub(crate) type MergeKey = (Option<String>, bool, Option<Mode>, bool, i32, String);

/// A qualifier that can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mode {
    Allow,
    Deny,
    Prompt,
}

/// How a rule executes, apart for the owner's files and those of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExecHalves {
    owner: Option<ExecType>,
    other: Option<ExecType>,
}

/// The exec bits of one half.
#[derive(Clone, Debug, PartialEq, Eq)]
struct ExecType {
    inherit: bool,
    unconfined: bool,
    dangerous: bool,
    modifier: Modifier,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Modifier {
    None,
    Target(ExecTarget),
    Named(bool, String),
}

impl ExecHalves {
    pub(crate) fn conflicts(&self, other: &Self) -> bool {
        let differ = |a: &Option<ExecType>, b: &Option<ExecType>| matches!((a, b), (Some(a), Some(b)) if a != b);
        differ(&self.owner, &other.owner) || differ(&self.other, &other.other)
    }
}

/// The path that a rule speaks of.
pub(crate) fn path_of(rule: &EffectiveRule) -> Option<&str> {
    match &rule.kind {
        RuleKind::File(file) => Some(file.path.as_ref().map_or("/{**,}", Text::as_str)),
        RuleKind::Link(link) => Some(link.link.as_str()),
        RuleKind::ChangeProfile(change) => Some(change.target.as_ref().map_or("**", Text::as_str)),
        _ => None,
    }
}

/// What decides whether a rule is merged with another, and how it executes; none where it does not.
pub(crate) fn merge_key(rule: &EffectiveRule) -> Option<(MergeKey, ExecHalves)> {
    let path = path_of(rule)?;
    let (link, subset, exec) = match &rule.kind {
        RuleKind::File(file) => {
            if !file.permissions.exec {
                return None;
            }
            let link = file.link_target().map(|target| target.value.clone());
            (link, file.subset, exec_type(file))
        }
        RuleKind::ChangeProfile(change) => {
            let exec = ExecType {
                inherit: false,
                unconfined: false,
                dangerous: change.safety == Some(Safety::Unsafe),
                modifier: Modifier::None,
            };
            (Some(change.exec.as_ref()?.value.clone()), false, exec)
        }
        _ => return None,
    };
    let mode = rule.prefix.qualifier.map(|qualifier| match qualifier {
        Qualifier::Allow => Mode::Allow,
        Qualifier::Deny => Mode::Deny,
        Qualifier::Prompt => Mode::Prompt,
    });
    let halves = ExecHalves {
        owner: (rule.prefix.owner != Some(Owner::Other)).then(|| exec.clone()),
        other: (rule.prefix.owner != Some(Owner::Owner)).then_some(exec),
    };
    Some((
        (
            link,
            subset,
            mode,
            rule.prefix.audit,
            rule.prefix.priority,
            path.to_owned(),
        ),
        halves,
    ))
}

fn exec_type(file: &crate::tree::File) -> ExecType {
    let Some(exec) = file.exec else {
        return ExecType {
            inherit: false,
            unconfined: false,
            dangerous: false,
            modifier: Modifier::None,
        };
    };
    let inherit = exec.inherit_fallback || exec.target == ExecTarget::Inherit;
    let modifier = match file.exec_target() {
        Some(target) => Modifier::Named(exec.target == ExecTarget::Child, target.value.clone()),
        None if exec.target == ExecTarget::Inherit => Modifier::None,
        None => Modifier::Target(exec.target),
    };
    ExecType {
        inherit,
        unconfined: exec.unconfined_fallback,
        dangerous: exec.dangerous,
        modifier,
    }
}
