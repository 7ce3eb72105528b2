//! From a profile's text to the profile that the runtime sees.

mod decode;
mod document;
mod errno;
mod json;
mod kernel_version;
mod template;

pub(crate) use document::KEYS;

use sorted::SortedSet;

use crate::{
    arch::Arch,
    error::{ErrorClass, ProfileError},
    profile::{Condition, Entry, Profile},
};

/// The form that a runtime reads a file as. The file does not say; who reads it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// The runtime-spec form, as containerd reads a Localhost profile. What a
    /// template has besides (`archMap`, `includes`, `excludes`) is passed over.
    Oci,
    /// Docker's template form (moby/profiles).
    Docker,
    /// The template form of podman and CRI-O (containers/common).
    Common,
}

/// What a template's conditions depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadContext {
    /// The node's architecture.
    pub native: Arch,
    /// The container's bounding set: `CAP_SYS_ADMIN`, …
    pub capabilities: SortedSet<String>,
    /// The node's kernel, as major and minor.
    pub kernel: (u32, u32),
}

/// What reading a text gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// No default action and no rules: the runtime leaves seccomp off, without a word.
    Off,
    /// A profile.
    Profile(Profile),
}

impl ReadContext {
    /// A node of this architecture without capabilities, with the kernel of the recordings.
    pub fn new(native: Arch) -> Self {
        Self {
            native,
            capabilities: SortedSet::new(),
            kernel: (6, 1),
        }
    }
}

/// Reads a profile's text.
///
/// # Errors
/// In the words of Go's decoder or the template's loader, with the place; the
/// first of several, as those stop at the first. The text of any length is read
/// once from start to end.
pub fn read(text: &[u8], format: Format, context: &ReadContext) -> Result<Reading, ProfileError> {
    json::check(text).map_err(|error| syntax_error(text, error))?;
    let mut decoder = decode::Decoder::new(text);
    let mut document = document::read(&mut decoder, format);
    let template_keys = decoder.finish()?;
    let is_empty = |document: &document::Document| {
        document.default_action.value.is_empty()
            && document.syscalls.as_ref().is_none_or(Vec::is_empty)
    };
    if is_empty(&document) {
        return Ok(Reading::Off);
    }
    let left_out = match format {
        Format::Oci => Vec::new(),
        Format::Docker | Format::Common => template::expand(&mut document, format, context)?,
    };
    if is_empty(&document) {
        return Ok(Reading::Off);
    }
    if document.null.is_some() {
        return Err(template::null_error(&document));
    }
    Ok(Reading::Profile(Profile {
        default_action: document.default_action,
        default_errno: document.default_errno,
        architectures: document.architectures.unwrap_or_default(),
        flags: document.flags,
        listener_path: document.listener_path.value,
        entries: document
            .syscalls
            .unwrap_or_default()
            .into_iter()
            .flatten()
            .map(entry)
            .collect(),
        left_out,
        template_keys,
    }))
}

fn entry(object: document::SyscallObject) -> Entry {
    Entry {
        span: object.span,
        names: object.names.unwrap_or_default(),
        action: object.action,
        errno: object.errno,
        conditions: object
            .args
            .unwrap_or_default()
            .into_iter()
            .map(|argument| Condition {
                span: argument.span,
                index: argument.index,
                operator: argument.operator,
                value: argument.value,
                value_two: argument.value_two,
            })
            .collect(),
    }
}

fn syntax_error(text: &[u8], error: json::SyntaxError) -> ProfileError {
    let offset = error.offset.min(text.len());
    let sentence = if error.offset >= text.len() {
        "The text ends before the profile does: a brace, bracket or quote is still open."
    } else if error
        .message
        .contains("looking for beginning of object key")
    {
        "After a comma in braces there must be another \"key\"; is there one comma too many?"
    } else if error.message.contains("after object key:value pair")
        || error.message.contains("after array element")
    {
        "A comma or a closing bracket is missing before this."
    } else if error.message.contains("after top-level value") {
        "The profile has ended before this; nothing may follow its closing brace."
    } else if error.message.contains("looking for beginning of value") {
        "A value must stand here: an object, a list, a string in double quotes or a number. JSON has no comments."
    } else if error.message.contains("max depth") {
        "Nothing may be nested this deep."
    } else {
        "This character cannot stand here in JSON."
    };
    ProfileError {
        class: ErrorClass::JsonSyntax,
        message: error.message,
        sentence: sentence.to_owned(),
        span: offset..(offset + 1).min(text.len()),
    }
}
