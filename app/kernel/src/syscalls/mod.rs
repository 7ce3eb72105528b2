//! The system calls, one family a file, and the table that leads to them.

mod attributes;
pub(crate) mod compat;
mod create;
mod credential;
mod descriptor;
mod exec;
pub mod io_uring;
mod link;
mod mount;
mod mount_api;
mod namespace;
mod network;
mod open;
mod peer;
mod privileged;
mod process;
mod remove;
mod rename;
mod status;
mod table;
mod transfer;
mod xattr;

pub(crate) use table::{all, find};

use std::sync::OnceLock;

use crate::{
    abi,
    arguments::{Arg, Arguments},
    call::{Entry, plain, quote},
    context::Context,
    errno::Errno,
};

/// `AT_FDCWD` as a descriptor.
const CWD: i32 = -100;

/// What carries a call out.
pub(crate) type Handler = fn(&mut Context, &Arguments) -> Result<i64, Errno>;

/// One system call.
pub(crate) struct Syscall {
    /// Its name.
    pub name: &'static str,
    /// What its arguments mean.
    pub parameters: &'static [Parameter],
    /// What carries it out.
    pub run: Handler,
    /// Its numbers, in the order of [`Entry::ALL`]; looked up once.
    numbers: OnceLock<[Option<u32>; 4]>,
}

impl Syscall {
    /// Its number at an entry; none when the entry's table lacks it.
    pub fn number(&self, entry: Entry) -> Option<u32> {
        let numbers = self.numbers.get_or_init(|| {
            Entry::ALL.map(|entry| seccomp::syscalls::number(entry.arch(), self.name))
        });
        Entry::ALL
            .iter()
            .zip(numbers)
            .find(|(known, _)| **known == entry)
            .and_then(|(_, number)| *number)
    }
}

impl std::fmt::Debug for Syscall {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

/// What an argument means, for showing it as strace does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parameter {
    /// A directory descriptor.
    Directory,
    /// A number, descriptor or pointer without a better form.
    Plain,
    /// A path or other string.
    Text,
    /// Permission bits.
    Mode,
    /// Flags of `open`.
    OpenFlags,
    /// `struct open_how`.
    OpenHow,
    /// `F_OK`, `R_OK`, …
    Access,
    /// A pointer the kernel writes to.
    Answer,
}

/// Names of flag bits, for [`Parameter::OpenFlags`].
const OPEN_FLAGS: [(&str, u64); 12] = [
    ("O_CREAT", abi::O_CREAT),
    ("O_EXCL", abi::O_EXCL),
    ("O_NOCTTY", abi::O_NOCTTY),
    ("O_TRUNC", abi::O_TRUNC),
    ("O_APPEND", abi::O_APPEND),
    ("O_NONBLOCK", abi::O_NONBLOCK),
    ("O_TMPFILE", abi::O_TMPFILE),
    ("O_DIRECTORY", abi::O_DIRECTORY),
    ("O_NOFOLLOW", abi::O_NOFOLLOW),
    ("O_NOATIME", abi::O_NOATIME),
    ("O_CLOEXEC", abi::O_CLOEXEC),
    ("O_PATH", abi::O_PATH),
];

impl Parameter {
    /// The argument as strace prints it.
    pub fn show(self, args: &Arguments, index: usize) -> String {
        let arg = args.0.get(index).unwrap_or(&Arg::NULL);
        match (self, arg) {
            (Self::Directory, _) if args.is_cwd(index) => "AT_FDCWD".to_owned(),
            (Self::Text, Arg::Memory(text)) => quote(text),
            (Self::Text | Self::Answer, Arg::Int(0)) => "NULL".to_owned(),
            (Self::Answer, _) => "…".to_owned(),
            (Self::Mode, _) => format!("0{:o}", args.uint(index)),
            (Self::OpenFlags, _) => open_flags(args.word(index)),
            (Self::OpenHow, Arg::Memory(_)) => open_how(args, index),
            (Self::Access, _) => access(args.uint(index)),
            (Self::Directory, _) => args.int(index).to_string(),
            _ => plain(arg),
        }
    }
}

fn open_flags(word: u64) -> String {
    let mut parts = vec![match word & abi::O_ACCMODE {
        abi::O_RDONLY => "O_RDONLY",
        abi::O_WRONLY => "O_WRONLY",
        abi::O_RDWR => "O_RDWR",
        _ => "O_ACCMODE",
    }];
    let mut rest = word & !abi::O_ACCMODE;
    for (name, bits) in OPEN_FLAGS {
        if rest & bits == bits {
            parts.push(name);
            rest &= !bits;
        }
    }
    let mut text = parts.join("|");
    if rest != 0 {
        text.push_str(&format!("|{rest:#x}"));
    }
    text
}

fn open_how(args: &Arguments, index: usize) -> String {
    let field = |offset| args.field(index, offset, 8).unwrap_or(0);
    format!(
        "{{flags={}, mode=0{:o}, resolve={:#x}}}",
        open_flags(field(0)),
        field(8),
        field(16)
    )
}

fn access(mode: u32) -> String {
    if mode == 0 {
        return "F_OK".to_owned();
    }
    let names = [(4, "R_OK"), (2, "W_OK"), (1, "X_OK")];
    let parts: Vec<&str> = names
        .iter()
        .filter(|(bit, _)| mode & bit != 0)
        .map(|(_, name)| *name)
        .collect();
    parts.join("|")
}
