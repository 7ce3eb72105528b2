//! Network rules, and the permission words that socket rules share.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{Parser, Read};
use crate::{
    diagnostic::codes,
    level::Syntax,
    lexer::Kind,
    source::Span,
    tree::{AddressConditions, NamedCondition, Network, Operator, RuleKind, Text},
    vocabulary::{FAMILIES, NETWORK_TYPES},
};

/// Permissions that concern two sockets; only they go with `peer=`.
const PEER_PERMISSIONS: &[&str] = &["send", "receive", "accept", "connect"];

/// The words of a rule's permissions: each with the permission that it means.
pub(crate) type Words = &'static [(&'static str, &'static str)];

/// The permission words of `network` and `unix`.
pub(crate) const SOCKET_WORDS: Words = &[
    ("create", "create"),
    ("bind", "bind"),
    ("listen", "listen"),
    ("accept", "accept"),
    ("connect", "connect"),
    ("shutdown", "shutdown"),
    ("getattr", "getattr"),
    ("setattr", "setattr"),
    ("getopt", "getopt"),
    ("setopt", "setopt"),
    ("send", "send"),
    ("write", "send"),
    ("receive", "receive"),
    ("read", "receive"),
];

impl Parser<'_> {
    /// `(word …)`, one word, or none. Letters `r` and `w` mean `read` and `write`.
    pub(crate) fn permissions(&mut self, rule: &str, words: Words) -> Read<Vec<&'static str>> {
        let mut permissions = Vec::new();
        let ahead = self.peek();
        if ahead.kind == Kind::OpenParen {
            self.next();
            loop {
                let ahead = self.peek();
                match ahead.kind {
                    Kind::CloseParen => {
                        self.next();
                        break;
                    }
                    Kind::Value => {
                        self.next();
                        self.permission(rule, words, ahead.span, &mut permissions);
                    }
                    // More symbols are expected here than a message lists.
                    _ => return Err(self.unexpected(&[Kind::Value; 5])),
                }
            }
        } else if ahead.kind == Kind::Mode || self.is_permission(ahead.kind, ahead.span, words) {
            self.next();
            self.permission(rule, words, ahead.span, &mut permissions);
        }
        Ok(permissions)
    }

    fn is_permission(&self, kind: Kind, span: Span, words: Words) -> bool {
        let is_word = !matches!(kind, Kind::Id | Kind::CondId | Kind::Value);
        is_word && words.iter().any(|(word, _)| *word == self.written(span))
    }

    fn permission(
        &mut self,
        rule: &str,
        words: Words,
        span: Span,
        permissions: &mut Vec<&'static str>,
    ) {
        let word = crate::lexer::unquote(self.written(span));
        let mut add = |meant: &'static str| {
            if !permissions.contains(&meant) {
                permissions.push(meant);
            }
        };
        if let Some((_, meant)) = words.iter().find(|(known, _)| *known == word) {
            return add(meant);
        }
        // `userns` and `io_uring` take no notice of words they do not know.
        let letters = words.iter().any(|(known, _)| *known == "read");
        for letter in word.chars().filter(|_| letters) {
            let meant = match letter.to_ascii_lowercase() {
                'r' => "read",
                'w' => "write",
                _ => {
                    let listed: Vec<&str> = words.iter().map(|(known, _)| *known).collect();
                    let sentence = format!(
                        "`{word}` is no permission of {rule} rules: they are {}.",
                        listed.join(", ")
                    );
                    let wording =
                        format!("Internal: unexpected {rule} perms character '{letter}' in input");
                    return self.error(codes::BAD_RULE_PERMISSION, span, sentence, wording);
                }
            };
            if let Some((_, meant)) = words.iter().find(|(known, _)| *known == meant) {
                add(meant);
            }
        }
    }

    /// `network [(permissions)] [family] [type|protocol] [conditions] [peer=(…)],`
    pub(crate) fn network(&mut self) -> Read<RuleKind> {
        let word = self.expect(Kind::Network)?;
        let start = word.span;
        let permissions = self.permissions("net", SOCKET_WORDS)?;
        let next = self.peek();
        let unended = next.kind == Kind::Id && self.on_next_line(word, next);
        let first = self.eat(Kind::Id).map(|word| self.text(word));
        let second = match first {
            Some(_) => self.eat(Kind::Id).map(|word| self.text(word)),
            None => None,
        };
        let local = self.conditions()?;
        let peer = self.peer("network")?;
        if unended && !self.at(Kind::EndOfRule) {
            let found = self.peek().kind;
            let wording = super::recovery::syntax_error(found, &[Kind::EndOfRule]);
            return Err(self.missing_comma(word, next, wording));
        }
        self.expect(Kind::EndOfRule)?;
        let known = |text: &Option<Text>| {
            let name = text.as_ref().map(Text::as_str);
            is_network(name, None) || is_network(None, name)
        };
        if unended && !known(&first) {
            return Err(self.missing_comma(word, next, "Invalid network entry.".to_owned()));
        }
        let span = start.to(self.last.span);
        let has_local = self.network_conditions(&local, false);
        let has_peer = self.network_conditions(&peer, true);
        let (family, kind) = self.network_words(first, second, has_local || has_peer, span);
        let not_for_peers = permissions
            .iter()
            .any(|permission| !PEER_PERMISSIONS.contains(permission));
        if has_peer && not_for_peers {
            self.local_permissions_with_peer("network", span);
        }
        let local = AddressConditions { conditions: local };
        let peer = AddressConditions { conditions: peer };
        Ok(RuleKind::Network(Network {
            permissions,
            family,
            kind,
            local,
            peer,
        }))
    }

    pub(crate) fn local_permissions_with_peer(&mut self, rule: &str, span: Span) {
        let sentence = "A peer goes with send, receive, accept and connect only; the other permissions concern one socket.";
        let wording = format!(
            "{rule} 'create', 'shutdown', 'setattr', 'getattr', 'bind', 'listen', 'setopt', and/or 'getopt' accesses \
             cannot be used with peer socket conditionals"
        );
        self.error(codes::PERMISSION_WITH_PEER, span, sentence, wording);
    }

    /// Which words name a family and which a type or protocol. Source: `net_find_mapping`.
    fn network_words(
        &mut self,
        first: Option<Text>,
        second: Option<Text>,
        conditions: bool,
        span: Span,
    ) -> (Option<Text>, Option<Text>) {
        let Some(first) = first else {
            return (None, None);
        };
        let is_family = FAMILIES.iter().any(|(family, _)| *family == first.value);
        let (family, kind) = match second {
            Some(second) => (Some(first), Some(second)),
            None if is_family => (Some(first), None),
            None => (None, Some(first)),
        };
        let family_name = family.as_ref().map(Text::as_str);
        if !is_network(family_name, kind.as_ref().map(Text::as_str)) {
            let words: Vec<&str> = [&family, &kind]
                .into_iter()
                .flatten()
                .map(Text::as_str)
                .collect();
            let sentence = format!(
                "There is no network family, type or protocol `{}`.",
                words.join(" ")
            );
            self.error(codes::BAD_NETWORK, span, sentence, "Invalid network entry.");
        }
        if conditions && family_name.is_some_and(|family| family != "inet" && family != "inet6") {
            let sentence = "Addresses, ports and peers are conditions of `inet` and `inet6` only.";
            let wording = "network family does not support local or peer conditionals";
            self.error(codes::BAD_CONDITION, span, sentence, wording);
        }
        (family, kind)
    }

    /// Checks the conditions of one side; true where any of them narrows the rule.
    fn network_conditions(&mut self, conditions: &[NamedCondition], peer: bool) -> bool {
        let mut slots: [Option<Text>; 4] = [None, None, None, None];
        let known: &[&str] = &["ip", "port", "interface", "label"];
        let newer = self.options.level.has(Syntax::NetworkInterface);
        // The real parser keeps conditions in reverse.
        for condition in conditions.iter().rev() {
            let name = condition.name.as_str();
            let slot = known.iter().position(|known| *known == name);
            let allowed = match condition.operator {
                Operator::Equals => true,
                Operator::Set => newer && name == "label",
                Operator::None | Operator::In => false,
            };
            if !allowed {
                let wording = if newer {
                    "unsupported operator used in conditions of network rules"
                } else {
                    "keyword \"in\" is not allowed in network rules"
                };
                self.bad_condition(codes::BAD_CONDITION, condition, wording);
                continue;
            }
            let Some(slot) = slot.filter(|slot| newer || *slot < 2) else {
                self.bad_condition(
                    codes::BAD_CONDITION,
                    condition,
                    format!("invalid network rule conditional \"{name}\""),
                );
                continue;
            };
            if let Some(place) = slots.get_mut(slot) {
                self.once("network", place, condition);
            }
            let value = condition
                .values
                .first()
                .map(Text::as_str)
                .unwrap_or_default();
            let valid = match name {
                "ip" => {
                    value == "none"
                        || value.parse::<Ipv4Addr>().is_ok()
                        || value.parse::<Ipv6Addr>().is_ok()
                }
                "port" => is_port(value),
                _ => true,
            };
            if !valid {
                let value = value.to_owned();
                self.bad_condition(
                    codes::BAD_CONDITION_VALUE,
                    condition,
                    format!("network invalid {name}='{value}'"),
                );
            }
            if name == "interface" && peer {
                let wording = "interface cannot be set for peer in network rules";
                self.bad_condition(codes::BAD_CONDITION, condition, wording);
            }
        }
        slots.iter().any(Option::is_some)
    }
}

/// Whether `network FAMILY KIND` says something.
fn is_network(family: Option<&str>, kind: Option<&str>) -> bool {
    let family_known =
        family.is_none_or(|family| FAMILIES.iter().any(|(known, _)| *known == family));
    let inet = family.is_none_or(|family| family == "inet");
    let inet6 = family == Some("inet6");
    let kind_known = kind.is_none_or(|kind| {
        NETWORK_TYPES.contains(&kind)
            || matches!(kind, "tcp" | "udp") && (inet || inet6)
            || kind == "icmp" && inet
    });
    family_known && kind_known
}

/// A port number or a range of them.
fn is_port(text: &str) -> bool {
    let number = |text: &str| text.parse::<u16>().ok();
    match text.split_once('-') {
        Some((from, to)) => {
            matches!((number(from), number(to)), (Some(from), Some(to)) if from <= to)
        }
        None => number(text).is_some(),
    }
}
