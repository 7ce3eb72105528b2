//! A node's world as of a step.

use crate::{
    machine::{Machine, Recorded},
    message::{
        LoadedProfile, MountView, TaskView, TreeEntry, WorldChange, WorldChangeKind, WorldView,
    },
    programs,
};
use kernel::{Pid, World, event::FileStatus, id::InodeId};
use sorted::SortedMap;

/// Most names that are shown.
const MAX_TREE: usize = 500;

/// What the caller of a recorded call saw just before it, who ran then, and
/// what the call changed.
pub fn world(node: &str, row: u32, recorded: &Recorded) -> WorldView {
    let (before, pid) = (&recorded.before, recorded.event.task);
    let mut after = before.clone();
    after.syscall(pid, recorded.event.call.clone());
    WorldView {
        changes: changes(before, &after, pid),
        ..shown(node, row, before, pid)
    }
}

/// What the last caller would see now.
pub fn world_now(node: &str, row: u32, machine: &Machine, pid: Pid) -> WorldView {
    // It may have ended since; its parent, or the first process, has not.
    let mut eyes = pid;
    while machine.world.task(eyes).is_none() && eyes != kernel::INIT {
        let parent = machine
            .journal
            .iter()
            .rev()
            .find_map(|recorded| recorded.before.task(eyes))
            .map(|task| task.parent);
        eyes = parent.unwrap_or(kernel::INIT);
    }
    shown(node, row, &machine.world, eyes)
}

fn shown(node: &str, row: u32, world: &World, pid: Pid) -> WorldView {
    let mut tree: Vec<TreeEntry> = world.tree(pid).into_iter().map(entry).collect();
    let cut = tree.len() > MAX_TREE;
    tree.truncate(MAX_TREE);
    WorldView {
        node: node.to_owned(),
        row,
        tree,
        cut,
        mounts: world.mounts_of(pid).lines().filter_map(mount).collect(),
        tasks: world
            .tasks()
            .filter(|task| task.state == kernel::task::State::Running)
            .map(|task| TaskView {
                pid: task.pid.0,
                comm: String::from_utf8_lossy(&task.comm).into_owned(),
                label: world.label_text(task.pid).unwrap_or_default(),
            })
            .collect(),
        profiles: world
            .policy()
            .profiles()
            .map(|profile| LoadedProfile {
                name: profile.name.to_string(),
                mode: profile.mode().name().to_owned(),
            })
            .collect(),
        changes: Vec::new(),
    }
}

/// A line of `/proc/PID/mounts`.
fn mount(line: &str) -> Option<MountView> {
    let mut words = line.split(' ').map(str::to_owned);
    let (source, at) = (words.next()?, words.next()?);
    let (kind, options) = (words.next()?, words.next()?);
    Some(MountView {
        at,
        source,
        kind,
        options,
    })
}

fn entry((path, status): (String, FileStatus)) -> TreeEntry {
    TreeEntry {
        path,
        inode: status.inode,
        links: status.links,
        mode: programs::mode_text(status.mode),
        uid: status.uid,
        size: status.size,
    }
}

/// What is different for a task after a call of its.
fn changes(before: &World, after: &World, pid: Pid) -> Vec<WorldChange> {
    let names = |world: &World| -> SortedMap<String, InodeId> {
        let view = world.view(pid).into_iter();
        view.map(|(path, place)| (path, place.inode)).collect()
    };
    let (old, new) = (names(before), names(after));
    let mut changes = Vec::new();
    let mut note = |kind, about: &str| {
        changes.push(WorldChange {
            kind,
            about: about.to_owned(),
        });
    };
    for (path, inode) in &new {
        match old.get(path) {
            None => note(WorldChangeKind::Appeared, path),
            Some(was) if was != inode => note(WorldChangeKind::LeadsElsewhere, path),
            Some(_) if before.content(*inode) != after.content(*inode) => {
                note(WorldChangeKind::Content, path);
            }
            Some(_) if before.owner_and_mode(*inode) != after.owner_and_mode(*inode) => {
                note(WorldChangeKind::OwnerOrMode, path);
            }
            Some(_) => {}
        }
    }
    for path in old.keys().filter(|path| !new.contains_key(*path)) {
        note(WorldChangeKind::Vanished, path);
    }
    let label = |world: &World| world.label_text(pid).unwrap_or_default();
    if label(before) != label(after) {
        note(WorldChangeKind::Label, &label(after));
    }
    for opened in after.descriptors(pid) {
        let known = before.descriptors(pid);
        if !known.iter().any(|known| known.number == opened.number) {
            note(WorldChangeKind::Opened, &opened.number.to_string());
        }
    }
    let lines = after.log().count() - before.log().count();
    if lines > 0 {
        note(WorldChangeKind::Logged, &lines.to_string());
    }
    changes
}
