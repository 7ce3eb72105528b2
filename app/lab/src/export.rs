//! A lab as a folder for a real Ubuntu machine: the files, what puts them on
//! nodes, and a script that holds the real answers against the predicted ones.

mod archive;
mod cluster;
mod prediction;
mod readme;
mod verify;

pub use archive::zip;

use crate::{document::Document, message::Language, node::Node, workspace::Workspace};
use prediction::Prediction;
use thiserror::Error;

/// Largest folder that is made, in bytes.
pub const MAX_EXPORT: usize = 8 * 1024 * 1024;

/// A file of the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// Path below the folder, with `/` between its parts.
    pub path: String,
    /// What is in it.
    pub text: String,
    /// Whether it is a program.
    pub executable: bool,
}

impl ExportFile {
    fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
            executable: false,
        }
    }
}

/// Why there is no folder.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ExportError {
    /// Over [`MAX_EXPORT`].
    #[error("The files of this lab have {0} bytes together; a folder may have {MAX_EXPORT}.")]
    TooLarge(usize),
    /// There is nothing to predict.
    #[error("The fleet has no node, so that there is nothing to predict. Add one.")]
    NoNode,
}

/// Everything that the folder holds, by path.
pub fn files(
    document: &Document,
    workspace: &Workspace,
    nodes: &[Node],
) -> Result<Vec<ExportFile>, ExportError> {
    // What is predicted is a node with AppArmor, where there is one: that is
    // what the real machine will be.
    let node = nodes
        .iter()
        .find(|node| node.machine.has_apparmor())
        .or_else(|| nodes.first())
        .ok_or(ExportError::NoNode)?;
    let prediction = Prediction::of(document, workspace, node);
    let mut files = Vec::new();
    for file in &workspace.files {
        files.push(ExportFile::new(
            place(file.about.language, &file.about.path),
            &*file.text,
        ));
    }
    files.extend(cluster::files(document, workspace));
    files.push(ExportFile::new(
        "README.md",
        readme::text(document, workspace, &prediction),
    ));
    files.push(ExportFile {
        executable: true,
        ..ExportFile::new(
            "verify.sh",
            verify::script(document, workspace, &prediction),
        )
    });
    sorted::sort_by(&mut files, |a, b| a.path.cmp(&b.path));
    let size = files.iter().map(|file| file.text.len()).sum();
    if size > MAX_EXPORT {
        return Err(ExportError::TooLarge(size));
    }
    Ok(files)
}

/// Where a file of the lab lies in the folder.
fn place(language: Language, path: &str) -> String {
    let folder = match language {
        Language::AppArmor => "profiles",
        Language::Manifest => "manifests",
        Language::Seccomp => "seccomp",
        Language::Shell | Language::Plain => "files",
    };
    format!("{folder}/{}", base(path))
}

/// The last part of a path.
fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A text as a word of a POSIX shell.
fn quoted(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:=,@%+".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A text indented by so many blanks, for YAML's block scalars.
fn indented(text: &str, blanks: usize) -> String {
    let start = " ".repeat(blanks);
    text.lines()
        .map(|line| {
            if line.is_empty() {
                "\n".to_owned()
            } else {
                format!("{start}{line}\n")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_quoted_for_the_shell_where_it_has_to_be() {
        assert_eq!(quoted("/data/x"), "/data/x");
        assert_eq!(quoted("echo hi > /data/x"), "'echo hi > /data/x'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
