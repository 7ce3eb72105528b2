//! How long the worst texts keep the reader: each has to be answered, with its rules or with a
//! diagnostic, within a second of processor time.

mod processor;

use std::fmt::Write as _;

use apparmor::{Options, SourceSet, compile};

fn main() {
    let tried = std::env::args().any(|argument| argument == "--test");
    for (name, text) in texts(if tried { 10 } else { 1 }) {
        let mut told = String::new();
        let time = processor::time_once(|| {
            let compiled = compile("p", &text, &SourceSet::new(), &Options::default());
            let last = compiled.diagnostics.last();
            told = last.map_or_else(|| "compiles".to_owned(), |found| found.code.to_string());
        });
        println!("{name:55} {:9} bytes {time:>12.1?} {told}", text.len());
    }
}

/// Texts that are nasty in one way each; `part` makes them smaller.
fn texts(part: usize) -> Vec<(&'static str, String)> {
    let rules = |count: usize, rule: &dyn Fn(usize) -> String| {
        let mut text = String::from("profile p {\n");
        for number in 0..count / part {
            let _ = writeln!(text, "  {}", rule(number));
        }
        text + "}\n"
    };
    let mode = |number: usize| ["ix", "px", "cx", "ux"][number % 4];
    vec![
        (
            "exec rules that all overlap",
            rules(20_000, &|number| {
                format!("/*a{number}*b* {},", mode(number))
            }),
        ),
        (
            "exec rules that overlap at their ends",
            rules(20_000, &|number| {
                format!("/**/x{number}* {},", mode(number))
            }),
        ),
        (
            "exec rules with long gaps",
            rules(200, &|number| {
                format!("/**a{}b{number} {},", "?".repeat(60), mode(number))
            }),
        ),
        (
            "exec rules with named targets",
            rules(12, &|number| {
                format!("/**{number}*/**/? px -> target{number},")
            }),
        ),
        (
            "an attachment that explodes",
            format!("profile p /**a{} {{}}\n", "?".repeat(200 / part)),
        ),
        (
            "attachments that overlap",
            (0..2_000 / part)
                .map(|number| format!("profile p{number} /**{number}*/** {{}}\n"))
                .collect(),
        ),
        (
            "alternations that multiply",
            rules(200, &|number| {
                format!("/{}{number} r,", "{a,bb,ccc,}".repeat(40))
            }),
        ),
        (
            "alternations in one another",
            rules(200, &|number| {
                format!("/{}x{}{number} rw,", "{a,b".repeat(48), "}".repeat(48))
            }),
        ),
        (
            "classes of characters",
            rules(20_000, &|number| format!("/[^a-m{number}]*[!0-9]?[a-z] r,")),
        ),
        (
            "as many statements as are taken",
            rules(49_000, &|number| format!("owner /srv/{number}/** rwk,")),
        ),
        (
            "denies below allows",
            rules(20_000, &|number| {
                format!("{}/srv/{}/** rw,", ["", "deny "][number % 2], number / 2)
            }),
        ),
        (
            "mounts with alternations",
            rules(5_000, &|number| {
                format!(
                    "mount fstype=({{ext4,tmpfs}}) options in (ro,nosuid,{}) /{{a,b}}{number}/** -> /m{{c,d}}*/,",
                    ["nodev", "noexec"][number % 2]
                )
            }),
        ),
        (
            "messages with alternations",
            rules(5_000, &|number| {
                format!(
                    "dbus send bus=session path=/{{a,b}}{number}/** interface=org.{{x,y}}.* member={{Get,Set}}* peer=(name=org.{{p,q}}{number}),"
                )
            }),
        ),
        (
            "sockets with alternations",
            rules(5_000, &|number| {
                format!(
                    "unix (send,receive) type=stream addr=\"@{{a,b}}{number}*\" peer=(label={{c,d}}*{number}),"
                )
            }),
        ),
        (
            "signals to peers",
            rules(5_000, &|number| {
                format!("signal (send) set=(term,kill) peer=\"/{{a,b}}**{number}\",")
            }),
        ),
        (
            "variables that multiply",
            format!(
                "@{{A}}={}\n@{{B}}=@{{A}}@{{A}}\nprofile p {{ /@{{B}}/@{{A}} r, }}\n",
                (0..99 / part)
                    .map(|number| format!("v{number} "))
                    .collect::<String>()
            ),
        ),
        (
            "children with attachments",
            rules(2_000, &|number| {
                format!("profile c{number} /**/c{number}* {{ /** r, }}")
            }),
        ),
    ]
}
