//! The words for records.

use super::{Guard, Record};
use crate::message::AuditVerdict;
use apparmor::{record::Fields, vocabulary::CAPABILITIES};
use seccomp::{Action, Arch};

/// What the operations of AppArmor's records are, with the name of what they
/// are about: `{name}`, `{target}`, `{peer}` and other fields stand for their
/// values. `security/apparmor/include/audit.h`, `OP_*`.
const OPERATIONS: &[(&str, &str)] = &[
    (
        "accept",
        "accept a connection on a socket (`{family} {sock_type}`)",
    ),
    ("bind", "give a socket (`{family} {sock_type}`) an address"),
    ("capable", "use the capability `{capname}`"),
    ("change_hat", "enter the hat `{target}`"),
    (
        "change_onexec",
        "choose the profile `{name}` for its next program",
    ),
    ("change_profile", "change to the profile `{target}`"),
    ("chmod", "change the mode of `{name}`"),
    ("chown", "change the owner of `{name}`"),
    ("connect", "connect a socket (`{family} {sock_type}`)"),
    ("create", "make a socket (`{family} {sock_type}`)"),
    ("exec", "run `{name}`"),
    (
        "file_inherit",
        "keep `{name}` open while it became another program",
    ),
    ("file_lock", "lock `{name}`"),
    ("file_mmap", "map `{name}` into its memory"),
    ("file_mprotect", "make memory of `{name}` executable"),
    ("file_perm", "go on using `{name}`, which it had open"),
    ("file_receive", "take `{name}` from another process"),
    ("getattr", "ask for the attributes of `{name}`"),
    (
        "getsockopt",
        "read options of a socket (`{family} {sock_type}`)",
    ),
    ("link", "give the file `{target}` the second name `{name}`"),
    ("listen", "listen on a socket (`{family} {sock_type}`)"),
    ("mkdir", "make the directory `{name}`"),
    ("mknod", "create `{name}`"),
    ("mount", "mount something on `{name}`"),
    ("open", "open `{name}`"),
    ("pivotroot", "make `{name}` its root"),
    ("ptrace", "look into, or trace, a process under `{peer}`"),
    ("recvmsg", "receive on a socket (`{family} {sock_type}`)"),
    ("rename_dest", "move something to the name `{name}`"),
    ("rename_src", "move `{name}` away"),
    ("rmdir", "remove the directory `{name}`"),
    ("sendmsg", "send on a socket (`{family} {sock_type}`)"),
    ("setattr", "change attributes of `{name}`"),
    ("setrlimit", "change one of its resource limits"),
    (
        "setsockopt",
        "change options of a socket (`{family} {sock_type}`)",
    ),
    ("signal", "send the signal `{signal}`"),
    ("symlink", "make the symbolic link `{name}`"),
    ("truncate", "cut `{name}` short"),
    ("umount", "unmount `{name}`"),
    ("unlink", "delete `{name}`"),
    ("uring_override", "use other credentials on io_uring"),
    ("uring_sqpoll", "have io_uring poll in a thread of its own"),
    ("userns_create", "make a user namespace"),
];

/// Letters of a mask on a file, in the words of a reader.
const LETTERS: &[(char, &str)] = &[
    ('r', "read"),
    ('w', "write"),
    ('a', "append"),
    ('c', "create"),
    ('d', "delete"),
    ('x', "execute"),
    ('k', "lock"),
    ('m', "map as code"),
    ('l', "link"),
];

/// Reasons that `info=` gives, with what they mean.
const INFO: &[(&str, &str)] = &[
    (
        "Failed name lookup - disconnected path",
        "The kernel could not follow the file's name up to the root of this mount namespace, as with a descriptor from outside a container. The flag `attach_disconnected` takes such names to start at the root.",
    ),
    (
        "Failed name lookup - deleted entry",
        "The file has been deleted and has no name any more. The flag `mediate_deleted` has it decided by its last name.",
    ),
    (
        "no new privs",
        "The process has set no_new_privs (in a pod: `allowPrivilegeEscalation: false`), so it may not change to another profile when it runs a program.",
    ),
    (
        "profile transition not found",
        "The rule sends the program to a profile that is not loaded.",
    ),
    (
        "label not found",
        "No profile of this name is loaded on this node.",
    ),
    (
        "failed token match",
        "The program tried to leave a hat with the wrong secret number. The kernel takes that for an attack and ends it.",
    ),
    ("failed mntpnt match", "No mount rule has this mount point."),
    ("failed flags match", "No mount rule has these options."),
    (
        "failed type match",
        "No mount rule has this file system type.",
    ),
    ("failed srcname match", "No mount rule has this source."),
    ("failed perms check", "A mount rule matches, but it denies."),
];

/// What happened, one sentence.
pub fn what(record: &Record) -> String {
    let who = match record.get("comm") {
        "" => "A process".to_owned(),
        comm => format!("`{comm}`"),
    };
    match record.guard {
        Guard::Seccomp => {
            let call = syscall(&record.fields).map_or_else(
                || format!("the system call number {}", record.get("syscall")),
                |name| format!("the system call `{name}`"),
            );
            match action(&record.fields) {
                Some(action) if action.runs_the_call() => {
                    format!("{who} made {call}, and a seccomp filter logged it.")
                }
                Some(Action::KillProcess | Action::KillThread) => {
                    format!("{who} made {call}, and a seccomp filter ended it for that.")
                }
                _ => format!("{who} made {call}, and a seccomp filter refused it."),
            }
        }
        Guard::AppArmor => {
            let profile = record.get("profile");
            let done = operation(record);
            match record.get("apparmor") {
                "DENIED" => format!("{who} under `{profile}` was not allowed to {done}."),
                "KILLED" => {
                    format!("{who} under `{profile}` tried to {done} and was ended for it.")
                }
                "ALLOWED" | "AUDIT" => {
                    format!("{who} under `{profile}` was let through: to {done}.")
                }
                "STATUS" => policy(record, &who),
                other => format!("{who} under `{profile}`: {other} on the attempt to {done}."),
            }
        }
    }
}

/// What became of the policy.
fn policy(record: &Record, who: &str) -> String {
    let name = record.get("name");
    let done = match record.get("operation") {
        "profile_load" => "loaded",
        "profile_replace" => "replaced by a new version",
        "profile_remove" => "removed",
        other => return format!("The policy was changed by {who}: {other} of `{name}`."),
    };
    if record.get("error").is_empty() || record.get("error") == "0" {
        format!("The profile `{name}` was {done} by {who}.")
    } else {
        format!(
            "The profile `{name}` was to be {done} by {who}, but the kernel did not take it: {}.",
            record.get("info")
        )
    }
}

/// The operation in words, as an infinitive without its `to`.
fn operation(record: &Record) -> String {
    let operation = record.get("operation");
    if operation == "open" {
        let mask = mask(record);
        let name = record.get("name");
        return match (mask.contains(['w', 'c', 'a', 'd']), mask.contains('r')) {
            (true, true) => format!("open `{name}` for reading and writing"),
            (true, false) if mask == "a" => format!("open `{name}` for appending"),
            (true, false) => format!("open `{name}` for writing"),
            _ => format!("open `{name}` for reading"),
        };
    }
    if operation == "signal" && mask(record) == "receive" {
        return format!(
            "receive the signal `{}` from a process under `{}`",
            record.get("signal"),
            record.get("peer")
        );
    }
    if operation == "signal" {
        return format!(
            "send the signal `{}` to a process under `{}`",
            record.get("signal"),
            record.get("peer")
        );
    }
    let Some((_, words)) = OPERATIONS.iter().find(|(known, _)| *known == operation) else {
        return match record.get("name") {
            "" => format!("do `{operation}`"),
            name => format!("do `{operation}` on `{name}`"),
        };
    };
    let mut text = (*words).to_owned();
    for field in [
        "name",
        "target",
        "peer",
        "capname",
        "family",
        "sock_type",
        "signal",
    ] {
        text = text.replace(&format!("{{{field}}}"), record.get(field));
    }
    text
}

/// What was asked for and missing.
fn mask(record: &Record) -> &str {
    match record.get("denied_mask") {
        "" => record.get("requested_mask"),
        mask => mask,
    }
}

/// Why there is a record, and what that means.
pub fn why(record: &Record) -> String {
    if record.guard == Guard::Seccomp {
        return match action(&record.fields) {
            Some(action) if action.runs_the_call() => {
                "The filter answers SCMP_ACT_LOG for this call: it runs, and leaves a record.".to_owned()
            }
            Some(Action::KillProcess | Action::KillThread) => {
                "The filter's answer is to kill. Only that, and logging, leaves a record by default: a call that a filter answers with an errno leaves none.".to_owned()
            }
            _ => "A filter's refusal leaves a record only when its flags or the kernel's settings ask for it.".to_owned(),
        };
    }
    if record.verdict == AuditVerdict::Policy {
        return "Nothing was asked and nothing refused: this tells that the policy changed. Running processes under that name follow at once.".to_owned();
    }
    let info = record.get("info");
    if let Some((_, meaning)) = INFO.iter().find(|(known, _)| *known == info) {
        return (*meaning).to_owned();
    }
    let profile = record.get("profile");
    match (record.get("apparmor"), record.get("operation")) {
        ("DENIED", "link") => format!(
            "The new name would get rights that the old one does not have: `{}` is the excess. This comparison is logged even where a `deny` rule on the old name is quiet.",
            mask(record)
        ),
        ("DENIED", "signal") if mask(record) == "receive" => "Both sides need a rule, and the receiver's profile has none for this sender. A container whose profile lacks `signal (receive) peer=unconfined` cannot be stopped, and its pod stays Terminating.".to_owned(),
        ("DENIED", _) => format!(
            "No rule of `{profile}` allows it. A plain `deny` rule leaves no record, so it was either the absence of a rule or an `audit deny`."
        ),
        ("ALLOWED", _) => format!(
            "`{profile}` is in complain mode: no rule allows this, and in enforce mode it would be refused."
        ),
        ("AUDIT", _) => {
            format!("A rule of `{profile}` allows it and asks for a record with `audit`.")
        }
        ("KILLED", _) => format!(
            "`{profile}` has the flag `kill`: the first thing that no rule allows ends the process."
        ),
        _ => String::new(),
    }
}

/// What a field means in this record.
pub fn meaning(record: &Record, name: &str, value: &str) -> String {
    let text = match (name, value) {
        ("type", "1400" | "AVC") => "a record of a security module",
        ("type", "1326" | "SECCOMP") => "a record of seccomp",
        ("apparmor", "DENIED") => "the call failed",
        ("apparmor", "ALLOWED") => "let through by complain mode",
        ("apparmor", "AUDIT") => "allowed, and logged because a rule asks for it",
        ("apparmor", "KILLED") => "the process was ended",
        ("apparmor", "STATUS") => "the policy changed",
        ("operation", _) => return operation(record),
        ("class", _) => "the kind of rule that is asked for; kernels since 6.8 write it",
        ("profile", _) => "the profile that decided",
        ("comm", _) => "the program, as it calls itself",
        ("exe", _) => "the program's file",
        ("pid", _) => "the process",
        ("name", _) if record.get("operation") == "link" => "the new name",
        ("name", value) if value.ends_with('/') => {
            "the name that was looked up; it ends in /, so it is a directory"
        }
        ("name", _) => "the name that was looked up",
        ("target", _) if record.get("operation") == "link" => "the old name",
        ("target", _) => "the profile it should go to",
        ("peer", _) => "the profile of the other side",
        ("fsuid", _) => "the user that the process acts as",
        ("ouid", value) if value == record.get("fsuid") => {
            "the owner of the file: the same, so an `owner` rule counts"
        }
        ("ouid", _) => "the owner of the file: another, so an `owner` rule does not count",
        ("error", "-13") => "EACCES, what the program got",
        ("error", "-1") => "EPERM, what the program got",
        ("error", "-2") => "ENOENT, what the program got",
        ("subj", _) => "the AppArmor label of the process",
        ("sig", "31") => "SIGSYS ended it",
        ("sig", "0") => "no signal was sent",
        ("requested_mask" | "denied_mask", value) if matches!(record.get("class"), "file" | "") => {
            return mask_words(value);
        }
        ("requested_mask", _) => "what was asked for",
        ("denied_mask", _) => "what of it was missing",
        ("arch", value) => {
            let arch = u32::from_str_radix(value, 16)
                .ok()
                .and_then(|audit| Arch::of_call(audit, 0));
            return arch.map(|arch| arch.name().to_owned()).unwrap_or_default();
        }
        ("syscall", _) => {
            return syscall(&record.fields)
                .map(|name| format!("`{name}`"))
                .unwrap_or_default();
        }
        ("code", _) => {
            return action(&record.fields)
                .map(|action| action.oci_name().to_owned())
                .unwrap_or_default();
        }
        ("capname", value) if !CAPABILITIES.contains(&value) => {
            "not a capability that the simulator knows"
        }
        _ => "",
    };
    text.to_owned()
}

/// `wacd` → "write, append, create, delete".
fn mask_words(mask: &str) -> String {
    let words: Vec<&str> = mask
        .chars()
        .filter_map(|letter| LETTERS.iter().find(|(known, _)| *known == letter))
        .map(|(_, word)| *word)
        .collect();
    words.join(", ")
}

/// The call that a seccomp record is about.
pub fn syscall(fields: &Fields) -> Option<&'static str> {
    let audit = u32::from_str_radix(fields.get("arch")?, 16).ok()?;
    let number: u32 = fields.get("syscall")?.parse().ok()?;
    let arch = Arch::of_call(audit, number.cast_signed())?;
    seccomp::syscalls::name(arch, number)
}

/// What the filter answered.
pub fn action(fields: &Fields) -> Option<Action> {
    let code = fields.get("code")?.strip_prefix("0x")?;
    Some(Action::from_return(u32::from_str_radix(code, 16).ok()?))
}

/// What to think of before adding a rule.
pub fn caution(rule: &str) -> String {
    let text = if rule.contains("/** ") {
        "This reaches every file below the folder, also those that come later."
    } else if rule.starts_with("capability sys_admin") {
        "sys_admin is most of what root can do: mounting, namespaces, and much more."
    } else if rule.starts_with("capability") {
        "The container needs the capability itself too: `capabilities.add`, or the runtime's default set."
    } else if rule.ends_with("ix,") {
        "The program runs under this same profile."
    } else if rule.starts_with("include") {
        "An abstraction allows more than this one name: read it first."
    } else {
        ""
    };
    text.to_owned()
}
