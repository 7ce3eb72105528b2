//! A node's world as of a step.

use crate::{
    machine::Recorded,
    message::{LoadedProfile, TaskView, TreeEntry, WorldView},
    programs,
};

/// Most names that are shown.
const MAX_TREE: usize = 500;

/// What the caller of a recorded call saw just before it, and who ran then.
pub fn world(node: &str, row: u32, recorded: &Recorded) -> WorldView {
    let world = &recorded.before;
    let mut tree: Vec<TreeEntry> = world
        .tree(recorded.event.task)
        .into_iter()
        .map(|(path, status)| TreeEntry {
            path,
            inode: status.inode,
            links: status.links,
            mode: programs::mode_text(status.mode),
            uid: status.uid,
            size: status.size,
        })
        .collect();
    let cut = tree.len() > MAX_TREE;
    tree.truncate(MAX_TREE);
    WorldView {
        node: node.to_owned(),
        row,
        tree,
        cut,
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
    }
}
