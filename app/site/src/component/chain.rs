//! The start chain: what each component did with the pod (round marks) and
//! with the profile that it asks for (square marks).

use lab::message::{ChainStep, ChainVerdict};
use leptos::prelude::*;

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
#[component]
pub fn Chain(
    /// The links, in order.
    chain: Vec<ChainStep>,
) -> impl IntoView {
    let rails = rails(&chain);
    let links = chain
        .into_iter()
        .zip(rails)
        .map(|(step, rails)| link(&step, rails))
        .collect_view();
    view! {
        <div class="rails" aria-hidden="true">
            <span>
                <i></i>
                "the pod"
            </span>
            <span>
                <i></i>
                "the profile it asks for"
            </span>
        </div>
        <ol class="chain" aria-label="Start chain: what each component did with the pod and with the profile">
            {links}
        </ol>
    }
    .into_any()
}

/// One link: two marks, the component, its verdict and its words.
fn link(step: &ChainStep, (pod, profile): (Rail, Rail)) -> impl IntoView + use<> {
    let (class, word, icon) = verdict(step.verdict);
    let row = match (step.verdict, step.decided) {
        (ChainVerdict::Refused, _) => "at is-refused",
        (ChainVerdict::Dropped, _) => "at is-silent",
        (ChainVerdict::NotReached, _) => "off",
        (_, true) => "at",
        _ => "",
    };
    let asked = (step.decided && !step.asked.is_empty())
        .then(|| view! { <span class="says asked">"asked for " {words(&step.asked)}</span> });
    let said = (!step.words.is_empty()).then(|| {
        if step.verdict == ChainVerdict::Refused {
            view! { <q>{step.words.clone()}</q> }.into_any()
        } else {
            view! { <span class="says">{words(&step.words)}</span> }.into_any()
        }
    });
    let source = (step.decided && !step.source.is_empty())
        .then(|| view! { <cite>"source: " {step.source.clone()}</cite> });
    view! {
        <li class=row>
            <i class=pod.class()></i>
            <i class=profile.class()></i>
            <div>
                <span class="who">
                    {step.component.clone()} <small>{step.version.clone()}</small>
                    <span class=format!("v {class}")>{icon.view()} {word}</span>
                </span>
                {asked}
                {said}
                {source}
            </div>
        </li>
    }
    .into_any()
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
