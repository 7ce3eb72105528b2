//! The programs that a learner types: one file each (or a few that belong
//! together), every one doing the system calls that the real one does.
//!
//! The order of calls is that of coreutils 9.1 and BusyBox 1.35 on x86-64 as
//! recorded; calls that nothing guards (memory, locale, libraries) are left
//! out.

mod aa_enabled;
mod aa_exec;
mod aa_logprof;
mod aa_mode;
mod aa_status;
mod apparmor_parser;
mod capsh;
mod cat;
mod chmod;
mod chroot;
mod cp;
mod crictl;
mod dmesg;
mod echo;
mod getent;
mod grep;
mod head;
mod id;
mod kubectl;
mod ln;
mod ls;
mod lsmod;
mod make_call;
mod mkdir;
mod mount;
mod mv;
mod nsenter;
mod options;
mod pattern;
mod ps;
mod rm;
mod sed;
mod setpriv;
mod sh;
mod sleep;
mod stat;
mod strace;
mod sysctl;
mod systemctl;
mod targets;
mod tee;
mod touch;
mod uname;
mod unshare;
mod wc;

pub use aa_logprof::Dialog;
pub use kubectl::candidates as kubectl_candidates;
pub use ls::mode as mode_text;
pub use strace::report as trace;

use crate::process::{Process, Userland, end, fork, quiet, reap};
use kernel::{Arg, Errno, abi};
use std::sync::Arc;

/// A program that can be run.
#[derive(Debug)]
pub struct Program {
    /// Its name.
    pub name: &'static str,
    /// The options that are simulated.
    options: options::Options,
    run: fn(&mut Process<'_>, &options::Given) -> u8,
    /// Where it is installed.
    place: Place,
}

/// Where a program is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// On nodes and in images.
    Everywhere,
    /// Only on nodes.
    Node,
    /// Only in images.
    Image,
}

const PROGRAMS: &[&[Program]] = &[
    aa_enabled::PROGRAMS,
    aa_exec::PROGRAMS,
    aa_logprof::PROGRAMS,
    aa_mode::PROGRAMS,
    aa_status::PROGRAMS,
    apparmor_parser::PROGRAMS,
    capsh::PROGRAMS,
    cat::PROGRAMS,
    chmod::PROGRAMS,
    chroot::PROGRAMS,
    cp::PROGRAMS,
    crictl::PROGRAMS,
    dmesg::PROGRAMS,
    echo::PROGRAMS,
    getent::PROGRAMS,
    grep::PROGRAMS,
    head::PROGRAMS,
    id::PROGRAMS,
    kubectl::PROGRAMS,
    ln::PROGRAMS,
    ls::PROGRAMS,
    lsmod::PROGRAMS,
    make_call::PROGRAMS,
    mkdir::PROGRAMS,
    mount::PROGRAMS,
    mv::PROGRAMS,
    nsenter::PROGRAMS,
    ps::PROGRAMS,
    rm::PROGRAMS,
    sed::PROGRAMS,
    setpriv::PROGRAMS,
    sh::PROGRAMS,
    sleep::PROGRAMS,
    stat::PROGRAMS,
    strace::PROGRAMS,
    sysctl::PROGRAMS,
    systemctl::PROGRAMS,
    tee::PROGRAMS,
    touch::PROGRAMS,
    uname::PROGRAMS,
    unshare::PROGRAMS,
    wc::PROGRAMS,
];

/// The program of this name.
pub fn find(name: &str) -> Option<&'static Program> {
    all().find(|program| program.name == name)
}

/// The names of all programs, sorted.
pub fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = all().map(|program| program.name).collect();
    sorted::sort(&mut names);
    names
}

fn all() -> impl Iterator<Item = &'static Program> {
    PROGRAMS.iter().copied().flatten()
}

/// The options of a program in a learner's notation: `-f`, `--force`.
pub fn option_names(name: &str) -> Vec<String> {
    let Some(program) = find(name) else {
        return Vec::new();
    };
    let mut names = Vec::new();
    for known in program.options.known() {
        if known.letter != '\0' {
            names.push(format!("-{}", known.letter));
        }
        if !known.long.is_empty() {
            names.push(format!("--{}", known.long));
        }
    }
    names
}

/// The names of the programs that nodes have.
pub fn on_nodes() -> impl Iterator<Item = &'static str> {
    all()
        .filter(|program| program.place != Place::Image)
        .map(|program| program.name)
}

/// The names of the programs that the image has.
pub fn in_images() -> impl Iterator<Item = &'static str> {
    all()
        .filter(|program| program.place != Place::Node)
        .map(|program| program.name)
}

/// Whether a text uses a program that only the images of this project have.
pub fn only_here(text: &str) -> bool {
    all().any(|program| program.place == Place::Image && text.contains(program.name))
}

/// What stands in a program's file: its name, after what makes it a program.
pub fn file(name: &str) -> Vec<u8> {
    [ELF, name.as_bytes()].concat()
}

/// What the kernel knows a program by.
const ELF: &[u8] = b"\x7fELF";

/// Replaces a process by a program and runs it to its end; returns its exit
/// status. In the background, a program that only waits goes on waiting.
///
/// # Errors
/// What `execve` answers.
pub fn execute(
    process: &mut Process<'_>,
    path: &str,
    arguments: &[String],
    environment: &[String],
) -> Result<u8, Errno> {
    let strings = |list: &[String]| {
        Arg::Strings(list.iter().map(|text| Arc::from(text.as_bytes())).collect())
    };
    process.call(
        "execve",
        [path.into(), strings(arguments), strings(environment)],
    )?;
    let called = arguments.first().map_or(path, String::as_str);
    let base = called.rsplit('/').next().unwrap_or(called);
    base.clone_into(&mut process.name);
    let name = identity(process).unwrap_or_else(|| base.to_owned());
    let Some(program) = find(&name) else {
        process.machine.console.notice(&format!(
            "`{base}` started, but what it does is not simulated"
        ));
        return Ok(0);
    };
    // A script's interpreter gets the script's path as its first argument.
    let mut arguments = arguments.get(1..).unwrap_or_default().to_vec();
    if name != base && matches!(name.as_str(), "sh" | "bash") && find(base).is_none() {
        arguments.insert(0, path.to_owned());
    }
    Ok(run(process, program, &arguments))
}

/// Which program a process runs, by what stands in its file: a copy under
/// another name is still the same program.
fn identity(process: &Process<'_>) -> Option<String> {
    let bytes = process.machine.world.executable(process.pid)?;
    let name = bytes.strip_prefix(ELF)?;
    String::from_utf8(name.to_vec()).ok()
}

/// Finds a command on the path, executes it and runs it, as a container
/// runtime does with the words it was given.
///
/// # Errors
/// What `execve` answers; `ENOENT` when no directory of the path has it.
pub fn start(process: &mut Process<'_>, words: &[String]) -> Result<u8, Errno> {
    let path = on_path(process, words)?;
    let status = execute(process, &path, words, &ENVIRONMENT.map(str::to_owned));
    let code = *status.as_ref().unwrap_or(&126);
    let code = end(process, code);
    status.map(|_| code)
}

/// The same, but the program only begins: the first process of a container,
/// or a shell that waits for lines.
///
/// # Errors
/// As [`start`].
pub fn become_program(process: &mut Process<'_>, words: &[String]) -> Result<(), Errno> {
    let path = on_path(process, words)?;
    let strings = |list: &[String]| {
        Arg::Strings(list.iter().map(|text| Arc::from(text.as_bytes())).collect())
    };
    process
        .call(
            "execve",
            [path.as_str().into(), strings(words), strings(&[])],
        )
        .map(drop)
}

/// What a container's processes have in their environment.
const ENVIRONMENT: [&str; 2] = [
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME=/root",
];

fn on_path(process: &mut Process<'_>, words: &[String]) -> Result<String, Errno> {
    let name = words.first().ok_or(Errno::EINVAL)?;
    if name.contains('/') {
        return Ok(name.clone());
    }
    for folder in ["/usr/sbin", "/usr/bin", "/sbin", "/bin"] {
        let path = format!("{folder}/{name}");
        if quiet(process, |process| process.stat(&path, true)).is_ok() {
            return Ok(path);
        }
    }
    Err(Errno::ENOENT)
}

/// Goes on as another program, as `chroot` and its like do: a shell when no
/// command is given. Returns its exit status.
fn go_on(process: &mut Process<'_>, command: &[String]) -> u8 {
    let shell = ["sh".to_owned()];
    let words = if command.is_empty() {
        &shell[..]
    } else {
        command
    };
    let name = words.first().map_or("", String::as_str).to_owned();
    let gone = on_path(process, words)
        .and_then(|path| execute(process, &path, words, &ENVIRONMENT.map(str::to_owned)));
    match gone {
        Ok(status) => status,
        Err(errno) => {
            let words = errno.words();
            process.complain(&match (process.userland, process.name.as_str()) {
                (Userland::Busybox, _) => format!("can't execute '{name}': {words}"),
                (Userland::Gnu, "chroot") => format!("failed to run command '{name}': {words}"),
                (Userland::Gnu, _) => format!("failed to execute {name}: {words}"),
            });
            if errno == Errno::ENOENT { 127 } else { 126 }
        }
    }
}

/// Runs a program in a child and waits for it; 127 when there is none.
fn run_child(process: &mut Process<'_>, words: &[String]) -> u8 {
    let Some(pid) = fork(process) else {
        process.complain("fork: Resource temporarily unavailable");
        return 254;
    };
    let mut child = process.child(pid);
    let status = start(&mut child, words).unwrap_or_else(|errno| {
        let name = words.first().map_or("", String::as_str);
        child.complain(&format!("{name}: {}", errno.words()));
        end(&mut child, 127)
    });
    reap(process, pid);
    status
}

/// Writes a file anew, as editors and tools do that do not rename.
fn write_file(process: &mut Process<'_>, path: &str, text: &str) -> Result<(), Errno> {
    let flags = abi::O_WRONLY | abi::O_CREAT | abi::O_TRUNC;
    let fd = process.open(path, flags, 0o644)?;
    let written = process.write(fd, text.as_bytes());
    process.close(fd);
    written
}

/// Runs a program's logic in a process as it is: the shell's own `echo`.
pub fn call(process: &mut Process<'_>, name: &str, arguments: &[String]) -> u8 {
    match find(name) {
        Some(program) => run(process, program, arguments),
        None => 127,
    }
}

/// Runs a program in a process that has become it.
fn run(process: &mut Process<'_>, program: &Program, arguments: &[String]) -> u8 {
    if process.userland == Userland::Busybox {
        // Every applet starts with it (BusyBox 1.35, `libbb/appletlib.c`).
        let _ = process.call("getuid", [Arg::NULL; 0]);
    }
    match program.options.read(arguments) {
        Ok(given) => (program.run)(process, &given),
        Err(wrong) => wrong.tell(process, program.options.known()),
    }
}
