//! The names that a search uses: those that lead to the target, those that
//! would once something has been moved or mounted, and new ones.

use super::goal::Judge;
use crate::message::Goal;
use kernel::{
    Arg, Call, INIT, Pid, World, abi,
    id::{InodeId, MountId},
    survey::Place,
};
use sorted::SortedSet;

/// Most names of one sort; what is left out is told in
/// [`super::Search::cut`].
pub const MAX_NAMES: usize = 24;
/// Most directories in which making a file is tried.
const MAX_TRIES: usize = 200;
/// Most programs that are executed to see which label they lead to.
const MAX_PROGRAMS: usize = 200;

/// Where a search looks for a place to write first.
const USUAL: [&str; 6] = ["/tmp", "/var/tmp", "/dev/shm", "/run", "/root", "/"];

/// The names.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Of the target (for a new file: all that it could have).
    pub target: Vec<String>,
    /// Of the target, as far as it is there already, and of the directories
    /// above it but for `/`: the target first.
    pub above: Vec<String>,
    /// The objects of the directories above the target, each with the path
    /// from there to the target.
    pub below: Vec<(InodeId, String)>,
    /// New names where the attacker may write.
    pub fresh: Vec<String>,
    /// The directories in which those are.
    pub scratch: Vec<String>,
    /// Mount points on the way to the target.
    pub mount_points: Vec<String>,
    /// A program for each label that executing one leads to.
    pub programs: Vec<String>,
    /// Mount namespaces of other processes.
    pub namespaces: Vec<String>,
    /// A file that the attacker may read, on the mount of the target.
    pub donor: Option<String>,
    /// Labels that can be asked for.
    pub labels: Vec<String>,
    /// The profiles that confine the attacker.
    pub own: Vec<String>,
    /// Who owns the target.
    pub owner: u32,
    /// Whether names were left out for [`MAX_NAMES`].
    pub cut: bool,
}

impl Names {
    /// Looks around in the world at the beginning.
    pub fn of(goal: &Goal, judge: &Judge, world: &World, pid: Pid) -> Self {
        let mut names = Self {
            labels: labels(world),
            own: own(world, pid),
            programs: programs(world, pid),
            ..Self::default()
        };
        let (path, leaf) = match goal {
            Goal::BytesChange { path } | Goal::Executed { path } => (path.as_str(), None),
            Goal::FileAppears { directory } => {
                (directory.as_str(), Some(new_name(world, pid, directory)))
            }
            Goal::Unconfined => return names,
        };
        let path = format!("/{}", path.trim_matches('/'));
        let Some(object) = judge.object() else {
            return names;
        };
        names.owner = world.owner_and_mode(object).map_or(0, |(owner, _)| owner);
        let view = world.view(pid);
        let mount = world.place_at(pid, &path).map(|place| place.mount);
        names.find_scratch(world, pid, &view, mount);
        names.find_target(world, pid, object, &path, leaf.as_deref(), &view);
        names.find_mount_points(world, pid, &path);
        names.donor = donor(world, pid, &view, mount, object);
        for list in [&mut names.target, &mut names.above, &mut names.namespaces] {
            let mut seen = SortedSet::new();
            list.retain(|name| seen.insert(name.clone()));
            names.cut |= list.len() > MAX_NAMES;
            list.truncate(MAX_NAMES);
        }
        names
    }

    /// The first two directories, on different mounts, in which the attacker
    /// can make a file now; one of them on the target's mount if there is one.
    fn find_scratch(
        &mut self,
        world: &World,
        pid: Pid,
        view: &[(String, Place)],
        mount: Option<MountId>,
    ) {
        let usual = USUAL.iter().filter_map(|path| {
            let place = world.place_at(pid, path)?;
            Some(((*path).to_owned(), place))
        });
        let all = view
            .iter()
            .filter(|(_, place)| world.is_directory(place.inode))
            .cloned();
        let mut found: Vec<(String, Place)> = Vec::new();
        for (path, place) in usual.chain(all).take(MAX_TRIES) {
            let known = found.iter().any(|(_, known)| known.mount == place.mount);
            let full = found.len() >= 2 || (found.len() == 1 && Some(place.mount) != mount);
            if known || (full && Some(place.mount) != mount) {
                continue;
            }
            let fresh = format!(
                "{}/{}",
                path.trim_end_matches('/'),
                new_name(world, pid, &path)
            );
            if can_create(world, pid, &fresh) {
                found.push((path.clone(), place));
                self.fresh.push(fresh);
                self.scratch.push(path);
            }
            if found.iter().any(|(_, place)| Some(place.mount) == mount) {
                break;
            }
        }
    }

    fn find_target(
        &mut self,
        world: &World,
        pid: Pid,
        object: InodeId,
        path: &str,
        leaf: Option<&str>,
        view: &[(String, Place)],
    ) {
        let leaf = leaf.map_or(String::new(), |leaf| format!("/{leaf}"));
        let root = |path: &str| path.trim_end_matches('/').to_owned();
        // Now: by its own name, by others, by way of other processes.
        self.target.push(format!("{}{leaf}", root(path)));
        let mut aliases = vec![path.to_owned()];
        for (name, place) in view {
            if place.inode == object && name != path {
                aliases.push(name.clone());
                self.target.push(format!("{name}{leaf}"));
            }
        }
        self.find_others(world, pid, object, &leaf);
        // What may be moved: the target itself and what is above it.
        for alias in &aliases {
            let mut from = alias.as_str();
            loop {
                let rest = alias.strip_prefix(from).unwrap_or_default();
                let rest = format!("{}{leaf}", rest.trim_start_matches('/'));
                let rest = rest.trim_start_matches('/').to_owned();
                if let Some(place) = world.place_at(pid, from)
                    && world.is_directory(place.inode)
                {
                    self.below.push((place.inode, rest.clone()));
                    // Should it become the root, or be put elsewhere.
                    self.target.push(format!("/{rest}"));
                    for fresh in self.fresh.iter().chain(&self.scratch) {
                        self.target.push(format!("{}/{rest}", root(fresh)));
                    }
                }
                if from != "/" {
                    self.above.push(from.to_owned());
                }
                if from == "/" || from.is_empty() {
                    break;
                }
                from = match from.rfind('/') {
                    Some(0) | None => "/",
                    Some(slash) => from.get(..slash).unwrap_or("/"),
                };
            }
        }
        if leaf.is_empty() {
            self.target.extend(self.fresh.iter().cloned());
        }
    }

    /// Names by way of the roots and descriptors of other processes.
    fn find_others(&mut self, world: &World, pid: Pid, object: InodeId, leaf: &str) {
        let Some(own) = world.task(pid) else {
            return;
        };
        let (own_root, own_mounts) = (own.root, own.namespaces.mount);
        let mut namespaces = SortedSet::new();
        for (number, other) in world.tasks_seen(pid) {
            let Some(task) = world.task(other).filter(|_| other != pid) else {
                continue;
            };
            for opened in world.descriptors(other) {
                if opened.place.inode == object {
                    self.target
                        .push(format!("/proc/{number}/fd/{}{leaf}", opened.number));
                }
            }
            if task.root == own_root && task.namespaces.mount == own_mounts {
                continue;
            }
            let first =
                namespaces.insert((task.namespaces.mount, task.root.mount, task.root.dentry));
            if !first {
                continue;
            }
            self.namespaces.push(format!("/proc/{number}/ns/mnt"));
            for (name, place) in world.view(other) {
                if place.inode == object {
                    self.target.push(format!("/proc/{number}/root{name}{leaf}"));
                    self.target.push(format!("{name}{leaf}"));
                }
            }
        }
    }

    fn find_mount_points(&mut self, world: &World, pid: Pid, path: &str) {
        let mut above = String::new();
        let mut last = world.place_at(pid, "/").map(|place| place.mount);
        for part in path.split('/').filter(|part| !part.is_empty()) {
            above = format!("{above}/{part}");
            let mount = world.place_at(pid, &above).map(|place| place.mount);
            if mount != last {
                self.mount_points.push(above.clone());
                last = mount;
            }
        }
        if self.mount_points.is_empty() {
            self.mount_points.push("/".to_owned());
        }
    }
}

/// A name that a directory does not have.
fn new_name(world: &World, pid: Pid, directory: &str) -> String {
    let directory = directory.trim_end_matches('/');
    let taken = |name: &String| {
        world
            .place_at(pid, &format!("{directory}/{name}"))
            .is_some()
    };
    let mut name = "x".to_owned();
    while taken(&name) {
        name.push('x');
    }
    name
}

fn can_create(world: &World, pid: Pid, path: &str) -> bool {
    let flags = abi::O_WRONLY | abi::O_CREAT | abi::O_EXCL;
    let ways = [
        Call::new(
            "openat",
            [
                Arg::Int(abi::AT_FDCWD),
                path.into(),
                flags.into(),
                0o666_i32.into(),
            ],
        ),
        Call::new("mkdir", [Arg::from(path), 0o777_i32.into()]),
    ];
    ways.into_iter()
        .any(|call| world.clone().syscall(pid, call).result.is_ok())
}

/// A file on the target's mount that the attacker can open to read.
fn donor(
    world: &World,
    pid: Pid,
    view: &[(String, Place)],
    mount: Option<MountId>,
    object: InodeId,
) -> Option<String> {
    let files = view.iter().filter(|(_, place)| {
        Some(place.mount) == mount && place.inode != object && world.content(place.inode).is_some()
    });
    let open = |path: &str| {
        let arguments = [Arg::Int(abi::AT_FDCWD), path.into(), abi::O_RDONLY.into()];
        let event = world.clone().syscall(pid, Call::new("openat", arguments));
        event.result.is_ok()
    };
    files
        .take(MAX_TRIES)
        .find(|(path, _)| open(path))
        .map(|(path, _)| path.clone())
}

/// A program for each label that executing one leads to.
fn programs(world: &World, pid: Pid) -> Vec<String> {
    let mut found: Vec<(String, String)> = Vec::new();
    let programs = world.view(pid).into_iter().filter(|(_, place)| {
        let executable = world
            .owner_and_mode(place.inode)
            .is_some_and(|(_, mode)| mode & 0o111 != 0);
        executable && world.content(place.inode).is_some()
    });
    for (path, _) in programs.take(MAX_PROGRAMS) {
        let mut then = world.clone();
        let arguments = [
            Arg::from(path.as_str()),
            Arg::Strings([path.as_bytes().into()].into()),
            Arg::Strings([].into()),
        ];
        if then
            .syscall(pid, Call::new("execve", arguments))
            .result
            .is_err()
        {
            continue;
        }
        let label = then.label_text(pid).unwrap_or_default();
        if !found.iter().any(|(known, _)| *known == label) {
            found.push((label, path));
        }
    }
    found.into_iter().map(|(_, path)| path).collect()
}

fn labels(world: &World) -> Vec<String> {
    let mut labels: Vec<String> = world
        .policy()
        .profiles()
        .map(|profile| profile.name.to_string())
        .take(MAX_NAMES)
        .collect();
    labels.push("unconfined".to_owned());
    labels
}

fn own(world: &World, pid: Pid) -> Vec<String> {
    let Some(task) = world.task(pid).filter(|_| pid != INIT) else {
        return Vec::new();
    };
    let label = task.credentials.label.profiles();
    label
        .iter()
        .filter_map(|id| world.policy().get(*id))
        .filter(|profile| !profile.is_unconfined())
        .map(|profile| profile.name.to_string())
        .collect()
}
