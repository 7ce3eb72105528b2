//! Search over lessons and reference: the page, and the index that
//! `web/search.js` looks through.

use lab::reference::{diagnostics, rules, syscalls};
use leptos::prelude::*;
use serde::Serialize;

use super::{course, reference};
use crate::{
    app::page_title,
    content::Part,
    course::{Course, slug},
    route::at,
};

/// The search page.
#[component]
pub fn Search() -> impl IntoView {
    page_title("Search");
    let course = course();
    let lessons = course.lessons.iter().map(|lesson| &lesson.link);
    let lessons = lessons.map(|link| (format!("/lessons/{}/", link.slug), link.title.clone()));
    let challenges = course.challenges.iter();
    let challenges = challenges.map(|source| {
        let link = &source.lesson.link;
        let title = format!("{} {}", source.challenge.code(), link.title);
        (format!("/challenges/{}/", link.slug), title)
    });
    let tables = reference::TABLES.iter().map(|table| {
        let title = table.title.to_owned();
        (format!("/reference/{}/", table.slug), title)
    });
    let lists = [
        list("Lessons", lessons.collect()),
        list("Challenges", challenges.collect()),
        list("Reference", tables.collect()),
    ];
    view! {
        <div class="wrap sec search">
            <h1>"Search"</h1>
            <form class="field" role="search" id="search-form">
                <label for="search-for">"In the lessons, the challenges and the reference"</label>
                <input id="search-for" type="search" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="search" />
            </form>
            <p class="why" id="search-told" role="status"></p>
            <ol class="found" id="found"></ol>
            <section class="stack" id="search-places" aria-labelledby="places">
                <h2 id="places">"Everything there is"</h2>
                <div class="three">{lists.into_iter().collect_view()}</div>
            </section>
        </div>
    }
    .into_any()
}

/// Pages of a kind, each with its address.
fn list(kind: &'static str, pages: Vec<(String, String)>) -> AnyView {
    let items = pages
        .into_iter()
        .map(|(address, title)| view! { <li><a href=at(&address)>{title}</a></li> })
        .collect_view();
    view! {
        <div>
            <h3>{kind}</h3>
            <ul class="plain-list">{items}</ul>
        </div>
    }
    .into_any()
}

/// Something that can be found.
#[derive(Debug, Serialize)]
pub struct Found {
    /// Its address below the base, without a slash in front.
    at: String,
    /// Its title.
    title: String,
    /// Where it belongs: "Lesson", "Diagnostics".
    kind: String,
    /// Its words.
    text: String,
}

/// Everything that can be found.
pub fn index(course: &Course) -> Vec<Found> {
    let mut found = Vec::new();
    for (kind, folder, lesson) in course
        .lessons
        .iter()
        .map(|lesson| ("Lesson", "lessons", lesson))
        .chain(
            course
                .challenges
                .iter()
                .map(|challenge| ("Challenge", "challenges", &challenge.lesson)),
        )
    {
        let html: String = lesson
            .parts
            .iter()
            .filter_map(|part| match part {
                Part::Prose(html) => Some(html.as_str()),
                _ => None,
            })
            .collect();
        for (index, section) in html.split("<h2 id=\"").enumerate() {
            let named = section.split_once("\">").filter(|_| index > 0);
            let named = named.and_then(|(id, rest)| Some((id, rest.split_once("</h2>")?)));
            let (anchor, heading, body) = match named {
                Some((id, (heading, body))) => (format!("#{id}"), Some(plain(heading)), body),
                None => (String::new(), None, section),
            };
            found.push(Found {
                at: format!("{folder}/{}/{anchor}", lesson.link.slug),
                title: match heading {
                    Some(heading) => format!("{}: {heading}", lesson.link.title),
                    None => lesson.link.title.clone(),
                },
                kind: kind.to_owned(),
                text: plain(body),
            });
        }
    }
    let mut add = |at: String, title: String, kind: &str, text: String| {
        found.push(Found {
            at,
            title,
            kind: kind.to_owned(),
            text,
        });
    };
    for table in reference::TABLES {
        add(
            format!("reference/{}/", table.slug),
            table.title.to_owned(),
            "Reference",
            table.about.to_owned(),
        );
    }
    for term in &course.glossary {
        add(
            format!("reference/glossary/#{}", term.id),
            term.word.clone(),
            "Glossary",
            plain(&term.html),
        );
    }
    for entry in diagnostics::all() {
        let text = format!(
            "{} {} {}",
            entry.sentence,
            entry.why,
            entry.tool_wording.unwrap_or_default()
        );
        add(
            format!("reference/diagnostics/#{}", entry.code),
            format!("{}: {}", entry.code, entry.title),
            "Diagnostic",
            text,
        );
    }
    for rule in rules::all() {
        add(
            format!("reference/rules/#{}", rule.keyword),
            format!("{} rules", rule.keyword),
            "Rule",
            format!("{} {}", rule.meaning, rule.example),
        );
    }
    for goal in syscalls::all() {
        let calls: Vec<_> = goal.ways.iter().map(|way| way.calls.as_str()).collect();
        add(
            format!("reference/syscalls/#{}", slug(goal.name)),
            format!("Ways to {}", goal.name),
            "System calls",
            calls.join(" "),
        );
    }
    found
}

/// Marks that stand within a line.
const INLINE: [&str; 4] = ["a", "code", "em", "strong"];

/// HTML without its marks.
fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut pieces = html.split('<');
    text.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (mark, rest) = piece.split_once('>').unwrap_or((piece, ""));
        let name = mark.trim_start_matches('/').split(' ').next();
        // What ends no line ends no word.
        if !name.is_some_and(|name| INLINE.contains(&name)) {
            text.push(' ');
        }
        text.push_str(rest);
    }
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_searched_has_no_marks() {
        assert_eq!(
            plain("<p>deny <code>/a &amp; b</code>, <a href=\"x\">y</a>.</p>\n<p>x</p>"),
            "deny /a & b, y. x"
        );
    }
}
