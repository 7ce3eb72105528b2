//! Overlay filesystems: lower trees and an upper one shown as one
//! (`fs/overlayfs`).
//!
//! A merged directory has an inode of its own and finds its names when they
//! are asked for; files and links below it are the layers' own inodes, so that
//! a change made through either path shows in both.

use std::sync::Arc;

use sorted::SharedMap;

use crate::{
    context::Context,
    errno::Errno,
    id::{DentryId, FilesystemId, InodeId, MountId},
    lsm,
    vfs::{Content, FilesystemKind, Location, Name, walk::Lookup},
    world::World,
};

/// Where a name of an overlay comes from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layers {
    /// In the upper tree, once it is there.
    upper: Option<DentryId>,
    /// In the lower trees, topmost first.
    lower: Vec<DentryId>,
    /// Of a root: the directory in which names are prepared.
    work: Option<DentryId>,
}

/// The kind of filesystem that keeps what is written to one: for an overlay
/// that of its upper tree.
pub(crate) fn storage(world: &World, mut id: FilesystemId) -> Result<FilesystemKind, Errno> {
    /// `FILESYSTEM_MAX_STACK_DEPTH`
    const DEPTH: usize = 2;
    for _ in 0..DEPTH {
        let filesystem = world.filesystem(id)?;
        let upper = world
            .overlays
            .get(&filesystem.root)
            .and_then(|layers| layers.upper);
        match upper {
            Some(upper) => id = world.inode_at(upper)?.1.filesystem,
            None => break,
        }
    }
    Ok(world.filesystem(id)?.kind)
}

impl Layers {
    /// The one that shows.
    pub fn top(&self) -> Option<DentryId> {
        self.all().next()
    }

    /// All, the topmost first.
    pub fn all(&self) -> impl Iterator<Item = DentryId> {
        self.upper.iter().chain(&self.lower).copied()
    }
}

/// Whether names can be made and removed in a dentry's filesystem at all.
pub(crate) fn stores(world: &World, dentry: DentryId) -> Result<bool, Errno> {
    let (_, inode) = world.inode_at(dentry)?;
    Ok(matches!(
        world.filesystem(inode.filesystem)?.kind,
        FilesystemKind::Ext4
            | FilesystemKind::Tmpfs
            | FilesystemKind::Overlay
            | FilesystemKind::Devtmpfs
            | FilesystemKind::Mqueue
            | FilesystemKind::Cgroup2
            | FilesystemKind::Bpf
    ))
}

/// A character device 0:0 hides a name of the layers below.
fn is_whiteout(content: &Content) -> bool {
    matches!(content, Content::CharacterDevice(0, 0))
}

fn named(world: &World, directory: DentryId, name: &[u8]) -> Option<DentryId> {
    world
        .inode_at(directory)
        .ok()?
        .1
        .entries()?
        .get(name)
        .copied()
}

/// Looks a name up that the merged directory does not have yet
/// (`ovl_lookup`).
pub(crate) fn find(
    world: &mut World,
    directory: DentryId,
    name: &[u8],
) -> Result<Option<DentryId>, Errno> {
    let Some(layers) = world.overlays.get(&directory).cloned() else {
        return Ok(None);
    };
    let mut found = Layers::default();
    let mut top: Option<DentryId> = None;
    let places = layers.upper.iter().map(|dentry| (true, *dentry));
    let places: Vec<_> = places
        .chain(layers.lower.iter().map(|dentry| (false, *dentry)))
        .collect();
    for (upper, place) in places {
        let Some(dentry) = named(world, place, name) else {
            continue;
        };
        let (_, inode) = world.inode_at(dentry)?;
        if is_whiteout(&inode.content) {
            break;
        }
        let is_directory = inode.is_directory();
        if let Some(top) = top
            && !(is_directory && world.inode_at(top)?.1.is_directory())
        {
            break;
        }
        top = top.or(Some(dentry));
        if upper {
            found.upper = Some(dentry);
        } else {
            found.lower.push(dentry);
        }
        if !is_directory {
            break;
        }
    }
    let Some(top) = top else {
        return Ok(None);
    };
    let (id, inode) = world.inode_at(top)?;
    let inode = if inode.is_directory() {
        let (mode, uid, gid, links) = (inode.mode, inode.uid, inode.gid, inode.links);
        let filesystem = world.inode_at(directory)?.1.filesystem;
        let merged = world.add_inode(
            filesystem,
            Content::Directory(SharedMap::new()),
            mode,
            uid,
            gid,
        );
        world.inode_mut(merged)?.links = links;
        merged
    } else {
        id
    };
    let name: Name = Arc::from(name);
    let dentry = world.add_dentry(Some(directory), Arc::clone(&name), inode);
    let parent = world.dentry(directory)?.inode;
    if let Content::Directory(entries) = &mut world.inode_mut(parent)?.content {
        entries.insert(name, dentry);
    }
    world.overlays.insert(dentry, Arc::new(found));
    Ok(Some(dentry))
}

/// The names of a merged directory; none for any other.
pub(crate) fn names(world: &World, directory: DentryId) -> Result<Option<Vec<Name>>, Errno> {
    let Some(layers) = world.overlays.get(&directory) else {
        return Ok(None);
    };
    let mut all: SharedMap<Name, bool> = SharedMap::new();
    for place in layers.upper.iter().chain(&layers.lower) {
        let Some(entries) = world.inode_at(*place)?.1.entries() else {
            continue;
        };
        for (name, dentry) in entries {
            let hidden = is_whiteout(&world.inode_at(*dentry)?.1.content);
            if !all.contains_key(name) {
                all.insert(Arc::clone(name), !hidden);
            }
        }
    }
    Ok(Some(
        all.iter()
            .filter(|(_, shown)| **shown)
            .map(|(name, _)| Arc::clone(name))
            .collect(),
    ))
}

/// Before the first change of an object: brings it, and the directories above
/// it, to the upper tree (`ovl_copy_up`). Answers with the inode to change.
pub(crate) fn copy_up(world: &mut World, dentry: DentryId) -> Result<InodeId, Errno> {
    let Some(layers) = world.overlays.get(&dentry).cloned() else {
        return Ok(world.dentry(dentry)?.inode);
    };
    if layers.upper.is_some() {
        return Ok(world.dentry(dentry)?.inode);
    }
    let entry = world.dentry(dentry)?.clone();
    copy_up(world, entry.parent)?;
    let above = world
        .overlays
        .get(&entry.parent)
        .and_then(|layers| layers.upper)
        .ok_or(Errno::EROFS)?;
    let original = world.inode(entry.inode)?.clone();
    if let Some(stranger) = named(world, above, &entry.name) {
        if world.release.copy_up_minds_strangers {
            return Err(Errno::EEXIST);
        }
        let inode = world.inode_at(stranger)?.1;
        if inode.entries().is_some_and(|entries| !entries.is_empty()) {
            return Err(Errno::ENOTEMPTY);
        }
        world.unlink_name(stranger)?;
    }
    let filesystem = world.inode_at(above)?.1.filesystem;
    let content = match &original.content {
        Content::Directory(_) => Content::Directory(SharedMap::new()),
        content => content.clone(),
    };
    let copy = world.add_inode(
        filesystem,
        content,
        original.mode,
        original.uid,
        original.gid,
    );
    {
        let inode = world.inode_mut(copy)?;
        inode.times = original.times;
        inode.xattrs = original.xattrs.clone();
    }
    let upper = world.link_name(above, Arc::clone(&entry.name), copy)?;
    let directory = original.is_directory();
    if !directory {
        world.dentry_mut(dentry)?.inode = copy;
    }
    let lower = layers.lower.clone();
    world.overlays.insert(
        dentry,
        Arc::new(Layers {
            upper: Some(upper),
            lower,
            work: layers.work,
        }),
    );
    Ok(if directory { entry.inode } else { copy })
}

/// A new name has appeared in the merged tree: shows it in the upper one.
pub(crate) fn created(world: &mut World, dentry: DentryId) -> Result<(), Errno> {
    let entry = world.dentry(dentry)?.clone();
    let Some(above) = world
        .overlays
        .get(&entry.parent)
        .and_then(|layers| layers.upper)
    else {
        return Ok(());
    };
    if let Some(whiteout) = named(world, above, &entry.name) {
        world.unlink_name(whiteout)?;
    }
    let inode = world.inode(entry.inode)?.clone();
    let upper = if inode.is_directory() {
        let filesystem = world.inode_at(above)?.1.filesystem;
        let real = world.add_inode(
            filesystem,
            Content::Directory(SharedMap::new()),
            inode.mode,
            inode.uid,
            inode.gid,
        );
        world.link_name(above, Arc::clone(&entry.name), real)?
    } else {
        let upper = world.link_name(above, Arc::clone(&entry.name), entry.inode)?;
        let inode = world.inode_mut(entry.inode)?;
        inode.links = inode.links.saturating_sub(1);
        upper
    };
    world.overlays.insert(
        dentry,
        Arc::new(Layers {
            upper: Some(upper),
            ..Layers::default()
        }),
    );
    Ok(())
}

/// A name is about to go from the merged tree: takes it out of the upper tree,
/// and hides it there when a lower tree has it (`ovl_do_remove`).
pub(crate) fn erasing(world: &mut World, dentry: DentryId) -> Result<(), Errno> {
    let entry = world.dentry(dentry)?.clone();
    let Some(layers) = world.overlays.get(&dentry).cloned() else {
        return Ok(());
    };
    copy_up(world, entry.parent)?;
    let Some(parents) = world.overlays.get(&entry.parent).cloned() else {
        return Ok(());
    };
    let above = parents.upper.ok_or(Errno::EROFS)?;
    if layers.upper.is_some()
        && let Some(upper) = named(world, above, &entry.name)
    {
        let inode = world.dentry(upper)?.inode;
        if !world.inode(inode)?.is_directory() {
            world.inode_mut(inode)?.links += 1;
        }
        world.unlink_name(upper)?;
    }
    if parents
        .lower
        .iter()
        .any(|lower| named(world, *lower, &entry.name).is_some())
    {
        let whiteout = whiteout(world, entry.parent, above)?;
        world.link_name(above, Arc::clone(&entry.name), whiteout)?;
    }
    world.overlays.remove(&dentry);
    Ok(())
}

/// The one whiteout that all hidden names of an overlay share; its first name
/// is in the work directory (`ovl_whiteout`).
fn whiteout(world: &mut World, place: DentryId, above: DentryId) -> Result<InodeId, Errno> {
    let mut root = place;
    while world.dentry(root)?.parent != root {
        root = world.dentry(root)?.parent;
    }
    let work = world.overlays.get(&root).and_then(|layers| layers.work);
    let known = work.and_then(|work| {
        let entries = world.inode_at(work).ok()?.1.entries()?;
        entries.values().find_map(|dentry| {
            let (id, inode) = world.inode_at(*dentry).ok()?;
            is_whiteout(&inode.content).then_some(id)
        })
    });
    if let Some(known) = known {
        return Ok(known);
    }
    let filesystem = world.inode_at(above)?.1.filesystem;
    let whiteout = world.add_inode(filesystem, Content::CharacterDevice(0, 0), 0, 0, 0);
    if let Some(work) = work {
        let name = format!("#{}", whiteout.0).into_bytes();
        world.link_name(work, Arc::from(name), whiteout)?;
    }
    Ok(whiteout)
}

/// `mount -t overlay`
pub(crate) fn create(context: &mut Context, source: &[u8], data: &[u8]) -> Result<MountId, Errno> {
    let mut lower = Vec::new();
    let (mut upper, mut work) = (None, None);
    for word in data.split(|&byte| byte == b',') {
        let Some(at) = word.iter().position(|&byte| byte == b'=') else {
            continue;
        };
        let (name, value) = (&word[..at], &word[at + 1..]);
        match name {
            b"lowerdir" => {
                for path in value.split(|&byte| byte == b':') {
                    lower.push(layer(context, path)?);
                }
            }
            b"upperdir" => upper = Some(layer(context, value)?),
            b"workdir" => work = Some(layer(context, value)?),
            _ => {}
        }
    }
    if lower.is_empty() {
        return context.fail(Errno::EINVAL, "an overlay needs a lowerdir");
    }
    if upper.is_some() != work.is_some() {
        return context.fail(Errno::EINVAL, "upperdir and workdir go together");
    }
    if let Some(upper) = upper {
        let mount = context.world.mount(upper.mount)?;
        if mount.flags.read_only() || context.world.filesystem(mount.filesystem)?.read_only {
            return context.fail(Errno::EINVAL, "the upper tree is read-only");
        }
    }
    let work = match work {
        Some(work) => Some(try_work_directory(context, work)?),
        None => None,
    };
    let top = upper.unwrap_or(lower[0]);
    let (_, inode) = context.world.inode_at(top.dentry)?;
    let (mode, uid, gid) = (inode.mode, inode.uid, inode.gid);
    let mount = context
        .world
        .add_mount(FilesystemKind::Overlay, None, source, mode);
    let root = context.world.mount(mount)?.root;
    let id = context.world.dentry(root)?.inode;
    let inode = context.world.inode_mut(id)?;
    (inode.uid, inode.gid) = (uid, gid);
    let layers = Layers {
        upper: upper.map(|at| at.dentry),
        lower: lower.iter().map(|at| at.dentry).collect(),
        work,
    };
    context.world.overlays.insert(root, Arc::new(layers));
    Ok(mount)
}

fn layer(context: &mut Context, path: &[u8]) -> Result<Location, Errno> {
    let how = Lookup {
        directory: true,
        ..Lookup::FOLLOW
    };
    context.lookup(-100, path, how)
}

/// The kernel tries the work directory with an unnamed file, through a private
/// mount: a confined caller's profile sees a disconnected path. Whatever it
/// says, the mount goes on (`ovl_check_tmpfile`). Answers with the directory
/// inside it that is used.
fn try_work_directory(context: &mut Context, work: Location) -> Result<DentryId, Errno> {
    let name: Name = Arc::from(&b"work"[..]);
    let filesystem = context.world.inode_at(work.dentry)?.1.filesystem;
    let inner = if let Some(dentry) = named(context.world, work.dentry, &name) {
        dentry
    } else {
        let inode =
            context
                .world
                .add_inode(filesystem, Content::Directory(SharedMap::new()), 0, 0, 0);
        context.world.link_name(work.dentry, name, inode)?
    };
    if context
        .world
        .is_unconfined(&context.credentials.label.clone())
    {
        return Ok(inner);
    }
    let mut private = context.world.mount(work.mount)?.clone();
    private.on = None;
    private.namespace = None;
    let mount = context.world.insert_mount(private);
    let uid = context.credentials.uid.fs;
    let inode = context
        .world
        .add_inode(filesystem, Content::File(Arc::from([])), 0, uid, uid);
    let name: Name = Arc::from(format!("#{}", inode.0).into_bytes());
    let dentry = context.world.add_dentry(Some(inner), name, inode);
    let mark = context.gates.len();
    let _ = lsm::file::open(context, Location { mount, dentry }, crate::abi::O_WRONLY);
    crate::gate::dac::excuse(context, mark);
    context.world.dentries.remove(&dentry);
    context.world.remove_inode(inode);
    context.world.mounts.remove(&mount);
    Ok(inner)
}
