//! `io_uring`: file operations that a task leaves in a ring and that the kernel
//! carries out on `io_uring_enter` (`io_uring/opdef.c`).
//!
//! A seccomp filter sees `io_uring_enter` and none of the operations; AppArmor
//! is asked about each of them as about the call of the same meaning, since
//! both end in the same functions of the VFS.

use std::sync::Arc;

use super::{
    Handler, attributes, create, descriptor, link, network, open, remove, rename, status, transfer,
    xattr,
};
use crate::{
    abi,
    arguments::{Arg, Arguments},
    call::Call,
    capability::Capability,
    context::Context,
    errno::Errno,
    event::{Answer, Evidence, GateKind, Verdict},
    gate::capability::capable,
    lsm,
    vfs::FileKind,
};

/// An entry of the submission queue (`struct io_uring_sqe`): the operation and
/// the arguments of the call that it stands for. The kernel reads it from
/// memory that it shares with the task; here it comes with the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// `IORING_OP_*`.
    pub operation: u8,
    /// The arguments, in the order of the call of the same meaning.
    pub args: Arguments,
}

impl Submission {
    /// The operation of this name, such as `OPENAT`; none when the model lacks
    /// it.
    pub fn new(name: &str, args: impl Into<Arguments>) -> Option<Self> {
        let (operation, ..) = OPERATIONS.iter().find(|(_, known, ..)| *known == name)?;
        Some(Self {
            operation: *operation,
            args: args.into(),
        })
    }

    /// The system call of the same meaning; none for a number that the model
    /// lacks.
    pub fn call(&self) -> Option<Call> {
        let (_, name, ..) = OPERATIONS
            .iter()
            .find(|(number, ..)| *number == self.operation)?;
        Some(Call::new(&name.to_ascii_lowercase(), self.args.clone()))
    }
}

type Operation = (u8, &'static str, (u16, u16), Handler);

/// Number, name, the release that has it first (`include/uapi/linux/io_uring.h`
/// over the releases), and what carries it out.
const OPERATIONS: &[Operation] = &[
    (0, "NOP", (5, 1), nop),
    (3, "FSYNC", (5, 1), descriptor::fsync),
    (17, "FALLOCATE", (5, 6), transfer::fallocate),
    (18, "OPENAT", (5, 6), open::openat),
    (19, "CLOSE", (5, 6), descriptor::close),
    (21, "STATX", (5, 6), status::statx),
    (22, "READ", (5, 6), read),
    (23, "WRITE", (5, 6), write),
    (28, "OPENAT2", (5, 6), open::openat2),
    (34, "SHUTDOWN", (5, 11), network::shutdown),
    (35, "RENAMEAT", (5, 11), rename::renameat2),
    (36, "UNLINKAT", (5, 11), remove::unlinkat),
    (37, "MKDIRAT", (5, 15), create::mkdirat),
    (38, "SYMLINKAT", (5, 15), create::symlinkat),
    (39, "LINKAT", (5, 15), link::linkat),
    (41, "FSETXATTR", (5, 19), xattr::fsetxattr),
    (42, "SETXATTR", (5, 19), xattr::setxattr),
    (43, "FGETXATTR", (5, 19), xattr::fgetxattr),
    (44, "GETXATTR", (5, 19), xattr::getxattr),
    (45, "SOCKET", (5, 19), network::socket),
    (55, "FTRUNCATE", (6, 9), attributes::ftruncate),
    (56, "BIND", (6, 11), network::bind),
    (57, "LISTEN", (6, 11), network::listen),
];

/// The most entries of a ring (`IORING_MAX_ENTRIES`).
const MAX_ENTRIES: u32 = 32768;
/// The last operation that a kernel of the model knows (`IORING_OP_LAST`):
/// numbers from here on are `EINVAL` there.
const LAST: u8 = 64;
/// What an open ring is called.
const RING: &str = "[io_uring]";

/// `io_uring_setup(entries, parameters)`
pub(super) fn setup(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    /// `IORING_SETUP_SQPOLL`
    const SQPOLL: u64 = 2;
    allowed(context)?;
    let flags = args.field(1, 8, 4)?;
    let entries = args.uint(0);
    if entries == 0 || entries > MAX_ENTRIES {
        return Err(Errno::EINVAL);
    }
    if flags & SQPOLL != 0 {
        lsm::io_uring::sqpoll(context)?;
    }
    descriptor::anonymous(context, RING, FileKind::Anonymous(RING), abi::O_RDWR, true)
}

/// `kernel.io_uring_disabled` (`io_uring_allowed`, 6.6): 1 leaves rings to those
/// who have `CAP_SYS_ADMIN`, 2 to nobody.
fn allowed(context: &mut Context) -> Result<(), Errno> {
    const SINCE: (u16, u16) = (6, 6);
    let disabled = context.world.settings.io_uring_disabled;
    if context.world.release.version < SINCE || disabled == 0 {
        return Ok(());
    }
    if disabled == 1 && capable(context, Capability::SysAdmin) {
        return Ok(());
    }
    context.fail(Errno::EPERM, "kernel.io_uring_disabled")
}

/// `io_uring_register(ring, operation, argument, count)`
pub(super) fn register(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    ring(context, args.int(0))?;
    context.fail(
        Errno::ENOSYS,
        "this simulator registers nothing with a ring",
    )
}

/// `io_uring_enter(ring, to_submit, min_complete, flags, argument, size)`: the
/// entries come as the argument. Each operation's own result goes to its
/// completion; the call tells how many were taken.
pub(super) fn enter(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    ring(context, args.int(0))?;
    let submissions = match &args.0[4] {
        Arg::Submissions(list) => Arc::clone(list),
        _ => Arc::from([]),
    };
    let wanted = usize::try_from(args.uint(1)).unwrap_or(usize::MAX);
    let mut completions = Vec::new();
    for submission in submissions.iter().take(wanted) {
        let result = carry_out(context, submission);
        context.answer = Answer::Nothing;
        completions.push(match result {
            Ok(value) => value,
            Err(errno) => -i64::from(errno.number()),
        });
    }
    let count = i64::try_from(completions.len()).map_err(|_| Errno::EINVAL)?;
    context.answer = Answer::Completions(completions);
    Ok(count)
}

fn carry_out(context: &mut Context, submission: &Submission) -> Result<i64, Errno> {
    let version = context.world.release.version;
    let known = OPERATIONS
        .iter()
        .find(|(number, ..)| *number == submission.operation);
    match known {
        Some((_, name, since, run)) if *since <= version => {
            context.gate(GateKind::PathWalk, Verdict::Allowed, Evidence::Plain(name));
            run(context, &submission.args)
        }
        Some(_) => context.fail(Errno::EINVAL, "this kernel has no such ring operation"),
        None if submission.operation < LAST => {
            context.fail(Errno::ENOSYS, "a ring operation that this simulator lacks")
        }
        None => context.fail(Errno::EINVAL, "no such ring operation"),
    }
}

/// That a descriptor is a ring: `EOPNOTSUPP` when it is another file.
fn ring(context: &mut Context, descriptor: i32) -> Result<(), Errno> {
    let (_, file) = context.file(descriptor)?;
    if matches!(file.kind, FileKind::Anonymous(RING)) {
        Ok(())
    } else {
        context.fail(Errno::EOPNOTSUPP, "not a ring")
    }
}

/// `IORING_OP_NOP`
fn nop(_: &mut Context, _: &Arguments) -> Result<i64, Errno> {
    Ok(0)
}

/// `IORING_OP_READ`: offset -1 reads where the file stands.
fn read(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    if args.long(3) == -1 {
        transfer::read(context, args)
    } else {
        transfer::pread64(context, args)
    }
}

/// `IORING_OP_WRITE`, likewise.
fn write(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    if args.long(3) == -1 {
        transfer::write(context, args)
    } else {
        transfer::pwrite64(context, args)
    }
}
