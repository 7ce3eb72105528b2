//! The feature gate `AppArmor`, and what the server does while it is off.

use super::{
    ApiServer, FieldError, Refusal, annotation,
    eras::{self, GateOff},
};
use crate::{
    object::Pod,
    step::{Control, Step, Verdict},
};

impl ApiServer {
    /// What the feature gate does when it is off.
    pub(super) fn gate(
        &self,
        pod: &mut Pod,
        prefix: &str,
        steps: &mut Vec<Step>,
    ) -> Result<(), Refusal> {
        let gate = eras::apparmor_gate_off(self.version);
        let keys: Vec<String> = pod
            .annotations
            .keys()
            .filter(|key| key.starts_with(annotation::APPARMOR_PREFIX))
            .cloned()
            .collect();
        let has_field = pod.spec.security.app_armor.is_some()
            || pod
                .spec
                .all_containers()
                .any(|(_, _, container)| container.security.app_armor.is_some());
        if self.apparmor_gate || (keys.is_empty() && !has_field) {
            return Ok(());
        }
        match gate.rule {
            GateOff::Unknown | GateOff::Locked => Ok(()),
            GateOff::Forbidden => {
                let errors: Vec<FieldError> = keys
                    .iter()
                    .map(|key| {
                        FieldError::forbidden(
                            format!("{prefix}metadata.annotations[{key}]"),
                            "AppArmor is disabled by feature-gate",
                        )
                    })
                    .collect();
                let message = "AppArmor is disabled by feature-gate";
                steps.push(self.step(
                    Control::AppArmor,
                    "store the pod",
                    Verdict::Refused,
                    message,
                    gate.source,
                ));
                Err(Refusal::Invalid(errors))
            }
            GateOff::Stripped => {
                for key in keys {
                    pod.annotations.remove(&key);
                }
                pod.spec.security.app_armor = None;
                for container in pod.spec.all_containers_mut() {
                    container.security.app_armor = None;
                }
                let message = "The feature gate AppArmor is off: the profiles are deleted from the pod; nothing is said.";
                steps.push(self.step(
                    Control::AppArmor,
                    "store the profiles",
                    Verdict::Dropped,
                    message,
                    gate.source,
                ));
                Ok(())
            }
        }
    }
}
