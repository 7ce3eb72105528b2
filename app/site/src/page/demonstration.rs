//! The live demonstration: one command on two nodes, and a third that refuses.

use lab::message::{GateVerdict, NodeView, Outcome, RowOutcome, RuleEffect};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use maud::{Markup, html};

use crate::{
    bench::{self, Bench, Question, Response},
    component::{Icon, Mark, badge, fault, printed_lines, shown, words},
    content::{Lab, Printed},
};

/// The demonstration.
#[component]
pub fn Demonstration(
    /// Its lab, with the answer to its first command.
    lab: Lab,
    /// What that command printed.
    printed: Vec<Printed>,
    /// The address of the lesson about it.
    lesson: String,
) -> impl IntoView {
    let first = lab
        .document
        .read
        .workload
        .first()
        .cloned()
        .unwrap_or_default();
    let bench = Bench::new(lab.document, lab.view);
    let printed = RwSignal::new(printed);
    let command = RwSignal::new(first.clone());
    let ran = RwSignal::new(first);
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<String>);
    let run = move |event: SubmitEvent| {
        event.prevent_default();
        let line = command.get_untracked().trim().to_owned();
        if line.is_empty() || busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match run_everywhere(bench, &line).await {
                Ok(lines) => {
                    printed.set(lines);
                    ran.set(line);
                    trouble.set(None);
                }
                Err(reason) => trouble.set(Some(reason)),
            }
            busy.set(false);
        });
    };
    let alert = Signal::derive(move || {
        trouble
            .get()
            .map(|reason| fault(&reason).0)
            .unwrap_or_default()
    });
    let cards = Signal::derive(move || {
        let printed = printed.get();
        bench.nodes.with(|nodes| {
            let running = nodes
                .iter()
                .filter(|node| node.outcome != Outcome::RefusedToStart);
            html! {
                @for node in running {
                    (card(node, printed.iter().find(|lines| lines.node == node.id)))
                }
            }
            .0
        })
    });
    let refused = move || {
        bench
            .nodes
            .with(|nodes| nodes.iter().filter_map(refusal).map(shown).collect_view())
    };
    view! {
        <section class="demo grid-paper" aria-labelledby="demo-title">
            <div class="wrap">
                <h2 id="demo-title" class="vh">
                    "Live demonstration"
                </h2>
                <form class="cmd" on:submit=run>
                    <label for="demo-command">"kubectl exec writer --"</label>
                    <input
                        id="demo-command"
                        type="text"
                        autocomplete="off"
                        autocapitalize="off"
                        spellcheck="false"
                        enterkeyhint="go"
                        value=command.get_untracked()
                        prop:value=command
                        on:input:target=move |event| command.set(event.target().value())
                    />
                    <button class="btn sm">"Run on both"</button>
                    <span class="muted small">"The same pod, asking for the same profile, on two nodes"</span>
                </form>
                <svg class="fork" viewBox="0 0 100 44" preserveAspectRatio="none" aria-hidden="true" inner_html=FORK></svg>
                <div class="two" aria-live="polite" id="demo-answers" inner_html=cards></div>
                <div role="alert" inner_html=alert></div>
                {refused}
                <p class="row">
                    <a class="btn" href=lesson>
                        {Icon::Eye.view()}
                        "See which rule answered, and change it"
                    </a>
                </p>
            </div>
        </section>
    }
    .into_any()
}

/// Runs `command` on every node: once to see what it prints, and once, in a
/// world of its own, to see its calls. Otherwise the second `touch` would be a
/// `touch` of the file that the first one made.
async fn run_everywhere(bench: Bench, command: &str) -> Result<Vec<Printed>, String> {
    bench.with_workload(&[]).await?;
    let document = bench.document.get_value();
    let mut printed = Vec::new();
    for (seq, node) in (1..).zip(&document.nodes) {
        let run = Question::Run {
            node: node.id.clone(),
            command: bench::in_pod(command),
            seq,
        };
        if let Response::Ran {
            node, output, exit, ..
        } = bench.question(run).await?
        {
            printed.push(Printed {
                node,
                lines: output,
                exit,
            });
        }
    }
    let view = bench.with_workload(&[command.to_owned()]).await?;
    bench.nodes.set(view.nodes);
    Ok(printed)
}

/// One node's answer.
fn card(node: &NodeView, printed: Option<&Printed>) -> Markup {
    let blocked = node
        .trace
        .iter()
        .find(|row| row.outcome == RowOutcome::Blocked);
    let mark = match (node.outcome, blocked) {
        (Outcome::Enforced | Outcome::Unconfined, Some(_)) => Mark::Blocked,
        (Outcome::Enforced, None) => Mark::Allowed,
        (outcome, _) => Mark::from(outcome),
    };
    let sentence = match blocked {
        Some(row) => {
            let rule = row
                .evidence
                .rules
                .iter()
                .find(|rule| rule.effect == RuleEffect::Denies);
            let gate = row
                .gates
                .iter()
                .find(|gate| gate.verdict == GateVerdict::Denied);
            match (rule, gate) {
                (Some(rule), _) => {
                    format!(
                        "The kernel holds the profile. Rule `{}` answers `{}`.",
                        rule.text.trim_end_matches(','),
                        row.answer
                    )
                }
                (None, Some(gate)) => format!("The kernel {}: `{}`.", gate.sentence, row.answer),
                (None, None) => node.sentence.clone(),
            }
        }
        None => node.sentence.clone(),
    };
    let label = match node.outcome {
        Outcome::Enforced => node
            .chain
            .last()
            .map(|step| step.words.trim_start_matches("label: ").to_owned())
            .unwrap_or_default(),
        _ => "unconfined".to_owned(),
    };
    html! {
        article.sheet.(mark.class()) id={ "demo-" (node.id) } data-outcome=(mark.word()) {
            div.verdict {
                h3 { (node.id) " " span { (node.title) } }
                (badge(mark, true))
                div.term {
                    @if let Some(printed) = printed { (printed_lines(printed)) }
                }
                p { (words(&sentence)) }
            }
            div.tblock {
                span { b { "pod" } "Running" }
                span { b { "label" } (label) }
            }
        }
    }
}

/// The note about a node that refused.
fn refusal(node: &NodeView) -> Option<Markup> {
    if node.outcome != Outcome::RefusedToStart {
        return None;
    }
    let step = node.chain.iter().find(|step| step.decided)?;
    Some(html! {
        div.note.third id={ "demo-" (node.id) } {
            (Icon::Stop)
            p {
                b { "The honest answer. " }
                "On " (node.title) " " (step.component) " refuses to start this pod: "
                code { (step.words) }
                ". You find out at once."
            }
        }
    })
}

const FORK: &str = r#"<path d="M8 0V22H25V44"/><path class="b" d="M25 22H75V44"/>"#;
