//! The admission plugin RuntimeClass.

use super::{ApiServer, Refusal};
use crate::{
    object::Pod,
    step::{Control, Step, Verdict},
};

impl ApiServer {
    /// The admission plugin RuntimeClass: the class of a pod must exist.
    pub(super) fn runtime_class(
        &self,
        pod: &Pod,
        is_pod: bool,
        steps: &mut Vec<Step>,
    ) -> Result<(), Refusal> {
        let missing = pod
            .spec
            .runtime_class
            .as_ref()
            .filter(|class| !self.runtime_classes.contains_key(*class));
        let Some(class) = missing.filter(|_| is_pod) else {
            return Ok(());
        };
        let message = format!(
            "pods \"{}\" is forbidden: pod rejected: RuntimeClass \"{class}\" not found",
            pod.name
        );
        let source = "plugin/pkg/admission/runtimeclass";
        steps.push(self.step(
            Control::Pod,
            class.clone(),
            Verdict::Refused,
            message.clone(),
            source,
        ));
        Err(Refusal::Forbidden {
            message,
            violations: Vec::new(),
        })
    }
}
