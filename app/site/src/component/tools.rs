//! The tools of a lab that are opened now and then. Here are their titles only:
//! `web/tools.js` fetches what is in them when one is opened, so that the pages'
//! program does not grow with them.

use leptos::prelude::*;

/// The tools, closed. `data-tool` is the name by which `web/tools.js` knows one.
const TITLES: &str = concat!(
    r#"<h3 class="vh">Tools</h3>"#,
    r#"<details class="sheet fleet" data-tool="step"><summary>Step through the calls</summary></details>"#,
    r#"<details class="sheet fleet" data-tool="change"><summary>What would turn this round?</summary></details>"#,
    r#"<details class="sheet fleet" data-tool="search"><summary>Search for a way past</summary></details>"#,
    r#"<details class="sheet fleet" data-tool="observe"><summary>Observe, and propose rules</summary></details>"#,
    r#"<details class="sheet fleet" data-tool="machine"><summary>Take it to a real machine</summary></details>"#,
);

/// The tools.
#[component]
pub fn Tools() -> impl IntoView {
    view! { <div class="tools" inner_html=TITLES></div> }.into_any()
}
