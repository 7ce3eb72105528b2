//! Rules: one type for every kind, and the prefix they share.

use super::Text;
use crate::source::Span;

/// A rule with its prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What stands before it.
    pub prefix: Prefix,
    /// What it says.
    pub kind: RuleKind,
    /// From the prefix to the comma.
    pub span: Span,
}

/// `priority=N audit allow|deny|prompt owner|other`, in this order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Prefix {
    /// `priority=N`, 0 where none is written.
    pub priority: i32,
    /// `audit`
    pub audit: bool,
    /// `allow`, `deny` or `prompt`
    pub qualifier: Option<Qualifier>,
    /// `owner` or `other`
    pub owner: Option<Owner>,
}

impl Prefix {
    /// Whether the rule takes permissions away.
    pub fn is_deny(self) -> bool {
        self.qualifier == Some(Qualifier::Deny)
    }
}

/// What a rule does to the permissions it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Qualifier {
    /// `allow`, the same as nothing.
    Allow,
    /// `deny`
    Deny,
    /// `prompt`
    Prompt,
}

/// Whose files a rule speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// `owner`: the task's fsuid is the inode's owner.
    Owner,
    /// `other`: it is not.
    Other,
}

/// A rule of each kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// `/path rw,`, `file,`
    File(File),
    /// `link subset /a -> /b,`
    Link(Link),
    /// `capability chown,`
    Capability(Capability),
    /// `network inet stream,`
    Network(Network),
    /// `mount`, `remount` and `umount`
    Mount(Mount),
    /// `pivot_root`
    PivotRoot(PivotRoot),
    /// `signal`
    Signal(Signal),
    /// `ptrace`
    Ptrace(Ptrace),
    /// `unix`
    Unix(Unix),
    /// `dbus`
    Dbus(Dbus),
    /// `userns`
    Userns(Userns),
    /// `io_uring`
    IoUring(IoUring),
    /// `mqueue`
    Mqueue(Mqueue),
    /// `change_profile`
    ChangeProfile(ChangeProfile),
    /// `set rlimit`
    Rlimit(Rlimit),
    /// `all,`
    All,
}

/// A file rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The path pattern; none for a bare `file,`.
    pub path: Option<Text>,
    /// The permission letters; all but the exec mode for a bare `file,`.
    pub permissions: FilePermissions,
    /// Where the letters stand; empty for a bare `file,`.
    pub permissions_span: Span,
    /// How an exec is done, where `x` is among the letters.
    pub exec: Option<ExecMode>,
    /// `safe` or `unsafe` before the path, already applied to `exec`.
    pub safety: Option<Safety>,
    /// `subset` after the letters, for a link.
    pub subset: bool,
    /// What follows `->`: the exec target, or the link target for `l` written first.
    pub target: Option<Text>,
    /// The letters stand before the path: then `->` names a link target where `l` is among them.
    pub permissions_first: bool,
    /// The keyword `file` is written.
    pub keyword: bool,
}

impl File {
    /// The link target: `l /a -> /b` (with the letters first).
    pub fn link_target(&self) -> Option<&Text> {
        self.target
            .as_ref()
            .filter(|_| self.permissions_first && self.permissions.link)
    }

    /// The profile that an exec goes to: `/a px -> b`.
    pub fn exec_target(&self) -> Option<&Text> {
        self.target
            .as_ref()
            .filter(|_| !(self.permissions_first && self.permissions.link))
    }
}

/// The letters of a file rule without the exec mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FilePermissions {
    /// `r`
    pub read: bool,
    /// `w`
    pub write: bool,
    /// `a`
    pub append: bool,
    /// `l`
    pub link: bool,
    /// `k`
    pub lock: bool,
    /// `m`
    pub mmap_exec: bool,
    /// `x`, with or without a mode
    pub exec: bool,
}

/// How an exec is done: the letters before `x`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExecMode {
    /// Which profile is looked for.
    pub target: ExecTarget,
    /// Stay in the profile where none is found: `pix`, `cix`.
    pub inherit_fallback: bool,
    /// Go unconfined where none is found: `pux`, `cux`.
    pub unconfined_fallback: bool,
    /// Lower-case letters or `unsafe`: the environment is not scrubbed.
    pub dangerous: bool,
}

/// Which profile an exec looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExecTarget {
    /// `ix`: none, it stays.
    Inherit,
    /// `ux`: none, it goes unconfined.
    Unconfined,
    /// `px`: one of the namespace.
    Profile,
    /// `cx`: a child.
    Child,
}

/// `safe` or `unsafe`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Safety {
    /// `safe`
    Safe,
    /// `unsafe`
    Unsafe,
}

/// `link subset /a -> /b,`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// `subset` or `<=`
    pub subset: bool,
    /// The new name.
    pub link: Text,
    /// The existing name.
    pub target: Text,
}

/// `capability chown setuid,`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capability {
    /// The names; none means every capability.
    pub names: Vec<Text>,
}

/// A condition `name=value`, `name=(value …)` or `name in (value …)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedCondition {
    /// The name.
    pub name: Text,
    /// `=` or `in`.
    pub operator: Operator,
    /// The values.
    pub values: Vec<Text>,
}

/// How a condition's values are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// The name alone.
    None,
    /// `=`
    Equals,
    /// `:=`
    Set,
    /// `in`
    In,
}

/// `peer=(…)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionList {
    /// The name before the bracket.
    pub name: Text,
    /// What stands inside.
    pub conditions: Vec<NamedCondition>,
}

/// The conditions of one side of a socket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressConditions {
    /// Everything written for this side, in order.
    pub conditions: Vec<NamedCondition>,
}

impl AddressConditions {
    /// The first value of a condition.
    pub fn value(&self, name: &str) -> Option<&Text> {
        self.conditions
            .iter()
            .find(|condition| condition.name.value == name)?
            .values
            .first()
    }
}

/// `network (create) inet stream,`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// Permission words, normalised: `create`, `accept`, `bind`, `connect`, `listen`, `send`,
    /// `receive`, `getattr`, `setattr`, `getopt`, `setopt`, `shutdown`. None written means all.
    pub permissions: Vec<&'static str>,
    /// The family, where the first word is one.
    pub family: Option<Text>,
    /// The socket type or protocol.
    pub kind: Option<Text>,
    /// `ip=`, `port=`, `interface=` … of this side.
    pub local: AddressConditions,
    /// `peer=(…)`.
    pub peer: AddressConditions,
}

/// Which call a mount rule speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MountKind {
    /// `mount`
    Mount,
    /// `remount`
    Remount,
    /// `umount`
    Umount,
}

/// `mount options=ro /dev/x -> /mnt/,` and its kin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Which call.
    pub kind: MountKind,
    /// `fstype=`, `vfstype=`, `options=`, `options in`, `option=` in order.
    pub conditions: Vec<NamedCondition>,
    /// The device or source; none for any.
    pub source: Option<Text>,
    /// The mount point; none for any.
    pub mountpoint: Option<Text>,
}

/// `pivot_root oldroot=/x /y -> profile,`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PivotRoot {
    /// Where the old root goes.
    pub old_root: Option<Text>,
    /// The new root.
    pub new_root: Option<Text>,
    /// The profile to change to.
    pub target: Option<Text>,
}

/// `signal send set=term peer=x,`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signal {
    /// `send`, `receive`; none written means both.
    pub permissions: Vec<&'static str>,
    /// Signal names; none means all.
    pub signals: Vec<Text>,
    /// The label pattern of the other side.
    pub peer: Option<Text>,
}

/// `ptrace trace peer=x,`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ptrace {
    /// `read`, `trace`, `readby`, `tracedby`; none written means all.
    pub permissions: Vec<&'static str>,
    /// The label pattern of the other side.
    pub peer: Option<Text>,
}

/// `unix (connect) type=stream peer=(label=x),`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unix {
    /// Permission words as for `network`.
    pub permissions: Vec<&'static str>,
    /// `type=`, `protocol=`, `addr=`, `label=` of this side.
    pub local: AddressConditions,
    /// `peer=(addr=… label=…)`.
    pub peer: AddressConditions,
}

/// `dbus send bus=session …,`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dbus {
    /// `send`, `receive`, `bind`, `eavesdrop`; none written means what the conditions allow.
    pub permissions: Vec<&'static str>,
    /// `bus=`, `path=`, `interface=`, `member=`, `name=`.
    pub local: AddressConditions,
    /// `peer=(name=… label=…)`.
    pub peer: AddressConditions,
}

/// `userns create,`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Userns {
    /// `create`; none written means the same.
    pub permissions: Vec<&'static str>,
}

/// `io_uring sqpoll label=x,`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IoUring {
    /// `sqpoll`, `override_creds`; none written means both.
    pub permissions: Vec<&'static str>,
    /// `label=`.
    pub label: Option<Text>,
}

/// `mqueue (create read) type=posix /q,`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mqueue {
    /// `create`, `open`, `delete`, `getattr`, `setattr`, `read`, `write`; none written means all.
    pub permissions: Vec<&'static str>,
    /// `type=`: `posix` or `sysv`.
    pub kind: Option<Text>,
    /// `label=`.
    pub label: Option<Text>,
    /// The queue's name.
    pub name: Option<Text>,
}

/// `change_profile unsafe /exec -> target,`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeProfile {
    /// `safe` or `unsafe`.
    pub safety: Option<Safety>,
    /// The executable at whose exec the change happens.
    pub exec: Option<Text>,
    /// The profile; none means any.
    pub target: Option<Text>,
}

/// `set rlimit nofile <= 1024,`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rlimit {
    /// The resource's name.
    pub resource: Text,
    /// The limit in the kernel's unit; none for `infinity`.
    pub value: Option<u64>,
    /// The value and unit as written.
    pub words: Vec<Text>,
}
