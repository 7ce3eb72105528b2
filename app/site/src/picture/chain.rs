//! The start chain: two rails, the pod above and the profile that it asks for
//! below, on a node that enforces and on one that drops the profile.

use lab::message::{ChainVerdict, NodeView};

use super::{Figure, text};

const STEP: u32 = 104;
const LEFT: u32 = 64;
const ROW: u32 = 144;
/// How much lower every second name stands: the longest is as long as two steps.
const LOWER: u32 = 17;

pub fn draw(nodes: &[NodeView]) -> String {
    let most = nodes.iter().map(|node| node.chain.len()).max().unwrap_or(0);
    let width = LEFT * 2 + STEP * u32::try_from(most.saturating_sub(1)).unwrap_or(0);
    let mut svg = String::new();
    let mut words = Vec::new();
    for (row, node) in (0..).zip(nodes) {
        let top = 30 + row * ROW;
        svg.push_str(&text("tb", 12, top, "start", &node.id));
        svg.push_str(&text(
            "t2",
            12 + 12 * u32::try_from(node.id.len()).unwrap_or(0),
            top,
            "start",
            &node.title,
        ));
        svg.push_str(&rails(node, top + 30));
        for step in &node.chain {
            words.push(format!(
                "{}, {} {}: {}",
                node.id,
                step.component,
                word(step.verdict),
                step.words
            ));
        }
    }
    let height = 20 + ROW * u32::try_from(nodes.len()).unwrap_or(0);
    Figure {
        id: "start-chain",
        title: "The way of a pod and of its profile",
        size: (width, height),
        svg,
        caption: "Round: the pod. Square: the profile that it asks for. Both arrive, or the pod goes on alone, and nobody says so.",
        words,
    }
    .html()
}

fn word(verdict: ChainVerdict) -> &'static str {
    match verdict {
        ChainVerdict::Honoured => "honours it",
        ChainVerdict::Refused => "refuses",
        ChainVerdict::Dropped => "drops it silently",
        ChainVerdict::DoesNotLook => "does not look",
        ChainVerdict::NothingAsked => "is asked nothing",
        ChainVerdict::NotReached => "is not reached",
    }
}

/// Both rails of a node, with a mark for each component on them.
fn rails(node: &NodeView, top: u32) -> String {
    let (pod, profile) = (top, top + 30);
    let (mut rails, mut marks) = (String::new(), String::new());
    let mut alone = false;
    let place = |index: u32| LEFT + index * STEP;
    for (index, step) in (0..).zip(&node.chain) {
        let x = place(index);
        if index > 0 {
            let from = place(index - 1);
            rails.push_str(&format!("<path class=\"rail\" d=\"M{from} {pod}H{x}\"/>"));
            let class = if alone { "rail gone" } else { "rail held" };
            rails.push_str(&format!(
                "<path class=\"{class}\" d=\"M{from} {profile}H{x}\"/>"
            ));
        }
        alone = alone || step.verdict == ChainVerdict::Dropped;
        marks.push_str(&format!(
            "<circle class=\"dot\" cx=\"{x}\" cy=\"{pod}\" r=\"6\"/>"
        ));
        if step.verdict == ChainVerdict::Dropped {
            marks.push_str(&format!(
                "<path class=\"lost\" d=\"M{} {}l12 12m0-12l-12 12\"/>",
                x - 6,
                profile - 6
            ));
        } else if !alone {
            marks.push_str(&format!(
                "<rect class=\"square\" x=\"{}\" y=\"{}\" width=\"12\" height=\"12\"/>",
                x - 6,
                profile - 6
            ));
        }
        let name = profile + 28 + index % 2 * LOWER;
        marks.push_str(&text("t2", x, name, "middle", &step.component));
        if step.verdict == ChainVerdict::Refused {
            marks.push_str(&format!(
                "<path class=\"stop\" d=\"M{} {}v56\"/>",
                x + 16,
                pod - 14
            ));
            break;
        }
    }
    rails + &marks
}
