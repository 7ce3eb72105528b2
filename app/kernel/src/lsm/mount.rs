//! Mounts (`security/apparmor/mount.c`).

use std::sync::Arc;

use apparmor::{AuditMode, Class, Decision, MountRequest};

use super::{
    Question, absent,
    file::refusal,
    name::NameFailure,
    policy::{Loaded, Rules},
    settle,
};
use crate::{abi, audit::untrusted, context::Context, errno::Errno, vfs::Location};

/// `AA_MAY_MOUNT`, `AA_MAY_UMOUNT`, `AA_MAY_PIVOTROOT`
const MOUNT: u32 = 2;
const UMOUNT: u32 = 4;
const PIVOT_ROOT: u32 = 1;

/// Where something comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source<'a> {
    /// Nowhere in particular.
    None,
    /// A place, by the name the profile has for it.
    Place(Location),
    /// A word given by the caller.
    Word(&'a [u8]),
}

/// `mount(2)` and its kin (`match_mnt`).
pub(crate) fn mount(
    context: &mut Context,
    target: Location,
    source: Source,
    kind: Option<&[u8]>,
    flags: u64,
    data: Option<&[u8]>,
) -> Result<(), Errno> {
    let label = context.credentials.label.clone();
    let profiles = context.world.confining(&label);
    if profiles.is_empty() {
        absent(context);
        return Ok(());
    }
    let mut result = Ok(());
    for profile in &profiles {
        let outcome = mount_one(context, profile, target, source, kind, flags, data);
        result = outcome.and(result);
    }
    result
}

fn mount_one(
    context: &mut Context,
    profile: &Arc<Loaded>,
    target: Location,
    source: Source,
    kind: Option<&[u8]>,
    flags: u64,
    data: Option<&[u8]>,
) -> Result<(), Errno> {
    let mut failed = None;
    let name = match place_name(context, profile, target) {
        Ok(name) => name,
        Err(failure) => {
            failed = Some(failure.info);
            failure.name
        }
    };
    let source = match source {
        Source::None => None,
        Source::Word(word) => Some(Arc::from(word)),
        Source::Place(at) => match place_name(context, profile, at) {
            Ok(name) => Some(name),
            Err(failure) => {
                failed = Some(failure.info);
                None
            }
        },
    };
    let word = u32::try_from(flags & 0xffff_ffff).unwrap_or(0);
    let mut decision = match (&profile.rules, failed) {
        (_, Some(info)) => class_refusal(MOUNT, Some(info)),
        (Rules::Compiled(rules), None) => rules.mount(&MountRequest {
            mountpoint: &name,
            source: source.as_deref(),
            fstype: kind,
            flags: word,
            data,
        }),
        (Rules::Learning | Rules::Unconfined, None) => class_refusal(MOUNT, None),
    };
    let question = Question {
        operation: "mount",
        class: Some("mount"),
        name: Some(&name),
        info: None,
    };
    let quiet = context.world.enforcement(profile).audit == AuditMode::QuietDenied;
    if decision.error.is_some() && quiet && context.world.release.quiet_denied_enforces_mounts {
        decision.permissions.quiet |= MOUNT;
    }
    let options = data.filter(|_| decision.records_mount_options());
    settle(context, profile, &question, &decision, |_, _| {
        let mut tail = String::new();
        if let Some(kind) = kind {
            tail.push_str(" fstype=");
            untrusted(&mut tail, kind);
        }
        if let Some(source) = &source {
            tail.push_str(" srcname=");
            untrusted(&mut tail, source);
        }
        if flags != 0 {
            tail.push_str(" flags=\"");
            tail.push_str(&flag_words(flags));
            tail.push('"');
        }
        if let Some(options) = options {
            tail.push_str(" options=");
            untrusted(&mut tail, options);
        }
        tail
    })
}

/// A bind mount of something missing, on kernels that record it: nothing but
/// the flags is known.
pub(crate) fn missing_source(context: &mut Context, flags: u64) -> Result<(), Errno> {
    let label = context.credentials.label.clone();
    for profile in &context.world.confining(&label) {
        let decision = class_refusal(MOUNT, None);
        let question = Question {
            operation: "mount",
            class: Some("mount"),
            name: None,
            info: None,
        };
        // The error of the lookup stands, whatever is recorded.
        let _ = settle(context, profile, &question, &decision, |_, _| {
            format!(" flags=\"{}\"", flag_words(flags))
        });
    }
    Ok(())
}

fn class_refusal(request: u32, info: Option<&'static str>) -> Decision {
    Decision {
        class: Class::Mount,
        ..refusal(request, apparmor::Errno::Eacces, info)
    }
}

fn place_name(context: &Context, profile: &Loaded, at: Location) -> Result<Arc<[u8]>, NameFailure> {
    let directory = context
        .world
        .inode_at(at.dentry)
        .is_ok_and(|(_, inode)| inode.is_directory());
    let flags = profile.path_flags(false);
    context
        .world
        .object_name(context.pid, at, None, directory, &flags)
}

/// `umount2` (`profile_umount`).
pub(crate) fn umount(context: &mut Context, at: Location) -> Result<(), Errno> {
    each(context, |context, profile| {
        let (name, decision) = match place_name(context, profile, at) {
            Err(failure) => (failure.name, class_refusal(UMOUNT, Some(failure.info))),
            Ok(name) => {
                let decision = match &profile.rules {
                    Rules::Compiled(rules) => rules.umount(&name),
                    Rules::Learning | Rules::Unconfined => class_refusal(UMOUNT, None),
                };
                (name, decision)
            }
        };
        let question = Question {
            operation: "umount",
            class: Some("mount"),
            name: Some(&name),
            info: None,
        };
        settle(context, profile, &question, &decision, |_, _| String::new())
    })
}

/// `pivot_root` (`build_pivotroot`).
pub(crate) fn pivot_root(
    context: &mut Context,
    new_root: Location,
    put_old: Location,
) -> Result<(), Errno> {
    let with_profile = context.world.release.pivot_root_records_profile;
    each(context, |context, profile| {
        let old = place_name(context, profile, put_old);
        let new = place_name(context, profile, new_root);
        let (name, source, decision) = match (new, old) {
            (Ok(new), Ok(old)) => {
                let decision = match &profile.rules {
                    Rules::Compiled(rules) => rules.pivot_root(&new, &old),
                    Rules::Learning | Rules::Unconfined => class_refusal(PIVOT_ROOT, None),
                };
                (new, Some(old), decision)
            }
            (new, old) => {
                let info = new
                    .as_ref()
                    .err()
                    .or(old.as_ref().err())
                    .map(|failure| failure.info);
                let name = new.unwrap_or_else(|failure| failure.name);
                (name, old.ok(), class_refusal(PIVOT_ROOT, info))
            }
        };
        let question = Question {
            operation: "pivotroot",
            class: Some("mount"),
            name: Some(&name),
            info: None,
        };
        settle(context, profile, &question, &decision, |_, _| {
            let mut tail = String::new();
            if let Some(source) = &source {
                tail.push_str(" srcname=");
                untrusted(&mut tail, source);
            }
            if with_profile {
                tail.push_str(" trans=");
                untrusted(&mut tail, profile.name.as_bytes());
            }
            tail
        })
    })
}

fn each(
    context: &mut Context,
    mut ask: impl FnMut(&mut Context, &Arc<Loaded>) -> Result<(), Errno>,
) -> Result<(), Errno> {
    let label = context.credentials.label.clone();
    let profiles = context.world.confining(&label);
    if profiles.is_empty() {
        absent(context);
        return Ok(());
    }
    let mut result = Ok(());
    for profile in &profiles {
        result = ask(context, profile).and(result);
    }
    result
}

/// `audit_mnt_flags`
fn flag_words(flags: u64) -> String {
    let recursive = flags & abi::MS_REC != 0;
    let mut text = if flags & abi::MS_RDONLY != 0 {
        "ro"
    } else {
        "rw"
    }
    .to_owned();
    let words: [(u64, &str, &str); 20] = [
        (abi::MS_NOSUID, "nosuid", "nosuid"),
        (abi::MS_NODEV, "nodev", "nodev"),
        (abi::MS_NOEXEC, "noexec", "noexec"),
        (abi::MS_SYNCHRONOUS, "sync", "sync"),
        (abi::MS_REMOUNT, "remount", "remount"),
        (abi::MS_MANDLOCK, "mand", "mand"),
        (abi::MS_DIRSYNC, "dirsync", "dirsync"),
        (abi::MS_NOATIME, "noatime", "noatime"),
        (abi::MS_NODIRATIME, "nodiratime", "nodiratime"),
        (abi::MS_BIND, "bind", "rbind"),
        (abi::MS_MOVE, "move", "move"),
        (abi::MS_SILENT, "silent", "silent"),
        (POSIX_ACL, "acl", "acl"),
        (abi::MS_UNBINDABLE, "unbindable", "runbindable"),
        (abi::MS_PRIVATE, "private", "rprivate"),
        (abi::MS_SLAVE, "slave", "rslave"),
        (abi::MS_SHARED, "shared", "rshared"),
        (abi::MS_RELATIME, "relatime", "relatime"),
        (abi::MS_I_VERSION, "iversion", "iversion"),
        (abi::MS_STRICTATIME, "strictatime", "strictatime"),
    ];
    for (bit, plain, deep) in words {
        if flags & bit != 0 {
            text.push_str(", ");
            text.push_str(if recursive { deep } else { plain });
        }
    }
    text
}

/// `MS_POSIXACL`
const POSIX_ACL: u64 = 1 << 16;
