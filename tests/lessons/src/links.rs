//! Links that lead nowhere. Addresses of other hosts are not asked: a check has
//! to work without a network.

use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Where a text is read, which decides what a link can lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// As a page of the site and on a code host: only what both have.
    Course,
    /// On a code host alone.
    CodeHost,
}

/// The links of a Markdown file that lead nowhere, each with its line.
pub fn dead(file: &Path, text: &str, reader: Reader) -> Vec<(usize, String)> {
    let line_of = |at: usize| text[..at].matches('\n').count() + 1;
    let mut found = Vec::new();
    let mut undefined = Vec::new();
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
    // Only `[text][name]` is meant as a link; a word in brackets may be anything.
    let mut note = |link: BrokenLink<'_>| -> Option<(CowStr<'_>, CowStr<'_>)> {
        if link.link_type == LinkType::Reference {
            undefined.push((link.span.start, link.reference.to_string()));
        }
        None
    };
    let parser = Parser::new_with_broken_link_callback(text, options, Some(&mut note));
    for (event, range) in parser.into_offset_iter() {
        let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event else {
            continue;
        };
        if let Some(problem) = wrong(file, text, &dest_url, reader) {
            found.push((line_of(range.start), problem));
        }
    }
    found.extend(
        undefined
            .into_iter()
            .map(|(at, name)| (line_of(at), format!("nothing says where [{name}] leads"))),
    );
    found
}

/// What is wrong with where a link leads, if anything.
fn wrong(file: &Path, text: &str, link: &str, reader: Reader) -> Option<String> {
    if link.starts_with("https://") || link.starts_with("http://") {
        return None;
    }
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let folder = file.parent().unwrap_or(Path::new(""));
    let target = folder.join(path);
    let aimed: PathBuf = if path.is_empty() {
        file.to_owned()
    } else if path.ends_with('/') && target.join("index.md").is_file() {
        target.join("index.md")
    } else if target.exists() {
        target
    } else {
        return Some(format!("the link to {link} leads nowhere"));
    };
    let page = aimed
        .file_name()
        .is_some_and(|name| name == "index.md" || name == "glossary.md");
    let by_folder = path.is_empty() || path.ends_with('/') || path.ends_with("glossary.md");
    if reader == Reader::Course && !(page && by_folder) {
        return Some(format!(
            "the link to {link} leads to no page: link a lesson's folder (../SLUG/) or ../glossary.md#word"
        ));
    }
    if anchor.is_empty() {
        return None;
    }
    let other = if path.is_empty() {
        text.to_owned()
    } else {
        fs::read_to_string(&aimed).unwrap_or_default()
    };
    (!headings(&other).iter().any(|heading| heading == anchor))
        .then(|| format!("the link to {link}: there is no heading #{anchor}"))
}

/// The headings of a text as parts of an address.
fn headings(text: &str) -> Vec<String> {
    let mut headings = Vec::new();
    let mut heading: Option<String> = None;
    for event in Parser::new(text) {
        match (event, &mut heading) {
            (Event::Start(Tag::Heading { .. }), _) => heading = Some(String::new()),
            (Event::End(TagEnd::Heading(_)), _) => {
                headings.extend(heading.take().map(|text| slug(&text)));
            }
            (Event::Text(text) | Event::Code(text), Some(heading)) => heading.push_str(&text),
            _ => {}
        }
    }
    headings
}

/// As the site makes a part of an address of a text.
fn slug(text: &str) -> String {
    let text = text.to_lowercase();
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("-")
}
