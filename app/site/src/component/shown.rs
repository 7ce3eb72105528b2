//! What is only shown: text of HTML, which `maud` writes alike in the pre-renderer and in the
//! browser. It is compared as text and set anew as a whole where it differs, which takes a
//! browser less than looking for what is different in it, and takes less of a program.
//! What is opened, chosen or typed in are components of Leptos around it.

use leptos::{ev::MouseEvent, prelude::*, tachys::html::InertElement, web_sys::Element};
use maud::{Markup, html};

use super::Icon;

/// Markup of one element, as a piece of a page.
pub fn shown(markup: Markup) -> impl IntoView {
    InertElement::new(markup.into_string())
}

/// A note that something went wrong.
pub fn fault(text: &str) -> Markup {
    html! { p.note.fault { (Icon::Warning) span { (text) } } }
}

/// The button with an attribute that was pressed, when it is a part of what is only shown,
/// and what the attribute says.
pub fn pressed(event: &MouseEvent, attribute: &str) -> Option<(Element, String)> {
    let target = event_target::<Element>(event);
    let button = target.closest(&format!("button[{attribute}]")).ok()??;
    let said = button.get_attribute(attribute)?;
    Some((button, said))
}
