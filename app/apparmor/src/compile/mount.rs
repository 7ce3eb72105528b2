//! Mount rules: `class mountpoint NUL source NUL type NUL flags`.
//!
//! As `gen_flag_rules` of `mount.cc` (5.0.2): a rule that names no command is written once for each
//! command it may mean, with the flags that the kernel looks at for that command. Each set flag is
//! one byte, its number plus one.

use super::class::{ClassBuilder, Grant, PatternError, push_byte, push_glob};
use crate::{
    decision::RuleId,
    level::Level,
    tree::{Mount, MountKind, Operator, PivotRoot, Prefix, Text},
    vocabulary::{MS_ALL, mount_option},
};

/// The class byte of mounts.
pub(crate) const MOUNT_CLASS: u8 = 7;
/// `AA_MAY_PIVOTROOT`
pub(crate) const MAY_PIVOT_ROOT: u32 = 0x1;
/// `AA_MAY_MOUNT`
pub(crate) const MAY_MOUNT: u32 = 0x2;
/// `AA_MAY_UMOUNT`
pub(crate) const MAY_UMOUNT: u32 = 0x4;
/// `AA_MNT_CONT_MATCH`: the options of the file system are looked at as well.
pub(crate) const MATCH_DATA: u32 = 0x40;

/// `AA_AUDIT_DATA`, among the bits that are logged: the record holds the options of the file system.
pub(crate) const AUDIT_DATA: u32 = 0x80;

/// Mount flags (`include/uapi/linux/mount.h`).
pub(crate) mod mount_flags {
    pub(crate) const REMOUNT: u32 = 1 << 5;
    pub(crate) const BIND: u32 = 1 << 12;
    pub(crate) const MOVE: u32 = 1 << 13;
    pub(crate) const REC: u32 = 1 << 14;
    pub(crate) const SILENT: u32 = 1 << 15;
    /// Unbindable, private, slave, shared.
    pub(crate) const PROPAGATION: u32 = 0b1111 << 17;
}

use mount_flags as ms;

/// The flags looked at for a remount.
const REMOUNT_FLAGS: u32 = MS_ALL & !ms::MOVE;
/// The flags looked at for a bind mount.
const BIND_FLAGS: u32 = ms::BIND | ms::REC;
/// The flags looked at for a change of propagation: all but those of a new mount alone.
const PROPAGATION_FLAGS: u32 =
    MS_ALL & !(1 << 1 | 1 << 2 | 1 << 3 | 1 << 10 | 1 << 11 | 1 << 21 | 1 << 24);
/// The flags looked at for a new mount.
const NEW_FLAGS: u32 = MS_ALL & !(ms::REMOUNT | ms::BIND | ms::MOVE | ms::REC | ms::PROPAGATION);

const ANYTHING: &[u8] = b"[^\\000]*";
const NUL: &[u8] = b"\\x00";

/// The flags of one written set: those that must be set and those that may be.
#[derive(Clone, Copy)]
struct Flags {
    required: u32,
    optional: u32,
    /// No set is written.
    any: bool,
    /// An option is written that clears a flag, such as `rw`.
    clears: bool,
}

/// Where the parts of a rule go in the pattern.
#[derive(Clone, Copy)]
struct Parts<'a> {
    mountpoint: Option<&'a str>,
    source: Option<&'a str>,
    types: &'a [u8],
}

/// Since this release each set of flags is written for one command only. Before, a rule with several
/// commands, or with flags besides them, gave all of these, so that `options=(ro,remount,bind)`
/// let a new file system be mounted (CVE-2016-1585; recorded: mount, mount-37 on 6.1).
const ONE_COMMAND: Level = Level::V4_1;

/// Adds a mount, remount or umount rule as a release writes it.
pub(crate) fn add(
    class: &mut ClassBuilder,
    rule: RuleId,
    prefix: Prefix,
    mount: &Mount,
    level: Level,
) -> Result<(), PatternError> {
    let mountpoint = mount.mountpoint.as_ref().map(Text::as_str);
    if mount.kind == MountKind::Umount {
        let mut expression = Vec::new();
        push_byte(MOUNT_CLASS, &mut expression);
        push_path(mountpoint, &mut expression)?;
        return class.add(&expression, Grant::new(rule, prefix, MAY_UMOUNT));
    }
    let types = types(mount)?;
    let parts = Parts {
        mountpoint,
        source: mount.source.as_ref().map(Text::as_str),
        types: &types,
    };
    let mut grant = Grant::new(rule, prefix, MAY_MOUNT);
    if level < ONE_COMMAND && prefix.audit {
        grant.audit |= AUDIT_DATA;
    }
    for flags in written_flags(mount, level) {
        let expressions = if level < ONE_COMMAND {
            every_command(parts, flags)?
        } else {
            commands(parts, flags)?
        };
        for expression in expressions {
            class.add(&expression, grant)?;
        }
    }
    Ok(())
}

/// Adds a `pivot_root` rule.
pub(crate) fn add_pivot_root(
    class: &mut ClassBuilder,
    rule: RuleId,
    prefix: Prefix,
    pivot: &PivotRoot,
) -> Result<(), PatternError> {
    let mut expression = Vec::new();
    push_byte(MOUNT_CLASS, &mut expression);
    push_path(pivot.new_root.as_ref().map(Text::as_str), &mut expression)?;
    expression.extend_from_slice(NUL);
    push_path(pivot.old_root.as_ref().map(Text::as_str), &mut expression)?;
    class.add(&expression, Grant::new(rule, prefix, MAY_PIVOT_ROOT))
}

fn push_path(path: Option<&str>, out: &mut Vec<u8>) -> Result<(), PatternError> {
    if let Some(path) = path {
        return push_glob(path, out);
    }
    out.extend_from_slice(ANYTHING);
    Ok(())
}

/// `fstype=` as an expression; empty where none is written.
fn types(mount: &Mount) -> Result<Vec<u8>, PatternError> {
    let mut out = Vec::new();
    let values = mount
        .conditions
        .iter()
        .filter(|condition| matches!(condition.name.as_str(), "fstype" | "vfstype"))
        .flat_map(|condition| &condition.values);
    for value in values {
        out.push(if out.is_empty() { b'(' } else { b'|' });
        push_glob(value.as_str(), &mut out)?;
    }
    if !out.is_empty() {
        out.push(b')');
    }
    Ok(out)
}

/// Every `options=` set with every `options in` set.
fn written_flags(mount: &Mount, level: Level) -> Vec<Flags> {
    let written = || {
        mount
            .conditions
            .iter()
            .filter(|condition| matches!(condition.name.as_str(), "options" | "option"))
    };
    let sets = |operator: Operator| -> Vec<u32> {
        written()
            .filter(|condition| condition.operator == operator)
            .map(|condition| {
                condition
                    .values
                    .iter()
                    .filter_map(|value| mount_option(value.as_str()))
                    .fold(0, |flags, option| flags | option.set)
            })
            .collect()
    };
    let (mut required, mut optional) = (sets(Operator::Equals), sets(Operator::In));
    let any = required.is_empty() && optional.is_empty();
    let remount = if mount.kind == MountKind::Remount {
        ms::REMOUNT
    } else {
        0
    };
    // The older release takes `remount` alone for exactly that flag.
    if any && !(remount != 0 && level < ONE_COMMAND) {
        optional.push(MS_ALL);
    }
    let clears = written()
        .flat_map(|condition| &condition.values)
        .filter_map(|value| mount_option(value.as_str()))
        .any(|option| option.clear != 0);
    if required.is_empty() {
        required.push(0);
    }
    if optional.is_empty() {
        optional.push(0);
    }
    required
        .iter()
        .flat_map(|required| {
            optional.iter().map(move |optional| Flags {
                required: required | remount,
                optional: optional & !(required | remount),
                any,
                clears,
            })
        })
        .collect()
}

/// The expressions of one set of flags, one for each command it may mean.
fn commands(parts: Parts<'_>, flags: Flags) -> Result<Vec<Vec<u8>>, PatternError> {
    let Parts {
        mountpoint,
        source,
        types,
    } = parts;
    let untyped = types.is_empty();
    let mut expressions = Vec::new();
    let mut write = |mountpoint, source, types, mask| {
        expression(mountpoint, source, types, flags, mask).map(|text| expressions.push(text))
    };
    // A source alone is the mount point of a change of propagation.
    let changed = match (mountpoint, source) {
        (Some(mountpoint), None) => Some(Some(mountpoint)),
        (None, Some(source)) if !flags.any => Some(Some(source)),
        (None, None) => Some(None),
        _ => None,
    };
    let required = flags.required;
    if required == 0 {
        if source.is_none() && untyped {
            write(mountpoint, None, types, REMOUNT_FLAGS)?;
        }
        if untyped {
            write(mountpoint, source, types, BIND_FLAGS)?;
            if let Some(changed) = changed {
                write(changed, None, types, PROPAGATION_FLAGS)?;
            }
            write(mountpoint, source, types, ms::MOVE)?;
        }
        write(mountpoint, source, types, NEW_FLAGS)?;
    } else if required & ms::REMOUNT != 0 && source.is_none() && untyped {
        write(mountpoint, None, types, REMOUNT_FLAGS)?;
    } else if required & ms::BIND != 0 && untyped {
        write(mountpoint, source, types, BIND_FLAGS)?;
    } else if required & ms::PROPAGATION != 0 && untyped && changed.is_some() {
        write(changed.flatten(), None, types, PROPAGATION_FLAGS)?;
    } else if required & ms::MOVE != 0 && untyped {
        write(mountpoint, source, types, ms::MOVE)?;
    } else {
        write(mountpoint, source, types, NEW_FLAGS)?;
    }
    Ok(expressions)
}

/// The expressions of one set of flags as 3.0 writes them: for every command of which a flag is
/// written, and for a new mount when any other is.
fn every_command(parts: Parts<'_>, flags: Flags) -> Result<Vec<Vec<u8>>, PatternError> {
    let Parts {
        mountpoint,
        source,
        types,
    } = parts;
    let untyped = types.is_empty();
    let written = flags.required | flags.optional;
    let mut expressions = Vec::new();
    let mut write = |mountpoint, source, types, mask| {
        expression(mountpoint, source, types, flags, mask).map(|text| expressions.push(text))
    };
    if written & ms::REMOUNT != 0 && source.is_none() && untyped {
        write(mountpoint, None, types, REMOUNT_FLAGS)?;
    }
    if written & ms::BIND != 0 && untyped {
        write(mountpoint, source, types, BIND_FLAGS)?;
    }
    let one_place = source.is_none() || (mountpoint.is_none() && !flags.any);
    if written & ms::PROPAGATION != 0 && untyped && one_place {
        write(mountpoint.or(source), None, types, PROPAGATION_FLAGS)?;
    }
    if written & ms::MOVE != 0 && untyped {
        write(mountpoint, source, types, ms::MOVE)?;
    }
    if written & NEW_FLAGS != 0 || flags.clears {
        write(mountpoint, source, types, NEW_FLAGS)?;
    }
    Ok(expressions)
}

fn expression(
    mountpoint: Option<&str>,
    source: Option<&str>,
    types: &[u8],
    flags: Flags,
    mask: u32,
) -> Result<Vec<u8>, PatternError> {
    let mut out = Vec::new();
    push_byte(MOUNT_CLASS, &mut out);
    push_path(mountpoint, &mut out)?;
    out.extend_from_slice(NUL);
    push_path(source, &mut out)?;
    out.extend_from_slice(NUL);
    out.extend_from_slice(if types.is_empty() { ANYTHING } else { types });
    out.extend_from_slice(NUL);
    for bit in 0u8..32 {
        if flags.optional & mask & 1 << bit != 0 {
            out.push(b'(');
            push_byte(bit + 1, &mut out);
            out.extend_from_slice(b"|)");
        } else if flags.required & mask & 1 << bit != 0 {
            push_byte(bit + 1, &mut out);
        }
    }
    Ok(out)
}
