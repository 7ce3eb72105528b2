//! The gates of a call as chips, in the order in which that call asks them.

use lab::message::{Gate, GateVerdict, GateView};
use maud::{Markup, html};

use super::{Icon, words};

/// The chips of one call, its gates in the asked order. `alarm`: a missing profile is the fault
/// of the node, not the wish of the pod's author; only then does it look dangerous.
pub fn gates(gates: &[GateView], alarm: bool) -> Markup {
    html! {
        span.gates role="list" aria-label="Gates, in the order in which this call asks them" {
            @for gate in gates {
                (chip(gate, alarm))
            }
        }
    }
}

fn chip(gate: &GateView, alarm: bool) -> Markup {
    let missing = alarm && gate.gate == Gate::AppArmor;
    let (class, icon) = match gate.verdict {
        GateVerdict::Allowed => ("pass", Icon::Pass),
        GateVerdict::Denied => ("deny", Icon::Blocked),
        GateVerdict::Failed => ("err", Icon::Cross),
        GateVerdict::NotAsked => ("notasked", Icon::Dots),
        GateVerdict::NoProfile if missing => ("missing", Icon::BrokenShield),
        GateVerdict::NoProfile => ("notasked", Icon::Dash),
    };
    html! {
        span.gate.(class) role="listitem" {
            (icon)
            span { (name(gate.gate)) " " (words(&gate.sentence)) }
        }
    }
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
