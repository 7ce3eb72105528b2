//! From the table of operations to the calls of one search.

use super::{
    alphabet::{Aim, Operation as Do, row_of},
    goal::Judge,
    names::Names,
};
use kernel::{
    Arg, Call, Pid, Verdict, World, abi,
    id::InodeId,
    survey::{Opened, OpenedKind},
    vfs::pseudo::{Attribute, Fixed, Pseudo},
};
use sorted::SortedMap;
use std::sync::Arc;

/// A call that is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// Its place in [`Moves::call`].
    pub call: u32,
    /// Whether it can bring the goal about by itself.
    pub ends: bool,
}

/// What a descriptor leads to, as far as the moves differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    /// The target, or a file that the attacker made; whether it can be written
    /// through, and whether it is the target.
    File {
        writable: bool,
        target: bool,
    },
    /// A directory above the target: its place in [`Names::below`].
    Above {
        at: usize,
        detached: bool,
    },
    /// A mount that is nowhere, of the target itself.
    DetachedFile,
    Namespace,
    Label {
        on_exec: bool,
    },
    Policy,
}

/// The calls of a search.
#[derive(Debug)]
pub struct Moves {
    aim: Aim,
    names: Names,
    target: Option<InodeId>,
    payload: Arc<[u8]>,
    /// Inodes up to this one were there at the beginning.
    calls: Vec<Call>,
    fixed: Vec<Move>,
    by_role: SortedMap<(i32, Role), Vec<Move>>,
    /// The world at the beginning, to ask its filter.
    world: World,
    pid: Pid,
    old: sorted::SortedSet<InodeId>,
}

const CWD: Arg = Arg::Int(abi::AT_FDCWD);

impl Moves {
    /// The calls of a search that begins in this world.
    pub fn new(aim: Aim, judge: &Judge, names: Names, world: &World, pid: Pid) -> Self {
        let payload = match judge {
            Judge::Program { bytes, .. } => Arc::clone(bytes),
            _ => Arc::from(&b"bypassed"[..]),
        };
        let mut moves = Self {
            aim,
            target: judge.object(),
            payload,
            calls: Vec::new(),
            fixed: Vec::new(),
            by_role: SortedMap::new(),
            world: world.clone(),
            pid,
            old: world
                .view(pid)
                .into_iter()
                .map(|(_, place)| place.inode)
                .collect(),
            names,
        };
        moves.fixed = moves.of_names();
        moves
    }

    /// The names that the calls are about.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// A call.
    pub fn call(&self, number: u32) -> Option<&Call> {
        self.calls.get(usize::try_from(number).ok()?)
    }

    /// Everything that is tried in a world: first what does not depend on it,
    /// then what its descriptors allow.
    pub fn in_world(&mut self, world: &World) -> Vec<Move> {
        let mut all = self.fixed.clone();
        for opened in world.descriptors(self.pid) {
            let Some(role) = self.role(&opened) else {
                continue;
            };
            let key = (opened.number, role);
            if !self.by_role.contains_key(&key) {
                let made = self.of_descriptor(opened.number, role);
                self.by_role.insert(key, made);
            }
            all.extend(self.by_role.get(&key).into_iter().flatten());
        }
        all
    }

    fn role(&self, opened: &Opened) -> Option<Role> {
        let inode = opened.place.inode;
        let above = |detached| {
            let at = self.names.below.iter().position(|(id, _)| *id == inode)?;
            Some(Role::Above { at, detached })
        };
        match opened.kind {
            OpenedKind::File => {
                let target = Some(inode) == self.target;
                (target || !self.old.contains(&inode)).then(|| Role::File {
                    writable: opened.is_writable(),
                    target,
                })
            }
            OpenedKind::Directory => above(false),
            OpenedKind::DetachedMount => {
                above(true).or_else(|| (Some(inode) == self.target).then_some(Role::DetachedFile))
            }
            OpenedKind::Namespace => Some(Role::Namespace),
            OpenedKind::Pseudo(Pseudo::Attribute(_, Attribute::Current)) => {
                Some(Role::Label { on_exec: false })
            }
            OpenedKind::Pseudo(Pseudo::Attribute(_, Attribute::Exec)) => {
                Some(Role::Label { on_exec: true })
            }
            OpenedKind::Pseudo(Pseudo::Fixed(Fixed::Remove)) => Some(Role::Policy),
            OpenedKind::Pseudo(_) | OpenedKind::Other => None,
        }
    }

    /// Takes an operation into the moves, by the first of its ways that the
    /// attacker's filter lets through.
    fn add(&mut self, list: &mut Vec<Move>, operation: Do, ways: Vec<Call>) {
        let Some(row) = row_of(operation).filter(|row| row.aims.contains(&self.aim)) else {
            return;
        };
        debug_assert!(
            ways.iter()
                .all(|way| row.calls.contains(&way.name.as_ref())),
            "{operation:?} is done by calls that its row does not name"
        );
        let open = ways.into_iter().find(|way| self.passes_filter(way));
        let Some(call) = open.filter(|call| !self.holds(list, call)) else {
            return;
        };
        let number = u32::try_from(self.calls.len()).unwrap_or(u32::MAX);
        self.calls.push(call);
        list.push(Move {
            call: number,
            ends: row.ends.contains(&self.aim),
        });
    }

    fn holds(&self, list: &[Move], call: &Call) -> bool {
        list.iter()
            .filter_map(|known| self.call(known.call))
            .any(|known| known.name == call.name && known.args == call.args)
    }

    fn passes_filter(&self, call: &Call) -> bool {
        let filtered = self
            .world
            .task(self.pid)
            .is_some_and(|task| !task.filters.is_empty());
        if !filtered {
            return true;
        }
        let event = self.world.clone().syscall(self.pid, call.clone());
        event
            .gates
            .first()
            .is_some_and(|gate| matches!(gate.verdict, Verdict::Allowed | Verdict::Absent))
    }

    /// The calls that name what they are about.
    fn of_names(&mut self) -> Vec<Move> {
        let mut list = Vec::new();
        let names = self.names.clone();
        for name in &names.target {
            self.add(&mut list, Do::OpenToWrite, open(name, abi::O_WRONLY));
            self.add(
                &mut list,
                Do::OpenToAppend,
                open(name, abi::O_WRONLY | abi::O_APPEND),
            );
            let mut empty = open(name, abi::O_WRONLY | abi::O_TRUNC);
            empty.push(Call::new(
                "creat",
                [Arg::from(name.as_str()), 0o777_i32.into()],
            ));
            self.add(&mut list, Do::OpenToEmpty, empty);
            self.add(
                &mut list,
                Do::Truncate,
                vec![Call::new(
                    "truncate",
                    [Arg::from(name.as_str()), 1_i32.into()],
                )],
            );
            if self.aim == Aim::Program {
                self.add(&mut list, Do::Execute, execute(name));
            }
            if self.aim == Aim::Names {
                self.creations(&mut list, name);
            }
        }
        for place in names.above.iter().map(String::as_str).chain(["/"]) {
            self.add(&mut list, Do::OpenPlace, open(place, abi::O_PATH));
            self.add(&mut list, Do::CopyTree, vec![copy_tree(place)]);
            self.add(&mut list, Do::ChangeMode, change_mode(place));
            self.add(&mut list, Do::ChangeOwner, self.change_owner(place));
            self.add(
                &mut list,
                Do::ChangeRoot,
                vec![Call::new("chroot", [Arg::from(place)])],
            );
            for fresh in &names.fresh {
                if place != "/" {
                    self.add(&mut list, Do::Rename, rename(place, fresh));
                    self.add(&mut list, Do::Exchange, vec![exchange(place, fresh)]);
                }
            }
            for point in names.fresh.iter().chain(&names.scratch) {
                self.add(&mut list, Do::BindMount, vec![bind(place, point)]);
            }
        }
        for fresh in &names.fresh {
            self.creations(&mut list, fresh);
            if self.aim == Aim::Program {
                self.add(&mut list, Do::OpenToWrite, open(fresh, abi::O_WRONLY));
            }
        }
        for point in &names.mount_points {
            self.add(&mut list, Do::Remount, vec![remount(point)]);
            self.add(
                &mut list,
                Do::Unmount,
                vec![Call::new(
                    "umount2",
                    [Arg::from(point.as_str()), abi::MNT_DETACH.into()],
                )],
            );
        }
        let mut users = vec![0, names.owner];
        users.dedup();
        for user in users {
            self.add(&mut list, Do::BecomeUser, become_user(user));
        }
        for (operation, flags) in [
            (Do::OwnMounts, abi::CLONE_NEWNS),
            (Do::OwnUsers, abi::CLONE_NEWUSER | abi::CLONE_NEWNS),
        ] {
            self.add(
                &mut list,
                operation,
                vec![Call::new("unshare", [Arg::from(flags)])],
            );
        }
        for namespace in &names.namespaces {
            self.add(&mut list, Do::OpenNamespace, open(namespace, abi::O_RDONLY));
        }
        for file in ["/proc/self/attr/current", "/proc/self/attr/exec"] {
            self.add(&mut list, Do::OpenLabel, open(file, abi::O_WRONLY));
        }
        if !names.own.is_empty() {
            let file = "/sys/kernel/security/apparmor/.remove";
            self.add(&mut list, Do::OpenPolicy, open(file, abi::O_WRONLY));
        }
        self.add(
            &mut list,
            Do::MemoryFile,
            vec![Call::new("memfd_create", [Arg::from("x"), Arg::NULL])],
        );
        for program in &names.programs {
            self.add(&mut list, Do::Execute, execute(program));
        }
        list
    }

    /// Everything that makes a new name.
    fn creations(&mut self, list: &mut Vec<Move>, name: &str) {
        let names = self.names.clone();
        let create = abi::O_WRONLY | abi::O_CREAT;
        let mut opened = open(name, create);
        opened.push(Call::new("creat", [Arg::from(name), 0o777_i32.into()]));
        self.add(list, Do::Create, opened);
        let mode = abi::S_IFREG | 0o777;
        self.add(
            list,
            Do::MakeNode,
            vec![
                Call::new("mknodat", [CWD, name.into(), mode.into(), Arg::NULL]),
                Call::new("mknod", [Arg::from(name), mode.into(), Arg::NULL]),
            ],
        );
        self.add(
            list,
            Do::MakeDirectory,
            vec![
                Call::new("mkdirat", [CWD, name.into(), 0o777_i32.into()]),
                Call::new("mkdir", [Arg::from(name), 0o777_i32.into()]),
            ],
        );
        for place in names.above.iter().take(2) {
            self.add(
                list,
                Do::MakeSymlink,
                vec![
                    Call::new("symlinkat", [Arg::from(place.as_str()), CWD, name.into()]),
                    Call::new("symlink", [Arg::from(place.as_str()), name.into()]),
                ],
            );
        }
        let mut old: Vec<&String> = names.above.first().into_iter().collect();
        if self.aim == Aim::Names {
            old = names.donor.iter().chain(&names.fresh).collect();
        }
        for old in old.into_iter().filter(|old| *old != name) {
            self.add(list, Do::Link, link(old, name));
            if self.aim == Aim::Names {
                self.add(list, Do::Rename, rename(old, name));
            }
        }
    }

    /// The calls that use a descriptor.
    fn of_descriptor(&mut self, number: i32, role: Role) -> Vec<Move> {
        let mut list = Vec::new();
        let names = self.names.clone();
        let again = format!("/proc/self/fd/{number}");
        match role {
            Role::File { writable, target } => {
                let of_use =
                    (self.aim == Aim::Bytes && target) || (self.aim == Aim::Program && !target);
                if writable && of_use {
                    let payload = Arc::clone(&self.payload);
                    self.add(&mut list, Do::Write, write(number, &payload));
                    self.add(
                        &mut list,
                        Do::TruncateDescriptor,
                        vec![Call::new("ftruncate", [Arg::from(number), 1_i32.into()])],
                    );
                }
                if target {
                    self.add(&mut list, Do::OpenAgain, open(&again, abi::O_WRONLY));
                }
                if writable {
                    self.add(&mut list, Do::Close, vec![Call::new("close", [number])]);
                }
                let new = match self.aim {
                    Aim::Names => &names.target,
                    _ => &names.fresh,
                };
                if target || self.aim == Aim::Names {
                    for name in new {
                        self.add(&mut list, Do::LinkDescriptor, link_descriptor(number, name));
                    }
                    self.bind_from(&mut list, &again);
                }
                self.add(
                    &mut list,
                    Do::ExecuteDescriptor,
                    vec![execute_below(number, "")],
                );
            }
            Role::Above { at, detached } => {
                if let Some((_, rest)) = names.below.get(at) {
                    self.openings(&mut list, number, rest);
                }
                self.bind_from(&mut list, &again);
                if detached {
                    self.attach(&mut list, number);
                }
            }
            Role::DetachedFile => self.attach(&mut list, number),
            Role::Namespace => self.add(
                &mut list,
                Do::EnterNamespace,
                vec![Call::new("setns", [Arg::from(number), Arg::NULL])],
            ),
            Role::Label { on_exec } => {
                for label in &names.labels {
                    let word = if on_exec { "exec" } else { "changeprofile" };
                    let text = format!("{word} {label}");
                    self.add(&mut list, Do::ChangeLabel, write(number, text.as_bytes()));
                }
            }
            Role::Policy => {
                for profile in &names.own {
                    self.add(
                        &mut list,
                        Do::RemoveProfile,
                        write(number, profile.as_bytes()),
                    );
                }
            }
        }
        list
    }

    /// Opening the target, or creating it, from a directory that is open.
    fn openings(&mut self, list: &mut Vec<Move>, number: i32, rest: &str) {
        let modes: &[u64] = match self.aim {
            Aim::Names => &[abi::O_WRONLY | abi::O_CREAT],
            _ => &[abi::O_WRONLY, abi::O_WRONLY | abi::O_TRUNC],
        };
        for flags in modes {
            self.add(list, Do::OpenBelow, open_below(number, rest, *flags));
        }
        if self.aim == Aim::Program {
            self.add(list, Do::Execute, vec![execute_below(number, rest)]);
        }
    }

    fn bind_from(&mut self, list: &mut Vec<Move>, source: &str) {
        let names = self.names.clone();
        for point in names.fresh.iter().chain(&names.scratch) {
            self.add(list, Do::BindMount, vec![bind(source, point)]);
        }
    }

    fn attach(&mut self, list: &mut Vec<Move>, number: i32) {
        /// `MOVE_MOUNT_F_EMPTY_PATH`
        const EMPTY_PATH: i32 = 4;
        let names = self.names.clone();
        for point in names.fresh.iter().chain(&names.scratch) {
            let arguments = [
                Arg::from(number),
                "".into(),
                CWD,
                point.as_str().into(),
                EMPTY_PATH.into(),
            ];
            self.add(
                list,
                Do::AttachTree,
                vec![Call::new("move_mount", arguments)],
            );
        }
    }

    fn change_owner(&self, place: &str) -> Vec<Call> {
        let own = self
            .world
            .task(self.pid)
            .map_or(0, |task| task.credentials.uid.effective);
        let keep = Arg::Int(-1);
        let by_name = [Arg::from(place), own.into(), keep.clone()];
        vec![
            Call::new("fchownat", [CWD, place.into(), own.into(), keep, Arg::NULL]),
            Call::new("chown", by_name.clone()),
            Call::new("lchown", by_name),
        ]
    }
}

fn open(path: &str, flags: u64) -> Vec<Call> {
    let mode = 0o777_i32;
    let mut ways = open_below(-100, path, flags);
    ways.insert(
        1,
        Call::new("open", [Arg::from(path), flags.into(), mode.into()]),
    );
    ways
}

fn open_below(directory: i32, path: &str, flags: u64) -> Vec<Call> {
    let mode = if flags & abi::O_CREAT == 0 {
        0_u64
    } else {
        0o777
    };
    let how = [flags, mode, 0].map(u64::to_le_bytes).concat();
    let directory = Arg::from(directory);
    vec![
        Call::new(
            "openat",
            [directory.clone(), path.into(), flags.into(), mode.into()],
        ),
        Call::new(
            "openat2",
            [directory, path.into(), Arg::bytes(how), 24_i32.into()],
        ),
    ]
}

fn write(number: i32, bytes: &[u8]) -> Vec<Call> {
    let length = Arg::Int(i64::try_from(bytes.len()).unwrap_or(i64::MAX));
    vec![
        Call::new("write", [Arg::from(number), bytes.into(), length.clone()]),
        Call::new(
            "pwrite64",
            [Arg::from(number), bytes.into(), length, Arg::NULL],
        ),
    ]
}

fn link(old: &str, new: &str) -> Vec<Call> {
    vec![
        Call::new("linkat", [CWD, old.into(), CWD, new.into(), Arg::NULL]),
        Call::new("link", [Arg::from(old), new.into()]),
    ]
}

fn link_descriptor(number: i32, new: &str) -> Vec<Call> {
    let by_number = [
        Arg::from(number),
        "".into(),
        CWD,
        new.into(),
        abi::AT_EMPTY_PATH.into(),
    ];
    vec![Call::new("linkat", by_number)]
}

fn rename(old: &str, new: &str) -> Vec<Call> {
    vec![
        Call::new("renameat2", [CWD, old.into(), CWD, new.into(), Arg::NULL]),
        Call::new("renameat", [CWD, old.into(), CWD, new.into()]),
        Call::new("rename", [Arg::from(old), new.into()]),
    ]
}

fn exchange(one: &str, other: &str) -> Call {
    Call::new(
        "renameat2",
        [
            CWD,
            one.into(),
            CWD,
            other.into(),
            abi::RENAME_EXCHANGE.into(),
        ],
    )
}

fn bind(source: &str, target: &str) -> Call {
    let flags = Arg::from(abi::MS_BIND | abi::MS_REC);
    Call::new(
        "mount",
        [
            Arg::from(source),
            target.into(),
            Arg::NULL,
            flags,
            Arg::NULL,
        ],
    )
}

fn remount(point: &str) -> Call {
    let flags = Arg::from(abi::MS_BIND | abi::MS_REMOUNT);
    Call::new(
        "mount",
        [Arg::from("none"), point.into(), Arg::NULL, flags, Arg::NULL],
    )
}

fn copy_tree(place: &str) -> Call {
    /// `OPEN_TREE_CLONE`
    const CLONE: i32 = 1;
    Call::new("open_tree", [CWD, place.into(), CLONE.into()])
}

fn change_mode(place: &str) -> Vec<Call> {
    let mode = 0o777_i32;
    vec![
        Call::new("fchmodat", [CWD, place.into(), mode.into()]),
        Call::new("chmod", [Arg::from(place), mode.into()]),
        Call::new("fchmodat2", [CWD, place.into(), mode.into(), Arg::NULL]),
    ]
}

fn become_user(user: u32) -> Vec<Call> {
    vec![
        Call::new("setuid", [Arg::from(user)]),
        Call::new("setresuid", [Arg::from(user), user.into(), user.into()]),
        Call::new("setreuid", [Arg::from(user), user.into()]),
    ]
}

fn execute(path: &str) -> Vec<Call> {
    let argv = Arg::Strings([path.as_bytes().into()].into());
    let none = Arg::Strings([].into());
    vec![
        Call::new("execve", [Arg::from(path), argv.clone(), none.clone()]),
        Call::new("execveat", [CWD, path.into(), argv, none, Arg::NULL]),
    ]
}

fn execute_below(number: i32, path: &str) -> Call {
    let flags = if path.is_empty() {
        abi::AT_EMPTY_PATH
    } else {
        0
    };
    let argv = Arg::Strings([(&b"x"[..]).into()].into());
    let none = Arg::Strings([].into());
    Call::new(
        "execveat",
        [Arg::from(number), path.into(), argv, none, flags.into()],
    )
}
