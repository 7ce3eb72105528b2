//! Signal, ptrace, userns and `io_uring` rules: `class, key, label`.
//!
//! As `signal.cc`, `ptrace.cc`, `userns.cc` and `io_uring.cc` of the parser (5.0.2).

use super::class::{ClassBuilder, Grant, PatternError, push_byte, push_glob};
use crate::{
    decision::RuleId,
    permission::{IoUringPermission, PtracePermission, SignalPermission},
    tree::{IoUring, Prefix, Ptrace, Signal, Text},
    vocabulary::signal_number,
};

/// The class byte of `ptrace`.
pub(crate) const PTRACE_CLASS: u8 = 9;
/// The class byte of signals.
pub(crate) const SIGNAL_CLASS: u8 = 10;
/// The class byte of namespaces.
pub(crate) const USERNS_CLASS: u8 = 21;
/// The class byte of `io_uring`.
pub(crate) const IO_URING_CLASS: u8 = 22;

/// Any label.
const ANY_LABEL: &[u8] = b"[^\\x00]+";

/// The byte of a signal in a pattern: 0 for a word that is no signal.
pub(crate) fn signal_byte(word: &str) -> u8 {
    signal_number(word)
        .and_then(|number| u8::try_from(number).ok())
        .unwrap_or_default()
}

fn push_label(peer: Option<&str>, out: &mut Vec<u8>) -> Result<(), PatternError> {
    if let Some(peer) = peer {
        return push_glob(peer, out);
    }
    out.extend_from_slice(ANY_LABEL);
    Ok(())
}

/// The bits of permission words; none written means all.
fn bits_of(words: &[&'static str], table: &[(&str, u32)]) -> u32 {
    table
        .iter()
        .filter(|(word, _)| words.is_empty() || words.contains(word))
        .fold(0, |mask, (_, bit)| mask | bit)
}

pub(crate) fn add_signal(
    class: &mut ClassBuilder,
    rule: RuleId,
    prefix: Prefix,
    signal: &Signal,
) -> Result<(), PatternError> {
    let bits = bits_of(
        &signal.permissions,
        &[
            ("send", SignalPermission::Send as u32),
            ("receive", SignalPermission::Receive as u32),
        ],
    );
    let mut expression = Vec::new();
    push_byte(SIGNAL_CLASS, &mut expression);
    if signal.signals.is_empty() {
        expression.push(b'.');
    } else {
        expression.push(b'[');
        for word in &signal.signals {
            push_byte(signal_byte(word.as_str()), &mut expression);
        }
        expression.push(b']');
    }
    push_label(signal.peer.as_ref().map(Text::as_str), &mut expression)?;
    class.add(&expression, Grant::new(rule, prefix, bits))
}

pub(crate) fn add_ptrace(
    class: &mut ClassBuilder,
    rule: RuleId,
    prefix: Prefix,
    ptrace: &Ptrace,
) -> Result<(), PatternError> {
    let bits = bits_of(
        &ptrace.permissions,
        &[
            ("trace", PtracePermission::Trace as u32),
            ("read", PtracePermission::Read as u32),
            ("tracedby", PtracePermission::TracedBy as u32),
            ("readby", PtracePermission::ReadBy as u32),
        ],
    );
    let mut expression = Vec::new();
    push_byte(PTRACE_CLASS, &mut expression);
    push_label(ptrace.peer.as_ref().map(Text::as_str), &mut expression)?;
    class.add(&expression, Grant::new(rule, prefix, bits))
}

pub(crate) fn add_userns(
    class: &mut ClassBuilder,
    rule: RuleId,
    prefix: Prefix,
) -> Result<(), PatternError> {
    let mut expression = Vec::new();
    push_byte(USERNS_CLASS, &mut expression);
    class.add(
        &expression,
        Grant::new(rule, prefix, crate::decide::USERNS_CREATE),
    )
}

pub(crate) fn add_io_uring(
    class: &mut ClassBuilder,
    rule: RuleId,
    prefix: Prefix,
    io_uring: &IoUring,
) -> Result<(), PatternError> {
    let bits = bits_of(
        &io_uring.permissions,
        &[
            ("sqpoll", IoUringPermission::SqPoll as u32),
            ("override_creds", IoUringPermission::OverrideCreds as u32),
        ],
    );
    let mut expression = Vec::new();
    push_byte(IO_URING_CLASS, &mut expression);
    class.add(&expression, Grant::new(rule, prefix, bits))?;
    match &io_uring.label {
        Some(label) => push_glob(label.as_str(), &mut expression)?,
        None => expression.extend_from_slice(b"[^\\x00]*"),
    }
    class.add(&expression, Grant::new(rule, prefix, bits))
}
