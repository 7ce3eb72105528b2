//! Overlay filesystems: a lower and an upper tree shown as one (`fs/overlayfs`).

use crate::{
    context::Context,
    errno::Errno,
    id::{DentryId, MountId},
    vfs::{FilesystemKind, Name},
    world::World,
};

/// Looks a name up that the merged directory does not have yet.
pub(crate) fn find(
    world: &mut World,
    directory: DentryId,
    name: &Name,
) -> Result<Option<DentryId>, Errno> {
    let _ = (world, directory, name);
    Ok(None)
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

/// The names of a merged directory; none for any other.
pub(crate) fn names(world: &World, directory: DentryId) -> Result<Option<Vec<Name>>, Errno> {
    let _ = (world, directory);
    Ok(None)
}

/// Before the first change of an object: brings it to the upper tree.
pub(crate) fn copy_up(world: &mut World, dentry: DentryId) -> Result<(), Errno> {
    let _ = (world, dentry);
    Ok(())
}

/// A new name has appeared in the merged tree: shows it in the upper one.
pub(crate) fn created(world: &mut World, dentry: DentryId) -> Result<(), Errno> {
    let _ = (world, dentry);
    Ok(())
}

/// A name is about to go from the merged tree: hides it in the upper one.
pub(crate) fn erasing(world: &mut World, dentry: DentryId) -> Result<(), Errno> {
    let _ = (world, dentry);
    Ok(())
}

/// `mount -t overlay`
pub(crate) fn create(context: &mut Context, source: &[u8], data: &[u8]) -> Result<MountId, Errno> {
    let _ = (source, data);
    context.fail(Errno::EINVAL, "no lowerdir")
}
