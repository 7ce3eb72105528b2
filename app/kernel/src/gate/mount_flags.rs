//! What the options of a mount forbid.

use std::sync::Arc;

use crate::{
    context::Context,
    errno::Errno,
    event::{Evidence, GateKind, Verdict},
    vfs::Location,
};

/// Refuses for an option of a mount or filesystem that is not named further.
pub(crate) fn refuse(context: &mut Context, errno: Errno, flag: &'static str) -> Result<(), Errno> {
    refuse_at(context, Arc::from([]), errno, flag)
}

fn refuse_at(
    context: &mut Context,
    mount: Arc<[u8]>,
    errno: Errno,
    flag: &'static str,
) -> Result<(), Errno> {
    let evidence = Evidence::MountFlag { mount, flag };
    context.gate(GateKind::MountFlags, Verdict::Denied(errno), evidence);
    context.refuse(GateKind::MountFlags, errno)
}

/// Write access to a mount (`mnt_want_write`): `EROFS` when the mount or its
/// filesystem is read-only.
pub(crate) fn want_write(context: &mut Context, at: Location) -> Result<(), Errno> {
    let mount = context.world.mount(at.mount)?;
    let read_only =
        mount.flags.read_only() || context.world.filesystem(mount.filesystem)?.read_only;
    if !read_only {
        return Ok(());
    }
    let root = Location {
        mount: at.mount,
        dentry: mount.root,
    };
    let path = context.world.display_path(context.pid, root);
    refuse_at(context, path, Errno::EROFS, "ro")
}

/// Running a program from a mount (`path_noexec`).
pub(crate) fn may_execute(context: &mut Context, at: Location) -> Result<(), Errno> {
    let mount = context.world.mount(at.mount)?;
    if !mount.flags.no_exec() {
        return Ok(());
    }
    let root = Location {
        mount: at.mount,
        dentry: mount.root,
    };
    let path = context.world.display_path(context.pid, root);
    refuse_at(context, path, Errno::EACCES, "noexec")
}

/// Opening a device node (`may_open_dev`).
pub(crate) fn may_open_device(context: &mut Context, at: Location) -> Result<(), Errno> {
    if !super::dac::is_device_forbidden(context, at)? {
        return Ok(());
    }
    let root = Location {
        mount: at.mount,
        dentry: context.world.mount(at.mount)?.root,
    };
    let path = context.world.display_path(context.pid, root);
    refuse_at(context, path, Errno::EACCES, "nodev")
}
