//! `strace`: the system calls of a program as it makes them.

use super::{
    Place, Program,
    options::{Given, Options, flag, value},
};
use crate::{
    machine::{Machine, Tracer},
    process::{Process, Userland, end, fork, reap},
};
use kernel::{Arg, Event, Fate, Pid, World, abi};
use seccomp::Arch;

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "strace",
    options: Options::Leading(&[
        flag('f', "follow-forks"),
        value('e', "trace"),
        value('o', "output"),
        value('p', "attach"),
        flag('q', "quiet"),
        value('s', "string-limit"),
        flag('v', "no-abbrev"),
    ]),
    run,
    place: Place::Node,
}];

/// `ptrace(2)`.
const PTRACE_SEIZE: i32 = 0x4206;
/// The column in which strace writes the answer.
const ANSWER: usize = 40;

/// Classes of calls, as `-e trace=%file` names them: those of the model.
const CLASSES: [(&str, &[&str]); 4] = [
    (
        "file",
        &[
            "access",
            "acct",
            "chdir",
            "chmod",
            "chown",
            "chroot",
            "creat",
            "execve",
            "execveat",
            "faccessat",
            "faccessat2",
            "fchmodat",
            "fchmodat2",
            "fchownat",
            "getcwd",
            "getxattr",
            "lchown",
            "lgetxattr",
            "link",
            "linkat",
            "listxattr",
            "lstat",
            "mkdir",
            "mkdirat",
            "mknod",
            "mknodat",
            "mount",
            "newfstatat",
            "open",
            "openat",
            "openat2",
            "pivot_root",
            "quotactl",
            "readlink",
            "readlinkat",
            "removexattr",
            "rename",
            "renameat",
            "renameat2",
            "rmdir",
            "setxattr",
            "stat",
            "statfs",
            "statx",
            "swapon",
            "symlink",
            "symlinkat",
            "truncate",
            "umount2",
            "unlink",
            "unlinkat",
            "utime",
            "utimensat",
        ],
    ),
    (
        "process",
        &[
            "clone",
            "clone3",
            "execve",
            "execveat",
            "exit",
            "exit_group",
            "fork",
            "kill",
            "pidfd_open",
            "pidfd_send_signal",
            "tgkill",
            "tkill",
            "vfork",
            "wait4",
        ],
    ),
    (
        "network",
        &[
            "accept",
            "accept4",
            "bind",
            "connect",
            "getpeername",
            "getsockname",
            "getsockopt",
            "listen",
            "recvfrom",
            "recvmsg",
            "sendmsg",
            "sendto",
            "setsockopt",
            "shutdown",
            "socket",
            "socketpair",
        ],
    ),
    (
        "desc",
        &[
            "close",
            "copy_file_range",
            "dup",
            "dup2",
            "dup3",
            "fchdir",
            "fchmod",
            "fchown",
            "fcntl",
            "fstat",
            "ftruncate",
            "getdents64",
            "ioctl",
            "lseek",
            "mmap",
            "openat",
            "pipe2",
            "pread64",
            "pwrite64",
            "read",
            "sendfile",
            "write",
        ],
    ),
];

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let mut only = None;
    for text in given.values("e") {
        match filter(text) {
            Ok(names) => only.get_or_insert_with(Vec::new).extend(names),
            Err(name) => {
                process.complain(&format!("invalid system call '{name}'"));
                return 1;
            }
        }
    }
    let fd = match given.value("o").map(str::to_owned) {
        None => 2,
        Some(path) => {
            let flags = abi::O_WRONLY | abi::O_CREAT | abi::O_TRUNC;
            match process.open(&path, flags, 0o666) {
                Ok(fd) => fd,
                Err(errno) => {
                    process.complain(&format!("Can't fopen '{path}': {}", errno.words()));
                    return 1;
                }
            }
        }
    };
    let targets: Vec<String> = given.values("p").map(str::to_owned).collect();
    if !targets.is_empty() {
        return attach(process, &targets);
    }
    let Some(name) = given.operands.first().cloned() else {
        process.complain("must have PROG [ARGS] or -p PID");
        process.warn("Try 'strace -h' for more information.");
        return 1;
    };
    let path = match super::on_path(process, &given.operands) {
        Ok(path) => path,
        Err(errno) => {
            process.complain(&format!("Can't stat '{name}': {}", errno.words()));
            return 1;
        }
    };
    let Some(tracee) = fork(process) else {
        process.complain("fork: Resource temporarily unavailable");
        return 1;
    };
    let seized = process.call(
        "ptrace",
        [
            PTRACE_SEIZE.into(),
            Arg::from(tracee.0),
            Arg::NULL,
            Arg::NULL,
        ],
    );
    if let Err(errno) = seized {
        process.complain(&format!(
            "attach: ptrace(PTRACE_SEIZE, {}): {}",
            tracee.0,
            errno.words()
        ));
        end(&mut process.child(tracee), 1);
        return 1;
    }
    let tracer = Tracer {
        pid: process.pid,
        fd,
        tracee,
        follow: given.has("f"),
        only,
    };
    process.machine.tracers.push(tracer.clone());
    let status = tracee_runs(process, tracee, &path, &given.operands);
    process.machine.tracers.pop();
    reap(process, tracee);
    let last = match status {
        128.. => format!("+++ killed by {} +++", signal(u32::from(status) - 128)),
        status => format!("+++ exited with {status} +++"),
    };
    if status < 128 && tracer.shows("exit_group") {
        let call = format!("exit_group({status})");
        say(process.machine, &tracer, &format!("{call:<ANSWER$}= ?"));
    }
    say(process.machine, &tracer, &last);
    status
}

fn tracee_runs(process: &mut Process<'_>, tracee: Pid, path: &str, words: &[String]) -> u8 {
    let mut child = process.child(tracee);
    let environment = super::ENVIRONMENT.map(str::to_owned);
    let status = match super::execute(&mut child, path, words, &environment) {
        Ok(status) => status,
        Err(errno) => {
            child.complain(&format!("exec: {}", errno.words()));
            1
        }
    };
    end(&mut child, status)
}

/// `-p`: watches processes that run already.
fn attach(process: &mut Process<'_>, targets: &[String]) -> u8 {
    let mut attached = Vec::new();
    for target in targets {
        let Ok(pid) = target.parse::<i32>() else {
            process.complain(&format!("Invalid process id: '{target}'"));
            return 1;
        };
        let arguments = [PTRACE_SEIZE.into(), pid.into(), Arg::NULL, Arg::NULL];
        match process.call("ptrace", arguments) {
            Ok(_) => {
                process.complain(&format!("Process {pid} attached"));
                attached.push(pid);
            }
            Err(errno) => process.complain(&format!(
                "attach: ptrace(PTRACE_SEIZE, {pid}): {}",
                errno.words()
            )),
        }
    }
    if attached.is_empty() {
        return 1;
    }
    process.machine.console.notice(
        "nothing else runs while a command does, so there is nothing to see; trace a program from its start instead",
    );
    for pid in attached {
        process.complain(&format!("Process {pid} detached"));
    }
    0
}

/// The names that `-e` asks for, or the one that is none.
fn filter(text: &str) -> Result<Vec<String>, String> {
    let list = text.strip_prefix("trace=").unwrap_or(text);
    let mut names = Vec::new();
    for word in list.split(',').filter(|word| !word.is_empty()) {
        let class = word.strip_prefix('%').unwrap_or(word);
        if let Some((_, members)) = CLASSES.iter().find(|(name, _)| *name == class) {
            names.extend(members.iter().map(|name| (*name).to_owned()));
        } else if word == "all" {
            return Ok(Vec::new());
        } else if seccomp::syscalls::number(Arch::X86_64, word).is_some() {
            names.push(word.to_owned());
        } else {
            return Err(word.to_owned());
        }
    }
    Ok(names)
}

impl Tracer {
    /// Whether it was asked for calls of this name.
    fn shows(&self, name: &str) -> bool {
        match self.only.as_deref() {
            None | Some([]) => true,
            Some(names) => names.iter().any(|wanted| wanted == name),
        }
    }

    /// Whether it watches a task: the tracee, or one that descends from it.
    fn watches(&self, world: &World, pid: Pid) -> bool {
        let mut at = pid;
        loop {
            if at == self.tracee {
                return true;
            }
            match world.task(at) {
                Some(task) if self.follow && task.parent != at => at = task.parent,
                _ => return false,
            }
        }
    }
}

/// Writes down a call for everyone who watches the caller.
pub fn report(machine: &mut Machine, event: &Event) {
    for tracer in machine.tracers.clone() {
        if !tracer.watches(&machine.world, event.task) || !tracer.shows(&event.call.name) {
            continue;
        }
        let before = if tracer.follow && event.task != tracer.tracee {
            format!("[pid {:>5}] ", event.task.0)
        } else {
            String::new()
        };
        say(machine, &tracer, &format!("{before}{}", line(event)));
    }
}

/// The last writes of the tracer go through its own descriptor.
fn say(machine: &mut Machine, tracer: &Tracer, line: &str) {
    machine.quietly(|machine| {
        let mut process = Process {
            machine,
            pid: tracer.pid,
            name: "strace".to_owned(),
            userland: Userland::Gnu,
            depth: 0,
        };
        let _ = process.write(tracer.fd, format!("{line}\n").as_bytes());
    });
}

/// A call with its answer, as strace writes it.
fn line(event: &Event) -> String {
    let call = event.call.to_string();
    let answer = match (event.fate, event.result) {
        (Fate::Killed(_) | Fate::Exited(_), _) => "?".to_owned(),
        (Fate::Lives, Ok(value)) => value.to_string(),
        (Fate::Lives, Err(errno)) => format!("-1 {} ({})", errno.name(), errno.words()),
    };
    format!(
        "{call:<width$}= {answer}",
        width = ANSWER.max(call.len() + 1)
    )
}

fn signal(number: u32) -> String {
    match number {
        9 => "SIGKILL".to_owned(),
        11 => "SIGSEGV (core dumped)".to_owned(),
        15 => "SIGTERM".to_owned(),
        31 => "SIGSYS (core dumped)".to_owned(),
        other => format!("SIG_{other}"),
    }
}
