//! `/proc/PID/attr/{current,exec,prev}` (`security/apparmor/procattr.c`,
//! `apparmor_setprocattr`).

use super::{
    domain::{self, Change},
    record::{Record, Subject},
};
use crate::{
    audit, context::Context, errno::Errno, id::Pid, lsm::label::Label, settings::Presence,
    vfs::pseudo::Attribute,
};

/// Reads an attribute; `EINVAL` where it is unset or AppArmor is off.
pub(crate) fn read(context: &Context, pid: Pid, attribute: Attribute) -> Result<Vec<u8>, Errno> {
    if context.world.settings.apparmor != Presence::On {
        return Err(Errno::EINVAL);
    }
    let task = context.world.task(pid).ok_or(Errno::ESRCH)?;
    let label: Option<&Label> = match attribute {
        Attribute::Current => Some(&task.credentials.label),
        Attribute::Exec => task
            .confinement
            .on_exec
            .as_ref()
            .map(|on_exec| &on_exec.label),
        Attribute::Previous => task.confinement.previous.as_ref(),
        Attribute::Foreign => None,
    };
    let label = label.ok_or(Errno::EINVAL)?;
    Ok(format!("{}\n", context.world.label_with_mode(label)).into_bytes())
}

/// Writes an attribute: a command and a name.
pub(crate) fn write(
    context: &mut Context,
    pid: Pid,
    attribute: Attribute,
    data: &[u8],
) -> Result<i64, Errno> {
    if pid != context.pid {
        return Err(Errno::EACCES);
    }
    if context.world.settings.apparmor != Presence::On {
        return Err(Errno::EINVAL);
    }
    if data.is_empty() {
        return Err(Errno::EINVAL);
    }
    let length = i64::try_from(data.len()).map_err(|_| Errno::EINVAL)?;
    let end = data
        .iter()
        .position(|&byte| byte == 0 && attribute != Attribute::Current);
    let text = String::from_utf8_lossy(&data[..end.unwrap_or(data.len())]).into_owned();
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
    let Some((command, argument)) = text.split_once(' ') else {
        return Err(Errno::EINVAL);
    };
    let argument = argument.trim_start();
    if argument.is_empty() {
        return Err(Errno::EINVAL);
    }
    let plain = Change {
        on_exec: false,
        stack: false,
        test: false,
    };
    match (attribute, command) {
        (Attribute::Current, "changehat") => super::hat::change(context, argument, false)?,
        (Attribute::Current, "permhat") => super::hat::change(context, argument, true)?,
        (Attribute::Current, "changeprofile") => domain::change_profile(context, argument, plain)?,
        (Attribute::Current, "permprofile") => {
            domain::change_profile(
                context,
                argument,
                Change {
                    test: true,
                    ..plain
                },
            )?;
        }
        (Attribute::Current, "stack") => {
            domain::change_profile(
                context,
                argument,
                Change {
                    stack: true,
                    ..plain
                },
            )?;
        }
        (Attribute::Exec, "exec") => {
            domain::change_profile(
                context,
                argument,
                Change {
                    on_exec: true,
                    ..plain
                },
            )?;
        }
        (Attribute::Exec, "stack") => {
            domain::change_profile(
                context,
                argument,
                Change {
                    on_exec: true,
                    stack: true,
                    ..plain
                },
            )?;
        }
        _ => return garbage(context, attribute),
    }
    Ok(length)
}

fn garbage(context: &mut Context, attribute: Attribute) -> Result<i64, Errno> {
    let label = context.credentials.label.clone();
    let name = context.world.policy.label_name(&label);
    let info = match attribute {
        Attribute::Current => "current",
        Attribute::Exec => "exec",
        Attribute::Previous => "prev",
        Attribute::Foreign => "fscreate",
    };
    let record = Record {
        kind: "DENIED",
        operation: "setprocattr",
        class: None,
        info: Some((info, Some(Errno::EINVAL))),
        subject: Subject::Label(name, label.profiles().len() == 1),
        name: None,
        tail: String::new(),
    };
    let text = record.text(context);
    context.record(audit::AVC, text);
    Err(Errno::EINVAL)
}
