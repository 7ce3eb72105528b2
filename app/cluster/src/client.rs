//! The client that sends a manifest: kubectl, or a program with a library.

/// How unknown fields are treated: kubectl's `--validate`, the query
/// `fieldValidation`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Validate {
    /// The request is refused: kubectl's default.
    #[default]
    Strict,
    /// The field is dropped with a warning: the server's default for clients
    /// that say nothing, such as controllers and most libraries.
    Warn,
    /// The field is dropped without a word.
    Ignore,
}

/// Who sends a manifest, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The name of the file, as it was given after `-f`.
    pub file: String,
    /// How unknown fields are treated.
    pub validate: Validate,
    /// The user's name, for exemptions.
    pub user: String,
    /// The namespace of objects that name none.
    pub namespace: String,
}

impl Client {
    /// `kubectl apply -f FILE` by an administrator.
    pub fn kubectl(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            validate: Validate::Strict,
            user: "kubernetes-admin".to_owned(),
            namespace: "default".to_owned(),
        }
    }
}
