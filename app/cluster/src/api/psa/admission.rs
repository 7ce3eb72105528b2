//! The admission plugin: its configuration, and its answer to a request.

use sorted::{SortedMap, SortedSet};

use super::{Level, Mode, Policy, evaluate, labels::PREFIX, policy_of, summary};
use crate::{
    api::{ApiServer, FieldError, Refusal, eras},
    client::Client,
    object::{Kind, Pod, string_map, text, texts},
    step::{Component, Control, Step, Verdict},
    yaml::Value,
};

const PSA: &str = "kubernetes/pod-security-admission admission.go";

/// `PodSecurityConfiguration`: defaults and exemptions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodSecurity {
    /// The policy of namespaces that do not say.
    pub defaults: Policy,
    /// Users whose requests are not looked at.
    pub exempt_users: SortedSet<String>,
    /// Namespaces that are not looked at.
    pub exempt_namespaces: SortedSet<String>,
    /// Runtime classes whose pods are not looked at.
    pub exempt_runtime_classes: SortedSet<String>,
}

impl PodSecurity {
    /// Reads the file behind `--admission-control-config-file`: an
    /// `AdmissionConfiguration` with the plugin's configuration in it, or that
    /// `PodSecurityConfiguration` by itself. Without the plugin it is as shipped.
    ///
    /// # Errors
    /// What keeps the server from starting (`ValidatePodSecurityConfiguration`).
    pub fn read(document: &Value) -> Result<Self, Vec<FieldError>> {
        let plugins = document
            .get("plugins")
            .map(Value::items)
            .unwrap_or_default();
        let plugin = plugins
            .iter()
            .find(|plugin| text(plugin, "name").as_deref() == Some("PodSecurity"))
            .and_then(|plugin| plugin.get("configuration"));
        let is_plugin = text(document, "kind").as_deref() == Some("PodSecurityConfiguration");
        let Some(configuration) = plugin.or(is_plugin.then_some(document)) else {
            return Ok(Self::default());
        };
        let defaults = string_map(configuration, "defaults");
        let labels = defaults
            .into_iter()
            .map(|(key, value)| (format!("{PREFIX}{key}"), value))
            .collect();
        let (defaults, mut errors) = policy_of(&labels, &Policy::default());
        if !errors.is_empty() {
            for error in &mut errors {
                let key = error
                    .field
                    .strip_prefix(&format!("metadata.labels[{PREFIX}"));
                let key = key.unwrap_or(&error.field).trim_end_matches(']');
                error.field = format!("defaults.{key}");
            }
            return Err(errors);
        }
        let empty = Value::map();
        let exemptions = configuration.get("exemptions").unwrap_or(&empty);
        let exempt = |key| texts(exemptions, key).into_iter().collect();
        Ok(Self {
            defaults,
            exempt_users: exempt("usernames"),
            exempt_namespaces: exempt("namespaces"),
            exempt_runtime_classes: exempt("runtimeClasses"),
        })
    }
}

impl ApiServer {
    /// Pod Security admission.
    pub(in crate::api) fn pod_security(
        &self,
        pod: &Pod,
        kind: Option<Kind>,
        client: &Client,
        steps: &mut Vec<Step>,
        warnings: &mut Vec<String>,
    ) -> Result<(), Refusal> {
        let plugin = eras::pod_security(self.version);
        if !plugin.rule {
            return Ok(());
        }
        let config = &self.pod_security;
        let exempt = config.exempt_users.contains(&client.user)
            || config.exempt_namespaces.contains(&pod.namespace)
            || pod
                .spec
                .runtime_class
                .as_ref()
                .is_some_and(|class| config.exempt_runtime_classes.contains(class));
        let empty = SortedMap::new();
        let labels = self.namespaces.get(&pod.namespace).unwrap_or(&empty);
        let (policy, _) = policy_of(labels, &config.defaults);
        let step = |verdict, message: String| Step {
            component: Component::PodSecurity,
            version: self.version.to_string().into(),
            control: Control::Pod,
            container: None,
            asked: format!("{}:{}", policy.enforce.level.name(), policy.enforce.version).into(),
            verdict,
            message: message.into(),
            source: PSA,
        };
        if exempt {
            steps.push(step(
                Verdict::DoesNotLook,
                "The user, the namespace or the runtime class is exempt.".into(),
            ));
            return Ok(());
        }
        let found = |mode: Mode| {
            let part = policy.of(mode);
            (
                part,
                evaluate(pod, part.level, part.version, self.version.minor),
            )
        };
        let (enforce, violations) = found(Mode::Enforce);
        if kind == Some(Kind::Pod) && !violations.is_empty() {
            let message = format!(
                "pods \"{}\" is forbidden: violates PodSecurity \"{}:{}\": {}",
                pod.name,
                enforce.level.name(),
                enforce.version,
                summary(&violations)
            );
            steps.push(step(Verdict::Refused, message.clone()));
            return Err(Refusal::Forbidden {
                message,
                violations,
            });
        }
        let (warn, violations) = found(Mode::Warn);
        if !violations.is_empty() {
            warnings.push(format!(
                "would violate PodSecurity \"{}:{}\": {}",
                warn.level.name(),
                warn.version,
                summary(&violations)
            ));
        }
        let (verdict, message) = match (kind, enforce.level) {
            (_, Level::Privileged) => (
                Verdict::NothingAsked,
                "The level is privileged: anything goes.",
            ),
            (Some(Kind::Pod), _) => (
                Verdict::Honoured,
                "The pod meets the level. No level requires AppArmor.",
            ),
            _ => (
                Verdict::DoesNotLook,
                "Only pods are refused; an object with a template is warned about at most.",
            ),
        };
        steps.push(step(verdict, message.to_owned()));
        Ok(())
    }
}
