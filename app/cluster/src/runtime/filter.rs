//! The seccomp program that a container's processes get.

use std::sync::Arc;

use seccomp::{Arch, BuildOptions, Filter, Format, ProfileError, ReadContext, Reading};

use super::default_seccomp_text;
use crate::{
    node::{RuntimeKind, Stack},
    start::{Confinement, SeccompInForce},
};

/// Why there is no program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// The file is not on the node.
    #[error("open {0}: no such file or directory")]
    Missing(String),
    /// The text is no profile.
    #[error("decoding seccomp profile failed {path:?}: {}", .error.message)]
    Unreadable {
        /// The file.
        path: String,
        /// What is wrong with it.
        error: Box<ProfileError>,
    },
    /// runc or libseccomp make no program of it.
    #[error("{}", .0.message)]
    NotBuilt(Box<ProfileError>),
}

/// Reads and builds the filter of a container; nothing where there is none.
///
/// containerd and Docker read Localhost files in the plain OCI form, and
/// their own default as a template; CRI-O reads both as templates. Conditions
/// look at the bounding set.
pub fn seccomp_filter(
    confinement: &Confinement,
    stack: &Stack,
    read: impl Fn(&str) -> Option<String>,
) -> Result<Option<Arc<Filter>>, FilterError> {
    let kind = stack.runtime.kind;
    let template = if kind == RuntimeKind::CriO {
        Format::Common
    } else {
        Format::Docker
    };
    let (path, text, format) = match &confinement.seccomp {
        SeccompInForce::Unconfined => return Ok(None),
        SeccompInForce::RuntimeDefault => {
            ("default", default_seccomp_text(kind).to_owned(), template)
        }
        SeccompInForce::Localhost(path) => {
            let text = read(path).ok_or_else(|| FilterError::Missing(path.clone()))?;
            let format = if kind == RuntimeKind::CriO {
                Format::Common
            } else {
                Format::Oci
            };
            (path.as_str(), text, format)
        }
    };
    let mut context = ReadContext::new(Arch::X86_64);
    context.capabilities = confinement
        .capabilities
        .iter()
        .map(|name| format!("CAP_{name}"))
        .collect();
    context.kernel = kernel_version(&stack.host.kernel_release);
    let unreadable = |error| FilterError::Unreadable {
        path: path.to_owned(),
        error: Box::new(error),
    };
    let Reading::Profile(profile) =
        seccomp::read(text.as_bytes(), format, &context).map_err(unreadable)?
    else {
        return Ok(None);
    };
    let filter = seccomp::build(&profile, BuildOptions::new(Arch::X86_64))
        .map_err(|error| FilterError::NotBuilt(Box::new(error)))?;
    Ok(Some(Arc::new(filter)))
}

/// Major and minor of a release such as `6.8.0-79-generic`.
fn kernel_version(release: &str) -> (u32, u32) {
    let mut numbers = release
        .split(|c: char| !c.is_ascii_digit())
        .map(|part| part.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn confinement(capabilities: Vec<&'static str>) -> Confinement {
        Confinement {
            container: "app".to_owned(),
            apparmor: None,
            complain: false,
            seccomp: SeccompInForce::RuntimeDefault,
            capabilities,
            privileged: false,
            no_new_privs: false,
        }
    }

    #[test]
    fn every_runtime_has_a_default_filter_that_can_be_built() {
        for kind in crate::node::kinds() {
            let filter = seccomp_filter(&confinement(vec!["SYS_CHROOT"]), &kind.stack, |_| None);
            assert!(matches!(filter, Ok(Some(_))), "{}: {filter:?}", kind.id);
        }
    }

    #[test]
    fn dropping_a_capability_changes_the_default_filter() {
        let stack = &crate::node::kinds()[0].stack;
        let with = seccomp_filter(&confinement(vec!["SYS_CHROOT"]), stack, |_| None);
        let without = seccomp_filter(&confinement(Vec::new()), stack, |_| None);
        assert_ne!(format!("{with:?}"), format!("{without:?}"));
    }
}
