//! Whether a container that must not run as root would (`verifyRunAsNonRoot` in
//! `pkg/kubelet/kuberuntime/security_context.go`).

use super::eras;
use crate::{
    api::go,
    node::ImageUser,
    object::{Container, Pod},
    version::Version,
};

/// Whether the container must not run as root: its own `runAsNonRoot`, else the
/// pod's.
pub fn must_not_be_root(pod: &Pod, container: &Container) -> bool {
    let own = container.security.run_as_non_root;
    own.or(pod.spec.security.run_as_non_root) == Some(true)
}

/// Why the kubelet makes no container of this image; nothing when it does.
///
/// Of `runAsUser` it looks at the number. Without one it looks at the image's
/// user, and a name it cannot look up: only the image knows its number.
pub fn root_problem(
    pod: &Pod,
    container: &Container,
    image: &ImageUser,
    version: Version,
) -> Option<String> {
    if !must_not_be_root(pod, container) {
        return None;
    }
    let era = eras::root_check(version).rule;
    let own = container.security.run_as_user;
    let problem = match own.or(pod.spec.security.run_as_user) {
        Some(0) => "container's runAsUser breaks non-root policy".to_owned(),
        Some(_) => return None,
        None => match image.number() {
            Some(0) => "container has runAsNonRoot and image will run as root".to_owned(),
            Some(_) => return None,
            None if !era.refuses_names => return None,
            None => format!(
                "container has runAsNonRoot and image has non-numeric user ({}), cannot verify user is non-root",
                image.user()
            ),
        },
    };
    if !era.names_pod {
        return Some(problem);
    }
    Some(format!(
        "{problem} (pod: {}, container: {})",
        go::quote(&pod.full_name()),
        container.name
    ))
}
