//! From a profile to a filter: what runc does with libseccomp.
//!
//! Follows `libcontainer/specconv` and `libcontainer/seccomp` of runc (1.1 to
//! 1.5; the same checks in the same order) and answers in their words.

use sorted::SortedSet;

use crate::{
    action::{Action, MAX_ERRNO},
    arch::{Arch, FOREIGN, ForeignSupport},
    bpf,
    error::{ErrorClass, ProfileError},
    filter::{Filter, Flags, IdleReason, IdleRule},
    libseccomp::{ArgumentTest, Collection, Layout, RuleError},
    profile::{Condition, Entry, Operator, Profile, ProfileName, RuleRef, Span, Spanned},
    stub,
    syscalls::{Libseccomp, Numbers},
};

/// Rules from which runc asks libseccomp for a binary tree.
const BINARY_TREE_ABOVE: usize = 32;

/// Arguments of a syscall.
const ARGUMENT_COUNT: u64 = 6;

/// Where a filter is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BuildOptions {
    /// The node's architecture, which every filter covers.
    pub native: Arch,
    /// The node's libseccomp. The names it knows follow the version; the program
    /// is that of 2.5.4.
    pub libseccomp: Libseccomp,
    /// Whether runc's prologue that answers ENOSYS to newer calls is put in
    /// front (since runc 1.0.0-rc93); libseccomp alone makes none.
    pub stub: bool,
}

impl BuildOptions {
    /// A node with Debian 12's libseccomp.
    pub fn new(native: Arch) -> Self {
        Self {
            native,
            libseccomp: Libseccomp::default(),
            stub: true,
        }
    }
}

/// Builds the filter that the kernel gets for a profile.
///
/// # Errors
/// The first that runc, libseccomp or the kernel would report, in their order.
pub fn build(profile: &Profile, options: BuildOptions) -> Result<Filter, ProfileError> {
    let flags = flags(profile, options.libseccomp)?;
    let arches = architectures(profile)?;
    let default = default_action(profile)?;
    let actions = check_entries(profile)?;
    check_notify(profile, default, &actions)?;
    if let Action::Errno(errno) = default
        && errno >= MAX_ERRNO
    {
        return Err(error(
            ErrorClass::DefaultActionInvalid,
            "error creating filter: could not create filter",
            "The default errno is too large: libseccomp takes numbers below 4095.",
            &profile.default_action.span,
        ));
    }
    let mut collection = Collection::new(options.native, default.to_return(), options.libseccomp);
    let mut abis = vec![options.native];
    for arch in arches {
        let known = add_architecture(&mut collection, &arch)?;
        if let Some(known) = known
            && !abis.contains(&known)
        {
            abis.push(known);
        }
    }
    let mut idle = Vec::new();
    let names: Vec<ProfileName<'_>> = profile.names().collect();
    add_rules(
        profile,
        &names,
        &actions,
        default,
        options,
        &mut collection,
        &mut idle,
    )?;
    for (arch, rule, by) in collection.overruled() {
        idle.push(IdleRule {
            rule,
            arch: Some(arch),
            reason: IdleReason::Overruled(by),
        });
    }
    idle_on_architectures(&names, &abis, options.libseccomp, &mut idle);

    let layout = if names.len() > BINARY_TREE_ABOVE {
        Layout::BinaryTree
    } else {
        Layout::List
    };
    let (mut program, mut origins) = (Vec::new(), Vec::new());
    if options.stub && stub::applies(default) {
        (program, origins) = stub::prologue(&names, &abis, options.libseccomp);
    }
    let generated = collection
        .generate(layout)
        .map_err(|error| rule_error(error.into(), profile, None))?;
    program.extend(generated.program);
    origins.extend(generated.origins);
    bpf::check(&program).map_err(|refused| {
        error(
            ErrorClass::KernelEinval,
            "error loading seccomp filter into kernel: error loading seccomp filter: invalid argument",
            &format!("The kernel refuses the filter: {refused}."),
            &(0..0),
        )
    })?;
    Ok(Filter {
        program,
        origins,
        flags,
        idle,
        unreachable: generated.unreachable,
    })
}

/// What runc asks before anything else of a profile that notifies a supervisor:
/// that it says where the supervisor listens. It is no part of [`build`], since
/// the filter does not depend on it.
pub fn check_listener(profile: &Profile) -> Result<(), ProfileError> {
    let notifies = |entry: &&Entry| entry.action.value == Action::Notify.oci_name();
    match profile.entries.iter().find(notifies) {
        Some(entry) if profile.listener_path.is_empty() => Err(error(
            ErrorClass::ListenerPath,
            "seccomp listenerPath is not set",
            "SCMP_ACT_NOTIFY needs a listenerPath: the socket of the agent that will decide.",
            &entry.action.span,
        )),
        _ => Ok(()),
    }
}

fn error(class: ErrorClass, message: &str, sentence: &str, span: &Span) -> ProfileError {
    ProfileError {
        class,
        message: message.to_owned(),
        sentence: sentence.to_owned(),
        span: span.clone(),
    }
}

/// Without the key runc asks for SPEC_ALLOW, with an empty list for nothing.
/// TSYNC is taken and has no effect, as runc's init has one thread to filter.
fn flags(profile: &Profile, version: Libseccomp) -> Result<Flags, ProfileError> {
    let Some(listed) = &profile.flags else {
        return Ok(Flags {
            spec_allow: true,
            ..Flags::default()
        });
    };
    let mut flags = Flags::default();
    for flag in listed {
        match flag.value.as_str() {
            "SECCOMP_FILTER_FLAG_TSYNC" => {}
            "SECCOMP_FILTER_FLAG_LOG" => flags.log = true,
            "SECCOMP_FILTER_FLAG_SPEC_ALLOW" => flags.spec_allow = true,
            "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV" => flags.wait_killable = true,
            unknown => {
                return Err(error(
                    ErrorClass::FlagUnknown,
                    &format!("seccomp flag {unknown} is not known to runc"),
                    &format!("runc does not know the flag \"{unknown}\"."),
                    &flag.span,
                ));
            }
        }
        if flags.wait_killable && version < Libseccomp::V2_6_1 {
            return Err(error(
                ErrorClass::FlagUnsupported,
                "error adding WaitKill flag to seccomp filter: SetWaitKill requires libseccomp >= 2.6.0 (current version: 2.5.4)",
                "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV needs libseccomp 2.6 on the node; this node has 2.5.4.",
                &flag.span,
            ));
        }
    }
    Ok(flags)
}

/// An architecture of a profile as the builder takes it.
struct ProfileArch<'a> {
    name: &'a Spanned<String>,
    arch: Option<Arch>,
    foreign: Option<&'static crate::arch::ForeignArch>,
}

fn architectures(profile: &Profile) -> Result<Vec<ProfileArch<'_>>, ProfileError> {
    profile
        .architectures
        .iter()
        .map(|name| {
            let arch = Arch::ALL
                .into_iter()
                .find(|arch| arch.oci_name() == name.value);
            let foreign = FOREIGN
                .iter()
                .find(|foreign| foreign.oci_name == name.value);
            if arch.is_none() && foreign.is_none() {
                return Err(error(
                    ErrorClass::ArchUnknown,
                    &format!("string {} is not a valid arch for seccomp", name.value),
                    &format!(
                        "runc does not know the architecture \"{}\"; names look like SCMP_ARCH_X86_64.",
                        name.value
                    ),
                    &name.span,
                ));
            }
            Ok(ProfileArch {
                name,
                arch,
                foreign,
            })
        })
        .collect()
}

fn add_architecture(
    collection: &mut Collection,
    arch: &ProfileArch<'_>,
) -> Result<Option<Arch>, ProfileError> {
    if let Some(known) = arch.arch {
        collection.add_arch(Some(known), known.audit());
        return Ok(Some(known));
    }
    let Some(foreign) = arch.foreign else {
        return Ok(None);
    };
    let (errno, sentence) = match foreign.support {
        ForeignSupport::Added => {
            collection.add_arch(None, foreign.audit);
            return Ok(None);
        }
        ForeignSupport::OtherByteOrder => (
            "numerical argument out of domain",
            "it has the other byte order than the node",
        ),
        ForeignSupport::SinceLibseccomp26 => {
            ("invalid argument", "libseccomp 2.5 does not know it yet")
        }
    };
    Err(error(
        ErrorClass::ArchUnsupported,
        &format!("error adding architecture to seccomp filter: {errno}"),
        &format!("{} cannot be in this filter: {sentence}.", arch.name.value),
        &arch.name.span,
    ))
}

fn action(name: &Spanned<String>, errno: Option<u64>) -> Result<Action, ProfileError> {
    Action::from_oci(&name.value, errno).ok_or_else(|| {
        let sentence = if name.value.is_empty() {
            "An action is missing; write one such as \"SCMP_ACT_ERRNO\".".to_owned()
        } else {
            format!(
                "There is no action \"{}\"; actions look like SCMP_ACT_ERRNO or SCMP_ACT_ALLOW.",
                name.value
            )
        };
        error(
            ErrorClass::ActionUnknown,
            &format!("string {} is not a valid action for seccomp", name.value),
            &sentence,
            &name.span,
        )
    })
}

fn default_action(profile: &Profile) -> Result<Action, ProfileError> {
    action(&profile.default_action, profile.default_errno)
}

/// The entries' actions; also checks every operator, where there is a name.
fn check_entries(profile: &Profile) -> Result<Vec<Action>, ProfileError> {
    let mut actions = Vec::with_capacity(profile.entries.len());
    for entry in &profile.entries {
        let mut span = entry.action.clone();
        if span.span.is_empty() {
            span.span = entry.span.clone();
        }
        actions.push(action(&span, entry.errno)?);
        if entry.names.is_empty() {
            continue;
        }
        for Condition { operator, span, .. } in &entry.conditions {
            if Operator::from_oci(&operator.value).is_none() {
                let at = if operator.span.is_empty() {
                    span
                } else {
                    &operator.span
                };
                return Err(error(
                    ErrorClass::OperatorUnknown,
                    &format!(
                        "string {} is not a valid operator for seccomp",
                        operator.value
                    ),
                    &format!(
                        "There is no comparison \"{}\"; comparisons look like SCMP_CMP_EQ.",
                        operator.value
                    ),
                    at,
                ));
            }
        }
    }
    Ok(actions)
}

fn check_notify(
    profile: &Profile,
    default: Action,
    actions: &[Action],
) -> Result<(), ProfileError> {
    for (entry, action) in profile.entries.iter().zip(actions) {
        let write = entry.names.iter().find(|name| name.value == "write");
        if let (Action::Notify, Some(name)) = (action, write) {
            return Err(error(
                ErrorClass::NotifyWrite,
                "SCMP_ACT_NOTIFY cannot be used for the write syscall",
                "write cannot be notified: runc itself must write to hand the agent its descriptor.",
                &name.span,
            ));
        }
    }
    if default == Action::Notify {
        return Err(error(
            ErrorClass::NotifyDefault,
            "SCMP_ACT_NOTIFY cannot be used as default action",
            "SCMP_ACT_NOTIFY cannot be the default: runc needs some calls to hand the agent its descriptor.",
            &profile.default_action.span,
        ));
    }
    Ok(())
}

fn add_rules(
    profile: &Profile,
    names: &[ProfileName<'_>],
    actions: &[Action],
    default: Action,
    options: BuildOptions,
    collection: &mut Collection,
    idle: &mut Vec<IdleRule>,
) -> Result<(), ProfileError> {
    for one in names {
        if one.name.value.is_empty() {
            return Err(error(
                ErrorClass::NameEmpty,
                "empty string is not a valid syscall",
                "A syscall name is empty.",
                &one.name.span,
            ));
        }
        let mut skip = |reason| {
            idle.push(IdleRule {
                rule: one.rule,
                arch: None,
                reason,
            });
        };
        let at = one.rule.entry as usize;
        let (Some(entry), Some(action)) = (profile.entries.get(at), actions.get(at)) else {
            continue;
        };
        if *action == default {
            skip(IdleReason::SameAsDefault);
            continue;
        }
        let known = one.call.as_ref();
        let Some(call) = known.filter(|call| call.known_to(options.libseccomp)) else {
            skip(IdleReason::UnknownName);
            continue;
        };
        add_name(profile, entry, one.rule, call, *action, collection)?;
    }
    Ok(())
}

/// Adds one name's rule: conditions on different arguments must all hold, but
/// as soon as an argument comes twice each condition is a rule of its own.
fn add_name(
    profile: &Profile,
    entry: &Entry,
    rule: RuleRef,
    call: &Numbers,
    action: Action,
    collection: &mut Collection,
) -> Result<(), ProfileError> {
    let tests = argument_tests(entry, call)?;
    let distinct: SortedSet<u8> = tests.iter().map(|test| test.index).collect();
    let mut add = |tests: &[ArgumentTest], rule: RuleRef| {
        let outcome = if matches!(action, Action::Errno(errno) if errno >= MAX_ERRNO) {
            Err(None)
        } else {
            collection
                .add_rule(call, action.to_return(), tests, rule)
                .map_err(Some)
        };
        outcome.map_err(|failed| match failed {
            Some(failed) => rule_error(failed, profile, Some((rule, !tests.is_empty()))),
            None => invalid_errno(profile, rule, !tests.is_empty()),
        })
    };
    if distinct.len() == tests.len() {
        return add(&tests, rule);
    }
    for (at, test) in (0_u32..).zip(&tests) {
        let condition = Some(at);
        add(std::slice::from_ref(test), RuleRef { condition, ..rule })?;
    }
    Ok(())
}

fn argument_tests(entry: &Entry, call: &Numbers) -> Result<Vec<ArgumentTest>, ProfileError> {
    let mut tests = Vec::with_capacity(entry.conditions.len());
    for condition in &entry.conditions {
        let index = u8::try_from(condition.index)
            .ok()
            .filter(|_| condition.index < ARGUMENT_COUNT);
        let Some(index) = index else {
            return Err(error(
                ErrorClass::ArgIndex,
                &format!(
                    "error creating seccomp syscall condition for syscall {}: syscalls only have up to 6 arguments ({} given)",
                    call.name, condition.index
                ),
                &format!(
                    "Arguments are counted from 0 to 5; there is no argument {}.",
                    condition.index
                ),
                &condition.span,
            ));
        };
        let operator = Operator::from_oci(&condition.operator.value);
        // Every operator was checked before; one that is unknown never gets here.
        tests.extend(
            operator.map(|one| ArgumentTest::new(index, one, condition.value, condition.value_two)),
        );
    }
    Ok(tests)
}

fn rule_prefix(profile: &Profile, rule: RuleRef, has_conditions: bool) -> String {
    let name = (profile.entries.get(rule.entry as usize))
        .and_then(|entry| entry.names.get(rule.name as usize))
        .map_or("", |name| name.value.as_str());
    let what = if has_conditions {
        "rule"
    } else {
        "filter rule"
    };
    format!("error adding seccomp {what} for syscall {name}")
}

fn invalid_errno(profile: &Profile, rule: RuleRef, has_conditions: bool) -> ProfileError {
    error(
        ErrorClass::RuleInvalid,
        &format!(
            "{}: two checks on same syscall argument",
            rule_prefix(profile, rule, has_conditions)
        ),
        "The errno is too large: libseccomp takes numbers below 4095. (runc's message names another cause.)",
        &profile.entry_span(rule),
    )
}

fn rule_error(failed: RuleError, profile: &Profile, rule: Option<(RuleRef, bool)>) -> ProfileError {
    let span = rule.map_or(0..0, |(rule, _)| profile.name_span(rule));
    let prefix = rule.map_or_else(String::new, |(rule, has_conditions)| {
        rule_prefix(profile, rule, has_conditions)
    });
    match failed {
        RuleError::Conflict => error(
            ErrorClass::RuleConflict,
            &format!("{prefix}: file exists"),
            "Another rule has the same conditions for this syscall but another action; libseccomp refuses the whole profile.",
            &span,
        ),
        RuleError::Hangs => error(
            ErrorClass::LibseccompHangs,
            "",
            "libseccomp 2.5 never finishes with these rules, so the container hangs while it is created. Put the rule with the larger value first.",
            &span,
        ),
        RuleError::TooLarge => error(
            ErrorClass::TooLarge,
            "",
            "The lab gives up on these rules: either there are far more than the 4096 instructions that the kernel takes, or they compare so many ranges on one syscall that libseccomp would work on them for minutes.",
            &span,
        ),
    }
}

/// Names the ABIs on which a rule does nothing because they lack the call.
fn idle_on_architectures(
    names: &[ProfileName<'_>],
    abis: &[Arch],
    version: Libseccomp,
    idle: &mut Vec<IdleRule>,
) {
    let skipped: SortedSet<RuleRef> = idle
        .iter()
        .filter(|one| one.arch.is_none())
        .map(|one| one.rule)
        .collect();
    for one in names {
        let known = one.call.as_ref().filter(|call| call.known_to(version));
        let Some(call) = known.filter(|_| !skipped.contains(&one.rule)) else {
            continue;
        };
        for arch in abis {
            let is_reached =
                call.on(*arch).is_some() || (*arch == Arch::I386 && call.multiplexer().is_some());
            if !is_reached {
                idle.push(IdleRule {
                    rule: one.rule,
                    arch: Some(*arch),
                    reason: IdleReason::NotOnArchitecture,
                });
            }
        }
    }
}
