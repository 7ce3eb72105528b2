//! What holds for every profile.

use proptest::{collection::vec, prelude::*, sample::select};
use seccomp::{
    Action, Arch, BuildOptions, Condition, Entry, Filter, Format, Operator, Profile, ReadContext,
    SeccompData, Spanned, bpf, build, combine, read, syscalls,
};

const NAMES: [&str; 5] = ["mkdir", "mkdirat", "openat", "ioctl", "clone"];
const ACTIONS: [&str; 5] = [
    "SCMP_ACT_ALLOW",
    "SCMP_ACT_ERRNO",
    "SCMP_ACT_KILL",
    "SCMP_ACT_TRAP",
    "SCMP_ACT_LOG",
];
const OPERATORS: [&str; 7] = [
    "SCMP_CMP_NE",
    "SCMP_CMP_LT",
    "SCMP_CMP_LE",
    "SCMP_CMP_EQ",
    "SCMP_CMP_GE",
    "SCMP_CMP_GT",
    "SCMP_CMP_MASKED_EQ",
];
const VALUES: [u64; 9] = [
    0,
    1,
    5,
    0xff,
    0xffff_ffff,
    0x1_0000_0000,
    0x1_0000_0005,
    0x8000_0000_0000_0000,
    u64::MAX,
];

fn text(value: &str) -> Spanned<String> {
    Spanned {
        value: value.to_owned(),
        span: 0..0,
    }
}

prop_compose! {
    fn condition()(
        index in 0_u64..3,
        operator in select(&OPERATORS[..]),
        value in select(&VALUES[..]),
        value_two in select(&VALUES[..]),
    ) -> Condition {
        Condition { span: 0..0, index, operator: text(operator), value, value_two }
    }
}

prop_compose! {
    /// A rule with one condition at most.
    fn entry()(
        names in vec(select(&NAMES[..]), 1..3),
        action in select(&ACTIONS[..]),
        errno in select(&[0_u64, 1, 38][..]),
        conditions in vec(condition(), 0..2),
    ) -> Entry {
        Entry {
            span: 0..0,
            names: names.into_iter().map(text).collect(),
            action: text(action),
            errno: Some(errno),
            conditions,
        }
    }
}

prop_compose! {
    fn profile()(
        default in select(&ACTIONS[..]),
        with_i386 in any::<bool>(),
        entries in vec(entry(), 0..5),
    ) -> Profile {
        Profile {
            default_action: text(default),
            architectures: if with_i386 { vec![text("SCMP_ARCH_X86")] } else { Vec::new() },
            entries,
            ..Profile::default()
        }
    }
}

prop_compose! {
    /// A profile with one rule of any kind, or with any number of rules for exact
    /// values that all say the same, as allow lists and deny lists do. Several
    /// ranges for one call share nodes in libseccomp's tree, and what comes out
    /// then is no reading of the rules at all.
    fn plain_profile()(mut profile in profile(), is_single in any::<bool>()) -> Profile {
        if is_single {
            profile.entries.truncate(1);
        }
        let first = profile.entries.first().cloned();
        for entry in profile.entries.iter_mut().skip(1) {
            if let Some(first) = &first {
                entry.action = first.action.clone();
                entry.errno = first.errno;
            }
        }
        if !is_single {
            for condition in profile.entries.iter_mut().flat_map(|entry| &mut entry.conditions) {
                condition.operator = text("SCMP_CMP_EQ");
            }
        }
        profile
    }
}

prop_compose! {
    fn data()(
        arch in select(&[Arch::X86_64, Arch::I386][..]),
        name in select(&NAMES[..]),
        args in [(); 6].map(|()| select(&VALUES[..])),
    ) -> SeccompData {
        SeccompData {
            nr: syscalls::number(arch, name).expect("exists on both").cast_signed(),
            arch: arch.audit(),
            args,
            ..SeccompData::default()
        }
    }
}

fn filter(profile: &Profile) -> Option<Filter> {
    build(profile, BuildOptions::new(Arch::X86_64)).ok()
}

/// The answers that the rules allow by themselves: the first rule without an
/// effective condition, else those that hold, else the default. `None` where
/// the call is not for the rules to decide.
fn direct_reading(profile: &Profile, data: &SeccompData) -> Option<Vec<Action>> {
    let arch = Arch::of_call(data.arch, data.nr)?;
    let is_listed = arch == Arch::X86_64 || !profile.architectures.is_empty();
    let default = Action::from_oci(&profile.default_action.value, profile.default_errno)?;
    if !is_listed {
        return None;
    }
    let bits = if arch.is_32_bit() {
        u64::from(u32::MAX)
    } else {
        u64::MAX
    };
    let largest = profile
        .entries
        .iter()
        .flat_map(|entry| &entry.names)
        .filter_map(|name| syscalls::number(arch, &name.value))
        .max()
        .unwrap_or(0);
    let is_permissive = matches!(default, Action::Allow | Action::Log | Action::Trace(_));
    if !is_permissive && largest > 0 && data.nr.cast_unsigned() > largest {
        return Some(vec![Action::Errno(38)]);
    }
    let name = syscalls::name(arch, data.nr.cast_unsigned())?;
    let mut answers = Vec::new();
    for entry in &profile.entries {
        let action = Action::from_oci(&entry.action.value, entry.errno)?;
        if action == default || !entry.names.iter().any(|one| one.value == name) {
            continue;
        }
        let effective = entry
            .conditions
            .iter()
            .filter(|one| one.operator.value != "SCMP_CMP_MASKED_EQ" || one.value & bits != 0);
        if effective.clone().count() == 0 {
            return Some(vec![action]);
        }
        let holds = effective.clone().all(|one| {
            let argument = data.args[usize::try_from(one.index).unwrap_or(0)] & bits;
            let value = one.value & bits;
            match Operator::from_oci(&one.operator.value) {
                Some(Operator::NotEqual) => argument != value,
                Some(Operator::Less) => argument < value,
                Some(Operator::LessOrEqual) => argument <= value,
                Some(Operator::Equal) => argument == value,
                Some(Operator::GreaterOrEqual) => argument >= value,
                Some(Operator::Greater) => argument > value,
                Some(Operator::MaskedEqual) => argument & value == one.value_two & value,
                None => false,
            }
        });
        if holds && !answers.contains(&action) {
            answers.push(action);
        }
    }
    if answers.is_empty() {
        answers.push(default);
    }
    Some(answers)
}

proptest! {
    #[test]
    fn a_program_agrees_with_a_direct_reading_wherever_that_is_unambiguous(
        profile in plain_profile(),
        calls in vec(data(), 8),
    ) {
        let Some(filter) = filter(&profile) else { return Ok(()) };
        for data in calls {
            let Some(expected) = direct_reading(&profile, &data) else { continue };
            let unreachable = Arch::of_call(data.arch, data.nr)
                .is_some_and(|arch| filter.unreachable.contains(&arch));
            if let ([only], false) = (expected.as_slice(), unreachable) {
                prop_assert_eq!(filter.run(&data).action, *only);
            }
        }
    }

    #[test]
    fn a_verdict_by_rule_names_a_rule_for_that_call_with_that_action(
        profile in profile(),
        data in data(),
    ) {
        let Some(filter) = filter(&profile) else { return Ok(()) };
        let verdict = filter.run(&data);
        prop_assert_eq!(verdict.reason == seccomp::Reason::Rule, !verdict.rules.is_empty());
        let name = Arch::of_call(data.arch, data.nr)
            .and_then(|arch| syscalls::name(arch, data.nr.cast_unsigned()));
        for rule in verdict.rules {
            let entry = &profile.entries[rule.entry as usize];
            prop_assert_eq!(Some(entry.names[rule.name as usize].value.as_str()), name);
            let action = Action::from_oci(&entry.action.value, entry.errno);
            prop_assert_eq!(action, Some(verdict.action));
        }
    }

    #[test]
    fn the_winning_action_does_not_depend_on_the_order_of_stacked_filters(
        profiles in vec(profile(), 2..4),
        data in data(),
    ) {
        let filters: Vec<Filter> = profiles.iter().filter_map(filter).collect();
        let forward = combine(&filters, &data).action;
        let backward = combine(filters.iter().rev(), &data).action;
        prop_assert_eq!(forward.rank(), backward.rank());
    }

    #[test]
    fn a_program_passes_the_kernels_check_and_only_jumps_forward(
        profile in profile(),
        data in data(),
    ) {
        let Some(filter) = filter(&profile) else { return Ok(()) };
        prop_assert_eq!(bpf::check(&filter.program), Ok(()));
        prop_assert!(filter.run(&data).path.is_sorted());
    }

    #[test]
    fn any_text_gives_a_profile_or_an_error_with_a_place_in_it(text in ".{0,200}") {
        for format in [Format::Oci, Format::Docker, Format::Common] {
            if let Err(error) = read(text.as_bytes(), format, &ReadContext::new(Arch::X86_64)) {
                prop_assert!(error.span.end <= text.len());
            }
        }
    }
}
