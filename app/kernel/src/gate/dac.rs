//! Discretionary access control: owner, group, mode (`fs/namei.c`).

use crate::{
    abi::{self, MAY_EXEC, MAY_READ, MAY_WRITE},
    capability::Capability,
    context::Context,
    credentials::Credentials,
    errno::Errno,
    event::{DacClass, DacEvidence, Evidence, GateKind, Verdict},
    gate::{capability, mount_flags},
    id::InodeId,
    vfs::{Content, FilesystemKind, Inode, Location},
};

/// Which class of mode bits applies, and what the bits allow.
fn class_bits(credentials: &Credentials, inode: &Inode) -> (DacClass, u32) {
    if credentials.uid.fs == inode.uid {
        (DacClass::Owner, inode.mode >> 6 & 7)
    } else if credentials.in_group(inode.gid) {
        (DacClass::Group, inode.mode >> 3 & 7)
    } else {
        (DacClass::Other, inode.mode & 7)
    }
}

fn evidence(inode: &Inode, class: DacClass, wanted: u32, rule: Option<&'static str>) -> Evidence {
    Evidence::Dac(DacEvidence {
        inode: inode.number,
        mode: inode.mode,
        uid: inode.uid,
        gid: inode.gid,
        class,
        wanted,
        rule,
    })
}

/// Whether the mode bits alone let a walk through a directory (`may_lookup`);
/// if not, [`permission`] says whether it goes on.
pub(crate) fn is_searchable(credentials: &Credentials, directory: &Inode) -> bool {
    class_bits(credentials, directory).1 & MAY_EXEC != 0
}

/// Access to an inode (`inode_permission` with `generic_permission`).
pub(crate) fn permission(context: &mut Context, id: InodeId, wanted: u32) -> Result<(), Errno> {
    let inode = context.world.inode(id)?;
    let (class, bits) = class_bits(&context.credentials, inode);
    let evidence = evidence(inode, class, wanted, None);
    if wanted & !bits == 0 {
        context.gate(GateKind::Dac, Verdict::Allowed, evidence);
        return Ok(());
    }
    let executable = inode.mode & 0o111 != 0;
    let directory = inode.is_directory();
    let mark = context.gates.len();
    context.gate(GateKind::Dac, Verdict::Denied(Errno::EACCES), evidence);
    let override_allowed = if directory {
        (wanted & MAY_WRITE == 0
            && capability::capable_over_inode(context, id, Capability::DacReadSearch))
            || capability::capable_over_inode(context, id, Capability::DacOverride)
    } else {
        (wanted == MAY_READ
            && capability::capable_over_inode(context, id, Capability::DacReadSearch))
            || ((wanted & MAY_EXEC == 0 || executable)
                && capability::capable_over_inode(context, id, Capability::DacOverride))
    };
    if !override_allowed {
        return context.refuse(GateKind::Dac, Errno::EACCES);
    }
    excuse(context, mark);
    Ok(())
}

/// Marks the refusals since `mark` as outweighed.
pub(crate) fn excuse(context: &mut Context, mark: usize) {
    for gate in &mut context.gates[mark..] {
        if matches!(gate.verdict, Verdict::Denied(_)) && !context.waived.has(gate.kind) {
            gate.verdict = Verdict::Excused;
        }
    }
}

/// Access to an inode through a path, with the filesystem's read-only flag
/// (`inode_permission`, `sb_permission`).
pub(crate) fn inode_permission(
    context: &mut Context,
    id: InodeId,
    wanted: u32,
) -> Result<(), Errno> {
    if wanted & MAY_WRITE != 0 {
        let inode = context.world.inode(id)?;
        let storage = matches!(
            inode.content,
            Content::File(_) | Content::Directory(_) | Content::Symlink(_)
        );
        if storage && context.world.filesystem(inode.filesystem)?.read_only {
            mount_flags::refuse(context, Errno::EROFS, "ro")?;
        }
        let inode = context.world.inode(id)?;
        if inode.immutable {
            let evidence = evidence(
                inode,
                DacClass::Other,
                wanted,
                Some("the file is immutable"),
            );
            context.gate(GateKind::Dac, Verdict::Denied(Errno::EPERM), evidence);
            context.refuse(GateKind::Dac, Errno::EPERM)?;
        }
    }
    permission(context, id, wanted)
}

/// Adding a name to a directory (`may_create`).
pub(crate) fn may_create(context: &mut Context, directory: Location) -> Result<(), Errno> {
    let (id, inode) = context.world.inode_at(directory.dentry)?;
    if inode.links == 0 {
        return context.fail(Errno::ENOENT, "the directory has been removed");
    }
    inode_permission(context, id, MAY_WRITE | MAY_EXEC)
}

/// Removing a name (`may_delete`): permission on the directory, the sticky
/// bit, and the kind of victim.
pub(crate) fn may_delete(
    context: &mut Context,
    directory: Location,
    victim: Location,
    want_directory: bool,
) -> Result<(), Errno> {
    let (parent, _) = context.world.inode_at(directory.dentry)?;
    inode_permission(context, parent, MAY_WRITE | MAY_EXEC)?;
    let (id, _) = context.world.inode_at(victim.dentry)?;
    sticky(context, parent, id)?;
    let is_directory = context.world.inode(id)?.is_directory();
    if want_directory {
        if !is_directory {
            return context.fail(Errno::ENOTDIR, "not a directory");
        }
        if context.world.dentry(victim.dentry)?.parent == victim.dentry {
            return context.fail(Errno::EBUSY, "the root of a filesystem");
        }
    } else if is_directory {
        return context.fail(Errno::EISDIR, "a directory");
    }
    Ok(())
}

/// `check_sticky`: in a sticky directory only owners remove.
fn sticky(context: &mut Context, parent: InodeId, victim: InodeId) -> Result<(), Errno> {
    let directory = context.world.inode(parent)?;
    if directory.mode & abi::S_ISVTX == 0 {
        return Ok(());
    }
    let fsuid = context.credentials.uid.fs;
    let inode = context.world.inode(victim)?;
    if inode.uid == fsuid || directory.uid == fsuid {
        return Ok(());
    }
    let evidence = evidence(
        inode,
        DacClass::Other,
        MAY_WRITE,
        Some("the directory is sticky"),
    );
    let mark = context.gates.len();
    context.gate(GateKind::Dac, Verdict::Denied(Errno::EPERM), evidence);
    if capability::capable_over_inode(context, victim, Capability::Fowner) {
        excuse(context, mark);
        return Ok(());
    }
    context.refuse(GateKind::Dac, Errno::EPERM)
}

/// Whether the caller owns an inode or may act as its owner
/// (`inode_owner_or_capable`).
pub(crate) fn owner_or_capable(context: &mut Context, id: InodeId) -> bool {
    let Ok(inode) = context.world.inode(id) else {
        return false;
    };
    let owner = inode.uid == context.credentials.uid.fs;
    let evidence = evidence(inode, DacClass::Owner, 0, Some("only the owner may"));
    let mark = context.gates.len();
    if owner {
        context.gate(GateKind::Dac, Verdict::Allowed, evidence);
        return true;
    }
    context.gate(GateKind::Dac, Verdict::Denied(Errno::EPERM), evidence);
    let uid = context.world.inode(id).map_or(0, |inode| inode.uid);
    let namespace = context.credentials.user_namespace;
    let mapped = context.world.maps_uid(namespace, uid);
    if mapped && capability::ns_capable(context, namespace, Capability::Fowner) {
        excuse(context, mark);
        return true;
    }
    context.waived.has(GateKind::Dac)
}

/// `fs.protected_symlinks` (`may_follow_link`).
pub(crate) fn may_follow_link(
    context: &mut Context,
    directory: Location,
    link: Location,
) -> Result<(), Errno> {
    if !context.world.settings.protected_symlinks {
        return Ok(());
    }
    let (_, inode) = context.world.inode_at(link.dentry)?;
    let (_, parent) = context.world.inode_at(directory.dentry)?;
    if inode.uid == context.credentials.uid.fs
        || parent.mode & (abi::S_ISVTX | 0o002) != abi::S_ISVTX | 0o002
        || parent.uid == inode.uid
    {
        return Ok(());
    }
    let evidence = evidence(inode, DacClass::Other, 0, Some("fs.protected_symlinks"));
    context.gate(GateKind::Dac, Verdict::Denied(Errno::EACCES), evidence);
    context.refuse(GateKind::Dac, Errno::EACCES)
}

/// `fs.protected_hardlinks` (`may_linkat`).
pub(crate) fn may_link(context: &mut Context, id: InodeId) -> Result<(), Errno> {
    if !context.world.settings.protected_hardlinks {
        return Ok(());
    }
    if is_safe_to_link(context, id)? {
        return Ok(());
    }
    if owner_or_capable(context, id) {
        return Ok(());
    }
    Err(Errno::EPERM)
}

/// `safe_hardlink_source`.
fn is_safe_to_link(context: &mut Context, id: InodeId) -> Result<bool, Errno> {
    let inode = context.world.inode(id)?;
    let setgid = abi::S_ISGID | 0o010;
    if !inode.is_regular() || inode.mode & abi::S_ISUID != 0 || inode.mode & setgid == setgid {
        return Ok(false);
    }
    let mark = context.gates.len();
    let allowed = permission(context, id, MAY_READ | MAY_WRITE).is_ok();
    if !allowed {
        excuse(context, mark);
    }
    Ok(allowed)
}

/// `fs.protected_regular` and `fs.protected_fifos` (`may_create_in_sticky`).
pub(crate) fn may_create_in_sticky(
    context: &mut Context,
    directory: Location,
    id: InodeId,
) -> Result<(), Errno> {
    let (_, parent) = context.world.inode_at(directory.dentry)?;
    let inode = context.world.inode(id)?;
    let level = match inode.kind() {
        abi::S_IFREG => context.world.settings.protected_regular,
        abi::S_IFIFO => context.world.settings.protected_fifos,
        _ => 0,
    };
    if level == 0
        || parent.mode & abi::S_ISVTX == 0
        || inode.uid == parent.uid
        || inode.uid == context.credentials.uid.fs
    {
        return Ok(());
    }
    if parent.mode & 0o002 != 0 || (parent.mode & 0o020 != 0 && level >= 2) {
        let evidence = evidence(
            inode,
            DacClass::Other,
            MAY_WRITE,
            Some("fs.protected_regular or _fifos"),
        );
        context.gate(GateKind::Dac, Verdict::Denied(Errno::EACCES), evidence);
        return context.refuse(GateKind::Dac, Errno::EACCES);
    }
    Ok(())
}

/// `may_open_dev` and `path_noexec`: what the mount forbids for an open.
pub(crate) fn is_device_forbidden(context: &Context, at: Location) -> Result<bool, Errno> {
    let (_, inode) = context.world.inode_at(at.dentry)?;
    let device = matches!(
        inode.content,
        Content::CharacterDevice(..) | Content::BlockDevice(..)
    );
    let foreign = context.world.filesystem(inode.filesystem)?.user_namespace
        != capability::INITIAL_USER
        && context.world.filesystem(inode.filesystem)?.kind != FilesystemKind::Proc;
    Ok(device && (context.world.mount(at.mount)?.flags.no_dev() || foreign))
}
