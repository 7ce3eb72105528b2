//! The entry of 32-bit programs (`int 0x80`): registers of 32 bits, numbers
//! split in two, names that the 64-bit table no longer has
//! (`arch/x86/entry/syscalls/syscall_32.tbl`).

use super::{Handler, network, table};
use crate::{
    arguments::{Arg, Arguments},
    context::Context,
    errno::Errno,
};

/// How a call of i386 differs from the one that carries it out.
enum Shape {
    /// Only in its name.
    Same,
    /// A number of 64 bits comes as two words, the low one first, at this
    /// argument.
    Pair(usize),
    /// A length or offset of 32 bits, signed, at this argument (`compat_off_t`).
    Signed(usize),
    /// It takes fewer arguments than the newer call: a zero stands for the
    /// second one.
    WithoutFlags,
    /// The size of the structure stands between its two arguments.
    WithSize,
}

/// Calls of i386 by name: which call carries them out, and how they differ.
/// Sorted by name.
const NAMES: &[(&str, &str, Shape)] = &[
    ("chown32", "chown", Shape::Same),
    ("fchown32", "fchown", Shape::Same),
    ("fcntl64", "fcntl", Shape::Same),
    ("fstat64", "fstat", Shape::Same),
    ("fstatat64", "newfstatat", Shape::Same),
    ("fstatfs64", "fstatfs", Shape::WithSize),
    ("ftruncate", "ftruncate", Shape::Signed(1)),
    ("ftruncate64", "ftruncate", Shape::Pair(1)),
    ("getegid32", "getegid", Shape::Same),
    ("geteuid32", "geteuid", Shape::Same),
    ("getgid32", "getgid", Shape::Same),
    ("getuid32", "getuid", Shape::Same),
    ("lchown32", "lchown", Shape::Same),
    ("lseek", "lseek", Shape::Signed(1)),
    ("lstat64", "lstat", Shape::Same),
    ("mmap2", "mmap", Shape::Same),
    ("pread64", "pread64", Shape::Pair(3)),
    ("pwrite64", "pwrite64", Shape::Pair(3)),
    ("setfsuid32", "setfsuid", Shape::Same),
    ("setgid32", "setgid", Shape::Same),
    ("setgroups32", "setgroups", Shape::Same),
    ("setregid32", "setregid", Shape::Same),
    ("setresgid32", "setresgid", Shape::Same),
    ("setresuid32", "setresuid", Shape::Same),
    ("setreuid32", "setreuid", Shape::Same),
    ("setuid32", "setuid", Shape::Same),
    ("stat64", "stat", Shape::Same),
    ("statfs64", "statfs", Shape::WithSize),
    ("truncate", "truncate", Shape::Signed(1)),
    ("truncate64", "truncate", Shape::Pair(1)),
    ("umount", "umount2", Shape::WithoutFlags),
    ("waitpid", "wait4", Shape::Same),
];

/// Carries out a call of i386: by its own name, or by that of the call it has
/// become.
pub(crate) fn run(
    context: &mut Context,
    name: &str,
    known: Option<Handler>,
    args: &Arguments,
) -> Option<Result<i64, Errno>> {
    let args = narrow(args);
    if name == "socketcall" {
        return Some(socketcall(context, &args));
    }
    let Ok(row) = NAMES.binary_search_by(|(known, ..)| (*known).cmp(name)) else {
        return known.map(|run| run(context, &args));
    };
    let (_, modern, shape) = &NAMES[row];
    let args = match *shape {
        Shape::Same => args,
        Shape::Pair(at) => joined(args, at),
        Shape::Signed(at) => {
            let mut args = args;
            args.0[at] = Arg::Int(i64::from(args.int(at)));
            args
        }
        Shape::WithoutFlags => Arguments::from([args.0[0].clone()]),
        Shape::WithSize => Arguments::from([args.0[0].clone(), args.0[2].clone()]),
    };
    table::find(modern).map(|syscall| (syscall.run)(context, &args))
}

/// The low words of the registers: all that a 32-bit entry takes over.
fn narrow(args: &Arguments) -> Arguments {
    let mut args = args.clone();
    for arg in &mut args.0 {
        if let Arg::Int(number) = arg {
            *number &= 0xffff_ffff;
        }
    }
    args
}

/// Two words put together; what follows moves up.
fn joined(mut args: Arguments, at: usize) -> Arguments {
    let (low, high) = (args.word(at), args.word(at + 1));
    args.0[at] = Arg::from(high << 32 | low & 0xffff_ffff);
    args.0[at + 1..].rotate_left(1);
    args
}

/// `socketcall(call, args)`: the arguments lie in memory, as words of 32 bits.
/// Those calls are carried out whose arguments are numbers.
fn socketcall(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let (run, count): (Handler, usize) = match args.int(0) {
        1 => (network::socket, 3),
        4 => (network::listen, 2),
        13 => (network::shutdown, 2),
        2..=20 => {
            return context.fail(
                Errno::ENOSYS,
                "this simulator carries out socket, listen and shutdown through socketcall",
            );
        }
        _ => return Err(Errno::EINVAL),
    };
    let mut inner = Arguments::default();
    for (index, slot) in inner.0.iter_mut().take(count).enumerate() {
        *slot = Arg::from(args.field(1, index * 4, 4)?);
    }
    run(context, &inner)
}

#[cfg(test)]
mod tests {
    use super::{NAMES, table};

    #[test]
    fn every_name_of_i386_leads_to_a_call_of_the_model() {
        assert!(NAMES.is_sorted_by(|a, b| a.0 < b.0));
        for (name, modern, _) in NAMES {
            assert!(table::find(modern).is_some(), "{name}");
            assert!(
                seccomp::syscalls::number(seccomp::Arch::I386, name).is_some(),
                "{name}"
            );
        }
    }
}
