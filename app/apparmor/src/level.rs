//! Which release of the real parser is imitated.

/// A release of `apparmor_parser`.
///
/// What a release accepts is told where the difference is made; each such
/// place asks [`Level::has`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 3.0, as in Debian 12.
    V3_0,
    /// 4.1, as in Debian 13.
    V4_1,
    /// 5.0.
    #[default]
    V5_0,
}

/// A piece of the language that not every release knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// `priority=N` before a rule.
    Priority,
    /// `all,` rules.
    All,
    /// `userns,`, `mqueue,` and `io_uring,` rules.
    NamespaceRules,
    /// `prompt` before a rule and as a profile mode.
    Prompt,
    /// `ip=`, `port=` and `peer=(…)` on network rules.
    NetworkAddress,
    /// `?=` and `:=` assignments.
    ConditionalAssignment,
    /// `and`, `or`, comparisons and brackets in conditions.
    BooleanExpressions,
    /// `identities=(…)` on profiles.
    Identities,
    /// `@{attach_path}` and `@{exec_path}`.
    AttachPath,
    /// `abi <kernel>,` and `abi <default>,`.
    BuiltInAbi,
    /// `default_allow`, `interruptible`, `debug`, `error=`, `kill.signal=` and
    /// `attach_disconnected.path=` as profile flags.
    NewerFlags,
    /// `attach_disconnected.ipc` as a profile flag.
    IpcAttachment,
    /// `interface=` and `label=` on network rules.
    NetworkInterface,
}

impl Level {
    /// Whether this release knows `syntax`; the table behind every difference.
    pub fn has(self, syntax: Syntax) -> bool {
        let since = match syntax {
            Syntax::NamespaceRules
            | Syntax::Prompt
            | Syntax::All
            | Syntax::Priority
            | Syntax::NewerFlags
            | Syntax::NetworkAddress => Self::V4_1,
            Syntax::ConditionalAssignment
            | Syntax::BooleanExpressions
            | Syntax::Identities
            | Syntax::BuiltInAbi
            | Syntax::IpcAttachment
            | Syntax::NetworkInterface
            | Syntax::AttachPath => Self::V5_0,
        };
        self >= since
    }
}
