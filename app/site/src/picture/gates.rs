//! The gates of one call, in the order in which it asks them.

use lab::message::{GateVerdict, NodeView, RowOutcome, TraceRow};

use super::{Figure, text};

const WIDTH: u32 = 176;
const GAP: u32 = 36;
const TOP: u32 = 64;

/// The first call that was blocked.
pub fn draw(nodes: &[NodeView]) -> Option<String> {
    let row = nodes
        .iter()
        .flat_map(|node| &node.trace)
        .find(|row| row.outcome == RowOutcome::Blocked)?;
    Some(figure(row))
}

fn figure(row: &TraceRow) -> String {
    let mut svg = text("t2", 12, 28, "start", &row.call);
    let mut words = vec![format!("The call is {}.", row.call)];
    let mut x = 12;
    for (index, gate) in row.gates.iter().enumerate() {
        let class = match gate.verdict {
            GateVerdict::Denied => "bx deny",
            GateVerdict::NotAsked | GateVerdict::NoProfile => "bx skipped",
            GateVerdict::Allowed | GateVerdict::Failed => "bx",
        };
        if index > 0 {
            let line = if gate.verdict == GateVerdict::NotAsked {
                "gd"
            } else {
                "lb"
            };
            svg.push_str(&format!(
                "<path class=\"{line}\" d=\"M{} {}h{GAP}\"/>",
                x - GAP,
                TOP + 30
            ));
        }
        svg.push_str(&format!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{TOP}\" width=\"{WIDTH}\" height=\"60\"/>"
        ));
        let label = if gate.verdict == GateVerdict::Denied {
            "tb"
        } else {
            "t1"
        };
        svg.push_str(&text(label, x + 12, TOP + 25, "start", gate.gate.title()));
        svg.push_str(&text("t2", x + 12, TOP + 46, "start", said(gate.verdict)));
        words.push(format!("{}: {}.", gate.gate.title(), gate.sentence));
        x += WIDTH + GAP;
    }
    svg.push_str(&text(
        "tb",
        12,
        TOP + 96,
        "start",
        &format!("answer: {}", row.answer),
    ));
    words.push(format!("The answer is {}.", row.answer));
    Figure {
        id: "gates",
        title: "The gates of a system call",
        size: (x - GAP + 12, TOP + 116),
        svg,
        caption: "Each gate sees more than the one before it: seccomp only numbers, AppArmor the name that they lead to. The first one to refuse ends the call.",
        words,
    }
    .html()
}

fn said(verdict: GateVerdict) -> &'static str {
    match verdict {
        GateVerdict::Allowed => "lets it pass",
        GateVerdict::Denied => "refuses",
        GateVerdict::Failed => "fails",
        GateVerdict::NotAsked => "not asked",
        GateVerdict::NoProfile => "none is set",
    }
}
