//! What a task hands to a system call: numbers, and memory behind pointers.

use std::sync::Arc;

use crate::{abi, errno::Errno, syscalls::io_uring::Submission};

/// One argument register, together with what it points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// A plain number. Where the call wants a pointer, 0 is NULL and anything
    /// else is a wild pointer: `EFAULT`.
    Int(i64),
    /// A pointer to these bytes: a C string (without its NUL) or a structure in
    /// the x86-64 layout.
    Memory(Arc<[u8]>),
    /// A pointer to this many writable bytes.
    Room(usize),
    /// A pointer to an array of C strings, as `execve` takes it.
    Strings(Arc<[Arc<[u8]>]>),
    /// A `struct msghdr`: its data, and descriptors in an `SCM_RIGHTS` message.
    Message(Arc<[u8]>, Arc<[i32]>),
    /// A `struct sock_fprog`: a seccomp filter, with the rules it came from.
    Filter(Arc<seccomp::Filter>),
    /// The entries that a ring of `io_uring` holds.
    Submissions(Arc<[Submission]>),
}

/// Where pointers without a value of their own are said to point, for filters
/// that compare argument registers.
const MEMORY: u64 = 0x7fff_f7d0_0000;

impl Arg {
    /// The NULL pointer, or the number 0.
    pub const NULL: Self = Self::Int(0);

    /// A C string or buffer.
    pub fn bytes(bytes: impl AsRef<[u8]>) -> Self {
        Self::Memory(Arc::from(bytes.as_ref()))
    }

    /// The register as a seccomp filter sees it.
    pub fn register(&self) -> u64 {
        match self {
            Self::Int(number) => number.cast_unsigned(),
            _ => MEMORY,
        }
    }
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<i32> for Arg {
    fn from(number: i32) -> Self {
        Self::Int(i64::from(number))
    }
}

impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        Self::Int(i64::from(number))
    }
}

impl From<u64> for Arg {
    fn from(number: u64) -> Self {
        Self::Int(number.cast_signed())
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::bytes(text)
    }
}

impl From<&[u8]> for Arg {
    fn from(bytes: &[u8]) -> Self {
        Self::bytes(bytes)
    }
}

/// The six argument registers of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arguments(pub [Arg; 6]);

impl Default for Arguments {
    fn default() -> Self {
        Self([const { Arg::NULL }; 6])
    }
}

impl<A: Into<Arg>, const N: usize> From<[A; N]> for Arguments {
    fn from(list: [A; N]) -> Self {
        let mut list = list.into_iter();
        Self(std::array::from_fn(|_| {
            list.next().map_or(Arg::NULL, Into::into)
        }))
    }
}

impl From<Vec<Arg>> for Arguments {
    fn from(list: Vec<Arg>) -> Self {
        let mut all = Self::default();
        for (slot, arg) in all.0.iter_mut().zip(list) {
            *slot = arg;
        }
        all
    }
}

impl Arguments {
    /// The whole register as a signed number.
    pub fn long(&self, index: usize) -> i64 {
        match self.0.get(index) {
            Some(arg) => arg.register().cast_signed(),
            None => 0,
        }
    }

    /// The whole register as an unsigned number.
    pub fn word(&self, index: usize) -> u64 {
        self.long(index).cast_unsigned()
    }

    /// The low half, signed: how the kernel reads an `int`.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "an int argument is the low half"
    )]
    pub fn int(&self, index: usize) -> i32 {
        self.long(index) as i32
    }

    /// The low half, unsigned: how the kernel reads flags of 32 bits and ids.
    pub fn uint(&self, index: usize) -> u32 {
        self.int(index).cast_unsigned()
    }

    /// A path argument (`getname_flags`): `EFAULT` for a bad pointer,
    /// `ENAMETOOLONG` from 4,096 bytes on, NUL included.
    pub fn path(&self, index: usize) -> Result<Arc<[u8]>, Errno> {
        let Some(Arg::Memory(bytes)) = self.0.get(index) else {
            return Err(Errno::EFAULT);
        };
        let length = bytes.iter().position(|&byte| byte == 0);
        match length {
            Some(length) if length >= PATH_MAX => Err(Errno::ENAMETOOLONG),
            Some(length) => Ok(Arc::from(&bytes[..length])),
            None if bytes.len() >= PATH_MAX => Err(Errno::ENAMETOOLONG),
            None => Ok(Arc::clone(bytes)),
        }
    }

    /// A C string or structure of any length; `EFAULT` for a bad pointer.
    pub fn memory(&self, index: usize) -> Result<&Arc<[u8]>, Errno> {
        match self.0.get(index) {
            Some(Arg::Memory(bytes)) => Ok(bytes),
            _ => Err(Errno::EFAULT),
        }
    }

    /// The same, with NULL allowed.
    pub fn optional_memory(&self, index: usize) -> Result<Option<&Arc<[u8]>>, Errno> {
        if self.is_null(index) {
            Ok(None)
        } else {
            self.memory(index).map(Some)
        }
    }

    /// True for the NULL pointer.
    pub fn is_null(&self, index: usize) -> bool {
        matches!(self.0.get(index), None | Some(Arg::Int(0)))
    }

    /// That the argument points at writable memory.
    pub fn room(&self, index: usize) -> Result<usize, Errno> {
        match self.0.get(index) {
            Some(Arg::Room(size)) => Ok(*size),
            Some(Arg::Memory(bytes)) => Ok(bytes.len()),
            _ => Err(Errno::EFAULT),
        }
    }

    /// A little-endian number inside a structure argument.
    pub fn field(&self, index: usize, offset: usize, size: usize) -> Result<u64, Errno> {
        let bytes = self.memory(index)?;
        let part = bytes.get(offset..offset + size).ok_or(Errno::EFAULT)?;
        let mut word = [0; 8];
        word[..size].copy_from_slice(part);
        Ok(u64::from_le_bytes(word))
    }

    /// True when a directory descriptor argument is `AT_FDCWD`.
    pub fn is_cwd(&self, index: usize) -> bool {
        i64::from(self.int(index)) == abi::AT_FDCWD
    }
}

/// The longest path a call takes, its NUL included (`PATH_MAX`, limits.h).
pub const PATH_MAX: usize = 4096;
/// The longest single name in a path (`NAME_MAX`, limits.h).
pub const NAME_MAX: usize = 255;
