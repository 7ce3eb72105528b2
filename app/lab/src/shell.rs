//! A small POSIX shell whose commands do real system calls in a simulated
//! kernel.

mod builtin;
mod expand;
pub mod syntax;

use crate::{
    process::{Process, Userland, end, fork, quiet},
    programs,
};
use kernel::{Answer, Arg, Errno, Pid, abi};
use std::collections::BTreeMap;
use syntax::{Command, List, Pipeline, Redirection, RedirectionKind, When};

/// The words of a line without expansions, as a program that is no shell
/// takes them; empty for a line that does not parse.
pub fn plain_words(line: &str) -> Vec<String> {
    let Ok(list) = syntax::parse(line) else {
        return Vec::new();
    };
    let Some(command) = list
        .0
        .first()
        .and_then(|entry| entry.pipeline.commands.first())
    else {
        return Vec::new();
    };
    command
        .words
        .iter()
        .map(|word| {
            word.0
                .iter()
                .map(|piece| match piece {
                    syntax::Piece::Text(text) | syntax::Piece::Quoted(text) => text.as_str(),
                    _ => "",
                })
                .collect()
        })
        .collect()
}

/// How many shells and programs may wait for each other.
pub const MAX_DEPTH: usize = 16;

/// What a shell remembers from one command to the next.
#[derive(Debug, Clone, Default)]
pub struct Shell {
    variables: BTreeMap<String, String>,
    /// `$0`, `$1`, …
    arguments: Vec<String>,
    /// `$?`
    status: u8,
    /// `$!`
    background: Option<Pid>,
    /// Set by `exit`.
    exit: Option<u8>,
}

/// `fcntl(2)`: duplicate to the lowest free descriptor from the argument on.
const F_DUPFD_CLOEXEC: i32 = 1030;

/// Where the shell looks for commands.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

impl Shell {
    /// A shell with root's usual variables.
    pub fn new(arguments: Vec<String>) -> Self {
        let variables = [("HOME", "/root"), ("PATH", PATH), ("USER", "root")];
        Self {
            variables: variables
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            arguments,
            ..Self::default()
        }
    }

    /// Runs a command line to its end and returns its exit status.
    pub fn run(&mut self, process: &mut Process<'_>, line: &str) -> u8 {
        match syntax::parse(line) {
            Ok(list) => self.list(process, &list),
            Err(error) => {
                process.complain(&error.to_string());
                self.status = 2;
                2
            }
        }
    }

    /// Whether `exit` was called, and with what.
    pub fn exited(&self) -> Option<u8> {
        self.exit
    }

    fn list(&mut self, process: &mut Process<'_>, list: &List) -> u8 {
        for entry in &list.0 {
            let wanted = match entry.when {
                When::Always => true,
                When::Succeeded => self.status == 0,
                When::Failed => self.status != 0,
            };
            if wanted {
                self.status = self.pipeline(process, &entry.pipeline, entry.background);
            }
            if self.exit.is_some() {
                break;
            }
        }
        self.exit.unwrap_or(self.status)
    }

    /// Runs each command of a pipeline to its end before the next one begins;
    /// what is between them waits in the pipe.
    fn pipeline(&mut self, process: &mut Process<'_>, pipeline: &Pipeline, background: bool) -> u8 {
        let mut status = 0;
        let mut input: Option<i32> = None;
        for (index, command) in pipeline.commands.iter().enumerate() {
            let last = index + 1 == pipeline.commands.len();
            let mut redirected = Vec::new();
            if let Some(reader) = input.take() {
                redirected.push((reader, 0));
            }
            if !last && let Some((reader, writer)) = pipe(process) {
                redirected.push((writer, 1));
                input = Some(reader);
            }
            let alone = pipeline.commands.len() == 1;
            status = self.command(process, command, &redirected, alone, background && last);
            for (fd, _) in redirected {
                quiet(process, |process| process.close(fd));
            }
        }
        if pipeline.negated {
            return u8::from(status == 0);
        }
        status
    }

    /// Runs a simple command: a builtin in the shell itself when it stands
    /// alone, else a program in a child.
    fn command(
        &mut self,
        process: &mut Process<'_>,
        command: &Command,
        redirected: &[(i32, i32)],
        alone: bool,
        background: bool,
    ) -> u8 {
        let words = expand::fields(self, process, &command.words);
        let mut assignments = Vec::new();
        for (name, word) in &command.assignments {
            assignments.push((name.clone(), expand::text(self, process, word)));
        }
        let Some(name) = words.first() else {
            self.variables.extend(assignments);
            return self.redirect_only(process, &command.redirections);
        };
        if alone
            && !background
            && let Some(builtin) = builtin::find(name)
        {
            let saved = save(process, &command.redirections);
            let status = match self.redirect(process, &command.redirections) {
                Ok(()) => builtin(self, process, &words),
                Err(status) => status,
            };
            restore(process, saved);
            return status;
        }
        let Some(child) = fork(process) else {
            process.complain("fork: Resource temporarily unavailable");
            return 254;
        };
        let mut shell = self.clone();
        shell.variables.extend(assignments);
        let mut child = Process {
            machine: &mut *process.machine,
            pid: child,
            name: process.name.clone(),
            userland: process.userland,
            depth: process.depth + 1,
        };
        let pid = child.pid;
        let status = shell.in_child(&mut child, command, &words, redirected, background);
        if background {
            self.background = Some(pid);
            return 0;
        }
        quiet(process, |process| {
            process.call(
                "wait4",
                [Arg::from(pid.0), Arg::Room(4), Arg::NULL, Arg::NULL],
            )
        })
        .ok();
        status
    }

    /// What a child of the shell does between fork and its end.
    fn in_child(
        &mut self,
        child: &mut Process<'_>,
        command: &Command,
        words: &[String],
        redirected: &[(i32, i32)],
        background: bool,
    ) -> u8 {
        for (from, to) in redirected {
            quiet(child, |child| {
                child.call("dup2", [Arg::from(*from), Arg::from(*to)])
            })
            .ok();
        }
        let status = match self.redirect(child, &command.redirections) {
            Err(status) => status,
            Ok(()) if child.depth > MAX_DEPTH => {
                child.complain(&format!(
                    "more than {MAX_DEPTH} programs wait for each other"
                ));
                254
            }
            Ok(()) => match words.first().and_then(|name| builtin::find(name)) {
                Some(builtin) => builtin(self, child, words),
                None => self.execute(child, words),
            },
        };
        // In the background `sleep` is still there when the next line is typed.
        if background && status == 0 && words.first().is_some_and(|name| name == "sleep") {
            return 0;
        }
        end(child, status)
    }

    /// Finds a program on the path, executes it and runs it.
    fn execute(&mut self, child: &mut Process<'_>, words: &[String]) -> u8 {
        let Some(name) = words.first() else { return 0 };
        let path = match self.find(child, name) {
            Ok(path) => path,
            Err(Errno::ENOENT) if !name.contains('/') => {
                child.complain(&match child.userland {
                    Userland::Gnu => format!("{name}: command not found"),
                    Userland::Busybox => format!("{name}: not found"),
                });
                if programs::find(name).is_none() {
                    let names = programs::names().join(" ");
                    child
                        .machine
                        .console
                        .notice(&format!("the programs that are simulated: {names}"));
                }
                return 127;
            }
            Err(errno) => {
                child.complain(&format!("{name}: {}", errno.words()));
                return 126;
            }
        };
        let environment: Vec<String> = self
            .variables
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        match programs::execute(child, &path, words, &environment) {
            Ok(status) => status,
            Err(errno) => {
                child.complain(&format!("{name}: {}", errno.words()));
                if errno == Errno::ENOENT { 127 } else { 126 }
            }
        }
    }

    fn find(&self, process: &mut Process<'_>, name: &str) -> Result<String, Errno> {
        if name.contains('/') {
            return Ok(name.to_owned());
        }
        let path = self.variable("PATH");
        for folder in path.split(':').filter(|folder| !folder.is_empty()) {
            let candidate = format!("{folder}/{name}");
            if quiet(process, |process| process.stat(&candidate, true)).is_ok() {
                return Ok(candidate);
            }
        }
        Err(Errno::ENOENT)
    }

    /// Applies redirections with real system calls, in order.
    fn redirect(
        &mut self,
        process: &mut Process<'_>,
        redirections: &[Redirection],
    ) -> Result<(), u8> {
        for redirection in redirections {
            let target = expand::text(self, process, &redirection.target);
            let descriptor = i32::try_from(redirection.descriptor).unwrap_or(i32::MAX);
            let flags = match redirection.kind {
                RedirectionKind::Read => abi::O_RDONLY,
                RedirectionKind::Write => abi::O_WRONLY | abi::O_CREAT | abi::O_TRUNC,
                RedirectionKind::Append => abi::O_WRONLY | abi::O_CREAT | abi::O_APPEND,
                RedirectionKind::ReadWrite => abi::O_RDWR | abi::O_CREAT,
                RedirectionKind::Duplicate => {
                    let Ok(source) = target.parse::<i32>() else {
                        process.complain(&format!("{target}: ambiguous redirect"));
                        return Err(1);
                    };
                    if duplicate(process, source, descriptor).is_err() {
                        process.complain(&format!("{source}: Bad file descriptor"));
                        return Err(1);
                    }
                    continue;
                }
            };
            match process.open(&target, flags, 0o666) {
                Ok(fd) if fd != descriptor => {
                    duplicate(process, fd, descriptor).ok();
                    quiet(process, |process| process.close(fd));
                }
                Ok(_) => {}
                Err(errno) => {
                    let words = match (process.userland, redirection.kind) {
                        (Userland::Busybox, RedirectionKind::Read) => {
                            format!("can't open {target}: {}", errno.words())
                        }
                        (Userland::Busybox, _) => {
                            format!("can't create {target}: {}", errno.words())
                        }
                        (Userland::Gnu, _) => format!("{target}: {}", errno.words()),
                    };
                    process.complain(&words);
                    return Err(1);
                }
            }
        }
        Ok(())
    }

    /// Redirections without a command: files are created, nothing is run.
    fn redirect_only(&mut self, process: &mut Process<'_>, redirections: &[Redirection]) -> u8 {
        let saved = save(process, redirections);
        let status = match self.redirect(process, redirections) {
            Ok(()) => 0,
            Err(status) => status,
        };
        restore(process, saved);
        status
    }

    /// What a list prints on standard output.
    fn capture(&mut self, process: &mut Process<'_>, list: &List) -> String {
        let Some((reader, writer)) = pipe(process) else {
            return String::new();
        };
        if let Some(child) = fork(process) {
            let mut shell = self.clone();
            let mut child = Process {
                machine: &mut *process.machine,
                pid: child,
                name: process.name.clone(),
                userland: process.userland,
                depth: process.depth + 1,
            };
            if child.depth <= MAX_DEPTH {
                duplicate(&mut child, writer, 1).ok();
                self.status = shell.list(&mut child, list);
            }
            end(&mut child, self.status);
        }
        let bytes = process.read_all(reader).unwrap_or_default();
        quiet(process, |process| {
            process.close(reader);
            process.close(writer);
        });
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The value of a variable or special parameter; empty when unset.
    fn variable(&self, name: &str) -> String {
        match name {
            "?" => self.status.to_string(),
            "#" => self.arguments.len().saturating_sub(1).to_string(),
            "!" => self
                .background
                .map_or(String::new(), |pid| pid.0.to_string()),
            "@" | "*" => self.arguments.get(1..).unwrap_or_default().join(" "),
            _ => match name.parse::<usize>() {
                Ok(index) => self.arguments.get(index).cloned().unwrap_or_default(),
                Err(_) => self.variables.get(name).cloned().unwrap_or_default(),
            },
        }
    }
}

/// Where the word at the cursor begins, and what it could become: a command
/// in first place, a path elsewhere.
pub fn complete(process: &mut Process<'_>, line: &str, cursor: usize) -> (usize, Vec<String>) {
    let before = line.get(..cursor).unwrap_or(line);
    let from = before
        .rfind([' ', '\t', ';', '|', '&', '<', '>', '('])
        .map_or(0, |separator| separator + 1);
    let (head, word) = before.split_at(from);
    let first = head.trim_end();
    let mut candidates: Vec<String> = Vec::new();
    if !word.contains('/') && (first.is_empty() || first.ends_with([';', '|', '&', '('])) {
        let names = programs::names().into_iter().chain(builtin::names());
        candidates.extend(names.map(|name| format!("{name} ")));
    } else {
        let (folder, _) = word.rsplit_once('/').unwrap_or(("", word));
        let prefix = if word.contains('/') {
            format!("{folder}/")
        } else {
            String::new()
        };
        let listed = match (folder, prefix.as_str()) {
            ("", "") => ".".to_owned(),
            ("", _) => "/".to_owned(),
            _ => folder.to_owned(),
        };
        let names = quiet(process, |process| process.list(&listed)).unwrap_or_default();
        for name in names {
            let path = format!("{prefix}{name}");
            let directory = quiet(process, |process| process.stat(&path, true))
                .is_ok_and(|status| status.mode & abi::S_IFMT == abi::S_IFDIR);
            candidates.push(format!("{path}{}", if directory { "/" } else { " " }));
        }
    }
    candidates.retain(|candidate| candidate.starts_with(word));
    candidates.sort();
    candidates.dedup();
    (from, candidates)
}

/// A pipe whose ends the console knows.
fn pipe(process: &mut Process<'_>) -> Option<(i32, i32)> {
    let event = quiet(process, |process| {
        process.ask("pipe2", [Arg::Room(8), abi::O_CLOEXEC.into()])
    });
    let Answer::Pair(reader, writer) = event.answer else {
        process.complain("cannot make a pipe");
        return None;
    };
    let read_end = process.machine.file(process.pid, reader)?;
    let write_end = process.machine.file(process.pid, writer)?;
    process.machine.console.pipe(read_end, write_end);
    Some((reader, writer))
}

/// Copies of the descriptors that a builtin's redirections replace.
fn save(process: &mut Process<'_>, redirections: &[Redirection]) -> Vec<(i32, i32)> {
    let mut saved = Vec::new();
    for redirection in redirections {
        let descriptor = i32::try_from(redirection.descriptor).unwrap_or(i32::MAX);
        let copy = quiet(process, |process| {
            process.call(
                "fcntl",
                [descriptor.into(), F_DUPFD_CLOEXEC.into(), 10_i32.into()],
            )
        });
        if let Ok(copy) = copy {
            saved.push((i32::try_from(copy).unwrap_or(i32::MAX), descriptor));
        }
    }
    saved
}

fn duplicate(process: &mut Process<'_>, from: i32, to: i32) -> Result<i64, Errno> {
    quiet(process, |process| {
        process.call("dup2", [from.into(), to.into()])
    })
}

fn restore(process: &mut Process<'_>, saved: Vec<(i32, i32)>) {
    for (copy, descriptor) in saved.into_iter().rev() {
        duplicate(process, copy, descriptor).ok();
        quiet(process, |process| process.close(copy));
    }
}
