//! What a runtime answers to a request for a profile.

use std::borrow::Cow;

use crate::step::Verdict;

/// The answer and its explanation, made in the same place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The profile to use, nothing for none, or the error that ends the matter.
    pub profile: Result<Option<String>, String>,
    /// What became of the request.
    pub verdict: Verdict,
    /// The reason, in a sentence, or the error's own words.
    pub words: Cow<'static, str>,
    /// Where this was read.
    pub source: &'static str,
}

impl Answer {
    /// The request is met with this profile.
    pub fn with(profile: &str, words: impl Into<Cow<'static, str>>, source: &'static str) -> Self {
        Self {
            profile: Ok(Some(profile.to_owned())),
            verdict: Verdict::Honoured,
            words: words.into(),
            source,
        }
    }

    /// No profile, with the verdict that this deserves.
    pub fn without(
        verdict: Verdict,
        words: impl Into<Cow<'static, str>>,
        source: &'static str,
    ) -> Self {
        Self {
            profile: Ok(None),
            verdict,
            words: words.into(),
            source,
        }
    }

    /// The request is refused with an error.
    pub fn refused(error: impl Into<String>, source: &'static str) -> Self {
        let error = error.into();
        Self {
            profile: Err(error.clone()),
            verdict: Verdict::Refused,
            words: error.into(),
            source,
        }
    }
}
