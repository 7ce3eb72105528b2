//! Changing who one is: ids, groups, capability sets, securebits
//! (`kernel/sys.c`, `security/commoncap.c`).

use std::sync::Arc;

use crate::{
    arguments::Arguments,
    capability::{Capability, CapabilitySet},
    context::Context,
    credentials::{Credentials, Ids, securebits},
    errno::Errno,
    gate::capability,
};

/// The id that leaves a field alone.
const KEEP: u32 = u32::MAX;

fn own(context: &mut Context, capability: Capability) -> bool {
    let namespace = context.credentials.user_namespace;
    capability::ns_capable(context, namespace, capability)
}

fn mapped(context: &Context, id: u32, user: bool) -> Result<u32, Errno> {
    context
        .world
        .id_from(context.credentials.user_namespace, id, user)
}

/// `setuid(uid)`
pub(super) fn setuid(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let uid = mapped(context, args.uint(0), true)?;
    let mut new = (*context.credentials).clone();
    if own(context, Capability::Setuid) {
        new.uid.real = uid;
        new.uid.saved = uid;
    } else if uid != new.uid.real && uid != new.uid.saved {
        return Err(Errno::EPERM);
    }
    new.uid.effective = uid;
    new.uid.fs = uid;
    commit_uid(context, new)
}

/// `setgid(gid)`
pub(super) fn setgid(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let gid = mapped(context, args.uint(0), false)?;
    let mut new = (*context.credentials).clone();
    if own(context, Capability::Setgid) {
        new.gid = Ids::all(gid);
    } else if gid == new.gid.real || gid == new.gid.saved {
        new.gid.effective = gid;
        new.gid.fs = gid;
    } else {
        return Err(Errno::EPERM);
    }
    commit(context, new)
}

/// `setresuid(real, effective, saved)`
pub(super) fn setresuid(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let ids = change(context, args, true)?;
    let mut new = (*context.credentials).clone();
    new.uid = ids;
    commit_uid(context, new)
}

/// `setresgid(real, effective, saved)`
pub(super) fn setresgid(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let ids = change(context, args, false)?;
    let mut new = (*context.credentials).clone();
    new.gid = ids;
    commit(context, new)
}

/// `setreuid(real, effective)`
pub(super) fn setreuid(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let ids = change_pair(context, args, true)?;
    let mut new = (*context.credentials).clone();
    new.uid = ids;
    commit_uid(context, new)
}

/// `setregid(real, effective)`
pub(super) fn setregid(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let ids = change_pair(context, args, false)?;
    let mut new = (*context.credentials).clone();
    new.gid = ids;
    commit(context, new)
}

fn change(context: &mut Context, args: &Arguments, user: bool) -> Result<Ids, Errno> {
    let old = if user {
        context.credentials.uid
    } else {
        context.credentials.gid
    };
    let mut wanted = [old.real, old.effective, old.saved];
    let mut foreign = false;
    for (index, slot) in wanted.iter_mut().enumerate() {
        let id = args.uint(index);
        if id == KEEP {
            continue;
        }
        let id = mapped(context, id, user)?;
        foreign |= id != old.real && id != old.effective && id != old.saved;
        *slot = id;
    }
    let capability = if user {
        Capability::Setuid
    } else {
        Capability::Setgid
    };
    if foreign && !own(context, capability) {
        return Err(Errno::EPERM);
    }
    Ok(Ids {
        real: wanted[0],
        effective: wanted[1],
        saved: wanted[2],
        fs: wanted[1],
    })
}

fn change_pair(context: &mut Context, args: &Arguments, user: bool) -> Result<Ids, Errno> {
    let old = if user {
        context.credentials.uid
    } else {
        context.credentials.gid
    };
    let mut new = old;
    let mut foreign = false;
    if args.uint(0) != KEEP {
        new.real = mapped(context, args.uint(0), user)?;
        foreign |= new.real != old.real && new.real != old.effective;
    }
    if args.uint(1) != KEEP {
        new.effective = mapped(context, args.uint(1), user)?;
        foreign |= new.effective != old.real
            && new.effective != old.effective
            && new.effective != old.saved;
    }
    let capability = if user {
        Capability::Setuid
    } else {
        Capability::Setgid
    };
    if foreign && !own(context, capability) {
        return Err(Errno::EPERM);
    }
    if args.uint(0) != KEEP || (args.uint(1) != KEEP && new.effective != old.real) {
        new.saved = new.effective;
    }
    new.fs = new.effective;
    Ok(new)
}

/// `setfsuid(uid)`: returns the old one, whatever happens.
pub(super) fn setfsuid(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let old = context.credentials.uid;
    let shown = context
        .world
        .id_into(context.credentials.user_namespace, old.fs, true);
    let Ok(uid) = mapped(context, args.uint(0), true) else {
        return Ok(i64::from(shown));
    };
    let own_id = uid == old.real || uid == old.effective || uid == old.saved || uid == old.fs;
    if own_id || own(context, Capability::Setuid) {
        let mut new = (*context.credentials).clone();
        new.uid.fs = uid;
        let root = context.world.root_of(new.user_namespace);
        if new.securebits & securebits::NO_SETUID_FIXUP == 0 {
            if old.fs == root && uid != root {
                new.effective = FILE_CAPABILITIES
                    .iter()
                    .fold(new.effective, |set, capability| set.without(*capability));
            }
            if old.fs != root && uid == root {
                let files: CapabilitySet = FILE_CAPABILITIES.iter().copied().collect();
                new.effective = new.effective.or(new.permitted.and(files));
            }
        }
        commit(context, new)?;
    }
    Ok(i64::from(shown))
}

/// `CAP_FS_MASK`: what goes with the file-system uid.
const FILE_CAPABILITIES: [Capability; 8] = [
    Capability::Chown,
    Capability::Mknod,
    Capability::DacOverride,
    Capability::DacReadSearch,
    Capability::Fowner,
    Capability::Fsetid,
    Capability::LinuxImmutable,
    Capability::MacOverride,
];

/// `setgroups(size, list)`
pub(super) fn setgroups(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    /// `NGROUPS_MAX`
    const MAX: u32 = 65536;
    if !own(context, Capability::Setgid) {
        return Err(Errno::EPERM);
    }
    let count = args.uint(0);
    if count > MAX {
        return Err(Errno::EINVAL);
    }
    let mut groups = Vec::new();
    for index in 0..count as usize {
        let gid = u32::try_from(args.field(1, index * 4, 4)?).map_err(|_| Errno::EINVAL)?;
        groups.push(mapped(context, gid, false)?);
    }
    let mut new = (*context.credentials).clone();
    new.groups = Arc::from(groups);
    commit(context, new)
}

/// `cap_emulate_setxuid`: capability sets follow root's comings and goings.
fn commit_uid(context: &mut Context, mut new: Credentials) -> Result<i64, Errno> {
    let old = Arc::clone(&context.credentials);
    if new.securebits & securebits::NO_SETUID_FIXUP == 0 {
        let root = context.world.root_of(new.user_namespace);
        let any = |ids: Ids| ids.real == root || ids.effective == root || ids.saved == root;
        if any(old.uid) && !any(new.uid) {
            if new.securebits & securebits::KEEP_CAPS == 0 {
                new.permitted = CapabilitySet::EMPTY;
                new.effective = CapabilitySet::EMPTY;
            }
            new.ambient = CapabilitySet::EMPTY;
        }
        if old.uid.effective == root && new.uid.effective != root {
            new.effective = CapabilitySet::EMPTY;
        }
        if old.uid.effective != root && new.uid.effective == root {
            new.effective = new.permitted;
        }
    }
    commit(context, new)
}

/// `commit_creds`: a change of ids or a gain of privilege ends dumpability.
fn commit(context: &mut Context, new: Credentials) -> Result<i64, Errno> {
    let old = Arc::clone(&context.credentials);
    let sensitive = old.uid.effective != new.uid.effective
        || old.gid.effective != new.gid.effective
        || old.uid.fs != new.uid.fs
        || old.gid.fs != new.gid.fs
        || !new.permitted.is_subset(old.permitted);
    context.set_credentials(new)?;
    if sensitive {
        context.task_mut()?.dumpable = false;
    }
    Ok(0)
}

/// `capset(header, data)`, revision 3.
pub(super) fn capset(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    /// `_LINUX_CAPABILITY_VERSION_3`
    const VERSION: u64 = 0x2008_0522;
    if args.field(0, 0, 4)? != VERSION {
        return Err(Errno::EINVAL);
    }
    let set = |offset: usize| -> Result<CapabilitySet, Errno> {
        let low = args.field(1, offset, 4)?;
        let high = args.field(1, offset + 12, 4)?;
        Ok(CapabilitySet::from_bits(low | high << 32))
    };
    let (effective, permitted, inheritable) = (set(0)?, set(4)?, set(8)?);
    let old = Arc::clone(&context.credentials);
    let raise = !inheritable.is_subset(old.inheritable.or(old.permitted));
    if raise && !own(context, Capability::Setpcap) {
        return Err(Errno::EPERM);
    }
    if !inheritable.is_subset(old.inheritable.or(old.bounding))
        || !permitted.is_subset(old.permitted)
        || !effective.is_subset(permitted)
    {
        return context.fail(Errno::EPERM, "a set may not grow beyond the permitted one");
    }
    let mut new = (*old).clone();
    new.effective = effective;
    new.permitted = permitted;
    new.inheritable = inheritable;
    new.ambient = new.ambient.and(permitted).and(inheritable);
    commit(context, new)
}

/// `capget(header, data)`
pub(super) fn capget(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    args.memory(0)?;
    let credentials = &context.credentials;
    let sets = [
        credentials.effective,
        credentials.permitted,
        credentials.inheritable,
    ];
    let mut bytes = Vec::new();
    for shift in [0, 32] {
        for set in sets {
            let word = u32::try_from(set.bits() >> shift & 0xffff_ffff).unwrap_or(0);
            bytes.extend_from_slice(&word.to_le_bytes());
        }
    }
    context.answer = crate::event::Answer::Data(bytes);
    Ok(0)
}
