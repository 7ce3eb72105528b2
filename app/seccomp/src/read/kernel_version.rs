//! Kernel versions in a template's conditions.

use super::{decode::Decoder, json::Kind};
use crate::error::{ErrorClass, ProfileError};

/// Reads `minKernel` (`KernelVersion.UnmarshalJSON` of moby/profiles): exactly
/// `major.minor`, each below 256, not 0.0; an empty string means 0.0.
pub(super) fn read(decoder: &mut Decoder<'_>, into: &mut Option<(u32, u32)>) {
    if decoder.null() {
        *into = None;
        return;
    }
    let (value, raw, kind, span) = decoder.take();
    match parse(&value, kind) {
        Ok(version) => *into = Some(version),
        Err(detail) => decoder.report(ProfileError {
            class: ErrorClass::MinKernel,
            message: format!(
                "invalid kernel version: {raw}, expected \"<kernel>.<major>\"{detail}"
            ),
            sentence: "minKernel must be two numbers with a point between, such as \"4.8\"."
                .to_owned(),
            span,
        }),
    }
}

fn parse(value: &str, kind: Kind) -> Result<(u32, u32), String> {
    if kind != Kind::String {
        return Err(format!(
            ": json: cannot unmarshal {} into Go value of type string",
            kind.word()
        ));
    }
    if value.is_empty() {
        return Ok((0, 0));
    }
    let Some((kernel, major)) = value
        .split_once('.')
        .filter(|(_, rest)| !rest.contains('.'))
    else {
        return Err(String::new());
    };
    match (byte(kernel)?, byte(major)?) {
        (0, 0) => Err(": version cannot be 0.0".to_owned()),
        version => Ok(version),
    }
}

/// `strconv.ParseUint(text, 10, 8)`.
fn byte(text: &str) -> Result<u32, String> {
    let error = |reason| format!(": strconv.ParseUint: parsing \"{text}\": {reason}");
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(error("invalid syntax"));
    }
    match text.parse::<u8>() {
        Ok(value) => Ok(u32::from(value)),
        Err(_) => Err(error("value out of range")),
    }
}
