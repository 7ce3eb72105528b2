//! Decoding: what becomes of unknown fields and wrong types.

use super::{
    ApiServer, Misfit, Refusal,
    eras::{self, FieldValidation},
};
use crate::{
    client::{Client, Validate},
    object::Kind,
    schema::Decoded,
    step::{Component, Control, Step, Verdict},
    yaml::Value,
};

const DECODE: &str = "apiserver create handler: decoding drops unknown fields";
const STRICT: &str = "apiserver create handler: fieldValidation=Strict";

impl ApiServer {
    /// Unknown fields and wrong types.
    pub(super) fn decoding(
        &self,
        document: &Value,
        kind: Option<Kind>,
        decoded: &Decoded,
        client: &Client,
        steps: &mut Vec<Step>,
        warnings: &mut Vec<String>,
    ) -> Result<(), Refusal> {
        let kind_name = kind.map_or("object", Kind::name);
        let version = document
            .get("apiVersion")
            .and_then(Value::as_str)
            .unwrap_or("v1");
        let version = version.rsplit('/').next().unwrap_or(version);
        if let Some(mismatch) = &decoded.mismatch {
            let message = format!(
                "{kind_name} in version \"{version}\" cannot be handled as a {kind_name}: {}",
                mismatch.message
            );
            steps.push(self.step(
                Control::Pod,
                "decode the object",
                Verdict::Refused,
                message.clone(),
                DECODE,
            ));
            return Err(Refusal::BadRequest {
                message,
                places: vec![Misfit {
                    span: mismatch.span,
                    finding: mismatch.message.clone(),
                    nearest: None,
                }],
            });
        }
        if decoded.unknown.is_empty() {
            return Ok(());
        }
        let findings: Vec<String> = decoded
            .unknown
            .iter()
            .map(|unknown| format!("unknown field \"{}\"", unknown.path))
            .collect();
        let server = eras::field_validation(self.version).rule == FieldValidation::Server;
        if client.validate == Validate::Strict {
            let places = decoded
                .unknown
                .iter()
                .zip(&findings)
                .map(|(unknown, finding)| Misfit {
                    span: unknown.span,
                    finding: finding.clone(),
                    nearest: unknown.nearest,
                })
                .collect();
            let (component, message) = if server {
                let message = format!(
                    "{kind_name} in version \"{version}\" cannot be handled as a {kind_name}: strict decoding error: {}",
                    findings.join(", ")
                );
                (Component::ApiServer, message)
            } else {
                (
                    Component::Kubectl,
                    client_side(kind_name, decoded, &client.file),
                )
            };
            let mut step = self.step(
                Control::Pod,
                "decode the object",
                Verdict::Refused,
                message.clone(),
                STRICT,
            );
            if component == Component::Kubectl {
                step.component = component;
                step.version = "".into();
                step.source = "kubectl's client-side OpenAPI check; its wording was not read again";
            }
            steps.push(step);
            return Err(Refusal::BadRequest { message, places });
        }
        let said = server && client.validate == Validate::Warn;
        if said {
            warnings.extend(findings);
        }
        for unknown in &decoded.unknown {
            let control = if unknown.path.contains("appArmorProfile") {
                Control::AppArmor
            } else if unknown.path.contains("seccompProfile") {
                Control::Seccomp
            } else {
                Control::Pod
            };
            let mut message = format!(
                "The field is not known to this release and is not stored: {}.",
                unknown.path
            );
            if let Some(since) = unknown.since {
                message = format!("{message} It came with 1.{since}.");
            }
            message.push_str(if said {
                " The client is sent a warning."
            } else {
                " Nothing is said."
            });
            steps.push(self.step(
                control,
                unknown.path.clone(),
                Verdict::Dropped,
                message,
                DECODE,
            ));
        }
        Ok(())
    }
}

/// What kubectl's own check says where the server cannot report unknown fields.
fn client_side(kind: &str, decoded: &Decoded, file: &str) -> String {
    let findings: Vec<String> = decoded
        .unknown
        .iter()
        .map(|unknown| {
            let (parent, name) = unknown.path.rsplit_once('.').unwrap_or(("", &unknown.path));
            let parent = if parent.is_empty() {
                String::new()
            } else {
                format!(".{parent}")
            };
            format!("ValidationError({kind}{parent}): unknown field \"{name}\"")
        })
        .collect();
    let findings = match &findings[..] {
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    };
    format!(
        "error validating \"{file}\": error validating data: {findings}; if you choose to ignore these errors, turn validation off with --validate=false"
    )
}
