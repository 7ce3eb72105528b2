//! A state as the fragment of a link, and back.
//!
//! A format digit, then the differences from the lab's start as JSON, deflated
//! (RFC 1951) and in base64url (RFC 4648, section 5) without padding. A format
//! that was ever given out is read for ever.

use crate::message::{FileText, NodeSpec};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Longest fragment that is made, in characters: what the address bars and
/// messengers that cut links earliest still pass on.
pub const MAX_FRAGMENT: usize = 8_000;
/// Longest state that is read, in bytes of JSON.
pub const MAX_STATE: usize = 2 * 1024 * 1024;

/// What a link carries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shared {
    /// Id of the lab.
    pub lab: String,
    /// The files whose texts differ from the lab's start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileText>,
    /// The fleet, when it differs from the lab's start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nodes: Option<Vec<NodeSpec>>,
}

/// Why a state is no link, or a link no state.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ShareError {
    /// Over [`MAX_FRAGMENT`].
    #[error(
        "This state makes a link of {0} characters; links of more than {MAX_FRAGMENT} get lost on the way. Export the lab as a folder instead."
    )]
    TooLong(usize),
    /// The format digit is none that was ever given out.
    #[error(
        "This link is of a format that this page does not know; it may be newer than the page. Reload, and if that does not help, ask for a new link."
    )]
    UnknownFormat,
    /// Cut off or changed on its way.
    #[error("This link is damaged; a part of it may have been lost on its way. Ask for it again.")]
    Damaged,
}

/// The fragment for a state, without its `#`.
///
/// # Errors
/// [`ShareError::TooLong`].
pub fn encode(shared: &Shared) -> Result<String, ShareError> {
    let json = serde_json::to_vec(shared).map_err(|_| ShareError::Damaged)?;
    let fragment = pack(&json);
    if fragment.len() > MAX_FRAGMENT {
        return Err(ShareError::TooLong(fragment.len()));
    }
    Ok(fragment)
}

/// The fragment of the newest format for a state's JSON, however long.
pub fn pack(json: &[u8]) -> String {
    let packed = miniz_oxide::deflate::compress_to_vec(json, 9);
    format!("1{}", URL_SAFE_NO_PAD.encode(packed))
}

/// The state in a fragment.
///
/// # Errors
/// [`ShareError::UnknownFormat`] and [`ShareError::Damaged`].
pub fn decode(fragment: &str) -> Result<Shared, ShareError> {
    let Some(packed) = fragment.strip_prefix('1') else {
        return Err(ShareError::UnknownFormat);
    };
    let packed = URL_SAFE_NO_PAD
        .decode(packed)
        .map_err(|_| ShareError::Damaged)?;
    let json = miniz_oxide::inflate::decompress_to_vec_with_limit(&packed, MAX_STATE)
        .map_err(|_| ShareError::Damaged)?;
    let json = String::from_utf8(json).map_err(|_| ShareError::Damaged)?;
    serde_json::from_str(&json).map_err(|_| ShareError::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shared() -> impl Strategy<Value = Shared> {
        let file =
            (any::<String>(), any::<String>()).prop_map(|(path, text)| FileText { path, text });
        let options = proptest::collection::btree_map(any::<String>(), any::<String>(), 0..3);
        let node = (any::<String>(), any::<String>(), options).prop_map(|(id, kind, options)| {
            let options = options.into_iter().collect();
            NodeSpec { id, kind, options }
        });
        let files = proptest::collection::vec(file, 0..4);
        let nodes = proptest::option::of(proptest::collection::vec(node, 0..4));
        (any::<String>(), files, nodes).prop_map(|(lab, files, nodes)| Shared { lab, files, nodes })
    }

    /// A link as it was given out when format 1 was new.
    const FORMAT_1: &str = "1LYzBCoMwEER_Jcw5OdRT8VfaHlY2tkHZiFnREvLv3UBvj5k3U7HShBF65vA-aOcCjzmtsWB8VGykH2uXewkc5RuYlEzQeKnF25676shV18G79hS0l4dk_j8kNlFssyTpyHFKJOE2mNd-";

    #[test]
    fn a_link_of_format_1_is_read_for_ever() {
        let shared = decode(FORMAT_1).expect("it is read");
        assert_eq!(shared.lab, "two-guards");
        assert_eq!(shared.files.len(), 1);
        assert_eq!(shared.files[0].path, "k8s-deny-data");
        assert_eq!(shared.nodes.map(|nodes| nodes.len()), Some(1));
    }

    proptest! {
        #[test]
        fn a_state_comes_back_from_its_link(shared in shared()) {
            let fragment = encode(&shared).expect("it is short");
            prop_assert_eq!(decode(&fragment), Ok(shared));
        }

        #[test]
        fn any_text_as_a_link_is_a_state_or_an_error(text in any::<String>()) {
            let _ = decode(&text);
            let _ = decode(&format!("1{text}"));
        }

        #[test]
        fn any_bytes_in_a_link_are_a_state_or_an_error(bytes in any::<Vec<u8>>()) {
            let _ = decode(&format!("1{}", URL_SAFE_NO_PAD.encode(bytes)));
        }
    }
}
