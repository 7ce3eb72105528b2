//! What a pod's status says, as `kubectl` reads it.

use serde::Serialize;

use crate::object::ContainerRole;

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
    /// Init containers, then regular ones, then ephemeral ones.
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
    /// Which list of the pod it stands in.
    pub role: ContainerRole,
    /// Its state.
    pub state: ContainerState,
    /// How it ended the last time, if it has (`lastState`).
    pub last: Option<ContainerState>,
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

impl PodEvent {
    /// `type`.
    pub fn kind(&self) -> &'static str {
        if self.warning { "Warning" } else { "Normal" }
    }
}

impl ContainerStatus {
    /// A container that has not ended before.
    pub fn first(name: &str, role: ContainerRole, state: ContainerState) -> Self {
        Self {
            name: name.to_owned(),
            role,
            state,
            last: None,
            restarts: 0,
        }
    }

    /// `ready`: it runs, and the pod's readiness depends on it.
    pub fn is_ready(&self) -> bool {
        self.state == ContainerState::Running && self.role != ContainerRole::Ephemeral
    }

    /// A container that waits for this reason.
    pub fn waiting(name: &str, role: ContainerRole, reason: &str) -> Self {
        let state = ContainerState::Waiting {
            reason: reason.to_owned(),
            message: String::new(),
        };
        Self::first(name, role, state)
    }
}

impl PodStatus {
    /// The containers of one list.
    pub fn of(&self, role: ContainerRole) -> impl DoubleEndedIterator<Item = &ContainerStatus> {
        self.containers
            .iter()
            .filter(move |container| container.role == role)
    }

    /// The column STATUS of `kubectl get pods` (`printPod` in
    /// `pkg/printers/internalversion/printers.go`).
    pub fn display(&self) -> String {
        let mut display = if self.reason.is_empty() {
            self.phase.name().to_owned()
        } else {
            self.reason.clone()
        };
        let init_count = self.of(ContainerRole::Init).count();
        for (index, container) in self.of(ContainerRole::Init).enumerate() {
            let word = match &container.state {
                // One that runs is one that goes on running beside the others.
                ContainerState::Terminated { exit_code: 0, .. } | ContainerState::Running => {
                    continue;
                }
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
                ContainerState::Waiting { .. } => format!("{index}/{init_count}"),
            };
            return format!("Init:{word}");
        }
        let mut running = false;
        for container in self.of(ContainerRole::Regular).rev() {
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

    /// How many init containers run beside the regular ones
    /// (`isRestartableInitContainer`); the others have ended.
    pub fn restartable(&self) -> usize {
        self.of(ContainerRole::Init)
            .filter(|container| container.state == ContainerState::Running)
            .count()
    }

    /// The column READY: containers that run, of all regular ones.
    pub fn ready(&self) -> (usize, usize) {
        let running = self
            .of(ContainerRole::Regular)
            .filter(|container| container.state == ContainerState::Running);
        (running.count(), self.of(ContainerRole::Regular).count())
    }
}
