//! Which permission lets which operation through: every pair is tried on a
//! kernel, under a profile that has nothing else on the file.

use apparmor::{Options, SourceSet};
use kernel::{Arg, Call, INIT, Pid, Release, Settings, World, abi};

/// The permission letters of file rules.
pub const LETTERS: [char; 7] = ['r', 'w', 'a', 'l', 'k', 'm', 'x'];

/// What a letter does for an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Enough by itself.
    Alone,
    /// Enough together with these letters.
    With(String),
    /// No use.
    No,
    /// No letter is needed: AppArmor is not asked, or not about the file.
    NeverAsked,
}

/// An operation with what each of [`LETTERS`] does for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The operation in words.
    pub operation: &'static str,
    /// By letter.
    pub cells: Vec<Cell>,
}

/// Tries an operation; true when it went through.
type Attempt = fn(&mut Try) -> bool;

/// The operations: on the file `/d/f`, the directory `/d/sub/`, the program
/// `/d/prog`, or the name `/d/new`, which is free. `/o/` allows everything.
const OPERATIONS: [(&str, Attempt); 24] = [
    ("open to read", |t| t.open("/d/f", abi::O_RDONLY)),
    ("open to write", |t| t.open("/d/f", abi::O_WRONLY)),
    ("open to append", |t| {
        t.open("/d/f", abi::O_WRONLY | abi::O_APPEND)
    }),
    ("list a directory", |t| {
        t.open("/d/sub", abi::O_RDONLY | abi::O_DIRECTORY)
    }),
    ("create a file", |t| {
        t.open("/d/new", abi::O_WRONLY | abi::O_CREAT)
    }),
    ("make a directory", |t| {
        t.call("mkdir", &["/d/new".into(), 0o755.into()])
    }),
    ("make a symbolic link", |t| {
        t.call("symlink", &["/o/g".into(), "/d/new".into()])
    }),
    ("make a pipe or device", |t| {
        t.call(
            "mknod",
            &["/d/new".into(), (abi::S_IFIFO | 0o644).into(), 0.into()],
        )
    }),
    ("delete", |t| t.call("unlink", &["/d/f".into()])),
    ("remove a directory", |t| {
        t.call("rmdir", &["/d/sub".into()])
    }),
    ("rename: the old name", |t| {
        t.call("rename", &["/d/f".into(), "/o/new".into()])
    }),
    ("rename: the new name", |t| {
        t.call("rename", &["/o/g".into(), "/d/new".into()])
    }),
    ("hard link: the new name", |t| {
        t.call("link", &["/o/g".into(), "/d/new".into()])
    }),
    ("change the mode", |t| {
        t.call("chmod", &["/d/f".into(), 0o600.into()])
    }),
    ("change the owner", |t| {
        t.call("chown", &["/d/f".into(), 0.into(), 0.into()])
    }),
    ("cut short", |t| {
        t.call("truncate", &["/d/f".into(), 0.into()])
    }),
    ("lock, shared", |t| {
        t.on_open(abi::O_RDONLY, "flock", &[1.into()])
    }),
    ("lock, exclusive", |t| {
        t.on_open(abi::O_RDWR, "flock", &[2.into()])
    }),
    ("map as code", |t| {
        t.open_then(abi::O_RDONLY, |fd| {
            Call::new(
                "mmap",
                vec![0.into(), 4096.into(), 5.into(), 2.into(), fd, 0.into()],
            )
        })
    }),
    ("run", |t| {
        t.call(
            "execve",
            &[
                "/d/prog".into(),
                Arg::Strings([b"prog".as_slice().into()].into()),
                Arg::NULL,
            ],
        )
    }),
    ("ask for attributes", |t| {
        t.call(
            "newfstatat",
            &[AT_FDCWD.into(), "/d/f".into(), Arg::Room(144), Arg::NULL],
        )
    }),
    ("set the time stamps", |t| {
        t.call(
            "utimensat",
            &[AT_FDCWD.into(), "/d/f".into(), Arg::NULL, Arg::NULL],
        )
    }),
    ("read a symbolic link", |t| {
        t.call("readlink", &["/d/l".into(), Arg::Room(64), 64.into()])
    }),
    ("change into a directory", |t| {
        t.call("chdir", &["/d/sub".into()])
    }),
];

const AT_FDCWD: i64 = abi::AT_FDCWD;

/// The table for a kernel.
pub fn table(release: &'static Release) -> Vec<Row> {
    let pairs: Vec<(char, char)> = LETTERS
        .iter()
        .enumerate()
        .flat_map(|(at, first)| LETTERS[at + 1..].iter().map(|second| (*first, *second)))
        // `a` and `w` cannot stand in one rule.
        .filter(|pair| *pair != ('w', 'a'))
        .collect();
    let worlds: Vec<(String, Try)> = std::iter::once(String::new())
        .chain(LETTERS.iter().map(char::to_string))
        .chain(
            pairs
                .iter()
                .map(|(first, second)| format!("{first}{second}")),
        )
        .filter_map(|letters| Some((letters.clone(), Try::new(release, &letters)?)))
        .collect();
    OPERATIONS
        .iter()
        .map(|(operation, attempt)| {
            let enough: Vec<&str> = worlds
                .iter()
                .filter(|(_, world)| attempt(&mut world.clone()))
                .map(|(letters, _)| letters.as_str())
                .collect();
            Row {
                operation,
                cells: LETTERS
                    .iter()
                    .map(|letter| cell(*letter, &enough))
                    .collect(),
            }
        })
        .collect()
}

fn cell(letter: char, enough: &[&str]) -> Cell {
    if enough.contains(&"") {
        return Cell::NeverAsked;
    }
    let alone = |one: char| enough.contains(&one.to_string().as_str());
    if alone(letter) {
        return Cell::Alone;
    }
    let partners: String = enough
        .iter()
        .filter(|set| set.len() == 2 && set.contains(letter))
        .flat_map(|set| set.chars().filter(|other| *other != letter))
        .filter(|other| !alone(*other))
        .collect();
    if partners.is_empty() {
        Cell::No
    } else {
        Cell::With(partners)
    }
}

/// A task under a profile that has some letters on `/d/`.
#[derive(Clone)]
struct Try {
    world: World,
    pid: Pid,
}

impl Try {
    fn new(release: &'static Release, letters: &str) -> Option<Self> {
        let mut world = World::boot(release, Settings::default());
        for directory in ["/d", "/d/sub", "/o"] {
            world.place_directory(directory, 0o755, 0, 0).ok()?;
        }
        for file in ["/d/f", "/o/g"] {
            world.place_file(file, b"text", 0o644, 0, 0).ok()?;
        }
        world
            .place_file("/d/prog", &crate::programs::file("true"), 0o755, 0, 0)
            .ok()?;
        world.place_symlink("/d/l", b"f").ok()?;
        let on_file = match letters.replace('x', "ix") {
            none if none.is_empty() => String::new(),
            letters => format!("  /d/{{,**}} {letters},\n"),
        };
        let policy = format!(
            "profile p {{\n  /o/{{,**}} rwlkmix,\n  capability,\n  change_profile,\n{on_file}}}\n"
        );
        let compiled = apparmor::compile("p", &policy, &SourceSet::new(), &Options::default());
        world.load_profiles(&compiled.profiles);
        let pid = world.fork(INIT).ok()?;
        let mut started = Self { world, pid };
        let attribute = ["/proc/self/attr/current".into(), abi::O_WRONLY.into()];
        let fd = started.answer("open", &attribute)?;
        let change = [fd.into(), "changeprofile p".into(), 15.into()];
        started.call("write", &change).then_some(started)
    }

    fn answer(&mut self, name: &str, arguments: &[Arg]) -> Option<i64> {
        let call = Call::new(name, arguments.to_vec());
        self.world.syscall(self.pid, call).result.ok()
    }

    fn call(&mut self, name: &str, arguments: &[Arg]) -> bool {
        self.answer(name, arguments).is_some()
    }

    fn open(&mut self, path: &str, flags: u64) -> bool {
        self.call("open", &[path.into(), flags.into(), 0o644.into()])
    }

    /// Opens the file and makes another call on the descriptor.
    fn open_then(&mut self, flags: u64, call: impl Fn(Arg) -> Call) -> bool {
        let Some(fd) = self.answer("open", &["/d/f".into(), flags.into(), 0.into()]) else {
            return false;
        };
        self.world.syscall(self.pid, call(fd.into())).result.is_ok()
    }

    fn on_open(&mut self, flags: u64, name: &str, rest: &[Arg]) -> bool {
        self.open_then(flags, |fd| {
            let mut arguments = vec![fd];
            arguments.extend_from_slice(rest);
            Call::new(name, arguments)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{K61, K73, K612};

    #[test]
    fn the_table_of_each_kernel_is_as_recorded() {
        let mut told = String::new();
        for release in [&K61, &K612, &K73] {
            told.push_str(&format!("== {}\n", release.name));
            for row in table(release) {
                let cells: Vec<String> = LETTERS
                    .iter()
                    .zip(&row.cells)
                    .filter_map(|(letter, cell)| match cell {
                        Cell::Alone => Some(letter.to_string()),
                        Cell::With(others) => Some(format!("{letter} with {others}")),
                        Cell::No => None,
                        Cell::NeverAsked => None,
                    })
                    .collect();
                let asked = if row.cells.contains(&Cell::NeverAsked) {
                    "never asked".to_owned()
                } else {
                    cells.join(", ")
                };
                told.push_str(&format!("{}: {asked}\n", row.operation));
            }
        }
        insta::assert_snapshot!(told);
    }
}
