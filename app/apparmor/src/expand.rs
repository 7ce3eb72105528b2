//! From the tree to effective profiles, with every check that the real parser
//! makes before it builds automata.

mod alias;
mod flatten;
mod implied;
mod patterns;
mod texts;

use sorted::SortedMap;

use crate::{
    diagnostic::{Code, Diagnostic, codes},
    effective::{EffectiveProfile, Expanded},
    glob::filter_slashes,
    lint::lint,
    options::Options,
    parser::{Parser, Session, is_refused},
    source::{SourceSet, Span},
    tree::{Item, Profile, RuleKind},
    variables::{ExpansionError, Variables},
};

/// Reads a policy with the files it includes, down to the effective rules. A policy
/// without errors is looked at by [`lint()`] too.
pub fn expand(file_name: &str, text: &str, sources: &SourceSet, options: &Options) -> Expanded {
    let mut parser = Parser::new(file_name, text, Some(sources), options);
    let tree = parser.policy();
    let end = parser.peek().line;
    let Session {
        files,
        diagnostics,
        variables,
        policy_abi,
        ..
    } = parser.finish();
    let mut expansion = Expansion {
        options,
        variables,
        features: options.effective_features(policy_abi.as_ref()),
        aliases: alias::aliases(&tree),
        findings: diagnostics,
        end,
    };
    let outermost: Vec<Profile> = tree.items.into_iter().filter_map(Item::profile).collect();
    let names = outermost.iter().map(|profile| profile.name.clone());
    let names = names.collect();
    let profiles = expansion.profiles(outermost);
    if !is_refused(&expansion.findings) {
        let lints = lint(&profiles, &expansion.features);
        expansion.findings.extend(lints);
    }
    Expanded {
        files,
        names,
        profiles,
        features: expansion.features,
        diagnostics: expansion.findings,
    }
}

/// The state of an expansion.
struct Expansion<'a> {
    options: &'a Options,
    variables: Variables,
    features: crate::features::Features,
    aliases: Vec<alias::Replacement>,
    findings: Vec<Diagnostic>,
    /// The line that the real parser has reached when it expands.
    end: u32,
}

impl Expansion<'_> {
    fn profiles(&mut self, outermost: Vec<Profile>) -> Vec<EffectiveProfile> {
        let mut profiles = Vec::new();
        for profile in outermost {
            flatten::flatten(profile, None, &mut profiles, &mut self.findings);
        }
        let children = children(&profiles);
        for index in processing_order(&profiles, &children) {
            // Names are expanded parents first, so a child sees its parent's.
            let parent = profiles.get(index).and_then(|profile| profile.parent);
            let parent = parent.and_then(|parent| profiles.get(parent));
            let parent = parent.map(|parent| parent.name.full.clone());
            let has_hats = children.contains_key(&Some(index));
            if let Some(profile) = profiles.get_mut(index) {
                self.profile(profile, parent.as_deref(), has_hats);
            }
        }
        profiles
    }

    fn profile(&mut self, profile: &mut EffectiveProfile, parent: Option<&str>, has_hats: bool) {
        implied::add(profile, has_hats);
        let written_name = profile.name.local.clone();
        if let Err(error) = self.texts(profile, parent) {
            let ExpansionFailure { error, span } = error;
            let code = match &error {
                ExpansionError::Undeclared(_) => codes::VARIABLE_UNDEFINED,
                ExpansionError::Recursive { .. } => codes::VARIABLE_RECURSIVE,
                ExpansionError::NotASet(_) => codes::VARIABLE_TYPE,
                ExpansionError::InvalidName(_) => codes::VARIABLE_NAME,
                ExpansionError::TooManyValues(_)
                | ExpansionError::TooLong
                | ExpansionError::TooMuch
                | ExpansionError::TooDeep => codes::EXPANSION_TOO_LARGE,
            };
            let sentence = match &error {
                ExpansionError::Undeclared(variable) => format!("Nothing declares `{variable}`."),
                ExpansionError::Recursive { variable, by } => {
                    format!("The values of `@{{{variable}}}` come back to it through `@{{{by}}}`.")
                }
                ExpansionError::NotASet(name) => {
                    format!("`{name}` is a boolean; a text cannot use it.")
                }
                other => format!("This cannot be expanded: {other}."),
            };
            let mut diagnostic = Diagnostic::error(code, span, sentence);
            if code != codes::EXPANSION_TOO_LARGE {
                diagnostic = diagnostic.tool(None, error.to_string());
                if let ExpansionError::NotASet(name) = &error {
                    diagnostic = diagnostic
                        .tool(None, format!("Failed to find declaration for: @{{{name}}}"));
                }
                let name = if profile.name.local.is_empty() {
                    &written_name
                } else {
                    &profile.name.local
                };
                diagnostic = diagnostic.tool(
                    None,
                    format!("ERROR expanding variables for profile {name}, failed to load"),
                );
            }
            self.findings.push(diagnostic);
            return;
        }
        alias::apply(&self.aliases, profile);
        self.check_targets(profile);
        self.check_same_text(profile);
        patterns::check(profile, &self.features, &mut self.findings);
    }

    fn error_at_end(&mut self, code: Code, span: Span, sentence: &str, wording: &str) {
        let line = self.end;
        self.findings
            .push(Diagnostic::error(code, span, sentence).tool(Some(line), wording));
    }

    /// The table of named exec targets has few places. Source: `add_entry_to_x_table`.
    fn check_targets(&mut self, profile: &EffectiveProfile) {
        use crate::parser::MAX_EXEC_TARGETS;
        let links_count = self.options.level < crate::level::Level::V5_0;
        let mut targets = sorted::SortedSet::new();
        for rule in &profile.rules {
            let RuleKind::File(file) = &rule.kind else {
                continue;
            };
            let counts = file.permissions.exec || links_count;
            if let Some(target) = file.exec_target().filter(|_| counts) {
                let child = file
                    .exec
                    .is_some_and(|exec| exec.target == crate::tree::ExecTarget::Child);
                targets.insert((child, target.value.clone()));
            }
        }
        if targets.len() > MAX_EXEC_TARGETS {
            let name = &profile.name.local;
            let sentence = format!("A profile can name at most {MAX_EXEC_TARGETS} exec targets.");
            let wording = format!("Profile {name} has too many specified profile transitions.");
            self.findings.push(
                Diagnostic::error(codes::TOO_MANY_TARGETS, profile.head, sentence)
                    .tool(None, wording),
            );
        }
    }

    /// Two rules of the same text that disagree on the exec mode. Source: `process_file_entries`.
    fn check_same_text(&mut self, profile: &EffectiveProfile) {
        let mut seen: SortedMap<flatten::MergeKey, Vec<(flatten::ExecHalves, Span)>> =
            SortedMap::new();
        for rule in &profile.rules {
            let Some((key, halves)) = flatten::merge_key(rule) else {
                continue;
            };
            let others = seen.entry(key).or_default();
            if let Some((_, other)) = others.iter().find(|(other, _)| other.conflicts(&halves)) {
                let path = flatten::path_of(rule).unwrap_or_default();
                let name = &profile.name.local;
                let sentence = format!("Two rules disagree on how `{path}` is executed.");
                let wording =
                    format!("profile {name}: has merged rule {path} with conflicting x modifiers");
                let diagnostic =
                    Diagnostic::error(codes::EXEC_CONFLICT, rule.origin.span, sentence)
                        .related(*other, "the other rule")
                        .tool(None, wording)
                        .tool(
                            None,
                            format!("ERROR merging rules for profile {name}, failed to load"),
                        );
                self.findings.push(diagnostic);
                return;
            }
            if others.iter().all(|(other, _)| *other != halves) {
                others.push((halves, rule.origin.span));
            }
        }
    }
}

/// A text that could not be expanded, and where it stands.
struct ExpansionFailure {
    error: ExpansionError,
    span: Span,
}

/// The profiles under each parent; those of the outermost level under none.
type Children = SortedMap<Option<usize>, Vec<usize>>;

fn children(profiles: &[EffectiveProfile]) -> Children {
    let mut children = Children::new();
    for (index, profile) in profiles.iter().enumerate() {
        children.entry(profile.parent).or_default().push(index);
    }
    children
}

/// The order in which the real parser works: by namespace and name, each profile before its children.
fn processing_order(profiles: &[EffectiveProfile], children: &Children) -> Vec<usize> {
    let sorted = |parent: Option<usize>| {
        let mut level = children.get(&parent).cloned().unwrap_or_default();
        sorted::sort_by_key(&mut level, |index| {
            profiles
                .get(*index)
                .map(|p| (&p.name.namespace, &p.name.local))
        });
        level.reverse();
        level
    };
    let mut waiting = sorted(None);
    let mut order = Vec::with_capacity(profiles.len());
    while let Some(index) = waiting.pop() {
        order.push(index);
        waiting.extend(sorted(Some(index)));
    }
    order
}

/// A path as the kernel would write it.
fn path(text: &str) -> String {
    filter_slashes(text)
}
