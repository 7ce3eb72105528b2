//! The programs that a learner types: one file each (or a few that belong
//! together), every one doing the system calls that the real one does.
//!
//! The order of calls is that of coreutils 9.1 and BusyBox 1.35 on x86-64 as
//! recorded; calls that nothing guards (memory, locale, libraries) are left
//! out.

mod aa_status;
mod apparmor_parser;
mod cat;
mod chmod;
mod confine;
mod dmesg;
mod echo;
mod head;
mod id;
mod kubectl;
mod ln;
mod ls;
mod mkdir;
mod mount;
mod mv;
mod options;
mod ps;
mod rm;
mod sh;
mod stat;
mod touch;

pub use ls::mode as mode_text;

use crate::process::{Process, Userland, end, quiet};
use kernel::{Arg, Errno};
use std::sync::Arc;

/// A program that can be run.
#[derive(Debug)]
pub struct Program {
    /// Its name.
    pub name: &'static str,
    /// The options that are simulated, in getopt's notation, with the names
    /// of long ones.
    options: &'static [options::Known],
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
}

/// Options are not read: the program looks at its arguments itself.
const VERBATIM: &[options::Known] = &[options::flag('\0', "")];

const PROGRAMS: &[&[Program]] = &[
    aa_status::PROGRAMS,
    apparmor_parser::PROGRAMS,
    cat::PROGRAMS,
    chmod::PROGRAMS,
    confine::PROGRAMS,
    dmesg::PROGRAMS,
    echo::PROGRAMS,
    head::PROGRAMS,
    id::PROGRAMS,
    kubectl::PROGRAMS,
    ln::PROGRAMS,
    ls::PROGRAMS,
    mkdir::PROGRAMS,
    mount::PROGRAMS,
    mv::PROGRAMS,
    ps::PROGRAMS,
    rm::PROGRAMS,
    sh::PROGRAMS,
    stat::PROGRAMS,
    touch::PROGRAMS,
];

/// The program of this name.
pub fn find(name: &str) -> Option<&'static Program> {
    all().find(|program| program.name == name)
}

/// The names of all programs, sorted.
pub fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = all().map(|program| program.name).collect();
    names.sort_unstable();
    names
}

fn all() -> impl Iterator<Item = &'static Program> {
    PROGRAMS.iter().copied().flatten()
}

/// The names of the programs that nodes have.
pub fn on_nodes() -> impl Iterator<Item = &'static str> {
    all().map(|program| program.name)
}

/// The names of the programs that the image has.
pub fn in_images() -> impl Iterator<Item = &'static str> {
    all()
        .filter(|program| program.place == Place::Everywhere)
        .map(|program| program.name)
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
            process.complain(&format!(
                "failed to run command '{name}': {}",
                errno.words()
            ));
            if errno == Errno::ENOENT { 127 } else { 126 }
        }
    }
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
    if program
        .options
        .first()
        .is_some_and(|known| known.long.is_empty() && known.letter == '\0')
    {
        let given = options::Given::verbatim(arguments);
        return (program.run)(process, &given);
    }
    match options::read(arguments, program.options) {
        Ok(given) => (program.run)(process, &given),
        Err(wrong) => wrong.tell(process, program.options),
    }
}
