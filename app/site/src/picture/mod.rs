//! Pictures: drawings of what the engine answers, each with a text twin. Made
//! by the pre-renderer for lessons (`<!-- picture: gates -->`) and for the
//! reference.

mod chain;
mod gates;
mod names;

use lab::{document, message::NodeView, session::Session};

/// The lab that the pictures are of: two nodes, one profile, two ways to a file.
const LAB: &str = "
id: pictures
title: Pictures
goal: To be looked at.
nodes:
  - {id: ubuntu, kind: ubuntu-24.04}
  - {id: sandbox, kind: gvisor}
files:
  - {path: k8s-deny-data, language: apparmor, node_path: /etc/apparmor.d/k8s-deny-data}
  - {path: pod.yaml, language: manifest}
image:
  - {path: /data/}
  - {path: /data/target, text: protected}
workload:
  - touch /data/x
  - ln /data/target /tmp/second
";
const PROFILE: &str = "#include <tunables/global>

profile k8s-deny-data flags=(attach_disconnected) {
  #include <abstractions/base>
  file,
  deny /data/{,**} w,
}
";
const POD: &str = "apiVersion: v1
kind: Pod
metadata:
  name: writer
spec:
  securityContext:
    appArmorProfile:
      type: Localhost
      localhostProfile: k8s-deny-data
  containers:
  - name: c
    image: busybox:1.36
    command: [sleep, infinity]
";

/// The picture of this name, as HTML; none when there is no such picture.
pub fn named(name: &str) -> Option<String> {
    match name {
        "start-chain" => Some(chain::draw(&nodes())),
        "gates" => gates::draw(&nodes()),
        "names" => Some(names::draw()),
        _ => None,
    }
}

/// What the nodes of the pictures answer.
fn nodes() -> Vec<NodeView> {
    let start = |path: &str| match path {
        "start/k8s-deny-data" => Some(PROFILE.to_owned()),
        "start/pod.yaml" => Some(POD.to_owned()),
        _ => None,
    };
    let session = document::read(LAB, start)
        .ok()
        .and_then(|document| Session::open(document, &[], None).ok());
    session.map_or_else(Vec::new, |mut session| session.view().nodes)
}

/// A drawing with its title, its caption and its text twin.
struct Figure<'a> {
    id: &'a str,
    title: &'a str,
    /// Width and height of the drawing's own units.
    size: (u32, u32),
    /// The drawing.
    svg: String,
    caption: &'a str,
    /// The picture in words, a sentence each.
    words: Vec<String>,
}

impl Figure<'_> {
    fn html(&self) -> String {
        let Self {
            id,
            title,
            size: (width, height),
            svg,
            caption,
            words,
        } = self;
        // On a narrow screen it is moved sideways rather than made too small to read.
        let class = if *width > 900 { "pic broad" } else { "pic" };
        let items: String = words
            .iter()
            .map(|text| format!("<li>{}</li>", escaped(text)))
            .collect();
        format!(
            "<figure class=\"sheet picture\"><div class=\"grid-paper wide\" tabindex=\"0\" role=\"region\" aria-label=\"{title}, picture\">\
             <svg class=\"{class}\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"{id}-title\"><title id=\"{id}-title\">{title}. The text below says the same.</title>{svg}</svg></div>\
             <figcaption>{}<details><summary>The picture in words</summary><ol>{items}</ol></details></figcaption></figure>\n",
            escaped(caption)
        )
    }
}

/// Text for HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// A text at a place of a drawing.
fn text(class: &str, x: u32, y: u32, anchor: &str, words: &str) -> String {
    format!(
        "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{}</text>",
        escaped(words)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_picture_has_a_title_and_its_text_twin() {
        for name in ["start-chain", "gates", "names"] {
            let html = named(name).expect("there is such a picture");
            assert!(html.contains("<title"), "{name}");
            assert!(html.matches("<li>").count() >= 3, "{name}: {html}");
        }
        assert_eq!(named("nothing"), None);
    }
}
