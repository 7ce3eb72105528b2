//! A field that validation refuses (`apimachinery/pkg/util/validation/field`).

use std::fmt;

use super::go::quote;

/// What is wrong with the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorType {
    /// It must be set.
    Required,
    /// Its value is malformed.
    Invalid,
    /// Its value is none of the known ones.
    NotSupported,
    /// It must not be set, or not like this.
    Forbidden,
    /// Its value is too long.
    TooLong,
    /// What it names does not exist.
    NotFound,
    /// Another one has the same value.
    Duplicate,
}

impl ErrorType {
    /// The name in `status.details.causes[].reason`.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Required => "FieldValueRequired",
            Self::Invalid => "FieldValueInvalid",
            Self::NotSupported => "FieldValueNotSupported",
            Self::Forbidden => "FieldValueForbidden",
            Self::TooLong => "FieldValueTooLong",
            Self::NotFound => "FieldValueNotFound",
            Self::Duplicate => "FieldValueDuplicate",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Required => "Required value",
            Self::Invalid => "Invalid value",
            Self::NotSupported => "Unsupported value",
            Self::Forbidden => "Forbidden",
            Self::TooLong => "Too long",
            Self::NotFound => "Not found",
            Self::Duplicate => "Duplicate value",
        }
    }
}

/// One refused field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldError {
    /// Its path: `spec.containers[0].image`.
    pub field: String,
    /// What is wrong.
    pub kind: ErrorType,
    /// The value as the message prints it, for the kinds that print it.
    pub bad_value: Option<String>,
    /// What would be right; may be empty.
    pub detail: String,
}

impl FieldError {
    /// A field that must be set.
    pub fn required(field: impl Into<String>, detail: &str) -> Self {
        Self {
            field: field.into(),
            kind: ErrorType::Required,
            bad_value: None,
            detail: detail.to_owned(),
        }
    }

    /// A malformed string.
    pub fn invalid(field: impl Into<String>, value: &str, detail: impl Into<String>) -> Self {
        Self::invalid_dump(field, quote(value), detail)
    }

    /// A malformed value that is printed as given.
    pub fn invalid_dump(field: impl Into<String>, dump: String, detail: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            kind: ErrorType::Invalid,
            bad_value: Some(dump),
            detail: detail.into(),
        }
    }

    /// A value that is none of the known ones.
    pub fn not_supported(field: impl Into<String>, value: &str, supported: &[&str]) -> Self {
        Self {
            field: field.into(),
            kind: ErrorType::NotSupported,
            bad_value: Some(quote(value)),
            detail: format!("supported values: {}", super::go::join_quoted(supported)),
        }
    }

    /// A field that must not be set.
    pub fn forbidden(field: impl Into<String>, detail: &str) -> Self {
        Self {
            field: field.into(),
            kind: ErrorType::Forbidden,
            bad_value: None,
            detail: detail.to_owned(),
        }
    }

    /// A value that is too long.
    pub fn too_long(field: impl Into<String>, detail: String) -> Self {
        Self {
            field: field.into(),
            kind: ErrorType::TooLong,
            bad_value: None,
            detail,
        }
    }

    /// A name of something that does not exist.
    pub fn not_found(field: impl Into<String>, value: &str) -> Self {
        Self {
            field: field.into(),
            kind: ErrorType::NotFound,
            bad_value: Some(quote(value)),
            detail: String::new(),
        }
    }

    /// A value that another one has already.
    pub fn duplicate(field: impl Into<String>, value: &str) -> Self {
        Self {
            field: field.into(),
            kind: ErrorType::Duplicate,
            bad_value: Some(quote(value)),
            detail: String::new(),
        }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.kind.words())?;
        if let Some(value) = &self.bad_value {
            write!(f, ": {value}")?;
        }
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        Ok(())
    }
}
