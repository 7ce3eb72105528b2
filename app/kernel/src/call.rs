//! A system call as a task makes it: entry, number, arguments.

use std::fmt;

use crate::{
    abi,
    arguments::{Arg, Arguments},
    syscalls::{self, Parameter, Syscall},
};

/// The door through which a call enters the kernel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Entry {
    /// `syscall` in 64-bit code, native numbers of x86-64.
    #[default]
    X86_64,
    /// `syscall` with `__X32_SYSCALL_BIT`.
    X32,
    /// `int 0x80`: numbers of i386.
    I386,
    /// `svc 0` of 64-bit Arm.
    Aarch64,
}

impl Entry {
    /// All entries.
    pub const ALL: [Self; 4] = [Self::X86_64, Self::X32, Self::I386, Self::Aarch64];
}

/// One call.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its name, or `syscall_0x…` for a number that the tables do not have.
    pub name: std::borrow::Cow<'static, str>,
    /// Its number at that entry; none when the entry's table lacks the name.
    pub number: Option<u32>,
    /// Where it entered.
    pub entry: Entry,
    /// Its registers.
    pub args: Arguments,
    pub(crate) known: Option<&'static Syscall>,
}

impl Call {
    /// The call of this name through the native entry of x86-64.
    pub fn new(name: &str, args: impl Into<Arguments>) -> Self {
        Self::through(Entry::X86_64, name, args)
    }

    /// The call of this name through the given entry.
    pub fn through(entry: Entry, name: &str, args: impl Into<Arguments>) -> Self {
        let known = syscalls::find(name);
        let name = known.map_or_else(|| name.to_owned().into(), |syscall| syscall.name.into());
        Self {
            number: None,
            name,
            entry,
            args: args.into(),
            known,
        }
    }

    /// The call of this number at the given entry, as a program makes it that
    /// leaves the C library out.
    pub fn numbered(entry: Entry, number: u32, args: impl Into<Arguments>) -> Self {
        let call = match seccomp::syscalls::name(entry.arch(), number) {
            Some(name) => Self::through(entry, name, args),
            None => Self::through(entry, &format!("syscall_{number:#x}"), args),
        };
        Self {
            number: Some(number),
            ..call
        }
    }

    /// The number that filters and records show; none when the entry's table
    /// lacks the name.
    pub fn resolved_number(&self) -> Option<u32> {
        self.number.or_else(|| match self.known {
            Some(syscall) => syscall.number(self.entry),
            None => seccomp::syscalls::number(self.entry.arch(), &self.name),
        })
    }
}

/// The names of all calls that the model has, in alphabetical order; any other
/// is `ENOSYS`.
pub fn known() -> impl Iterator<Item = &'static str> {
    syscalls::all().map(|syscall| syscall.name)
}

impl fmt::Display for Call {
    /// The way strace prints it, without the result.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}(", self.name)?;
        let mut shape: &[Parameter] = self.known.map_or(&[], |syscall| syscall.parameters);
        // A mode is passed only where a file may be made.
        if let [before @ .., Parameter::OpenFlags, Parameter::Mode] = shape
            && !makes(self.args.word(before.len()))
        {
            shape = &shape[..shape.len() - 1];
        }
        for (index, parameter) in shape.iter().enumerate() {
            if index > 0 {
                formatter.write_str(", ")?;
            }
            write!(formatter, "{}", parameter.show(&self.args, index))?;
        }
        formatter.write_str(")")
    }
}

/// Whether these flags of an open can make a file (`WILL_CREATE`).
fn makes(flags: u64) -> bool {
    flags & abi::O_CREAT != 0 || flags & abi::O_TMPFILE == abi::O_TMPFILE
}

/// Bytes as strace quotes them.
pub(crate) fn quote(bytes: &[u8]) -> String {
    let mut text = String::from("\"");
    for &byte in bytes {
        match byte {
            b'"' | b'\\' => {
                text.push('\\');
                text.push(char::from(byte));
            }
            b'\n' => text.push_str("\\n"),
            b'\t' => text.push_str("\\t"),
            0x20..0x7f => text.push(char::from(byte)),
            _ => text.push_str(&format!("\\{byte:o}")),
        }
    }
    text.push('"');
    text
}

/// An argument as strace shows it when nothing better is known.
pub(crate) fn plain(arg: &Arg) -> String {
    match arg {
        Arg::Int(number) => number.to_string(),
        Arg::Memory(bytes) => quote(bytes),
        Arg::Room(_) => "0x7fff…".to_owned(),
        Arg::Strings(list) => {
            let parts: Vec<String> = list.iter().map(|text| quote(text)).collect();
            format!("[{}]", parts.join(", "))
        }
        Arg::Filter(filter) => format!("{{len={}, filter=…}}", filter.program.len()),
        Arg::Submissions(list) => format!("{{entries={}}}", list.len()),
        Arg::Message(data, _) => format!("{{msg_iov={}}}", quote(data)),
    }
}
