//! `make-call`: this project's own small program for system calls that no
//! common tool makes by itself. It stands in the image and on no node.
//!
//! A real program of this kind is a few lines of C; each way here makes the
//! calls that those lines would make, and no other.

use super::{
    Place, Program,
    options::{Given, Options},
};
use crate::process::{CWD, Process};
use kernel::{Answer, Arg, Errno, Submission, abi};

pub(super) const PROGRAMS: &[Program] = &[Program {
    name: "make-call",
    options: Options::Verbatim,
    run,
    place: Place::Image,
}];

/// A way of calling: its name, what it takes, what it is for, and what does it.
type Way = (
    &'static str,
    &'static [&'static str],
    &'static str,
    fn(&mut Process<'_>, &[String]) -> Result<(), Refused>,
);

/// The call that was refused, and its error.
type Refused = (&'static str, Errno);

const WAYS: &[Way] = &[
    ("creat", &["FILE"], "makes or empties a file", creat),
    (
        "openat2",
        &["FILE", "[TEXT]"],
        "opens a file for writing, adds the text",
        openat2,
    ),
    (
        "io_uring",
        &["FILE", "[TEXT]"],
        "the same, through a ring",
        ring,
    ),
    (
        "io_uring_mkdir",
        &["DIR"],
        "makes a directory, through a ring",
        ring_mkdir,
    ),
    ("mknod", &["FILE"], "makes an empty file", mknod),
    ("linkat", &["FILE", "NAME"], "makes a hard link", linkat),
    (
        "socket",
        &["FAMILY"],
        "opens a socket: unix, inet, inet6, netlink or packet",
        socket,
    ),
    (
        "fsopen",
        &["TYPE", "DIR"],
        "mounts a new file system by the newer calls",
        fsopen,
    ),
    (
        "open_tree",
        &["DIR", "DIR"],
        "shows a directory at a second place by the newer calls",
        open_tree,
    ),
];

fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let way = given
        .operands
        .split_first()
        .and_then(|(name, rest)| Some((WAYS.iter().find(|(known, ..)| known == name)?, rest)));
    let Some(((_, takes, _, call), rest)) = way else {
        return usage(process);
    };
    let least = takes.iter().filter(|name| !name.starts_with('[')).count();
    if rest.len() < least || rest.len() > takes.len() {
        return usage(process);
    }
    match call(process, rest) {
        Ok(()) => 0,
        Err((name, errno)) => {
            process.complain(&format!("{name}: {}", errno.words()));
            1
        }
    }
}

fn usage(process: &mut Process<'_>) -> u8 {
    process.warn("make-call makes the system call that it is told:");
    for (name, takes, about, _) in WAYS {
        let line = format!("{name} {}", takes.join(" "));
        process.warn(&format!("  make-call {line:<24}{about}"));
    }
    2
}

/// A file argument.
fn first(arguments: &[String]) -> &str {
    arguments.first().map_or("", String::as_str)
}

/// The argument after it.
fn second(arguments: &[String]) -> &str {
    arguments.get(1).map_or("", String::as_str)
}

fn named(name: &'static str) -> impl Fn(Errno) -> Refused {
    move |errno| (name, errno)
}

fn creat(process: &mut Process<'_>, arguments: &[String]) -> Result<(), Refused> {
    let answer = process
        .call("creat", [Arg::from(first(arguments)), 0o666_i32.into()])
        .map_err(named("creat"))?;
    close(process, answer);
    Ok(())
}

/// How a file is opened to add to it.
const FLAGS: u64 = abi::O_WRONLY | abi::O_CREAT | abi::O_APPEND;
const MODE: u64 = 0o666;

fn openat2(process: &mut Process<'_>, arguments: &[String]) -> Result<(), Refused> {
    let how = [FLAGS, MODE, 0].map(u64::to_le_bytes).concat();
    let call = [CWD, first(arguments).into(), Arg::bytes(how), 24_i32.into()];
    let answer = process.call("openat2", call).map_err(named("openat2"))?;
    let written = match second(arguments) {
        "" => Ok(()),
        text => process.write(descriptor(answer), format!("{text}\n").as_bytes()),
    };
    close(process, answer);
    written.map_err(named("write"))
}

fn ring(process: &mut Process<'_>, arguments: &[String]) -> Result<(), Refused> {
    let ring = setup(process)?;
    let open = [CWD, first(arguments).into(), FLAGS.into(), MODE.into()];
    let answer = submit(process, ring, "OPENAT", open.to_vec())?;
    let text = second(arguments);
    if !text.is_empty() {
        let bytes = format!("{text}\n");
        let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let here = Arg::Int(-1);
        let write = vec![answer.into(), bytes.as_str().into(), length.into(), here];
        submit(process, ring, "WRITE", write)?;
    }
    submit(process, ring, "CLOSE", vec![answer.into()])?;
    process.close(ring);
    Ok(())
}

fn ring_mkdir(process: &mut Process<'_>, arguments: &[String]) -> Result<(), Refused> {
    let ring = setup(process)?;
    let make = vec![CWD, first(arguments).into(), 0o777_i32.into()];
    submit(process, ring, "MKDIRAT", make)?;
    process.close(ring);
    Ok(())
}

/// A ring of one entry.
fn setup(process: &mut Process<'_>) -> Result<i32, Refused> {
    /// The size of `struct io_uring_params`.
    const PARAMETERS: usize = 120;
    process
        .call(
            "io_uring_setup",
            [Arg::from(1_i32), Arg::bytes([0; PARAMETERS])],
        )
        .map(descriptor)
        .map_err(named("io_uring_setup"))
}

/// Leaves one operation in the ring and has the kernel carry it out; gives the
/// operation's own result.
fn submit(
    process: &mut Process<'_>,
    ring: i32,
    name: &'static str,
    arguments: Vec<Arg>,
) -> Result<i64, Refused> {
    let Some(submission) = Submission::new(name, arguments) else {
        return Err((name, Errno::ENOSYS));
    };
    let event = process.ask(
        "io_uring_enter",
        [
            Arg::from(ring),
            1_i32.into(),
            1_i32.into(),
            1_i32.into(),
            Arg::Submissions([submission].into()),
            Arg::NULL,
        ],
    );
    event.result.map_err(named("io_uring_enter"))?;
    let Answer::Completions(completions) = event.answer else {
        return Err(("io_uring_enter", Errno::EIO));
    };
    match completions.first() {
        Some(value) if *value >= 0 => Ok(*value),
        Some(value) => {
            let number = u16::try_from(-value).ok();
            let errno = number.and_then(Errno::from_number).unwrap_or(Errno::EIO);
            Err((name, errno))
        }
        None => Err(("io_uring_enter", Errno::EIO)),
    }
}

fn mknod(process: &mut Process<'_>, arguments: &[String]) -> Result<(), Refused> {
    /// `S_IFREG | 0644`
    const REGULAR: i32 = 0o100_644;
    process
        .call(
            "mknod",
            [Arg::from(first(arguments)), REGULAR.into(), Arg::NULL],
        )
        .map(drop)
        .map_err(named("mknod"))
}

fn linkat(process: &mut Process<'_>, arguments: &[String]) -> Result<(), Refused> {
    let (old, new) = (first(arguments), second(arguments));
    process
        .call("linkat", [CWD, old.into(), CWD, new.into(), Arg::NULL])
        .map(drop)
        .map_err(named("linkat"))
}

/// Families and the type that a program asks for first (`socket(2)`,
/// `netlink(7)`, `packet(7)`).
const FAMILIES: [(&str, i32, i32); 5] = [
    ("unix", 1, 1),
    ("inet", 2, 1),
    ("inet6", 10, 1),
    ("netlink", 16, 3),
    ("packet", 17, 3),
];

fn socket(process: &mut Process<'_>, arguments: &[String]) -> Result<(), Refused> {
    let asked = first(arguments);
    let Some((_, family, kind)) = FAMILIES.iter().find(|(name, ..)| *name == asked) else {
        return Err(("socket", Errno::EAFNOSUPPORT));
    };
    let answer = process
        .call("socket", [Arg::from(*family), (*kind).into(), Arg::NULL])
        .map_err(named("socket"))?;
    close(process, answer);
    Ok(())
}

fn fsopen(process: &mut Process<'_>, arguments: &[String]) -> Result<(), Refused> {
    /// `FSCONFIG_CMD_CREATE`
    const CREATE: i32 = 6;
    let context = process
        .call("fsopen", [Arg::from(first(arguments)), Arg::NULL])
        .map_err(named("fsopen"))?;
    let create = [
        Arg::from(context),
        CREATE.into(),
        Arg::NULL,
        Arg::NULL,
        Arg::NULL,
    ];
    process
        .call("fsconfig", create)
        .map_err(named("fsconfig"))?;
    let mount = process
        .call("fsmount", [Arg::from(context), Arg::NULL, Arg::NULL])
        .map_err(named("fsmount"))?;
    attach(process, mount, second(arguments))?;
    close(process, context);
    Ok(())
}

fn open_tree(process: &mut Process<'_>, arguments: &[String]) -> Result<(), Refused> {
    /// `OPEN_TREE_CLONE`
    const CLONE: i32 = 1;
    let tree = process
        .call("open_tree", [CWD, first(arguments).into(), CLONE.into()])
        .map_err(named("open_tree"))?;
    attach(process, tree, second(arguments))
}

/// Puts a mount that lies nowhere yet at its place.
fn attach(process: &mut Process<'_>, mount: i64, place: &str) -> Result<(), Refused> {
    /// `MOVE_MOUNT_F_EMPTY_PATH`
    const OPEN: i32 = 4;
    let arguments = [Arg::from(mount), "".into(), CWD, place.into(), OPEN.into()];
    process
        .call("move_mount", arguments)
        .map_err(named("move_mount"))?;
    close(process, mount);
    Ok(())
}

fn descriptor(answer: i64) -> i32 {
    i32::try_from(answer).unwrap_or(i32::MAX)
}

fn close(process: &mut Process<'_>, answer: i64) {
    process.close(descriptor(answer));
}
