//! Renders every page to static HTML that the program in the browser then
//! makes live. Trunk's `post_build` hook: `TRUNK_STAGING_DIR` holds the site so
//! far, `TRUNK_PUBLIC_URL` where it will be mounted (`/` or `/course/`).

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use hydration_context::SsrSharedContext;
use lab::{
    document::Document,
    message::{Outcome, Response},
    session::Session,
};
use leptos::prelude::*;
use site::{
    App, Route,
    app::TitleSlot,
    bench::in_pod,
    content::{self, Content, Lab, Level, Part, Printed},
    course::{self, Course, LessonSource},
    example::gallery,
    free_play::{demonstration, playground},
    route::Base,
    still::{self, Source, reference},
};

type Error = Box<dyn std::error::Error>;

const TITLE: &str = "<title>Armor Lab</title>";
const MOUNT: &str = r#"<div id="app"></div>"#;
const HEAD_END: &str = "</head>";

/// The same policy that the browser tests' server sends as a header.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'";

fn main() -> Result<(), Error> {
    let root = PathBuf::from(
        env::var_os("TRUNK_STAGING_DIR")
            .ok_or("TRUNK_STAGING_DIR is not set: trunk runs this program")?,
    );
    let public_url = env::var("TRUNK_PUBLIC_URL").unwrap_or_else(|_| "/".into());
    let release = env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release");
    let base = public_url.trim_end_matches('/');
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");

    let shell = fs::read_to_string(root.join("index.html"))?;
    let modules = fs::read_to_string(project.join("target/web/modules.json"))?;
    let modules: BTreeMap<String, String> = serde_json::from_str(&modules)?;
    let shells = Shells::new(&shell, base, &modules, release)?;

    let course = Arc::new(course::read(&project)?);
    for (route, content) in pages(&course, base)? {
        let shell = shells.of(&route)?;
        write(
            &root,
            &route,
            &render(&shell, base, &route, &content, &course)?,
        )?;
    }
    let index = serde_json::to_string(&still::index(&course))?;
    fs::write(root.join("search.json"), index)?;
    if release {
        service_worker(
            &root,
            &fs::read_to_string(project.join("app/site/web/sw.js"))?,
        )?;
    }
    Ok(())
}

/// Every page with its content.
fn pages(course: &Arc<Course>, base: &str) -> Result<Vec<(Route, Content)>, Error> {
    let links: Vec<_> = course
        .lessons
        .iter()
        .map(|lesson| lesson.link.clone())
        .collect();
    let of_course = || Content {
        course: links.clone(),
        ..Content::default()
    };
    let mut pages: Vec<(Route, Content)> = [
        Route::Lessons,
        Route::Challenges,
        Route::Reference,
        Route::Review,
        Route::Search,
        Route::Settings,
        Route::NotFound,
    ]
    .into_iter()
    .chain(
        reference::TABLES
            .iter()
            .map(|table| Route::Table(table.slug.to_owned())),
    )
    .map(|route| (route, Content::default()))
    .collect();
    for lesson in &course.lessons {
        let lab = answered(lesson.document.clone())?;
        let slug = &lesson.link.slug;
        let embedded = Content {
            lab: Some(lab.clone()),
            ..Content::default()
        };
        pages.push((Route::Embed(slug.clone()), embedded));
        let content = Content {
            parts: with_answers(lesson)?,
            lab: Some(lab),
            ..of_course()
        };
        pages.push((Route::Lesson(slug.clone()), content));
    }
    for (place, challenge) in (1..).zip(&course.challenges) {
        let lesson = &challenge.lesson;
        let content = Content {
            parts: lesson.parts.clone(),
            lab: Some(answered(lesson.document.clone())?),
            level: Some(Level {
                place,
                of: course.challenges.len(),
            }),
            ..Content::default()
        };
        pages.push((Route::Challenge(lesson.link.slug.clone()), content));
    }
    if let Some(capstone) = &course.capstone {
        let document = capstone.document.clone();
        let mut session = Session::open(document.clone(), &[], None)?;
        let content = Content {
            parts: capstone.parts.clone(),
            capstone: session.capstone(),
            lab: Some(Lab {
                document: content::Document::new(document)?,
                view: session.view(),
            }),
            ..Content::default()
        };
        pages.push((Route::Capstone, content));
    }
    let mut home = of_course();
    home.map = in_owner(base, course, || still::course_map(course).to_html());
    let mut free_play = Content::default();
    if let Some(first) = course.lessons.first().map(|lesson| &lesson.document) {
        home.printed = printed(&demonstration(first))?;
        home.lab = Some(answered(demonstration(first))?);
        let lab = playground(first);
        free_play.examples = gallery(&course.examples, &lab)?;
        free_play.lab = Some(answered(lab)?);
    }
    pages.extend([
        (Route::Home, home),
        (Route::Embed("playground".to_owned()), free_play.clone()),
        (Route::Playground, free_play),
    ]);
    Ok(pages)
}

/// A lesson's parts, the commands of a guided run with what the nodes answer
/// when they are typed one after the other.
fn with_answers(lesson: &LessonSource) -> Result<Vec<Part>, Error> {
    let mut session = Session::open(lesson.document.clone(), &[], None)?;
    let mut parts = lesson.parts.clone();
    for part in &mut parts {
        let Part::Run(step) = part else {
            continue;
        };
        for node in &lesson.document.nodes {
            if let Response::Ran {
                node, output, exit, ..
            } = session.run(&node.id, &step.command, 1)?
            {
                step.printed.push(Printed {
                    node,
                    lines: output,
                    exit,
                });
            }
        }
    }
    Ok(parts)
}

/// Makes something of the site's components.
fn in_owner<T>(base: &str, course: &Arc<Course>, make: impl FnOnce() -> T) -> T {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new())));
    let made = owner.with(|| {
        provide_context(Base(base.to_owned()));
        provide_context(Source(Arc::clone(course)));
        make()
    });
    owner.cleanup();
    made
}

/// A lab with the engine's answer to its first state.
fn answered(document: Document) -> Result<Lab, Error> {
    let view = Session::open(document.clone(), &[], None)?.view();
    Ok(Lab {
        document: content::Document::new(document)?,
        view,
    })
}

/// What the demonstration's command prints on every node where the pod runs,
/// in a world where it has not been run before.
fn printed(demonstration: &Document) -> Result<Vec<Printed>, Error> {
    let document = Document {
        workload: Vec::new(),
        ..demonstration.clone()
    };
    let mut session = Session::open(document, &[], None)?;
    let mut printed = Vec::new();
    for node in session.view().nodes {
        for command in &demonstration.workload {
            let ran = session.run(&node.id, &in_pod(command), 1)?;
            if node.outcome != Outcome::RefusedToStart
                && let Response::Ran {
                    node, output, exit, ..
                } = ran
            {
                printed.push(Printed {
                    node,
                    lines: output,
                    exit,
                });
            }
        }
    }
    Ok(printed)
}

/// One page: the shell with the title, the rendered body and the content in
/// their places.
fn render(
    shell: &str,
    base: &str,
    route: &Route,
    content: &Content,
    course: &Arc<Course>,
) -> Result<String, Error> {
    let title = TitleSlot::default();
    let body = in_owner(base, course, || {
        provide_context(title.clone());
        view! { <App base=base.to_owned() route=route.clone() content=content.clone() /> }.to_html()
    });
    let title = title
        .0
        .lock()
        .map(|title| title.clone())
        .unwrap_or_default();
    // A block of data, which no policy takes for a script.
    let data = if route.is_live() {
        format!(
            r#"<script type="application/json" id="{}">{}</script>"#,
            Content::ELEMENT,
            content.to_json()?
        )
    } else {
        String::new()
    };
    Ok(shell
        .replacen(TITLE, &format!("<title>{title} · Armor Lab</title>"), 1)
        .replacen(MOUNT, &format!(r#"<div id="app">{body}</div>{data}"#), 1))
}

/// What stands around every page, with and without the program.
struct Shells<'a> {
    /// With the tag of the boot module, which names the program's files.
    live: String,
    /// Without the program: its preloads and its tag are gone, and a mark
    /// stands for the tag of the page's own module.
    still: String,
    base: &'a str,
    modules: &'a BTreeMap<String, String>,
    offline: &'static str,
}

impl<'a> Shells<'a> {
    /// Makes them of Trunk's page: puts the theme's script into the head and
    /// the start module in the place that `pattern_script` in Trunk.toml marks
    /// and, in a release, the policy and the offline copy. Trunk's own server
    /// needs an inline script, so other builds have neither.
    fn new(
        shell: &str,
        base: &'a str,
        modules: &'a BTreeMap<String, String>,
        release: bool,
    ) -> Result<Self, Error> {
        for part in [TITLE, MOUNT, HEAD_END, PROGRAM] {
            if !shell.contains(part) {
                return Err(format!("index.html has no {part}").into());
            }
        }
        let theme = modules.get("theme").ok_or("there is no module theme")?;
        let theme = format!(r#"<script src="{base}/vendor/{theme}"></script>{HEAD_END}"#);
        let policy = if release {
            format!(
                r#"<meta http-equiv="Content-Security-Policy" content="{CONTENT_SECURITY_POLICY}">"#
            )
        } else {
            String::new()
        };
        let shell = shell.replacen(HEAD_END, &theme, 1).replacen(
            r#"<meta charset="utf-8">"#,
            &format!(r#"<meta charset="utf-8">{policy}"#),
            1,
        );
        Ok(Self {
            still: without_program(&shell),
            live: shell,
            base,
            modules,
            offline: if release { "data-offline " } else { "" },
        })
    }

    fn of(&self, route: &Route) -> Result<String, Error> {
        let name = route.module();
        let module = self
            .modules
            .get(name)
            .ok_or_else(|| format!("there is no module {name}"))?;
        let Self { base, offline, .. } = self;
        let tag =
            format!(r#"<script type="module" src="{base}/vendor/{module}" data-page {offline}"#);
        Ok(if route.is_live() {
            self.live.replacen(PROGRAM, &format!("{tag}data-js="), 1)
        } else {
            self.still
                .replacen(HEAD_END, &format!("{tag}></script>{HEAD_END}"), 1)
        })
    }
}

/// The tag that Trunk writes for the program, up to the value of its first attribute.
const PROGRAM: &str = r#"<script type="module" data-js="#;

/// The page without the program's tag and without the links that have it
/// fetched early.
fn without_program(shell: &str) -> String {
    let mut rest = shell;
    let mut out = String::with_capacity(shell.len());
    while let Some(start) = rest.find('<') {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let end = from.find('>').map_or(from.len(), |at| at + 1);
        let (tag, after) = from.split_at(end);
        let preload = tag.starts_with("<link")
            && (tag.contains("modulepreload") || tag.contains(r#"rel="preload""#));
        if tag.starts_with(PROGRAM) {
            rest = after.strip_prefix("</script>").unwrap_or(after);
        } else {
            if !preload {
                out.push_str(tag);
            }
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

fn write(root: &Path, route: &Route, text: &str) -> Result<(), Error> {
    if *route == Route::NotFound {
        return Ok(fs::write(root.join("404.html"), text)?);
    }
    let folder = root.join(route.path().trim_matches('/'));
    fs::create_dir_all(&folder)?;
    Ok(fs::write(folder.join("index.html"), text)?)
}

/// Writes the service worker with the list of everything that it keeps.
fn service_worker(root: &Path, source: &str) -> Result<(), Error> {
    let mut files = Vec::new();
    addresses(root, root, &mut files)?;
    files.sort();
    let version = files
        .iter()
        .fold(0u64, |version, (_, hash)| version.rotate_left(5) ^ hash);
    let list: Vec<&str> = files.iter().map(|(address, _)| address.as_str()).collect();
    let list = serde_json::to_string_pretty(&list)?;
    let text = source
        .replacen(
            r#"const VERSION = "dev";"#,
            &format!(r#"const VERSION = "{version:016x}";"#),
            1,
        )
        .replacen("const FILES = [];", &format!("const FILES = {list};"), 1);
    Ok(fs::write(root.join("sw.js"), text)?)
}

/// All files of the site below `folder`, as addresses relative to `root`, with
/// a hash of their content; an `index.html` goes by its folder's address.
fn addresses(root: &Path, folder: &Path, out: &mut Vec<(String, u64)>) -> Result<(), Error> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            addresses(root, &path, out)?;
            continue;
        }
        let name = path
            .strip_prefix(root)?
            .to_string_lossy()
            .replace('\\', "/");
        let address = match name.strip_suffix("index.html") {
            Some(folder) => format!("./{folder}"),
            None => format!("./{name}"),
        };
        out.push((address, fnv(&fs::read(&path)?)));
    }
    Ok(())
}

/// FNV-1a: tells versions apart, nothing more.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    })
}
