//! From a lesson's Markdown to its page: cut where the lab stands in it, with
//! headings that can be linked, links that lead to pages, and each word of the
//! glossary linked where it is first used. The Markdown itself stays as it is.

use std::mem;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, TextMergeStream, html};

use crate::{
    content::{Part, Step},
    course::{Term, slug},
    picture,
};

/// Where a Markdown file lies, which decides where its links lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folder {
    /// `lessons/SLUG`, on the site `/lessons/SLUG/`.
    Lesson,
    /// `lessons/challenges/SLUG`, on the site `/challenges/SLUG/`.
    Challenge,
    /// `lessons/capstone`, on the site `/capstone/`.
    Capstone,
}

impl Folder {
    /// From the page to the site's root.
    fn to_root(self) -> &'static str {
        match self {
            Self::Lesson | Self::Challenge => "../../",
            Self::Capstone => "../",
        }
    }
}

/// The prose as HTML, cut at the comments that name a piece of the lab
/// (`<!-- lab: prediction -->`, `<!-- lab: run aa-status -->`). A comment that
/// names a picture (`<!-- picture: gates -->`) is replaced by it; other comments
/// are for the check of lessons and vanish.
///
/// # Errors
/// A link that leads to no page, as a sentence.
pub fn parts(markdown: &str, folder: Folder, terms: &[Term]) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut prose = Vec::new();
    let mut tables = 0;
    for event in written(markdown, folder, terms)? {
        let comment = match &event {
            Event::Html(text) | Event::InlineHtml(text) => text
                .trim()
                .strip_prefix("<!-- ")
                .and_then(|text| text.strip_suffix(" -->")),
            _ => None,
        };
        let Some(comment) = comment else {
            prose.push(event);
            continue;
        };
        let piece = match comment {
            "lab: prediction" => Some(Part::Prediction),
            "lab: task" => Some(Part::Task),
            comment => comment.strip_prefix("lab: run ").map(|command| {
                Part::Run(Step {
                    command: command.to_owned(),
                    printed: Vec::new(),
                })
            }),
        };
        let drawn = comment.strip_prefix("picture: ").and_then(picture::named);
        if let Some(piece) = piece {
            parts.push(Part::Prose(html_of(&mut prose, &mut tables)));
            parts.push(piece);
        } else if let Some(picture) = drawn {
            prose.push(Event::Html(picture.into()));
        }
    }
    parts.push(Part::Prose(html_of(&mut prose, &mut tables)));
    parts.retain(|part| *part != Part::Prose(String::new()));
    Ok(parts)
}

/// The events of a Markdown text with its links and headings as a page has them.
fn written<'a>(
    markdown: &'a str,
    folder: Folder,
    terms: &'a [Term],
) -> Result<Vec<Event<'a>>, String> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
    // A word of the glossary may go on in the next line.
    let lines = Parser::new_ext(markdown, options).map(|event| match event {
        Event::SoftBreak => Event::Text("\n".into()),
        event => event,
    });
    let mut events: Vec<Event<'a>> = Vec::new();
    let mut words = Words::new(terms, folder);
    // How many headings, code blocks, links and pictures are open, and how much
    // emphasis: a word inside those is left alone, or may need the emphasis.
    let (mut closed, mut emphasis) = (0_usize, 0_usize);
    let mut heading = None;
    for event in TextMergeStream::new(lines) {
        match &event {
            Event::Start(Tag::Heading { .. }) => heading = Some(events.len()),
            Event::Start(Tag::Emphasis | Tag::Strong) => emphasis += 1,
            Event::End(TagEnd::Emphasis | TagEnd::Strong) => emphasis -= 1,
            _ => {}
        }
        match &event {
            Event::Start(
                Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::Link { .. } | Tag::Image { .. },
            ) => closed += 1,
            Event::End(TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::Link | TagEnd::Image) => {
                closed -= 1;
            }
            _ => {}
        }
        match event {
            Event::Text(text) if closed == 0 => words.link(text, emphasis > 0, &mut events),
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => events.push(Event::Start(Tag::Link {
                link_type,
                dest_url: address(&dest_url, folder)?.into(),
                title,
                id,
            })),
            Event::End(TagEnd::Heading(_)) => {
                if let Some(start) = heading.take() {
                    name(&mut events, start);
                }
                events.push(event);
            }
            event => events.push(event),
        }
    }
    Ok(events)
}

/// Gives the heading that begins at `start` an id made of its words.
fn name(events: &mut [Event<'_>], start: usize) {
    let mut text = String::new();
    for event in &events[start..] {
        if let Event::Text(part) | Event::Code(part) = event {
            text.push_str(part);
        }
    }
    // The title of the page needs none.
    if let Some(Event::Start(Tag::Heading { level, id, .. })) = events.get_mut(start)
        && *level != pulldown_cmark::HeadingLevel::H1
    {
        *id = Some(slug(&text).into());
    }
}

/// Where a link leads on the site: what lies beside the Markdown has another
/// place there.
fn address(link: &str, folder: Folder) -> Result<String, String> {
    if ["https://", "http://", "#"]
        .iter()
        .any(|start| link.starts_with(start))
    {
        return Ok(link.to_owned());
    }
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let mut place = match folder {
        Folder::Lesson | Folder::Capstone => vec!["lessons", "here"],
        Folder::Challenge => vec!["lessons", "challenges", "here"],
    };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                place.pop();
            }
            part => place.push(part),
        }
    }
    let page = match place[..] {
        ["lessons", "glossary.md"] => "reference/glossary/".to_owned(),
        ["lessons", "challenges", slug] => format!("challenges/{slug}/"),
        ["lessons", CAPSTONE] => "capstone/".to_owned(),
        ["lessons", slug] => format!("lessons/{slug}/"),
        _ => return Err(format!("the link to {link} leads to no page")),
    };
    let anchor = if anchor.is_empty() {
        String::new()
    } else {
        format!("#{anchor}")
    };
    Ok(format!("{}{page}{anchor}", folder.to_root()))
}

/// The name of the folder of the capstone.
pub const CAPSTONE: &str = "capstone";

/// The words of the glossary that have not been used yet.
struct Words<'a> {
    unused: Vec<&'a Term>,
    folder: Folder,
}

impl<'a> Words<'a> {
    fn new(terms: &'a [Term], folder: Folder) -> Self {
        let mut unused: Vec<&Term> = terms.iter().collect();
        // Of two words that begin at one place, the longer one is meant.
        unused.sort_by_key(|term| std::cmp::Reverse(term.word.len()));
        Self { unused, folder }
    }

    /// A text with links where words are first used.
    fn link(&mut self, text: CowStr<'a>, emphasised: bool, events: &mut Vec<Event<'a>>) {
        let mut done = 0;
        while let Some((index, start, end)) = self.first(&text, done, emphasised) {
            let term = self.unused.remove(index);
            let before = text[done..start].to_owned();
            events.push(Event::Text(before.into()));
            let page = format!("{}reference/glossary/#{}", self.folder.to_root(), term.id);
            let open = format!(r#"<a class="gloss" href="{page}">"#);
            events.push(Event::InlineHtml(open.into()));
            events.push(Event::Text(text[start..end].to_owned().into()));
            events.push(Event::InlineHtml("</a>".into()));
            done = end;
        }
        if done == 0 {
            events.push(Event::Text(text));
        } else {
            events.push(Event::Text(text[done..].to_owned().into()));
        }
    }

    /// The first unused word behind `from`: which, and where it stands.
    fn first(&self, text: &str, from: usize, emphasised: bool) -> Option<(usize, usize, usize)> {
        let mut best: Option<(usize, usize, usize)> = None;
        for (index, term) in self.unused.iter().enumerate() {
            if term.everyday && !emphasised {
                continue;
            }
            let found = text[from..]
                .char_indices()
                .map(|(at, _)| from + at)
                .take_while(|start| best.is_none_or(|(_, earliest, _)| *start < earliest))
                .find_map(|start| Some((start, length(text, start, &term.word)?)));
            if let Some((start, length)) = found {
                best = Some((index, start, start + length));
            }
        }
        best
    }
}

/// How much of a text is a word that begins at `start`, with the ending of the
/// plural; `None` when another word stands there.
fn length(text: &str, start: usize, word: &str) -> Option<usize> {
    let part_of_word =
        |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '/' | '.');
    if text[..start].chars().next_back().is_some_and(part_of_word) {
        return None;
    }
    let mut plural = word.to_owned();
    plural.push('s');
    let forms = [
        Some(plural),
        word.strip_suffix('y').map(|stem| format!("{stem}ies")),
    ];
    for form in forms.into_iter().flatten().chain([word.to_owned()]) {
        let there = text[start..].get(..form.len());
        if there.is_some_and(|there| same(there, &form)) {
            let after = text[start + form.len()..].chars();
            let mut after = after.skip_while(|letter| *letter == '.');
            // A full stop ends a sentence, unless a letter follows it.
            if !after.next().is_some_and(part_of_word) {
                return Some(form.len());
            }
        }
    }
    None
}

/// Whether a text is a word: a word in small letters may begin a sentence, and
/// a space may be the end of a line.
fn same(text: &str, word: &str) -> bool {
    let exact = word.chars().any(char::is_uppercase);
    text.len() == word.len()
        && text.chars().zip(word.chars()).all(|(letter, wanted)| {
            letter == wanted
                || (letter == '\n' && wanted == ' ')
                || (!exact && letter.to_ascii_lowercase() == wanted)
        })
}

/// The HTML of some events; `tables` counts those of the page.
fn html_of(events: &mut Vec<Event<'_>>, tables: &mut usize) -> String {
    let mut html = String::new();
    html::push_html(&mut html, mem::take(events).into_iter());
    // What may be wider than a phone scrolls in itself, also by keyboard.
    let html = html
        .replace("<pre>", r#"<pre tabindex="0">"#)
        .replace("</table>", "</table></div>")
        // An empty corner is no header.
        .replace("<th></th>", "<td></td>");
    let mut pieces = html.split("<table>");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        *tables += 1;
        // Regions are told apart by their names.
        out += &format!(
            r#"<div class="wide" tabindex="0" role="region" aria-label="Table {tables}"><table class="tbl">{piece}"#
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(word: &str, everyday: bool) -> Term {
        Term {
            word: word.to_owned(),
            id: slug(word),
            html: String::new(),
            everyday,
        }
    }

    fn html(markdown: &str) -> String {
        let terms = [
            term("mount", false),
            term("bind mount", false),
            term("capability", false),
            term("LSM", false),
            term("kind", true),
        ];
        let parts = parts(markdown, Folder::Lesson, &terms).expect("its links lead somewhere");
        match &parts[..] {
            [Part::Prose(html)] => html.clone(),
            parts => panic!("{parts:?}"),
        }
    }

    fn linked(word: &str, id: &str) -> String {
        format!(r#"<a class="gloss" href="../../reference/glossary/#{id}">{word}</a>"#)
    }

    #[test]
    fn the_prose_is_cut_where_the_lab_stands_in_it() {
        let markdown = "# A\n\n<!-- lab: prediction -->\n\nb `c`\n\n<!-- lab: task -->\n\nd\n";
        assert_eq!(
            parts(markdown, Folder::Lesson, &[]),
            Ok(vec![
                Part::Prose("<h1>A</h1>\n".into()),
                Part::Prediction,
                Part::Prose("<p>b <code>c</code></p>\n".into()),
                Part::Task,
                Part::Prose("<p>d</p>\n".into()),
            ])
        );
    }

    #[test]
    fn a_command_of_a_guided_run_stands_where_its_comment_stood() {
        let parts = parts("a\n\n<!-- lab: run aa-status -->\n", Folder::Lesson, &[]);
        let parts = parts.expect("it has no link");
        let Some(Part::Run(step)) = parts.last() else {
            panic!("{parts:?}");
        };
        assert_eq!(step.command, "aa-status");
    }

    #[test]
    fn a_word_of_the_glossary_is_linked_at_its_first_use_only() {
        let (mount, bind) = (
            linked("mount", "mount"),
            linked("Bind\nmounts", "bind-mount"),
        );
        assert_eq!(
            html("Bind\nmounts and a mount, a mount.\n"),
            format!("<p>{bind} and a {mount}, a mount.</p>\n")
        );
    }

    #[test]
    fn words_in_code_in_headings_and_in_links_are_left_alone() {
        assert_eq!(
            html("## A mount\n\n`mount` [mount](https://example.org)\n\n```text\nmount\n```\n"),
            "<h2 id=\"a-mount\">A mount</h2>\n<p><code>mount</code> <a href=\"https://example.org\">mount</a></p>\n<pre tabindex=\"0\"><code class=\"language-text\">mount\n</code></pre>\n"
        );
    }

    #[test]
    fn a_part_of_a_word_is_no_word_and_plurals_are() {
        assert_eq!(
            html("amount mountain umount /mount mount-x mount.c"),
            "<p>amount mountain umount /mount mount-x mount.c</p>\n"
        );
        assert_eq!(
            html("Capabilities. LSMs"),
            format!(
                "<p>{}. {}</p>\n",
                linked("Capabilities", "capability"),
                linked("LSMs", "lsm")
            )
        );
        assert_eq!(html("lsm"), "<p>lsm</p>\n");
    }

    #[test]
    fn tables_have_names_of_their_own() {
        let table = "| a |\n| --- |\n| b |\n\n";
        let html = html(&format!("{table}c\n\n{table}"));
        for name in ["Table 1", "Table 2"] {
            let region = format!(r#"role="region" aria-label="{name}"><table class="tbl"><thead>"#);
            assert_eq!(html.matches(&region).count(), 1, "{html}");
        }
    }

    #[test]
    fn an_everyday_word_is_linked_where_it_is_emphasised() {
        assert_eq!(
            html("this kind and **kind**"),
            format!(
                "<p>this kind and <strong>{}</strong></p>\n",
                linked("kind", "kind")
            )
        );
    }

    #[test]
    fn comments_for_the_check_vanish() {
        assert_eq!(html("It is so. <!-- case: so -->"), "<p>It is so. </p>\n");
    }

    #[test]
    fn links_between_folders_become_links_between_pages() {
        for (folder, link, page) in [
            (
                Folder::Lesson,
                "../two-guards/#the-idea",
                "../../lessons/two-guards/#the-idea",
            ),
            (
                Folder::Lesson,
                "../glossary.md#pod",
                "../../reference/glossary/#pod",
            ),
            (
                Folder::Lesson,
                "../challenges/attack-x/",
                "../../challenges/attack-x/",
            ),
            (
                Folder::Challenge,
                "../defend-x/",
                "../../challenges/defend-x/",
            ),
            (
                Folder::Challenge,
                "../../two-guards/",
                "../../lessons/two-guards/",
            ),
            (Folder::Lesson, "#below", "#below"),
            (
                Folder::Lesson,
                "https://example.org/",
                "https://example.org/",
            ),
        ] {
            assert_eq!(address(link, folder).as_deref(), Ok(page));
        }
        assert!(parts("[a](start/profile)", Folder::Lesson, &[]).is_err());
    }
}
