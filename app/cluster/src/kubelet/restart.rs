//! What the kubelet does once a container has ended: whether it starts it
//! again, and after which wait (`pkg/kubelet/container/helpers.go`
//! `ShouldContainerBeRestarted`, `pkg/kubelet/kuberuntime/kuberuntime_manager.go`
//! `doBackOff`, `client-go/util/flowcontrol/backoff.go`).

use super::eras;
use crate::{
    object::{ContainerRole, Pod},
    status::{ContainerState, ContainerStatus, PodEvent},
    version::Version,
};

/// The first wait before a restart, in seconds.
const FIRST_WAIT: u32 = 10;
/// The longest wait, in seconds (`MaxContainerBackOff`).
const LONGEST_WAIT: u32 = 300;

/// How long the kubelet waits before a restart, in seconds, when the container
/// has been started again this often: not at all the first time, then ten
/// seconds, and twice as long each time up to five minutes. A container that
/// runs for ten minutes begins anew.
pub fn wait(restarts: u32) -> u32 {
    match restarts.checked_sub(1) {
        None => 0,
        Some(doublings) => FIRST_WAIT
            .saturating_mul(1_u32.checked_shl(doublings).unwrap_or(u32::MAX))
            .min(LONGEST_WAIT),
    }
}

/// The status of a container after it has ended, and the event about a wait.
///
/// `end` is its terminated state. Where no wait is due, the container is
/// running again.
pub fn after_end(
    pod: &Pod,
    status: &ContainerStatus,
    end: ContainerState,
    version: Version,
) -> (ContainerStatus, Option<PodEvent>) {
    if !is_restarted(pod, status.role, &end) {
        let state = end;
        return (
            ContainerStatus {
                state,
                ..status.clone()
            },
            None,
        );
    }
    let seconds = wait(status.restarts);
    if seconds == 0 {
        let again = ContainerStatus {
            state: ContainerState::Running,
            last: Some(end),
            restarts: status.restarts + 1,
            ..status.clone()
        };
        return (again, None);
    }
    let message = format!(
        "back-off {} restarting failed container={} pod={}",
        duration(seconds),
        status.name,
        pod.full_name()
    );
    let names = if eras::event_words(version).rule.names_container {
        format!(" {} in pod {}", status.name, pod.full_name())
    } else {
        String::new()
    };
    let event = PodEvent {
        warning: true,
        reason: "BackOff",
        from: "kubelet",
        message: format!("Back-off restarting failed container{names}"),
    };
    let waiting = ContainerStatus {
        state: ContainerState::Waiting {
            reason: "CrashLoopBackOff".to_owned(),
            message,
        },
        last: Some(end),
        ..status.clone()
    };
    (waiting, Some(event))
}

/// Whether the pod's restart policy has a container started again. An init
/// container is not once it has succeeded, an ephemeral one never.
fn is_restarted(pod: &Pod, role: ContainerRole, end: &ContainerState) -> bool {
    let succeeded = matches!(end, ContainerState::Terminated { exit_code: 0, .. });
    match (role, pod.spec.restart_policy.as_str()) {
        (ContainerRole::Ephemeral, _) | (_, "Never") => false,
        (ContainerRole::Init, _) | (ContainerRole::Regular, "OnFailure") => !succeeded,
        (ContainerRole::Regular, _) => true,
    }
}

/// Seconds as Go prints a duration: `10s`, `1m20s`.
fn duration(seconds: u32) -> String {
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds}s"),
        (minutes, seconds) => format!("{minutes}m{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_from_ten_seconds_to_five_minutes() {
        let waits: Vec<u32> = (0..8).map(wait).collect();
        assert_eq!(waits, [0, 10, 20, 40, 80, 160, 300, 300]);
        assert_eq!(wait(u32::MAX), 300);
        assert_eq!(duration(wait(4)), "1m20s");
        assert_eq!(duration(300), "5m0s");
    }
}
