//! Network rules: `class, family, type` in the automaton of the other classes.
//!
//! As `network_rule::gen_net_rule` of `network.cc` for `network_v8`.

use super::class::{ClassBuilder, Grant, PatternError, push_byte};
pub(crate) use crate::vocabulary::SOCKET_TYPES;
use crate::{
    decision::RuleId,
    permission::NetworkPermission,
    tree::{Network, Prefix, Text},
    vocabulary::FAMILIES,
};

/// The class byte of sockets.
pub(crate) const CLASS: u8 = 14;

/// The protocol words with the types they stand for, by family.
const PROTOCOLS: [(&str, u8, &[&str]); 3] = [
    ("tcp", 1, &["inet", "inet6"]),
    ("udp", 2, &["inet", "inet6"]),
    ("icmp", 3, &["inet"]),
];

/// Every permission on a socket.
pub(crate) fn all_permissions() -> u32 {
    NetworkPermission::ALL
        .iter()
        .fold(0, |mask, (permission, _)| mask | permission.bit())
}

/// The bits of permission words; none written means all.
pub(crate) fn permission_bits(words: &[&'static str]) -> u32 {
    if words.is_empty() {
        return all_permissions();
    }
    words
        .iter()
        .filter_map(|word| NetworkPermission::from_name(word))
        .fold(0, |mask, permission| mask | permission.bit())
}

/// Adds a network rule; `families` are those that the feature set knows.
pub(crate) fn add(
    class: &mut ClassBuilder,
    rule: RuleId,
    prefix: Prefix,
    network: &Network,
    families: &[String],
) -> Result<(), PatternError> {
    let bits = permission_bits(&network.permissions);

    let mut kind = None;
    let mut protocol = None;
    if let Some(word) = network.kind.as_ref().map(Text::as_str) {
        if let Some((_, number)) = SOCKET_TYPES.iter().find(|(name, _)| *name == word) {
            kind = Some(*number);
        } else if let Some(known) = PROTOCOLS.iter().find(|(name, ..)| *name == word) {
            protocol = Some(known);
        }
    }
    let kind = kind.or(protocol.map(|(_, kind, _)| *kind));
    let family = network.family.as_ref().map(Text::as_str);
    let chosen = FAMILIES.iter().filter(|(name, _)| {
        families.iter().any(|known| known == *name)
            && family.is_none_or(|family| family == *name)
            && protocol.is_none_or(|(.., within)| within.contains(name))
    });
    let mut expression = Vec::new();
    push_byte(CLASS, &mut expression);
    expression.extend_from_slice(b"\\x00[");
    let mut any = false;
    for (_, number) in chosen {
        any = true;
        push_byte(*number, &mut expression);
    }
    if !any {
        return Ok(());
    }
    expression.push(b']');
    match kind {
        Some(kind) => {
            push_byte(0, &mut expression);
            push_byte(kind, &mut expression);
        }
        None => expression.extend_from_slice(b".."),
    }
    class.add(&expression, Grant::new(rule, prefix, bits))
}
