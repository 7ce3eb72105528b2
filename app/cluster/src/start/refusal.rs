//! What the client says of a refusal, and where in the manifest it belongs.

use crate::{
    api::{ErrorType, FieldError, Refusal},
    client::Client,
    diagnostic::{Diagnostic, Fix, Severity, Span},
    object::{Kind, ProfileType},
    yaml::{Value, span_of},
};

/// What kubectl refuses before it sends anything, with its words and place.
pub fn before_sending(document: &Value, client: &Client) -> Option<(String, Diagnostic)> {
    let missing = |key: &str| {
        document.get(key).and_then(Value::as_str).is_none_or(str::is_empty).then(|| {
            let message = format!(
                "error: error validating \"{}\": error validating data: {key} not set; if you choose to ignore these errors, turn validation off with --validate=false",
                client.file
            );
            let sentence = format!("Every object says its `{key}`; this one does not.");
            (message.clone(), error("kubectl-not-set", document.span, sentence, message))
        })
    };
    missing("apiVersion").or_else(|| missing("kind")).or_else(|| {
        if let Some(kind) = Kind::of(document) {
            return other_namespace(document, kind, client);
        }
        let kind = document.get("kind").and_then(Value::as_str).unwrap_or_default();
        let version = document.get("apiVersion").and_then(Value::as_str).unwrap_or_default();
        let name = document.text_at(&["metadata", "name"]);
        let message = format!(
            "error: resource mapping not found for name: \"{name}\" namespace: \"\" from \"{}\": no matches for kind \"{kind}\" in version \"{version}\"\nensure CRDs are installed first",
            client.file
        );
        let span = span_of(document, "kind");
        let sentence = format!("No kind `{kind}` is served here.");
        Some((message.clone(), error("kubectl-no-match", span, sentence, message)))
    })
}

/// An object that names another namespace than `--namespace` does
/// (`RequireNamespace` of `k8s.io/cli-runtime/pkg/resource/visitor.go`).
fn other_namespace(document: &Value, kind: Kind, client: &Client) -> Option<(String, Diagnostic)> {
    let named = document.at(&["metadata", "namespace"])?.as_str()?;
    let given = client.namespace.as_str();
    if !client.namespace_given || !kind.is_namespaced() || named.is_empty() || named == given {
        return None;
    }
    let message = format!(
        "error: the namespace from the provided object \"{named}\" does not match the namespace \"{given}\". You must pass '--namespace={named}' to perform this operation."
    );
    let span = span_of(document, "metadata.namespace");
    let sentence = format!("The manifest names the namespace `{named}`, the command `{given}`.");
    Some((
        message.clone(),
        error("kubectl-namespace", span, sentence, message),
    ))
}

/// The server's message of a refusal.
pub(super) fn message(refusal: &Refusal) -> String {
    match refusal {
        Refusal::BadRequest { message, .. }
        | Refusal::Forbidden { message, .. }
        | Refusal::NotFound { message } => message.clone(),
        Refusal::Policy {
            resource,
            name,
            cause,
            ..
        } => format!("{resource} \"{name}\" is forbidden: {cause}"),
        Refusal::Invalid(errors) => errors
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", "),
    }
}

/// What kubectl prints of a server's refusal.
pub(super) fn client_output(refusal: &Refusal, document: &Value, client: &Client) -> String {
    let kind = Kind::of(document).map_or("object", Kind::name);
    let name = document.text_at(&["metadata", "name"]);
    let source = client.source_of_error();
    match refusal {
        Refusal::BadRequest { message, .. } if message.starts_with("error validating") => {
            format!("error: {message}")
        }
        Refusal::BadRequest { message, .. } => {
            format!("Error from server (BadRequest): {source}{message}")
        }
        Refusal::Forbidden { message, .. } => {
            format!("Error from server (Forbidden): {source}{message}")
        }
        Refusal::NotFound { message } => {
            format!("Error from server (NotFound): {source}{message}")
        }
        Refusal::Policy {
            resource,
            name,
            invalid: true,
            cause,
        } => format!("The {resource} \"{name}\" is invalid: : {cause}"),
        Refusal::Policy { .. } => format!(
            "Error from server (Forbidden): {source}{}",
            self::message(refusal)
        ),
        Refusal::Invalid(errors) => invalid(kind, name, errors),
    }
}

/// What kubectl prints of an object that the server finds invalid.
pub fn invalid(kind: &str, name: &str, errors: &[FieldError]) -> String {
    match errors {
        [one] => format!("The {kind} \"{name}\" is invalid: {one}"),
        many => {
            let lines: Vec<String> = many.iter().map(|error| format!("* {error}")).collect();
            format!("The {kind} \"{name}\" is invalid: \n{}", lines.join("\n"))
        }
    }
}

/// The refusal at its places in the manifest.
pub(super) fn diagnostics(refusal: &Refusal, document: &Value) -> Vec<Diagnostic> {
    match refusal {
        Refusal::BadRequest { message, places } => places
            .iter()
            .map(|misfit| {
                let sentence = if misfit.finding.starts_with("unknown field") {
                    "No such field is known here: look at its spelling, its place and the version of the API server."
                } else {
                    "The value has the wrong type for this field."
                };
                let mut finding = error(
                    "api-decode",
                    misfit.span,
                    sentence.to_owned(),
                    message.clone(),
                );
                finding.fix = misfit.nearest.map(|name| Fix {
                    label: format!("Write {name}"),
                    span: misfit.span,
                    text: name.to_owned(),
                });
                finding
            })
            .collect(),
        Refusal::Invalid(errors) => errors
            .iter()
            .map(|field| {
                let span = span_of(document, &field.field);
                let mut finding = error("api-invalid", span, sentence(field), field.to_string());
                finding.fix = spelling(field, document);
                finding
            })
            .collect(),
        Refusal::NotFound { message } => {
            let span = span_of(document, "metadata.namespace");
            let sentence = "There is no such namespace: it has to be made first.".to_owned();
            vec![error("api-not-found", span, sentence, message.clone())]
        }
        Refusal::Policy { .. } => {
            let span = span_of(document, "spec");
            let sentence = "A policy of the cluster does not let this object in.".to_owned();
            vec![error("admission", span, sentence, self::message(refusal))]
        }
        Refusal::Forbidden { message, .. } => {
            let span = span_of(document, "spec");
            let sentence = "The namespace's policy does not let this pod in.".to_owned();
            vec![error("admission", span, sentence, message.clone())]
        }
    }
}

fn error(code: &'static str, span: Span, sentence: String, tool_wording: String) -> Diagnostic {
    Diagnostic {
        code,
        severity: Severity::Error,
        span,
        sentence,
        tool_wording: Some(tool_wording),
        fix: None,
    }
}

/// A field error in a learner's words.
fn sentence(error: &FieldError) -> String {
    let name = error
        .field
        .rsplit(['.', '/'])
        .next()
        .unwrap_or(&error.field);
    let value = error.bad_value.as_deref().unwrap_or_default();
    match error.kind {
        ErrorType::Required if error.detail.is_empty() => format!("`{name}` must be there."),
        ErrorType::Required => format!("`{name}` is missing: {}.", error.detail),
        ErrorType::NotSupported => format!(
            "{value} is not one of the values that `{name}` can have; {}.",
            error.detail
        ),
        ErrorType::NotFound => format!("Nothing in this pod is called {value}."),
        ErrorType::Duplicate => format!("{value} is there twice; each must have its own."),
        ErrorType::Invalid if error.detail == "container not found" => {
            format!(
                "The annotation names the container {value}, and the pod has none of this name."
            )
        }
        ErrorType::Invalid | ErrorType::Forbidden | ErrorType::TooLong => {
            format!("`{name}`: {}.", error.detail)
        }
    }
}

/// The type in its right spelling, where only letter case or an annotation's
/// spelling is wrong.
fn spelling(error: &FieldError, document: &Value) -> Option<Fix> {
    let path = error
        .field
        .strip_suffix(".type")
        .filter(|_| error.kind == ErrorType::NotSupported)?;
    let written = error.bad_value.as_deref()?.trim_matches('"');
    let meant = match written.to_lowercase().as_str() {
        "localhost" => ProfileType::Localhost,
        "runtimedefault" | "runtime/default" | "docker/default" | "default" => {
            ProfileType::RuntimeDefault
        }
        "unconfined" => ProfileType::Unconfined,
        _ => return None,
    };
    let value = value_of(document, path)?.get("type")?;
    Some(Fix {
        label: format!("Write {}", meant.name()),
        span: value.span,
        text: meant.name().to_owned(),
    })
}

/// The value at a path of keys and indices.
fn value_of<'v>(document: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.')
        .try_fold(document, |value, part| match part.split_once('[') {
            None => value.get(part),
            Some((key, index)) => value
                .get(key)?
                .items()
                .get(index.trim_end_matches(']').parse::<usize>().ok()?),
        })
}
