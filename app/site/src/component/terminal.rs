//! The terminal: commands as a person would type them, answered as the real
//! ones answer.

use lab::message::Stream;
use leptos::{ev::KeyboardEvent, prelude::*, task::spawn_local};
use maud::{Markup, html};

use super::shown;
use crate::{bench::Bench, platform};

/// What stands in a terminal in which nothing was typed yet.
const HELP: &str = "Type what you would type on this node: kubectl apply -f pod.yaml, kubectl exec writer -- touch /data/x, aa-status, dmesg, cat /proc/1/attr/current.";

/// The panel with the terminal.
#[component]
pub fn Terminal(
    /// The lab.
    bench: Bench,
) -> impl IntoView {
    let ids = Memo::new(move |_| {
        bench
            .nodes
            .with(|nodes| nodes.iter().map(|node| node.id.clone()).collect::<Vec<_>>())
    });
    let chosen = RwSignal::new(0_usize);
    let node = Memo::new(move |_| {
        ids.with(|ids| ids.get(chosen.get()).or_else(|| ids.first()).cloned())
            .unwrap_or_default()
    });
    let prompt = Memo::new(move |_| {
        bench.nodes.with(|nodes| {
            nodes
                .iter()
                .find(|known| known.id == node.get())
                .map(|known| known.prompt.clone())
        })
    });
    let line = RwSignal::new(String::new());
    // Counts back from the newest command while the arrow keys are used.
    let back = RwSignal::new(0_usize);
    let candidates = RwSignal::new(Vec::<String>::new());

    let run = move || {
        let command = line.get_untracked();
        back.set(0);
        candidates.set(Vec::new());
        line.set(String::new());
        match command.trim() {
            "" => {}
            "clear" => bench.terminal.set(Vec::new()),
            command => bench.run(&node.get_untracked(), command),
        }
    };
    let recall = move |steps: isize| {
        bench.terminal.with_untracked(|entries| {
            let to = back
                .get_untracked()
                .saturating_add_signed(steps)
                .min(entries.len());
            back.set(to);
            let command = (to > 0).then(|| entries[entries.len() - to].command.clone());
            line.set(command.unwrap_or_default());
        });
    };
    let complete = move || {
        spawn_local(async move {
            let typed = line.get_untracked();
            let (from, found) = bench.complete(node.get_untracked(), typed.clone()).await;
            if line.get_untracked() != typed {
                return;
            }
            if let (Some(common), Some(head)) = (common_start(&found), typed.get(..from)) {
                let end = if found.len() == 1 && !common.ends_with('/') {
                    " "
                } else {
                    ""
                };
                line.set(format!("{head}{common}{end}"));
            }
            candidates.set(if found.len() > 1 { found } else { Vec::new() });
        });
    };
    let key = move |event: KeyboardEvent| {
        match event.key().as_str() {
            "Enter" => run(),
            "ArrowUp" => recall(1),
            "ArrowDown" => recall(-1),
            // An empty line lets Tab move on, so that nobody is caught here.
            "Tab" if !event.shift_key() && !line.with_untracked(String::is_empty) => complete(),
            _ => return,
        }
        event.prevent_default();
    };
    Effect::new(move || {
        if bench.terminal.with(|entries| !entries.is_empty()) {
            platform::scroll_to_end("terminal-output");
        }
    });

    let options = Signal::derive(move || {
        let chosen = chosen.get_untracked();
        ids.with(|ids| {
            html! {
                @for (index, id) in ids.iter().enumerate() {
                    option value=(id) selected[index == chosen] { "on " (id) }
                }
            }
            .0
        })
    });
    let aside = Signal::derive(move || {
        if bench.terminal.with(Vec::is_empty) {
            HELP.to_owned()
        } else {
            candidates.with(|found| found.join("  "))
        }
    });
    let label = Signal::derive(move || format!("Command on {}", node.get()));
    let keys = html! {
        div.tblock {
            span { kbd { "Tab" } " completes" }
            span { kbd { "↑" } " goes back" }
            span { code { "help" } " lists commands" }
        }
    };
    view! {
        <section class="sheet panel tm" aria-label="Terminal">
            <header>
                <h3>"Terminal"</h3>
                // `web/copy.js` does it.
                <button type="button" class="btn quiet sm" data-copy="terminal-output">
                    "Copy"
                </button>
                <span class="why" role="status"></span>
                <label class="pick">
                    <span class="vh">"Node"</span>
                    <select
                        id="terminal-node"
                        inner_html=options
                        on:change:target=move |event| {
                            let value = event.target().value();
                            let index = ids.with_untracked(|ids| ids.iter().position(|id| *id == value));
                            chosen.set(index.unwrap_or(0));
                        }
                    >
                    </select>
                </label>
            </header>
            <div class="term" id="terminal-output" role="log" aria-label="Output" tabindex="0">
                {move || bench.terminal.with(|entries| entries.iter().map(|known| shown(entry(known))).collect_view())}
                <p class="aside" hidden=Signal::derive(move || aside.with(String::is_empty))>{aside}</p>
            </div>
            <div class="term ask-line">
                <label class="u" for="terminal-input">
                    {prompt}
                </label>
                <input
                    id="terminal-input"
                    type="text"
                    aria-label=label
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    enterkeyhint="go"
                    placeholder="touch /data/x"
                    prop:value=line
                    on:focus=move |_| bench.wake()
                    on:input:target=move |event| line.set(event.target().value())
                    on:keydown=key
                />
                <button type="button" class="btn sm" on:click=move |_| run()>
                    "Run"
                </button>
            </div>
            {shown(keys)}
        </section>
    }
    .into_any()
}

/// A command and what it printed.
fn entry(entry: &crate::bench::Entry) -> Markup {
    html! {
        div {
            p { span.u { (entry.prompt) } " " b { (entry.command) } }
            @for line in &entry.output {
                p class=(match line.stream {
                    Stream::Output => "o",
                    Stream::Error => "x",
                    Stream::Notice => "aside",
                }) { (line.text) }
            }
            @if let Some(code) = entry.exit.filter(|&code| code != 0) {
                p.aside { "exit code " (code) }
            } @else if entry.output.is_empty() && entry.exit.is_some() {
                p.aside { "(no output, exit code 0)" }
            }
        }
    }
}

/// What all candidates begin with.
fn common_start(candidates: &[String]) -> Option<String> {
    let first = candidates.first()?;
    let end = candidates.iter().fold(first.len(), |end, other| {
        first
            .bytes()
            .zip(other.bytes())
            .take(end)
            .take_while(|(left, right)| left == right)
            .count()
    });
    let end = (0..=end).rev().find(|&end| first.is_char_boundary(end))?;
    Some(first[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn completion_goes_as_far_as_all_candidates_agree() {
        let of = |names: &[&str]| {
            common_start(
                &names
                    .iter()
                    .map(|&name| name.to_owned())
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(of(&["/data/", "/dev/"]).as_deref(), Some("/d"));
        assert_eq!(of(&["touch"]).as_deref(), Some("touch"));
        assert_eq!(of(&["ä", "ö"]).as_deref(), Some(""));
        assert_eq!(of(&[]), None);
    }
}
