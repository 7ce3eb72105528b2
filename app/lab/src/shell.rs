//! A small POSIX shell whose commands do real system calls in a simulated
//! kernel.

mod builtin;
mod complete;
mod expand;
mod history;
mod redirect;
pub mod syntax;

pub use complete::complete;
pub use history::History;

use crate::{
    process::{Process, Userland, end, fork, quiet, reap},
    programs,
};
use kernel::{Arg, Errno, Pid};
use redirect::{duplicate, pipe, restore, save};
use sorted::SortedMap;
use syntax::{Command, List, Pipeline, When};

/// The number of simple commands in a line, those of `$(…)` not among them. A
/// line that cannot be read counts as one.
pub fn commands_of(line: &str) -> usize {
    let code = line.trim_start();
    if code.is_empty() || code.starts_with('#') {
        return 0;
    }
    syntax::parse(line).map_or(1, |list| {
        let entries = list.0.iter();
        entries.map(|entry| entry.pipeline.commands.len()).sum()
    })
}

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
    variables: SortedMap<String, String>,
    /// `$0`, `$1`, …
    arguments: Vec<String>,
    /// `$?`
    status: u8,
    /// `$!`
    background: Option<Pid>,
    /// Set by `exit`.
    exit: Option<u8>,
    /// What was typed.
    pub history: History,
}

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

    /// The shell of a terminal.
    pub fn interactive(history: History) -> Self {
        Self {
            history,
            ..Self::new(vec!["bash".to_owned()])
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
        let mut child = process.child(child);
        let pid = child.pid;
        let status = shell.in_child(&mut child, command, &words, redirected, background);
        if background {
            self.background = Some(pid);
            return 0;
        }
        reap(process, pid);
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
