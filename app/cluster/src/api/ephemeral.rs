//! Ephemeral containers: added to a pod that is there already, through the
//! subresource `pods/ephemeralcontainers`, as `kubectl debug` does.

use super::{
    ApiServer, Creation, Refusal, Stored, eras, policy,
    policy::Request,
    validation::{self, VALIDATION},
};
use crate::{
    client::Client,
    object::{Kind, Pod},
    schema::decode,
    step::{Control, Verdict},
    yaml::Value,
};

impl ApiServer {
    /// Answers the patch that adds an ephemeral container to a stored pod.
    ///
    /// The new container is validated and put before admission; profiles are
    /// not copied between annotations and fields (KEP-24), and no annotation can
    /// be added to a pod that is there.
    pub fn add_ephemeral(&self, stored: &Stored, container: &Value, client: &Client) -> Creation {
        let mut creation = Creation {
            version: self.version,
            steps: Vec::new(),
            warnings: Vec::new(),
            stored: Err(Refusal::Invalid(Vec::new())),
            from_template: None,
        };
        creation.stored = self.patch(stored, container, client, &mut creation);
        creation
    }

    fn patch(
        &self,
        stored: &Stored,
        container: &Value,
        client: &Client,
        creation: &mut Creation,
    ) -> Result<Stored, Refusal> {
        let era = eras::ephemeral_containers(self.version);
        let (steps, warnings) = (&mut creation.steps, &mut creation.warnings);
        if !era.rule {
            let message = "the server could not find the requested resource".to_owned();
            steps.push(self.step(
                Control::Pod,
                RESOURCE,
                Verdict::Refused,
                message.clone(),
                era.source,
            ));
            return Err(Refusal::NotFound { message });
        }
        let mut patched = stored.value.clone();
        patched
            .map_under("spec")
            .list_under("ephemeralContainers")
            .push(container.clone());
        let decoded = decode(&patched, self.version);
        self.decoding(&patched, Some(Kind::Pod), &decoded, client, steps, warnings)?;
        let mut pod = Pod::read(&decoded.value);
        if let Some(before) = &stored.pod {
            pod.namespace.clone_from(&before.namespace);
        }
        let errors = validation::ephemeral(&pod, container, self.version);
        if !errors.is_empty() {
            let words: Vec<String> = errors.iter().map(ToString::to_string).collect();
            steps.push(self.step(
                Control::Pod,
                RESOURCE,
                Verdict::Refused,
                words.join(", "),
                VALIDATION,
            ));
            return Err(Refusal::Invalid(errors));
        }
        self.pod_security(&pod, Some(Kind::Pod), client, steps, warnings)?;
        let request = Request {
            operation: "UPDATE",
            resource: RESOURCE,
        };
        policy::review(
            self,
            (&decoded.value, Some(&stored.value)),
            request,
            &pod,
            client,
            steps,
            warnings,
        )?;
        Ok(Stored {
            value: decoded.value,
            pod: Some(pod),
            handler: stored.handler.clone(),
        })
    }
}

/// The resource that is patched.
const RESOURCE: &str = "pods/ephemeralcontainers";
