//! Rules that the real parser adds by itself.

use crate::{
    effective::{EffectiveProfile, EffectiveRule, Origin},
    source::Span,
    tree::{File, FilePermissions, Owner, Prefix, RuleKind, Text},
};

/// Where a task asks to change its profile.
const CHANGE_PROFILE: &str = "/proc/*/attr/{apparmor/,}{current,exec}";

/// Where a task asks to change its hat.
const CHANGE_HAT: &str = "/proc/[0-9]*/attr/{apparmor/,}current";

/// Adds what `change_profile` rules and hats need to reach the kernel.
///
/// Source: `post_process_file_entries` and `profile_add_hat_rules`; the added
/// rules count for the owner's files only.
pub(crate) fn add(profile: &mut EffectiveProfile, has_hats: bool) {
    let changes = profile
        .rules
        .iter()
        .any(|rule| matches!(rule.kind, RuleKind::ChangeProfile(_)));
    let span = profile.head;
    if changes {
        profile.rules.extend(access(CHANGE_PROFILE, span));
    }
    if has_hats || profile.keyword.is_hat() {
        profile.rules.extend(access(CHANGE_HAT, span));
    }
}

fn access(written: &str, span: Span) -> [EffectiveRule; 3] {
    let read = FilePermissions {
        read: true,
        ..FilePermissions::default()
    };
    let write = FilePermissions {
        write: true,
        ..FilePermissions::default()
    };
    [
        implied("/proc/*/attr/apparmor/", read, span),
        implied("/sys/module/apparmor/parameters/enabled", read, span),
        implied(written, write, span),
    ]
}

fn implied(path: &str, permissions: FilePermissions, span: Span) -> EffectiveRule {
    EffectiveRule {
        prefix: Prefix {
            owner: Some(Owner::Owner),
            ..Prefix::default()
        },
        kind: RuleKind::File(File {
            path: Some(Text::new(path, span)),
            permissions,
            permissions_span: span,
            exec: None,
            safety: None,
            subset: false,
            target: None,
            permissions_first: false,
            keyword: false,
        }),
        origin: Origin {
            span,
            variables: Vec::new(),
            alias: None,
            implied: true,
        },
    }
}
