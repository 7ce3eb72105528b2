//! The text of AppArmor's records (`audit_pre`, `security/apparmor/audit.c`).

use std::{fmt::Write as _, sync::Arc};

use crate::{audit::untrusted, context::Context, errno::Errno, lsm::policy::Loaded};

/// Who a record is about.
pub(crate) enum Subject<'a> {
    /// One profile.
    Profile(&'a Arc<Loaded>),
    /// A label as a whole, by its name; `profile=` when it is a single one.
    Label(String, bool),
}

/// The parts of a record in their order.
pub(crate) struct Record<'a> {
    /// `apparmor=`.
    pub kind: &'static str,
    /// `operation=`.
    pub operation: &'static str,
    /// `class=`, on kernels that write it.
    pub class: Option<&'static str>,
    /// `info=` and `error=`.
    pub info: Option<(&'static str, Option<Errno>)>,
    /// `profile=` or `label=`.
    pub subject: Subject<'a>,
    /// `name=`.
    pub name: Option<&'a [u8]>,
    /// What the class adds after `comm=`, its leading blank included.
    pub tail: String,
}

impl Record<'_> {
    /// The text after `audit(…): `.
    pub fn text(&self, context: &Context) -> String {
        let task = context.task();
        let comm = task
            .as_ref()
            .map_or_else(|_| Arc::from([]), |task| Arc::clone(&task.comm));
        self.text_for(context.world.release.audit_class, context.pid.0, &comm)
    }

    /// The same for a caller outside a system call.
    pub fn text_for(&self, with_class: bool, pid: u32, comm: &[u8]) -> String {
        let mut text = String::with_capacity(200);
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "apparmor=\"{}\" operation=\"{}\"",
            self.kind, self.operation
        );
        if let Some(class) = self.class.filter(|_| with_class) {
            let _ = write!(text, " class=\"{class}\"");
        }
        if let Some((info, error)) = self.info {
            let _ = write!(text, " info=\"{info}\"");
            if let Some(error) = error {
                let _ = write!(text, " error=-{}", error.number());
            }
        }
        match &self.subject {
            Subject::Profile(profile) => {
                if let Some(namespace) = profile.namespace() {
                    text.push_str(" namespace=");
                    untrusted(&mut text, namespace.as_bytes());
                }
                text.push_str(" profile=");
                untrusted(&mut text, profile.name.as_bytes());
            }
            Subject::Label(name, single) => {
                text.push_str(if *single { " profile=" } else { " label=" });
                if *single {
                    untrusted(&mut text, name.as_bytes());
                } else {
                    let _ = write!(text, "\"{name}\"");
                }
            }
        }
        if let Some(name) = self.name {
            text.push_str(" name=");
            untrusted(&mut text, name);
        }
        let _ = write!(text, " pid={pid} comm=");
        untrusted(&mut text, comm);
        text.push_str(&self.tail);
        text
    }
}
