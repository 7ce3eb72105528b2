//! What a pod's status says, as `kubectl` reads it.

use serde::Serialize;

/// A pod's status.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PodStatus {
    /// `status.phase`.
    pub phase: Phase,
    /// `status.reason`, empty for none.
    pub reason: String,
    /// `status.message`, empty for none.
    pub message: String,
    /// Init containers, then regular ones.
    pub containers: Vec<ContainerStatus>,
}

/// `status.phase`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Phase {
    /// Not all containers have started.
    #[default]
    Pending,
    /// At least one container runs.
    Running,
    /// All containers ended well.
    Succeeded,
    /// The pod was rejected, or a container ended badly for good.
    Failed,
}

impl Phase {
    /// The spelling in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Running => "Running",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
        }
    }
}

/// A container's status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContainerStatus {
    /// The container's name.
    pub name: String,
    /// Whether it is an init container.
    pub init: bool,
    /// Its state.
    pub state: ContainerState,
    /// How often it was started again.
    pub restarts: u32,
}

/// A container's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ContainerState {
    /// Not started.
    Waiting {
        /// Such as `Blocked` or `CreateContainerError`.
        reason: String,
        /// The error, empty for none.
        message: String,
    },
    /// Running.
    Running,
    /// Ended.
    Terminated {
        /// Such as `StartError`.
        reason: String,
        /// Its exit code.
        exit_code: i32,
        /// The error, empty for none.
        message: String,
    },
}

/// An event about a pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PodEvent {
    /// Whether its type is `Warning` rather than `Normal`.
    pub warning: bool,
    /// Its reason, such as `Scheduled`.
    pub reason: &'static str,
    /// Who wrote it.
    pub from: &'static str,
    /// What it says.
    pub message: String,
}

impl PodStatus {
    /// The column STATUS of `kubectl get pods` (`printPod` in
    /// `pkg/printers/internalversion/printers.go`).
    pub fn display(&self) -> String {
        let mut display = if self.reason.is_empty() {
            self.phase.name().to_owned()
        } else {
            self.reason.clone()
        };
        let inits = self.containers.iter().filter(|container| container.init);
        let init_count = inits.clone().count();
        for (index, container) in inits.enumerate() {
            let word = match &container.state {
                ContainerState::Terminated { exit_code: 0, .. } => continue,
                ContainerState::Terminated {
                    reason, exit_code, ..
                } if reason.is_empty() => {
                    format!("ExitCode:{exit_code}")
                }
                ContainerState::Terminated { reason, .. } => reason.clone(),
                ContainerState::Waiting { reason, .. }
                    if !reason.is_empty() && reason != "PodInitializing" =>
                {
                    reason.clone()
                }
                _ => format!("{index}/{init_count}"),
            };
            return format!("Init:{word}");
        }
        let mut running = false;
        for container in self
            .containers
            .iter()
            .filter(|container| !container.init)
            .rev()
        {
            match &container.state {
                ContainerState::Waiting { reason, .. } if !reason.is_empty() => {
                    display.clone_from(reason);
                }
                ContainerState::Terminated {
                    reason, exit_code, ..
                } => {
                    display = if reason.is_empty() {
                        format!("ExitCode:{exit_code}")
                    } else {
                        reason.clone()
                    };
                }
                ContainerState::Running => running = true,
                ContainerState::Waiting { .. } => {}
            }
        }
        if display == "Completed" && running {
            "Running".to_owned()
        } else {
            display
        }
    }

    /// The column READY: containers that run, of all regular ones.
    pub fn ready(&self) -> (usize, usize) {
        let regular = self.containers.iter().filter(|container| !container.init);
        let running = regular
            .clone()
            .filter(|container| container.state == ContainerState::Running);
        (running.count(), regular.count())
    }
}
