//! What a word of a policy means, in a sentence or two.

use crate::{parser::parse, source::Span, token::TokenKind};

/// A text for the word under the pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The word it is about.
    pub span: Span,
    /// What it means.
    pub text: String,
}

/// Keywords and flags.
const WORDS: &[(&str, &str)] = &[
    (
        "abi",
        "Names the feature set that this policy was written for; classes it does not have are not mediated.",
    ),
    (
        "alias",
        "Every rule that names the first place also counts for the second.",
    ),
    ("all", "Allows everything that AppArmor mediates."),
    (
        "allow",
        "The rule gives permissions; the same as writing nothing.",
    ),
    (
        "attach_disconnected",
        "Paths that cannot be traced back to the root are taken to start there, instead of being refused.",
    ),
    (
        "audit",
        "What this rule allows is logged; with `deny`, the refusal is logged too.",
    ),
    (
        "capability",
        "Allows capabilities of root, named in lower case and without `CAP_`. None named means all.",
    ),
    ("change_hat", "A program may enter a hat of its profile."),
    (
        "change_profile",
        "The program may ask to run under another profile.",
    ),
    (
        "complain",
        "What the rules do not allow is let through and logged; `deny` rules still refuse.",
    ),
    (
        "dbus",
        "Messages and names on D-Bus; the bus daemon asks for them, not the kernel.",
    ),
    ("default_allow", "What no rule speaks of is allowed."),
    (
        "deny",
        "Takes permissions away, whatever other rules of the same priority allow, and is not logged unless `audit` stands before it.",
    ),
    (
        "enforce",
        "What the rules do not allow is refused and logged; the mode of a profile without another.",
    ),
    (
        "file",
        "Starts a file rule; alone it allows every file permission, with `ix` for programs.",
    ),
    ("flags", "How the profile as a whole is applied."),
    (
        "hat",
        "A part of a profile that a program enters and leaves itself by change_hat.",
    ),
    (
        "if",
        "The block counts only where the condition holds when the policy is loaded.",
    ),
    (
        "include",
        "Puts the rules of another file here; `<…>` is looked up below the policy folder.",
    ),
    (
        "io_uring",
        "Allows polling threads and other credentials on io_uring.",
    ),
    ("kill", "What the rules do not allow ends the program."),
    (
        "link",
        "Allows a hard link of the first name to the file of the second.",
    ),
    (
        "mediate_deleted",
        "Deleted files are still decided by their last name.",
    ),
    (
        "mount",
        "Allows mounting: options, source and mount point; a mount point that is a folder ends in `/`.",
    ),
    (
        "mqueue",
        "Message queues; mainline kernels do not mediate them.",
    ),
    (
        "network",
        "Allows sockets by family and type. Nothing named means all.",
    ),
    (
        "other",
        "The rule counts where the file does not belong to the task.",
    ),
    (
        "owner",
        "The rule counts where the file belongs to the task: fsuid and owner are the same.",
    ),
    (
        "pivot_root",
        "Allows exchanging the root of the mount namespace.",
    ),
    (
        "priority",
        "A rule of higher priority decides alone about the permissions it names, even against `deny`.",
    ),
    (
        "profile",
        "What a program may do. It is loaded under this name, and started by it or by its path.",
    ),
    (
        "prompt",
        "The user would be asked; a kernel without prompting refuses.",
    ),
    (
        "ptrace",
        "Tracing other processes and being traced; both sides need a rule.",
    ),
    ("remount", "Allows changing the options of a mount."),
    (
        "rlimit",
        "Limits a resource; a task that asks for more is refused.",
    ),
    (
        "safe",
        "The environment is scrubbed at exec, as by upper-case letters.",
    ),
    ("set", "Starts `set rlimit`."),
    (
        "signal",
        "Sending and receiving signals; both sides need a rule.",
    ),
    (
        "subset",
        "The link must not have permissions that its target lacks.",
    ),
    (
        "umount",
        "Allows unmounting; a mount point that is a folder ends in `/`.",
    ),
    (
        "unconfined",
        "The profile names a program but refuses nothing.",
    ),
    (
        "unix",
        "Unix sockets by type, address and peer, where the kernel mediates them.",
    ),
    (
        "unsafe",
        "The environment is kept at exec, as by lower-case letters.",
    ),
    ("userns", "Allows creating user namespaces."),
];

/// Permission letters with what the kernel makes of them.
const LETTERS: &[(char, &str)] = &[
    (
        'r',
        "`r` reads: opening for reading, listing a folder, asking for attributes.",
    ),
    (
        'w',
        "`w` writes: also creating, removing, renaming, appending and changing mode and owner.",
    ),
    (
        'a',
        "`a` appends to a file that exists; it does not create one.",
    ),
    (
        'l',
        "`l` makes this name as a hard link; the pair of names must be allowed.",
    ),
    ('k', "`k` locks."),
    ('m', "`m` maps into memory as code; libraries need it."),
    (
        'x',
        "`x` executes; the letters before it say under which profile.",
    ),
];

/// The letters before `x`.
const EXEC: &[(&str, &str)] = &[
    ("ix", "`ix` runs the program under this profile."),
    (
        "pix",
        "`pix` runs it under its own profile, or under this one where it has none.",
    ),
    (
        "cix",
        "`cix` runs it under a child profile, or under this one where there is none.",
    ),
    (
        "pux",
        "`pux` runs it under its own profile, or under none where it has none.",
    ),
    (
        "cux",
        "`cux` runs it under a child profile, or under none where there is none.",
    ),
    (
        "px",
        "`px` runs it under its own profile, and refuses where it has none.",
    ),
    (
        "cx",
        "`cx` runs it under a child of this profile, and refuses where there is none.",
    ),
    ("ux", "`ux` runs it without any profile."),
];

/// What stands at a byte position of a text, where there is something to say.
pub fn hover(text: &str, position: usize) -> Option<Hover> {
    let parsed = parse("policy", text);
    let at = u32::try_from(position).ok()?;
    let index = parsed.tokens.partition_point(|token| token.span.end <= at);
    let token = parsed.tokens.get(index)?;
    let written = parsed.files.text(token.span);
    let explained = match token.kind {
        TokenKind::Permissions => permissions(written),
        TokenKind::Keyword | TokenKind::Condition | TokenKind::Value => {
            let word = written.trim().trim_start_matches('#');
            WORDS
                .iter()
                .find(|(known, _)| *known == word)
                .map(|(_, text)| (*text).to_owned())
        }
        _ => None,
    }?;
    Some(Hover {
        span: token.span,
        text: explained,
    })
}

/// Every letter of a set, one sentence each.
pub fn permissions(letters: &str) -> Option<String> {
    let lower = letters.to_lowercase();
    let exec = EXEC.iter().find(|(mode, _)| lower.contains(mode));
    let plain: String = match exec {
        Some((mode, _)) => lower.replace(mode, ""),
        None => lower,
    };
    let mut sentences: Vec<&str> = LETTERS
        .iter()
        .filter(|(letter, _)| plain.contains(*letter))
        .map(|(_, sentence)| *sentence)
        .collect();
    sentences.extend(exec.map(|(_, sentence)| *sentence));
    if letters.contains(['P', 'C', 'U']) {
        sentences.push("The upper-case letter scrubs the environment.");
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}
