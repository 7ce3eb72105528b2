//! What a system call came to, and which gate decided it.

use std::{fmt, sync::Arc};

use crate::{
    audit::AuditRecord,
    call::Call,
    capability::Capability,
    errno::Errno,
    id::{NamespaceId, Pid},
    lsm::policy::Loaded,
};

/// One system call with its outcome and the gates it was taken through.
#[derive(Clone, Debug)]
pub struct Event {
    /// Who called.
    pub task: Pid,
    /// The caller's name at that moment.
    pub comm: Arc<[u8]>,
    /// What was called.
    pub call: Call,
    /// What the call returned. Meaningless when the caller died of it.
    pub result: Result<i64, Errno>,
    /// Whether the call ended its caller.
    pub fate: Fate,
    /// What the kernel wrote to the caller's memory.
    pub answer: Answer,
    /// The gates in the order in which they were asked.
    pub gates: Vec<Gate>,
    /// What the call left in the kernel log.
    pub records: Vec<AuditRecord>,
}

impl Event {
    /// The gate that refused the call: the last one asked, if it did.
    pub fn deciding(&self) -> Option<&Gate> {
        self.gates.iter().rev().find(|gate| {
            matches!(
                gate.verdict,
                Verdict::Denied(_) | Verdict::Failed(_) | Verdict::Killed(_)
            )
        })
    }

    /// What was asked for in the end: the call's own result, or for a ring the
    /// first of its operations that failed.
    ///
    /// # Errors
    /// The error of the call or of that operation.
    pub fn effect(&self) -> Result<i64, Errno> {
        let Answer::Completions(completions) = &self.answer else {
            return self.result;
        };
        let failed = completions.iter().find(|value| **value < 0);
        let number = failed.and_then(|value| u16::try_from(-value).ok());
        match number.and_then(Errno::from_number) {
            Some(errno) => Err(errno),
            None => self.result,
        }
    }

    /// The kinds of gate that were not asked because an earlier one had
    /// already refused, in the order in which the kernel would have come to
    /// them.
    pub fn not_asked(&self) -> Vec<GateKind> {
        if self.deciding().is_none() {
            return Vec::new();
        }
        GateKind::ALL
            .into_iter()
            .filter(|kind| self.gates.iter().all(|gate| gate.kind != *kind))
            .collect()
    }
}

/// What became of the caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It goes on.
    #[default]
    Lives,
    /// It died of this signal.
    Killed(u32),
    /// It exited with this status.
    Exited(i32),
}

/// What the kernel wrote to the caller's memory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Answer {
    /// Nothing.
    #[default]
    Nothing,
    /// Data that was read, or a string.
    Data(Vec<u8>),
    /// `struct stat`.
    Status(Box<FileStatus>),
    /// Two descriptors, as from `pipe2`.
    Pair(i32, i32),
    /// A descriptor that came with a message, and whether control data was
    /// cut off (`MSG_CTRUNC`).
    Received(Option<i32>, bool),
    /// The results of ring operations, in their order.
    Completions(Vec<i64>),
}

/// The part of `struct stat` that is modelled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FileStatus {
    /// Inode number.
    pub inode: u64,
    /// Type and permission bits.
    pub mode: u32,
    /// Names.
    pub links: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Bytes.
    pub size: u64,
    /// Access, modification and change, in nanoseconds of world time.
    pub times: [i64; 3],
}

/// The parts of the kernel that can refuse a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GateKind {
    /// The filters, which see only the registers.
    Seccomp,
    /// Argument checks, and finding the object that is named.
    PathWalk,
    /// Read-only, `noexec`, `nodev`, `nosuid` mounts.
    MountFlags,
    /// Owner, group, mode.
    Dac,
    /// Root's power in pieces.
    Capability,
    /// The confining profile.
    AppArmor,
}

impl GateKind {
    /// All gates.
    pub const ALL: [Self; 6] = [
        Self::Seccomp,
        Self::PathWalk,
        Self::MountFlags,
        Self::Dac,
        Self::Capability,
        Self::AppArmor,
    ];
}

/// One gate's answer.
#[derive(Clone, Debug)]
pub struct Gate {
    /// Which gate.
    pub kind: GateKind,
    /// What it said.
    pub verdict: Verdict,
    /// What it looked at.
    pub evidence: Evidence,
}

/// What a gate said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The call may go on.
    Allowed,
    /// Refused by a rule or permission.
    Denied(Errno),
    /// The call cannot work, whoever asks: nothing there, wrong type, …
    Failed(Errno),
    /// A permission was refused but that did not end the call, because
    /// something else gave it (a capability) or because the profile is in
    /// complain mode.
    Excused,
    /// The gate has nothing to say about this task: no filter, no profile.
    Absent,
    /// The filter ended the task.
    Killed(u32),
    /// The filter had the call skipped, and reports success.
    Skipped,
}

/// What a gate looked at.
#[derive(Clone, Debug)]
pub enum Evidence {
    /// No more than the verdict.
    Plain(&'static str),
    /// The filters' verdict.
    Seccomp(Box<crate::gate::SeccompEvidence>),
    /// Where the walk ended.
    Walk(WalkEvidence),
    /// A mount's or filesystem's flag.
    MountFlag {
        /// Where it is mounted.
        mount: Arc<[u8]>,
        /// The option, as `mount(8)` names it.
        flag: &'static str,
    },
    /// Mode bits.
    Dac(DacEvidence),
    /// A capability.
    Capability(CapabilityEvidence),
    /// AppArmor's question and answer.
    AppArmor(Box<AppArmorEvidence>),
}

/// The end of a path walk.
#[derive(Clone, Debug)]
pub struct WalkEvidence {
    /// The path as resolved from the task's root, if there was one.
    pub path: Arc<[u8]>,
    /// The inode found, if any.
    pub inode: Option<u64>,
}

/// Which of the three classes of mode bits applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DacClass {
    /// The task owns the inode.
    Owner,
    /// The task is in its group.
    Group,
    /// Neither.
    Other,
}

/// What the mode bits said.
#[derive(Clone, Debug)]
pub struct DacEvidence {
    /// What was looked at.
    pub inode: u64,
    /// Its permission bits.
    pub mode: u32,
    /// Its owner.
    pub uid: u32,
    /// Its group.
    pub gid: u32,
    /// The class whose bits counted.
    pub class: DacClass,
    /// What was asked: 4 read, 2 write, 1 execute or search.
    pub wanted: u32,
    /// Said when a rule other than the mode bits decided: ownership, the
    /// sticky bit, a sysctl.
    pub rule: Option<&'static str>,
}

/// What a capability check saw.
#[derive(Clone, Copy, Debug)]
pub struct CapabilityEvidence {
    /// Which one.
    pub capability: Capability,
    /// In which user namespace it had to be held.
    pub namespace: NamespaceId,
    /// Whether the task's effective set has it there.
    pub held: bool,
}

/// What AppArmor was asked and on what it answered.
#[derive(Clone, Debug)]
pub struct AppArmorEvidence {
    /// The profile asked.
    pub profile: Arc<Loaded>,
    /// `operation=` of a record about it.
    pub operation: &'static str,
    /// The object's name as the profile sees it.
    pub name: Option<Arc<[u8]>>,
    /// What kind of object it is.
    pub class: apparmor::Class,
    /// What was asked, in bits of the class.
    pub requested: u32,
    /// What of it was refused.
    pub denied: u32,
    /// `info=` of the record, when there is a special reason.
    pub info: Option<&'static str>,
    /// The rules that decided.
    pub rules: Vec<apparmor::RuleId>,
    /// Refused, but the profile is in complain mode.
    pub complain: bool,
    /// Why no record tells of the refusal, or that one does.
    pub audit: AuditReason,
}

/// Why a record was written, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditReason {
    /// Allowed, and nobody asked for a record.
    NotNeeded,
    /// Allowed, and an `audit` rule or mode asked for a record.
    Audited,
    /// Refused, and recorded.
    Recorded,
    /// Refused by a plain `deny`, which keeps quiet.
    Quiet,
    /// Refused, and the global audit mode keeps quiet.
    Silenced,
}

impl fmt::Display for GateKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Seccomp => "seccomp",
            Self::PathWalk => "path walk",
            Self::MountFlags => "mount flags",
            Self::Dac => "file mode",
            Self::Capability => "capability",
            Self::AppArmor => "AppArmor",
        })
    }
}
