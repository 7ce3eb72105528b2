//! The kernel's audit record of a seccomp action: type 1326, `SECCOMP`.

use std::fmt;

use crate::{action::Action, arch::Arch, bpf::SeccompData, effect::SIGSYS};

/// Value of an unset login uid or session.
pub const UNSET_ID: u32 = u32::MAX;

/// The caller, as `audit_seccomp` of `kernel/auditsc.c` writes it down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller<'a> {
    /// Login uid; [`UNSET_ID`] for a container's tasks.
    pub auid: u32,
    /// Uid.
    pub uid: u32,
    /// Gid.
    pub gid: u32,
    /// Audit session; [`UNSET_ID`] for a container's tasks.
    pub ses: u32,
    /// The label that an LSM gives the task, if one does.
    pub subject: Option<&'a str>,
    /// Pid in the initial namespace.
    pub pid: u32,
    /// The task's command name.
    pub comm: &'a str,
    /// Path of its executable.
    pub exe: &'a str,
}

/// A record; its `Display` is the text after `audit(TIME:SERIAL): `.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<'a> {
    /// Who called.
    pub caller: Caller<'a>,
    /// What was called.
    pub data: SeccompData,
    /// The action taken.
    pub action: Action,
}

impl fmt::Display for Record<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Caller {
            auid,
            uid,
            gid,
            ses,
            subject,
            pid,
            comm,
            exe,
        } = &self.caller;
        let signal = match self.action {
            Action::KillProcess | Action::KillThread => SIGSYS,
            _ => 0,
        };
        let compat = u8::from(matches!(
            Arch::of_call(self.data.arch, self.data.nr),
            Some(Arch::I386 | Arch::Arm)
        ));
        write!(out, "auid={auid} uid={uid} gid={gid} ses={ses}")?;
        if let Some(subject) = subject {
            write!(out, " subj={subject}")?;
        }
        write!(
            out,
            " pid={pid} comm={} exe={} sig={signal} arch={:x} syscall={} compat={compat} ip={:#x} code={:#x}",
            Quoted(comm),
            Quoted(exe),
            self.data.arch,
            self.data.nr,
            self.data.instruction_pointer,
            self.action.code()
        )
    }
}

/// A string in quotes, or in hex where it has a quote, a blank or a control
/// character (`audit_log_untrustedstring`).
struct Quoted<'a>(&'a str);

fn needs_hex(text: &str) -> bool {
    text.bytes()
        .any(|byte| byte == b'"' || !(0x21..=0x7e).contains(&byte))
}

fn write_hex(text: &str, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    text.bytes().try_for_each(|byte| write!(out, "{byte:02X}"))
}

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if needs_hex(self.0) {
            write_hex(self.0, out)
        } else {
            write!(out, "\"{}\"", self.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(action: Action, subject: Option<&'static str>) -> Record<'static> {
        Record {
            caller: Caller {
                auid: UNSET_ID,
                uid: 0,
                gid: 0,
                ses: UNSET_ID,
                subject,
                pid: 18710,
                comm: "mkdir",
                exe: "/bin/busybox",
            },
            data: SeccompData {
                nr: 83,
                arch: Arch::X86_64.audit(),
                instruction_pointer: 0x0047_b567,
                args: [0; 6],
            },
            action,
        }
    }

    #[test]
    fn a_logged_call_reads_as_the_kernel_wrote_it() {
        assert_eq!(
            record(Action::Log, None).to_string(),
            "auid=4294967295 uid=0 gid=0 ses=4294967295 pid=18710 comm=\"mkdir\" \
             exe=\"/bin/busybox\" sig=0 arch=c000003e syscall=83 compat=0 ip=0x47b567 code=0x7ffc0000"
        );
    }

    #[test]
    fn a_kill_carries_its_signal_and_a_label_follows_the_session() {
        let text = record(Action::KillProcess, Some("unconfined")).to_string();
        assert!(text.contains("ses=4294967295 subj=unconfined pid=18710"));
        assert!(text.contains(" sig=31 "));
        assert!(text.ends_with("code=0x80000000"));
    }

    #[test]
    fn an_errno_leaves_its_data_out_of_the_code() {
        assert!(
            record(Action::Errno(13), None)
                .to_string()
                .ends_with("code=0x50000")
        );
    }

    #[test]
    fn a_name_with_a_blank_is_written_in_hex() {
        let mut record = record(Action::Log, None);
        record.caller.comm = "a b";
        assert!(record.to_string().contains("comm=612062 "));
    }
}
