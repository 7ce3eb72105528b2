//! A challenge: the brief with its goals and hints beside the lab.

use lab::{
    document::{Challenge as Terms, Kind, SEEDS, Side},
    message::{CheckView, Score as Points},
};
use leptos::prelude::*;
use maud::{Markup, html};

use super::brief::brief;
use crate::{
    app::page_title,
    bench::Bench,
    component::{Board, Icon, LabPanel, Share, Tile, TileState, class_of, ladder, shown, words},
    content::Content,
    platform,
    route::at,
};

/// A challenge.
#[component]
pub fn Challenge(content: Content) -> impl IntoView {
    let (Some(lab), Some(level)) = (content.lab, content.level) else {
        page_title("Challenge");
        return ().into_any();
    };
    let Some(terms) = lab.document.read.challenge else {
        return ().into_any();
    };
    page_title(&lab.document.read.title);
    let slug = lab.document.read.id.clone();
    let bench = Bench::new(lab.document, lab.view);
    let brief = brief(content.parts);
    let try_again = move |_| bench.check();
    let reset = move |_| {
        if platform::confirm("Start this challenge again? Your files go back to the start.") {
            bench.reset();
        }
    };
    let (act, board) = match terms.side {
        Side::Attack => ("Try the attack", None),
        Side::Defend | Side::Versus => (
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
                <span>{format!("{} {}", side_title(terms.side), terms.code())}</span>
                <span>{format!("Level {} of {}", level.place, level.of)}</span>
                <a class="to-lab" href="#lab">
                    "To the lab"
                </a>
            </nav>
            <div class="lesson challenge">
                <article>
                    {brief} <Draw bench terms /> <Goals bench side=terms.side /> <Score bench terms slug /> <Hints bench />
                </article>
                <div class="beside">
                    {board} <LabPanel bench />
                    <div class="row ends">
                        <button type="button" class="btn pri" id="check" on:click=try_again>
                            {Icon::Right.view()}
                            {act}
                        </button>
                        <Share bench />
                        <button type="button" class="btn" id="reset" on:click=reset>
                            "Start over"
                        </button>
                    </div>
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// A side, for people.
pub fn side_title(side: Side) -> &'static str {
    match side {
        Side::Attack => "Attack",
        Side::Defend => "Defend",
        Side::Versus => "Versus",
    }
}

/// The side, par, and the choice of the draw.
#[component]
fn Draw(bench: Bench, terms: Terms) -> impl IntoView {
    let seeds = SEEDS
        .map(|seed| {
            view! {
                <label>
                    <input
                        type="radio"
                        name="seed"
                        value=seed.to_string()
                        prop:checked=Signal::derive(move || bench.seed.get() == Some(seed))
                        checked=seed == *SEEDS.start()
                        on:change=move |_| bench.draw(seed)
                    />
                    {seed.to_string()}
                </label>
            }
        })
        .collect_view();
    let par = format!("{}. Par: {} rules.", side_title(terms.side), terms.par);
    view! {
        <fieldset class="draw" id="draw">
            <legend class="small-head">"Draw of the hidden checks"</legend>
            <p class="row">{seeds}</p>
            <p class="why">{par}</p>
        </fieldset>
    }
    .into_any()
}

/// The attacks as tiles.
fn tiles(bench: Bench) -> Vec<Tile> {
    let results = bench.checked.get();
    bench.document.with_value(|document| {
        document
            .checks
            .iter()
            .enumerate()
            .filter(|(_, check)| check.kind == Kind::Attack)
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
fn Goals(bench: Bench, side: Side) -> impl IntoView {
    let list = move |kind| {
        let is_stopped = kind == Kind::Attack && side != Side::Attack;
        let goals: Vec<_> = bench.document.with_value(|document| {
            let checks = document.checks.iter().enumerate();
            let of_kind = checks.filter(|(_, check)| check.kind == kind);
            let titled = of_kind.map(|(index, check)| (index, check.title.clone()));
            titled.collect()
        });
        if goals.is_empty() {
            return ().into_any();
        }
        let heading = heading(side, kind);
        let items = goals
            .into_iter()
            .map(|(index, title)| goal_item(bench, index, title, is_stopped))
            .collect_view();
        view! {
            <h2 class="small-head">{heading}</h2>
            <ul class="goal" aria-label=heading>
                {items}
            </ul>
        }
        .into_any()
    };
    let survived = Signal::derive(move || {
        bench.survived.with(|survived| {
            html! {
                @if !survived.is_empty() {
                    h2.small-head { "What it also had to survive" }
                    ul.goal {
                        @for result in survived { (verdict(result)) }
                    }
                }
            }
            .0
        })
    });
    view! {
        <div id="goals">{list(Kind::Good)} {list(Kind::Attack)}</div>
        <div inner_html=survived></div>
    }
    .into_any()
}

/// What stands over the goals of a kind.
fn heading(side: Side, kind: Kind) -> &'static str {
    match (side, kind) {
        (_, Kind::Good) => "What has to go on working",
        (Side::Attack, Kind::Attack) => "What you are after",
        (Side::Defend | Side::Versus, Kind::Attack) => "What nobody must get done",
    }
}

/// The goal at `index`; one that is met when something is stopped is told in other words.
fn goal_item(bench: Bench, index: usize, title: String, is_stopped: bool) -> impl IntoView {
    let word = move |result: Option<&CheckView>| match result {
        None => "Not tried: ",
        Some(result) if is_stopped && result.passed => "Stopped: ",
        Some(_) if is_stopped => "Still possible: ",
        Some(result) => word_of(result),
    };
    let result = Memo::new(move |_| bench.checked.with(|all| all.get(index).cloned()));
    view! {
        <li
            class=Signal::derive(move || result.with(|result| class_of(result.as_ref()).to_owned()))
            inner_html=Signal::derive(move || result.with(|result| goal(word(result.as_ref()), &title, result.as_ref())).0)
        ></li>
    }
}

/// A goal, and in a word whether it is met.
fn goal(word: &str, title: &str, result: Option<&CheckView>) -> Markup {
    html! {
        (icon_of(result))
        span { b { (word) } (words(title)) }
    }
}

/// What came of a check that was not announced.
pub(super) fn verdict(result: &CheckView) -> Markup {
    html! {
        li class=(class_of(Some(result))) {
            (icon_of(Some(result)))
            span {
                b { (word_of(result)) }
                (words(&result.title)) " " small { (words(&result.sentence)) }
            }
        }
    }
}

fn icon_of(result: Option<&CheckView>) -> Icon {
    match result {
        Some(result) if result.passed => Icon::Pass,
        Some(_) => Icon::Cross,
        None => Icon::Dash,
    }
}

fn word_of(result: &CheckView) -> &'static str {
    if result.passed { "Met: " } else { "Not yet: " }
}

/// What is said of an attempt that began with another's files.
const BORROWED: &str = "These files came by a link, so their points do not count as yours. “Start over” begins your own attempt.";

/// The score, how it came about, and the best one.
#[component]
fn Score(bench: Bench, terms: Terms, slug: String) -> impl IntoView {
    let unkept = RwSignal::new(None::<String>);
    let id = slug.clone();
    Effect::new(move || {
        if let (Some(score), Some(seed)) = (bench.score.get(), bench.seed.get_untracked())
            && !bench.shared.get_untracked()
        {
            unkept.set(platform::best_score(&id, seed, score.points).err());
        }
    });
    let borrowed =
        Signal::derive(move || if bench.shared.get() { BORROWED } else { "" }.to_owned());
    let told = Signal::derive(move || {
        bench
            .score
            .get()
            .map(|score| taken_off(terms.side, score))
            .unwrap_or_default()
    });
    let points = Signal::derive(move || {
        bench.score.get().map_or_else(
            || "100 points to begin with".to_owned(),
            |score| format!("{} points", score.points),
        )
    });
    let unkept = Signal::derive(move || {
        let reason = unkept.get();
        reason
            .map(|reason| format!("This browser does not keep your score: {reason}."))
            .unwrap_or_default()
    });
    // `web/progress.js` writes the best score into it, so that another draw takes another element.
    let label = Signal::derive(move || {
        let seed = bench.seed.get().unwrap_or_default();
        html! { span.label data-best=(slug) data-seed=(seed) {} }.0
    });
    Effect::new(move || {
        bench.seed.track();
        platform::show_progress();
    });
    view! {
        <div class="score" role="status">
            <p class="points">{points} <span inner_html=label></span></p>
            <p class="why">{told}</p>
            <p class="why">{borrowed}</p>
            <p class="why">{unkept}</p>
        </div>
    }
    .into_any()
}

/// What was taken off, in words. The draw's hidden checks count even while they
/// are not shown.
fn taken_off(side: Side, score: Points) -> String {
    let open = match side {
        Side::Attack => "not made",
        Side::Defend | Side::Versus => "still open",
    };
    let mut parts = Vec::new();
    if score.open > 0 {
        parts.push(format!("attacks {open}: {}", score.open));
    }
    if score.broken > 0 {
        parts.push(format!("good work broken: {}", score.broken));
    }
    if score.over > 0 {
        parts.push(format!("rules over par: {}", score.over));
    }
    let rules = score.rules;
    if parts.is_empty() {
        format!("Nothing was taken off. Rules: {rules}.")
    } else {
        format!(
            "Taken off, hidden checks included: {}. Rules: {rules}.",
            parts.join(", ")
        )
    }
}

/// The hint ladder, free.
#[component]
fn Hints(bench: Bench) -> impl IntoView {
    let hints = bench.document.with_value(|document| document.hints.clone());
    let hints = html! {
        section aria-labelledby="hints" {
            h2.small-head id="hints" { "Hints" }
            (ladder(&hints))
        }
    };
    shown(hints)
}
