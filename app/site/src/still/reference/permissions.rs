//! The permission × operation matrix.

use lab::reference::{
    permissions::{Cell, LETTERS, Row, table},
    rules,
    versions::KERNELS,
};
use leptos::prelude::*;

use super::{rules::meanings, sheet};
use crate::component::Icon;

pub fn view() -> AnyView {
    let tables: Vec<Vec<Row>> = KERNELS.iter().map(|kernel| table(kernel.release)).collect();
    let Some(rows) = tables.get(1) else {
        return ().into_any();
    };
    let kernel = &KERNELS[1];
    let differing: Vec<&str> = KERNELS
        .iter()
        .zip(&tables)
        .filter(|(_, table)| *table != rows)
        .map(|(kernel, _)| kernel.version)
        .collect();
    let others = if differing.is_empty() {
        "The other kernels that are modelled answer the same.".to_owned()
    } else {
        format!(
            "Linux {} answers differently in places.",
            differing.join(" and ")
        )
    };
    let heads = LETTERS
        .iter()
        .map(|letter| view! { <th scope="col"><code>{letter.to_string()}</code></th> })
        .collect_view();
    let body = rows.iter().map(row).collect_view();
    let letters = meanings(rules::letters());
    let caption = format!(
        "Does this letter alone let the operation through? Linux {}, a rule for the file or folder itself and nothing else. {others}",
        kernel.version
    );
    let table = view! {
        <table class="tbl perm">
            <thead>
                <tr>
                    <th scope="col">"Operation"</th>
                    {heads}
                </tr>
            </thead>
            <tbody>{body}</tbody>
        </table>
    };
    view! {
        {sheet("Permission by operation", &caption, table.into_any())}
        <section class="sec">
            <h2>"The letters"</h2>
            {letters}
        </section>
    }
    .into_any()
}

fn row(row: &Row) -> impl IntoView + use<> {
    let cells = row.cells.iter().map(cell).collect_view();
    view! {
        <tr>
            <th scope="row">{row.operation}</th>
            {cells}
        </tr>
    }
}

fn cell(cell: &Cell) -> impl IntoView + use<> {
    let (class, icon, text) = match cell {
        Cell::Alone => ("cell y", Icon::Pass, "yes".to_owned()),
        Cell::With(others) => {
            let others: Vec<String> = others.chars().map(String::from).collect();
            (
                "cell with",
                Icon::Plus,
                format!("with {}", others.join(" or ")),
            )
        }
        Cell::No => ("cell", Icon::Dash, "no".to_owned()),
        Cell::NeverAsked => ("cell", Icon::Dots, "never asked".to_owned()),
    };
    view! {
        <td>
            <span class=class>{icon.view()} {text}</span>
        </td>
    }
}
