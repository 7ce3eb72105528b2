//! Unix socket rules, for kernels that mediate them by address and label:
//! `class, family, type, protocol`, then the own address and label, then a
//! command, or the peer's address and label.
//!
//! As `unix_rule::gen_policy_re` of `af_unix.cc` (5.0.2) for `network_v9`.

use super::{
    class::{ClassBuilder, Grant, PatternError, effect, push_byte, push_glob},
    network::{SOCKET_TYPES, permission_bits},
};
use crate::{
    decision::{Effect, RuleId},
    permission::NetworkPermission as Permission,
    tree::{Network, Prefix, Text, Unix},
};

/// The class byte of `network_v9` (`AA_CLASS_NETV9`).
pub(crate) const CLASS: u8 = 34;
/// `AF_UNIX`
const FAMILY: u8 = 1;
/// What follows the own address and label (`af_unix.c` of the kernel).
pub(crate) const COMMAND_PEER: u8 = 1;
/// Before the length of a listen queue.
pub(crate) const COMMAND_LISTEN: u8 = 2;
/// Before a socket option.
pub(crate) const COMMAND_OPTION: u8 = 4;
/// Stands for an unnamed socket.
pub(crate) const UNNAMED: u8 = 1;

/// What is asked with the peer known (`AA_PEER_NET_PERMS`).
const PEER: u32 = Permission::Send.bit()
    | Permission::Receive.bit()
    | Permission::Connect.bit()
    | Permission::Accept.bit();
/// What is asked behind a command of its own.
const OPTIONS: u32 = Permission::SetOpt.bit() | Permission::GetOpt.bit();

/// Adds a unix rule.
pub(crate) fn add(
    class: &mut ClassBuilder,
    rule: RuleId,
    prefix: Prefix,
    unix: &Unix,
) -> Result<(), PatternError> {
    let bits = permission_bits(&unix.permissions);
    let with_peer = unix.peer.value("addr").is_some() || unix.peer.value("label").is_some();
    let mut add = |expression: &[u8], bits: u32| {
        if bits == 0 {
            return Ok(());
        }
        class.add(expression, Grant::new(rule, prefix, bits))
    };

    let mut expression = socket(unix.local.value("type").map(Text::as_str));
    expression.extend_from_slice(b"..");
    if !with_peer {
        add(&expression, bits & Permission::Create.bit())?;
    }
    push_address(unix.local.value("addr"), &mut expression)?;
    push_label(unix.local.value("label"), &mut expression)?;
    push_byte(0, &mut expression);
    let commands = PEER | OPTIONS | Permission::Listen.bit() | Permission::Create.bit();
    add(
        &expression,
        bits & (!commands | Permission::Accept.bit()) & !Permission::Create.bit(),
    )?;
    if !with_peer {
        for (command, of_it) in [
            (COMMAND_LISTEN, Permission::Listen.bit()),
            (COMMAND_OPTION, OPTIONS),
        ] {
            let mut expression = expression.clone();
            push_byte(command, &mut expression);
            expression.extend_from_slice(b"..");
            add(&expression, bits & of_it)?;
        }
    }
    push_byte(COMMAND_PEER, &mut expression);
    push_address(unix.peer.value("addr"), &mut expression)?;
    push_label(unix.peer.value("label"), &mut expression)?;
    add(&expression, bits & PEER)
}

/// Adds what a network rule says about unix sockets: it grants as a unix rule of that type would;
/// a deny ends at the type, so that the kernel's search goes on past it and finds no protocol
/// (recorded on 7.3: `deny network,` leaves a record that says "failed protocol match").
pub(crate) fn add_network(
    class: &mut ClassBuilder,
    rule: RuleId,
    prefix: Prefix,
    network: &Network,
) -> Result<(), PatternError> {
    let kind = network.kind.as_ref().map(Text::as_str);
    let family = network.family.as_ref().map(Text::as_str);
    let of_another_family = family.is_some_and(|family| family != "unix");
    let is_type = kind.is_none_or(|kind| SOCKET_TYPES.iter().any(|(name, _)| *name == kind));
    if of_another_family || !is_type {
        return Ok(());
    }
    let bits = permission_bits(&network.permissions);
    let mut expression = socket(kind);
    if effect(prefix) == Effect::Deny && prefix.audit {
        // Nothing is left of a state that only takes away.
        return Ok(());
    }
    if effect(prefix) == Effect::Deny {
        return class.add(&expression, Grant::new(rule, prefix, bits));
    }
    expression.extend_from_slice(b"..");
    class.add(
        &expression,
        Grant::new(rule, prefix, bits & Permission::Create.bit()),
    )?;
    push_address(None, &mut expression)?;
    push_label(None, &mut expression)?;
    push_byte(0, &mut expression);
    class.add(&expression, Grant::new(rule, prefix, bits))?;
    for command in [COMMAND_LISTEN, COMMAND_OPTION] {
        let mut expression = expression.clone();
        push_byte(command, &mut expression);
        expression.extend_from_slice(b"..");
        class.add(&expression, Grant::new(rule, prefix, bits))?;
    }
    push_byte(COMMAND_PEER, &mut expression);
    push_address(None, &mut expression)?;
    push_label(None, &mut expression)?;
    class.add(&expression, Grant::new(rule, prefix, bits))
}

/// Class, family and type; any type where none is named.
fn socket(kind: Option<&str>) -> Vec<u8> {
    let mut expression = Vec::new();
    for byte in [CLASS, 0, FAMILY] {
        push_byte(byte, &mut expression);
    }
    let number = kind.and_then(|kind| SOCKET_TYPES.iter().find(|(name, _)| *name == kind));
    match number {
        Some((_, number)) => {
            push_byte(0, &mut expression);
            push_byte(*number, &mut expression);
        }
        None => expression.extend_from_slice(b".."),
    }
    expression
}

/// `unix_rule::write_addr`
fn push_address(address: Option<&Text>, out: &mut Vec<u8>) -> Result<(), PatternError> {
    match address.map(Text::as_str) {
        None => out.extend_from_slice(b".*"),
        Some("none") => push_byte(UNNAMED, out),
        // What `bind` without a name gives: five hexadecimal digits.
        Some("auto") => {
            push_byte(0, out);
            for _ in 0..5 {
                out.extend_from_slice(b"[a-f0-9]");
            }
        }
        Some(name) => {
            push_byte(0, out);
            push_glob(name.strip_prefix('@').unwrap_or(name), out)?;
        }
    }
    push_byte(0, out);
    Ok(())
}

/// `unix_rule::write_label`
fn push_label(label: Option<&Text>, out: &mut Vec<u8>) -> Result<(), PatternError> {
    match label {
        Some(label) => push_glob(label.as_str(), out),
        None => {
            out.extend_from_slice(b"[^\\x00]*");
            Ok(())
        }
    }
}
