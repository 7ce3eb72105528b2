//! The gates of a call as chips, in the order in which that call asks them.

use lab::message::{Gate, GateVerdict, GateView};
use leptos::prelude::*;

use super::{Icon, words};

/// The chips of one call.
#[component]
#[expect(
    clippy::needless_pass_by_value,
    reason = "a component owns its properties"
)]
pub fn Gates(
    /// The gates, in the asked order.
    gates: Vec<GateView>,
    /// Whether a missing profile is the fault of the node, not the wish of the
    /// pod's author: only then does it look dangerous.
    alarm: bool,
) -> impl IntoView {
    view! {
        <span class="gates" role="list" aria-label="Gates, in the order in which this call asks them">
            {gates.iter().map(|gate| chip(gate, alarm)).collect_view()}
        </span>
    }
    .into_any()
}

fn chip(gate: &GateView, alarm: bool) -> impl IntoView + use<> {
    let missing = alarm && gate.gate == Gate::AppArmor;
    let (class, icon) = match gate.verdict {
        GateVerdict::Allowed => ("pass", Icon::Pass),
        GateVerdict::Denied => ("deny", Icon::Blocked),
        GateVerdict::Failed => ("err", Icon::Cross),
        GateVerdict::NotAsked => ("notasked", Icon::Dots),
        GateVerdict::NoProfile if missing => ("missing", Icon::BrokenShield),
        GateVerdict::NoProfile => ("notasked", Icon::Dash),
    };
    view! {
        <span class=format!("gate {class}") role="listitem">
            {icon.view()}
            <span>{name(gate.gate)} " " {words(&gate.sentence)}</span>
        </span>
    }
    .into_any()
}

/// The gate's name.
pub(super) fn name(gate: Gate) -> &'static str {
    match gate {
        Gate::Seccomp => "seccomp",
        Gate::PathWalk => "name",
        Gate::MountFlags => "mount",
        Gate::Dac => "DAC",
        Gate::Capability => "capability",
        Gate::AppArmor => "AppArmor",
    }
}
