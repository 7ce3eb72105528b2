//! A running program: the system calls that it makes and what it prints.

use crate::machine::Machine;
use kernel::{Answer, Arg, Call, Errno, Event, Fate, Pid, abi, event::FileStatus, task::State};

/// Whose programs run: the two sets behave alike but call differently and word
/// their errors differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Userland {
    /// GNU coreutils 9.1 and dash, as on the nodes.
    Gnu,
    /// BusyBox 1.35, as in the image `busybox`.
    Busybox,
}

/// A program as it runs.
#[derive(Debug)]
pub struct Process<'m> {
    /// The computer that it runs on.
    pub machine: &'m mut Machine,
    /// Its task.
    pub pid: Pid,
    /// Its own name for its messages: `touch`.
    pub name: String,
    /// Whose program it is.
    pub userland: Userland,
    /// How many shells and programs wait for it.
    pub depth: usize,
}

/// `AT_FDCWD`: relative to the working directory.
pub const CWD: Arg = Arg::Int(abi::AT_FDCWD);

/// Largest file that a program reads, in bytes.
pub const MAX_READ: usize = 1024 * 1024;

impl Process<'_> {
    /// A child of this process, which waits for it.
    pub fn child(&mut self, pid: Pid) -> Process<'_> {
        Process {
            machine: &mut *self.machine,
            pid,
            name: self.name.clone(),
            userland: self.userland,
            depth: self.depth + 1,
        }
    }

    /// Makes a system call and writes it into the machine's journal.
    pub fn ask<const N: usize>(&mut self, name: &str, args: [Arg; N]) -> Event {
        self.machine.call(self.pid, Call::new(name, args))
    }

    /// Makes a system call of which only the number counts.
    pub fn call<const N: usize>(&mut self, name: &str, args: [Arg; N]) -> Result<i64, Errno> {
        self.ask(name, args).result
    }

    /// `openat(AT_FDCWD, path, flags, mode)`.
    pub fn open(&mut self, path: &str, flags: u64, mode: u32) -> Result<i32, Errno> {
        self.call("openat", [CWD, path.into(), flags.into(), mode.into()])
            .map(|fd| i32::try_from(fd).unwrap_or(i32::MAX))
    }

    /// `close`.
    pub fn close(&mut self, fd: i32) {
        let _ = self.call("close", [fd.into()]);
    }

    /// `newfstatat`, following a symbolic link at the end or not.
    pub fn stat(&mut self, path: &str, follow: bool) -> Result<FileStatus, Errno> {
        let flags = if follow { 0 } else { abi::AT_SYMLINK_NOFOLLOW };
        let event = self.ask(
            "newfstatat",
            [CWD, path.into(), Arg::Room(144), flags.into()],
        );
        event.result?;
        match event.answer {
            Answer::Status(status) => Ok(*status),
            _ => Err(Errno::EIO),
        }
    }

    /// Reads a descriptor to its end, at most [`MAX_READ`] bytes.
    pub fn read_all(&mut self, fd: i32) -> Result<Vec<u8>, Errno> {
        if let Some(file) = self.machine.file(self.pid, fd)
            && let Some(bytes) = self.machine.console.read(file)
        {
            return Ok(bytes);
        }
        let mut all = Vec::new();
        while all.len() < MAX_READ {
            let event = self.ask("read", [fd.into(), Arg::Room(65536), 65536_i32.into()]);
            event.result?;
            match event.answer {
                Answer::Data(bytes) if !bytes.is_empty() => all.extend(bytes),
                _ => break,
            }
        }
        Ok(all)
    }

    /// Opens, reads and closes a file.
    pub fn read_file(&mut self, path: &str) -> Result<Vec<u8>, Errno> {
        let fd = self.open(path, abi::O_RDONLY, 0)?;
        let bytes = self.read_all(fd);
        self.close(fd);
        bytes
    }

    /// The names in a directory, without `.` and `..`, sorted.
    pub fn list(&mut self, path: &str) -> Result<Vec<String>, Errno> {
        let flags = abi::O_RDONLY | abi::O_NONBLOCK | abi::O_CLOEXEC | abi::O_DIRECTORY;
        let fd = self.open(path, flags, 0)?;
        let event = self.ask(
            "getdents64",
            [fd.into(), Arg::Room(32768), 32768_i32.into()],
        );
        self.close(fd);
        event.result?;
        let Answer::Data(bytes) = event.answer else {
            return Ok(Vec::new());
        };
        let mut names: Vec<String> = bytes
            .split(|byte| *byte == 0)
            .map(|name| String::from_utf8_lossy(name).into_owned())
            .filter(|name| !matches!(name.as_str(), "" | "." | ".."))
            .collect();
        sorted::sort(&mut names);
        Ok(names)
    }

    /// Writes to a descriptor.
    pub fn write(&mut self, fd: i32, bytes: &[u8]) -> Result<(), Errno> {
        let file = self.machine.file(self.pid, fd);
        self.call(
            "write",
            [
                fd.into(),
                bytes.into(),
                Arg::Int(i64::try_from(bytes.len()).unwrap_or(i64::MAX)),
            ],
        )?;
        if let Some(file) = file {
            self.machine.console.write(file, bytes);
        }
        Ok(())
    }

    /// Prints a line on standard output; what cannot be written is lost, as
    /// in most programs.
    pub fn print(&mut self, line: &str) {
        let _ = self.write(1, format!("{line}\n").as_bytes());
    }

    /// Prints a line on standard error as it stands.
    pub fn warn(&mut self, line: &str) {
        let _ = self.write(2, format!("{line}\n").as_bytes());
    }

    /// Prints `name: message` on standard error.
    pub fn complain(&mut self, message: &str) {
        let line = format!("{}: {message}\n", self.name);
        let _ = self.write(2, line.as_bytes());
    }
}

/// Does something that a trace would only be longer for.
pub fn quiet<T>(process: &mut Process<'_>, what: impl FnOnce(&mut Process<'_>) -> T) -> T {
    let (pid, userland, depth) = (process.pid, process.userland, process.depth);
    let name = process.name.clone();
    process.machine.quietly(|machine| {
        what(&mut Process {
            machine,
            pid,
            name,
            userland,
            depth,
        })
    })
}

/// A child of a process.
pub fn fork(process: &mut Process<'_>) -> Option<Pid> {
    quiet(process, |process| process.call("fork", [Arg::NULL; 0])).ok()?;
    // The call answers with the id in the child's own namespace.
    let children = process.machine.world.tasks();
    children
        .filter(|task| task.parent == process.pid)
        .map(|task| task.pid)
        .max()
}

/// Waits for a child that has ended.
pub fn reap(process: &mut Process<'_>, pid: Pid) {
    quiet(process, |process| {
        let arguments = [Arg::from(pid.0), Arg::Room(4), Arg::NULL, Arg::NULL];
        let _ = process.call("wait4", arguments);
    });
}

/// Ends a process; a signal that ended it before counts as in `$?`.
pub fn end(process: &mut Process<'_>, status: u8) -> u8 {
    let event = quiet(process, |process| {
        process.ask("exit_group", [Arg::from(u32::from(status))])
    });
    match event.fate {
        Fate::Killed(signal) => killed(signal),
        _ => match process
            .machine
            .world
            .task(process.pid)
            .map(|task| task.state)
        {
            Some(State::Killed(signal)) => killed(signal),
            _ => status,
        },
    }
}

/// `$?` after a death by signal.
fn killed(signal: u32) -> u8 {
    u8::try_from(128 + signal).unwrap_or(u8::MAX)
}
