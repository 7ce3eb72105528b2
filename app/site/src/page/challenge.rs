//! A challenge: the brief with its goals and hints beside the lab.

use lab::{
    document::{Check, Expectation},
    message::CheckView,
};
use leptos::prelude::*;

use crate::{
    app::page_title,
    bench::Bench,
    component::{Board, Icon, LabPanel, Tile, TileState, words},
    content::{Content, Level, Part, Side},
    platform,
    route::at,
};

/// What each hint costs, in points: where to look, what to read, what to type.
const PRICES: [i32; 3] = [0, 5, 15];
/// What each attack that is left open costs.
const OPEN_ATTACK: i32 = 15;
/// What each piece of good work that is broken costs.
const BROKEN: i32 = 10;

/// A challenge.
#[component]
pub fn Challenge(content: Content) -> impl IntoView {
    let (Some(lab), Some(level)) = (content.lab, content.level) else {
        page_title("Challenge");
        return ().into_any();
    };
    page_title(&lab.document.title);
    let slug = lab.document.id.clone();
    let bench = Bench::new(lab.document, lab.view);
    let taken = RwSignal::new(0_usize);
    let brief = content
        .parts
        .into_iter()
        .map(|part| match part {
            Part::Prose(html) => Some(view! { <div class="prose" inner_html=html></div> }),
            _ => None,
        })
        .collect_view();
    let try_again = move |_| bench.check();
    let reset = move |_| {
        if platform::confirm("Start this challenge again? Your files go back to the start.") {
            bench.reset();
            taken.set(0);
        }
    };
    let (act, board) = match level.side {
        Side::Attack => ("Try the attack", None),
        Side::Defend => (
            "Let the attacker try",
            Some(view! {
                <Board title="Coverage board" about="what the attacker tries, on every node of the goal" tiles=Signal::derive(move || tiles(bench)) />
            }),
        ),
    };
    view! {
        <div class="wrap">
            <nav class="crumb" aria-label="Where you are">
                <a href=at("/challenges/")>"Challenges"</a>
                <span>{level.side.title()}</span>
                <span>{format!("Level {} of {}", level.place, level.of)}</span>
                <a class="to-lab" href="#lab">
                    "To the lab"
                </a>
            </nav>
            <div class="lesson challenge">
                <article>
                    {brief} <Goals bench /> <Score bench level slug taken /> <Hints bench taken />
                </article>
                <div class="beside">
                    {board} <LabPanel bench />
                    <p class="row ends">
                        <button type="button" class="btn pri" id="check" on:click=try_again>
                            {Icon::Right.view()}
                            {act}
                        </button>
                        <button type="button" class="btn" id="reset" on:click=reset>
                            "Start over"
                        </button>
                    </p>
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// Whether a check is about what has to be stopped.
fn is_attack(check: &Check) -> bool {
    check
        .operations
        .iter()
        .any(|operation| matches!(operation.expect, Expectation::Blocked | Expectation::Failed))
}

/// The attacks as tiles.
fn tiles(bench: Bench) -> Vec<Tile> {
    let results = bench.checked.get();
    bench.document.with_value(|document| {
        document
            .checks
            .iter()
            .enumerate()
            .filter(|(_, check)| is_attack(check))
            .map(|(index, check)| Tile {
                name: check.title.clone(),
                state: match results.get(index) {
                    None => TileState::NotTried,
                    Some(result) if result.passed => TileState::Closed,
                    Some(_) => TileState::Open,
                },
                detail: results.get(index).map(|result| result.sentence.clone()),
            })
            .collect()
    })
}

/// The goals with what became of them, and what it also had to survive.
#[component]
fn Goals(bench: Bench) -> impl IntoView {
    let titles: Vec<String> = bench.document.with_value(|document| {
        let checks = document.checks.iter();
        checks.map(|check| check.title.clone()).collect()
    });
    let goals = titles
        .into_iter()
        .enumerate()
        .map(|(index, title)| {
            let result = Memo::new(move |_| bench.checked.with(|all| all.get(index).cloned()));
            view! {
                <li class=move || class_of(result.get().as_ref())>
                    {move || icon_of(result.get().as_ref()).view()}
                    <span>
                        <b>{move || word_of(result.get().as_ref())}</b>
                        {words(&title)}
                    </span>
                </li>
            }
        })
        .collect_view();
    view! {
        <ul class="goal" aria-label="Goals">
            {goals}
        </ul>
        {move || {
            let survived = bench.survived.get();
            (!survived.is_empty())
                .then(|| {
                    view! {
                        <h2 class="small-head">"What it also had to survive"</h2>
                        <ul class="goal">{survived.iter().map(hidden).collect_view()}</ul>
                    }
                })
        }}
    }
    .into_any()
}

fn hidden(result: &CheckView) -> impl IntoView + use<> {
    view! {
        <li class=class_of(Some(result))>
            {icon_of(Some(result)).view()}
            <span>
                <b>{word_of(Some(result))}</b>
                {words(&result.title)} <small>{words(&result.sentence)}</small>
            </span>
        </li>
    }
}

fn class_of(result: Option<&CheckView>) -> &'static str {
    match result {
        Some(result) if result.passed => "ok",
        Some(_) => "no",
        None => "",
    }
}

fn icon_of(result: Option<&CheckView>) -> Icon {
    match result {
        Some(result) if result.passed => Icon::Pass,
        Some(_) => Icon::Cross,
        None => Icon::Dash,
    }
}

fn word_of(result: Option<&CheckView>) -> &'static str {
    match result {
        Some(result) if result.passed => "Met: ",
        _ => "Not yet: ",
    }
}

/// What the last attempt came to.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Points {
    open: i32,
    broken: i32,
    over: i32,
    hints: i32,
    total: i32,
}

fn points(bench: Bench, par: usize, taken: usize) -> Option<Points> {
    let results = bench.checked.get();
    let survived = bench.survived.get();
    if results.is_empty() {
        return None;
    }
    let failed = |attack: bool| {
        bench.document.with_value(|document| {
            let public = document.checks.iter().zip(&results);
            let hidden = document.variants.iter().zip(&survived);
            let failed = public
                .chain(hidden)
                .filter(|(check, result)| is_attack(check) == attack && !result.passed)
                .count();
            i32::try_from(failed).unwrap_or(i32::MAX)
        })
    };
    let (open, broken) = (failed(true), failed(false));
    let over = i32::try_from(bench.rules.get().saturating_sub(par)).unwrap_or(i32::MAX);
    let hints: i32 = PRICES.iter().take(taken).sum();
    let total = 100_i32
        .saturating_sub(open.saturating_mul(OPEN_ATTACK))
        .saturating_sub(broken.saturating_mul(BROKEN))
        .saturating_sub(over)
        .saturating_sub(hints)
        .max(0);
    Some(Points {
        open,
        broken,
        over,
        hints,
        total,
    })
}

/// The score, how it came about, and the best one.
#[component]
fn Score(bench: Bench, level: Level, slug: String, taken: RwSignal<usize>) -> impl IntoView {
    let par = level.par;
    let score = Memo::new(move |_| points(bench, par, taken.get_untracked()));
    let unkept = RwSignal::new(None::<String>);
    let id = slug.clone();
    Effect::new(move || {
        if let Some(points) = score.get() {
            unkept.set(platform::best_score(&id, points.total).err());
        }
    });
    let told = move || {
        score.get().map(|points| {
            let mut parts = Vec::new();
            let mut part = |count: i32, words: &str, cost: i32| {
                if count > 0 {
                    parts.push(format!("{count} {words}, {cost} points"));
                }
            };
            part(points.open, "still open", points.open * OPEN_ATTACK);
            part(points.broken, "not working", points.broken * BROKEN);
            part(
                points.over,
                "over the author's number of rules",
                points.over,
            );
            if points.hints > 0 {
                parts.push(format!("hints, {} points", points.hints));
            }
            if parts.is_empty() {
                "Nothing was taken off.".to_owned()
            } else {
                format!("Taken off: {}.", parts.join("; "))
            }
        })
    };
    view! {
        <div class="score" role="status">
            <p class="points">
                {move || score.get().map_or_else(|| "100 points to begin with".to_owned(), |points| format!("{} points", points.total))}
                <span class="label" data-best=slug></span>
            </p>
            <p class="why">{told}</p>
            <p class="why">
                {move || unkept.get().map(|reason| format!("This browser does not keep your score: {reason}."))}
            </p>
        </div>
    }
    .into_any()
}

/// The hint ladder: each with its price on the button, one after the other.
#[component]
fn Hints(bench: Bench, taken: RwSignal<usize>) -> impl IntoView {
    let hints = bench.document.with_value(|document| document.hints.clone());
    let names = ["Where to look", "What to read", "What to type"];
    let items = hints
        .into_iter()
        .zip(names)
        .zip(PRICES)
        .enumerate()
        .map(|(index, ((hint, name), price))| {
            let shown = Memo::new(move |_| index < taken.get());
            let cost = if price == 0 {
                "free".to_owned()
            } else {
                format!("costs {price} points")
            };
            view! {
                <li class:shown=shown>
                    <b>{name}</b>
                    {move || {
                        if shown.get() {
                            view! { <p class="small">{words(&hint)}</p> }.into_any()
                        } else if index == taken.get() {
                            view! {
                                <p class="row">
                                    <button type="button" class="btn sm" on:click=move |_| taken.set(index + 1)>
                                        {format!("Show this hint, {cost}")}
                                    </button>
                                </p>
                            }
                            .into_any()
                        } else {
                            view! { <p class="why">{format!("After the one before; {cost}.")}</p> }.into_any()
                        }
                    }}
                </li>
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="hints">
            <h2 id="hints" class="small-head">
                "Hints"
            </h2>
            <ol class="ladder">{items}</ol>
        </section>
    }
    .into_any()
}
