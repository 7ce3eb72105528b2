//! The start chain folded into one small picture, with its text twin.

use std::fmt::Write as _;

use lab::message::{ChainStep, ChainVerdict};
use maud::{Markup, PreEscaped, html};

use super::chain::{Rail, rails};

/// Distance of two links, and where the rails lie, in the picture's units.
const STEP: usize = 42;
const LEFT: usize = 16;
const POD: usize = 9;
const PROFILE: usize = 27;

/// The picture of a chain.
pub fn strip(chain: &[ChainStep]) -> Markup {
    let fate = fate(chain);
    let ends = |step: Option<&ChainStep>| step.map_or(String::new(), |step| step.component.clone());
    let width = 2 * LEFT + STEP * chain.len().saturating_sub(1);
    html! {
        div.strip role="img" aria-label={ "Start chain: " (fate) } {
            svg viewBox={ "0 0 " (width) " 36" } aria-hidden="true" { (PreEscaped(drawing(&rails(chain)))) }
            p aria-hidden="true" {
                span { (ends(chain.first())) }
                span { (fate) }
                span { (ends(chain.last())) }
            }
        }
    }
}

/// What became of the profile on its way, in a few words.
fn fate(chain: &[ChainStep]) -> String {
    let at = |verdict| chain.iter().find(|step| step.verdict == verdict);
    if let Some(step) = at(ChainVerdict::Refused) {
        format!("stopped at {}", step.component)
    } else if let Some(step) = at(ChainVerdict::Dropped) {
        format!("dropped by {}", step.component)
    } else if at(ChainVerdict::Honoured).is_some() {
        "arrives whole".to_owned()
    } else {
        "nothing was asked".to_owned()
    }
}

fn drawing(rails: &[(Rail, Rail)]) -> String {
    let mut lines = String::new();
    let mut marks = String::new();
    for (index, &(pod, profile)) in rails.iter().enumerate() {
        let x = LEFT + index * STEP;
        let next = rails.get(index + 1);
        draw(
            &mut lines,
            &mut marks,
            x,
            POD,
            pod,
            next.map(|rails| rails.0),
        );
        draw(
            &mut lines,
            &mut marks,
            x,
            PROFILE,
            profile,
            next.map(|rails| rails.1),
        );
    }
    lines + &marks
}

/// One mark and the line from it to the next.
fn draw(
    lines: &mut String,
    marks: &mut String,
    x: usize,
    y: usize,
    rail: Rail,
    next: Option<Rail>,
) {
    let class = if y == POD { "pl" } else { "fl" };
    let end = x + STEP;
    let goes_on = matches!(rail, Rail::Arrives | Rail::Passes);
    // Writing into a String cannot fail.
    let _ = match next {
        Some(Rail::Gone) => write!(lines, r#"<path class="sl" d="M{x} {y}H{end}"/>"#),
        Some(next) if goes_on && next != Rail::Absent => {
            write!(lines, r#"<path class="{class}" d="M{x} {y}H{end}"/>"#)
        }
        _ => Ok(()),
    };
    let _ = match rail {
        Rail::Arrives if y == POD => {
            write!(marks, r#"<circle class="pl" cx="{x}" cy="{y}" r="5.5"/>"#)
        }
        Rail::Arrives => write!(
            marks,
            r#"<path class="fl" d="M{} {}h10v10h-10z"/>"#,
            x - 5,
            y - 5
        ),
        Rail::Stops => write!(marks, r#"<path class="st" d="M{x} {}v18"/>"#, y - 9),
        Rail::Drops => write!(marks, r#"<circle class="so" cx="{x}" cy="{y}" r="7.5"/>"#),
        Rail::Absent => write!(marks, r#"<path class="no" d="M{} {y}h8"/>"#, x - 4),
        Rail::Passes | Rail::Gone => Ok(()),
    };
}
