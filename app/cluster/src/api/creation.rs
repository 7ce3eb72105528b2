//! What the server answers to the creation of an object, or to the adding of an
//! ephemeral container.

use super::{FieldError, psa::Violation};
use crate::{diagnostic::Span, object::Pod, step::Step, version::Version, yaml::Value};

/// What the server answers to a creation.
#[derive(Clone, Debug, PartialEq)]
pub struct Creation {
    /// The server's version.
    pub version: Version,
    /// What the parts of the server did.
    pub steps: Vec<Step>,
    /// Warnings in headers, which kubectl prints.
    pub warnings: Vec<String>,
    /// The object as stored, or why there is none.
    pub stored: Result<Stored, Refusal>,
    /// Of a controller: what became of the pod that it made from its template.
    pub from_template: Option<Box<Creation>>,
}

impl Creation {
    /// The pod that is placed on a node, with the object that it is stored in:
    /// the object's own, or the one that a controller made; nothing where none is.
    pub fn placed(&self) -> Option<(&Stored, &Pod)> {
        let stored = self.stored.as_ref().ok()?;
        let Some(made) = &self.from_template else {
            return Some((stored, stored.pod.as_ref()?));
        };
        let made = made.stored.as_ref().ok()?;
        Some((made, made.pod.as_ref().or(stored.pod.as_ref())?))
    }
}

/// An object as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The whole object.
    pub value: Value,
    /// The pod, or the pod of its template; nothing for other kinds.
    pub pod: Option<Pod>,
    /// The handler of its runtime class.
    pub handler: Option<String>,
}

/// A part of a document that decoding refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Its place.
    pub span: Span,
    /// What the server says of it.
    pub finding: String,
    /// The known field whose name comes nearest, for an unknown one.
    pub nearest: Option<&'static str>,
}

/// Why an object is not stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// 400: decoding failed.
    BadRequest {
        /// The server's message.
        message: String,
        /// What of it stands where.
        places: Vec<Misfit>,
    },
    /// 422: validation failed.
    Invalid(Vec<FieldError>),
    /// 403: admission refused.
    Forbidden {
        /// The server's message.
        message: String,
        /// The checks of Pod Security that failed, if it was that.
        violations: Vec<Violation>,
    },
    /// 404: the server has no such resource, or no such object.
    NotFound {
        /// The server's message.
        message: String,
    },
    /// 422 or 403: a ValidatingAdmissionPolicy refused.
    Policy {
        /// The plural resource.
        resource: &'static str,
        /// The object's name.
        name: String,
        /// Whether the answer is 422, which is the default, or 403.
        invalid: bool,
        /// The policy's words.
        cause: String,
    },
}
