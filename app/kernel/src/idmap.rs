//! Writing `uid_map` and `gid_map` of a user namespace
//! (`kernel/user_namespace.c`, `map_write`).

use crate::{
    capability::Capability, context::Context, errno::Errno, gate::capability, id::Pid,
    vfs::pseudo::TaskFile,
};

/// Most lines that a map may have (`UID_GID_MAP_MAX_EXTENTS`).
const MAX_LINES: usize = 340;

/// Maps the ids of a task's user namespace: once only, and without privilege
/// only the writer's own id.
pub(crate) fn write(
    context: &mut Context,
    target: Pid,
    file: TaskFile,
    data: &[u8],
) -> Result<(), Errno> {
    let user = file == TaskFile::UidMap;
    let task = context.world.task(target).ok_or(Errno::ESRCH)?;
    let namespace = task.credentials.user_namespace;
    let entry = context
        .world
        .namespaces
        .get(&namespace)
        .ok_or(Errno::EINVAL)?;
    let Some(parent) = entry.owner else {
        return context.fail(Errno::EPERM, "the initial namespace maps all ids already");
    };
    let creator = entry.creator;
    let there = if user {
        &entry.maps.uid
    } else {
        &entry.maps.gid
    };
    if !there.is_empty() {
        return context.fail(Errno::EPERM, "a map can be written once");
    }
    let lines = parse(data).ok_or(Errno::EINVAL)?;
    let mut map = Vec::new();
    for (inside, outside, count) in &lines {
        let outside = context.world.id_from(parent, *outside, user);
        let outside = outside.map_err(|_| Errno::EPERM)?;
        map.push((*inside, outside, *count));
    }
    let needed = if user {
        Capability::Setuid
    } else {
        Capability::Setgid
    };
    if !capability::ns_capable(context, namespace, needed) {
        return Err(Errno::EPERM);
    }
    let own = if user {
        context.credentials.uid.effective
    } else {
        context.credentials.gid.effective
    };
    let maker = context.credentials.uid.effective == creator;
    let only_own = maker && matches!(map.as_slice(), [(_, outside, 1)] if *outside == own);
    if !only_own && !capability::ns_capable(context, parent, needed) {
        return Err(Errno::EPERM);
    }
    let entry = context
        .world
        .namespaces
        .get_mut(&namespace)
        .ok_or(Errno::EINVAL)?;
    let maps = &mut std::sync::Arc::make_mut(entry).maps;
    if user {
        maps.uid = map;
    } else {
        maps.gid = map;
    }
    Ok(())
}

/// Lines of three numbers; none is empty, and there is at least one.
fn parse(data: &[u8]) -> Option<Vec<(u32, u32, u32)>> {
    let text = std::str::from_utf8(data).ok()?;
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace().map(str::parse);
        let line = (
            words.next()?.ok()?,
            words.next()?.ok()?,
            words.next()?.ok()?,
        );
        if words.next().is_some() || line.2 == 0 {
            return None;
        }
        lines.push(line);
    }
    (!lines.is_empty() && lines.len() <= MAX_LINES).then_some(lines)
}
