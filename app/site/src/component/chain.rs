//! The start chain: what each component did with the pod (round marks) and
//! with the profile that it asks for (square marks).

use lab::message::{ChainStep, ChainVerdict};
use maud::{Markup, html};

use super::{Icon, words};

/// How one rail looks at one link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rail {
    /// It arrives, and a mark says so.
    Arrives,
    /// It goes past a component that does not look.
    Passes,
    /// It is stopped here.
    Stops,
    /// It is let fall here without a word.
    Drops,
    /// It was let fall before.
    Gone,
    /// It never came here.
    Absent,
}

impl Rail {
    fn class(self) -> &'static str {
        match self {
            Self::Arrives => "on",
            Self::Passes => "pass",
            Self::Stops => "stop",
            Self::Drops => "drop",
            Self::Gone => "gone",
            Self::Absent => "none",
        }
    }
}

/// The two rails (pod, profile) at each link.
pub(super) fn rails(chain: &[ChainStep]) -> Vec<(Rail, Rail)> {
    let mut dropped = false;
    let asked = chain.iter().any(|step| {
        matches!(
            step.verdict,
            ChainVerdict::Honoured | ChainVerdict::Refused | ChainVerdict::Dropped
        )
    });
    chain
        .iter()
        .map(|step| match step.verdict {
            ChainVerdict::NotReached => (Rail::Absent, Rail::Absent),
            ChainVerdict::Refused => (Rail::Stops, Rail::Stops),
            ChainVerdict::Dropped => {
                dropped = true;
                (Rail::Arrives, Rail::Drops)
            }
            _ if dropped => (Rail::Arrives, Rail::Gone),
            ChainVerdict::Honoured => (Rail::Arrives, Rail::Arrives),
            ChainVerdict::DoesNotLook => (Rail::Arrives, Rail::Passes),
            ChainVerdict::NothingAsked if asked => (Rail::Arrives, Rail::Passes),
            ChainVerdict::NothingAsked => (Rail::Arrives, Rail::Absent),
        })
        .collect()
}

fn verdict(verdict: ChainVerdict) -> (&'static str, &'static str, Icon) {
    match verdict {
        ChainVerdict::Honoured => ("ok", "honoured", Icon::Pass),
        ChainVerdict::Refused => ("refused", "refused", Icon::Stop),
        ChainVerdict::Dropped => ("dropped", "dropped silently", Icon::Dropped),
        ChainVerdict::DoesNotLook => ("noask", "does not look", Icon::Dash),
        ChainVerdict::NothingAsked => ("noask", "nothing asked", Icon::Dash),
        ChainVerdict::NotReached => ("na", "not reached", Icon::Dots),
    }
}

/// The chain with each link's own words.
pub fn chain(chain: &[ChainStep]) -> Markup {
    html! {
        div.rails aria-hidden="true" {
            span { i {} "the pod" }
            span { i {} "the profile it asks for" }
        }
        ol.chain aria-label="Start chain: what each component did with the pod and with the profile" {
            @for (step, rails) in chain.iter().zip(rails(chain)) {
                (link(step, rails))
            }
        }
    }
}

/// One link: two marks, the component, its verdict and its words.
fn link(step: &ChainStep, (pod, profile): (Rail, Rail)) -> Markup {
    let (class, word, icon) = verdict(step.verdict);
    let row = match (step.verdict, step.decided) {
        (ChainVerdict::Refused, _) => "at is-refused",
        (ChainVerdict::Dropped, _) => "at is-silent",
        (ChainVerdict::NotReached, _) => "off",
        (_, true) => "at",
        _ => "",
    };
    html! {
        li class=(row) {
            i.(pod.class()) {}
            i.(profile.class()) {}
            div {
                span.who {
                    (step.component) " " small { (step.version) }
                    span.v.(class) { (icon) " " (word) }
                }
                @if step.decided && !step.asked.is_empty() {
                    span.says.asked { "asked for " (words(&step.asked)) }
                }
                @if step.verdict == ChainVerdict::Refused && !step.words.is_empty() {
                    q { (step.words) }
                } @else if !step.words.is_empty() {
                    span.says { (words(&step.words)) }
                }
                @if step.decided && !step.source.is_empty() {
                    cite { "source: " (step.source) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(verdicts: &[ChainVerdict]) -> Vec<ChainStep> {
        verdicts
            .iter()
            .map(|&verdict| ChainStep {
                component: String::new(),
                version: String::new(),
                asked: String::new(),
                verdict,
                words: String::new(),
                source: String::new(),
                decided: false,
            })
            .collect()
    }

    #[test]
    fn after_a_silent_drop_the_pod_goes_on_alone() {
        let chain = chain(&[
            ChainVerdict::Honoured,
            ChainVerdict::Dropped,
            ChainVerdict::NothingAsked,
        ]);
        assert_eq!(
            rails(&chain),
            [
                (Rail::Arrives, Rail::Arrives),
                (Rail::Arrives, Rail::Drops),
                (Rail::Arrives, Rail::Gone),
            ]
        );
    }

    #[test]
    fn a_profile_passes_a_component_that_has_no_part_in_it() {
        let asked = [
            ChainVerdict::Honoured,
            ChainVerdict::NothingAsked,
            ChainVerdict::Honoured,
        ];
        assert_eq!(rails(&chain(&asked))[1], (Rail::Arrives, Rail::Passes));
        let nothing = [ChainVerdict::NothingAsked, ChainVerdict::DoesNotLook];
        assert_eq!(rails(&chain(&nothing))[0], (Rail::Arrives, Rail::Absent));
    }

    #[test]
    fn a_refusal_stops_both_rails() {
        let chain = chain(&[
            ChainVerdict::DoesNotLook,
            ChainVerdict::Refused,
            ChainVerdict::NotReached,
        ]);
        assert_eq!(
            rails(&chain),
            [
                (Rail::Arrives, Rail::Passes),
                (Rail::Stops, Rail::Stops),
                (Rail::Absent, Rail::Absent),
            ]
        );
    }
}
