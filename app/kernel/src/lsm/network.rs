//! Sockets (`security/apparmor/net.c`, `af_unix.c`).

use std::{fmt::Write as _, sync::Arc};

use apparmor::{Class, Decision, NetworkPermission, UnixRequest};

use super::{
    Question, absent,
    file::{self, Condition, Object},
    ipc::nothing,
    label::Label,
    policy::{Loaded, Rules},
    settle,
};
use crate::{
    audit::untrusted,
    context::Context,
    errno::Errno,
    id::{FileId, SocketId},
    net::{Address, Peer, Socket},
};

/// What a socket check is about.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub family: u16,
    pub kind: u16,
    pub protocol: u16,
    /// The socket's own address.
    pub address: Option<Address>,
    /// The label it was made under.
    pub label: Label,
    /// The other side: its address and, where there is one, its label.
    pub peer: Option<(Option<Address>, Option<Label>)>,
}

impl Subject {
    /// A socket as it stands, without its peer.
    pub fn of(socket: &Socket) -> Self {
        Self {
            family: socket.family,
            kind: socket.kind,
            protocol: socket.protocol,
            address: socket.address.clone(),
            label: socket.label.clone(),
            peer: None,
        }
    }
}

/// `AF_UNIX`
const UNIX: u16 = 1;

/// Asks every confining profile of the caller (`aa_sk_perm`, `aa_af_perm`).
pub(crate) fn ask(
    context: &mut Context,
    operation: &'static str,
    request: u32,
    subject: &Subject,
) -> Result<(), Errno> {
    let label = context.credentials.label.clone();
    ask_label(context, &label, operation, request, subject)
}

fn ask_label(
    context: &mut Context,
    label: &Label,
    operation: &'static str,
    request: u32,
    subject: &Subject,
) -> Result<(), Errno> {
    let profiles = context.world.confining(label);
    if profiles.is_empty() {
        absent(context);
        return Ok(());
    }
    let mut result = Ok(());
    for profile in &profiles {
        result = ask_one(context, profile, operation, request, subject).and(result);
    }
    result
}

fn ask_one(
    context: &mut Context,
    profile: &Arc<Loaded>,
    operation: &'static str,
    request: u32,
    subject: &Subject,
) -> Result<(), Errno> {
    let fine = subject.family == UNIX && context.world.release.mediates_unix_sockets;
    let own = subject.address.as_ref().and_then(address_bytes);
    let label_name = context.world.policy.label_name(&subject.label);
    let peer_address = subject
        .peer
        .as_ref()
        .and_then(|(address, _)| address.as_ref())
        .and_then(address_bytes);
    let peer_label = subject
        .peer
        .as_ref()
        .and_then(|(_, label)| label.as_ref())
        .map(|label| context.world.policy.label_name(label));
    let decision = match &profile.rules {
        Rules::Compiled(rules) if fine => unix_decision(
            rules,
            subject,
            rules.unix(
                &UnixRequest {
                    socket_type: subject.kind,
                    protocol: subject.protocol,
                    address: own.as_deref(),
                    label: label_name.as_bytes(),
                    peer: subject.peer.is_some().then(|| {
                        (
                            peer_address.as_deref(),
                            peer_label.as_deref().unwrap_or_default().as_bytes(),
                        )
                    }),
                },
                request,
            ),
            request,
        ),
        Rules::Compiled(rules) => {
            rules.network(subject.family, subject.kind, subject.protocol, request)
        }
        Rules::Learning | Rules::Unconfined => nothing(Class::Network, request),
    };
    let newer = context.world.release.network_records_name_requests;
    let decision = if newer {
        with_reason(profile, subject, decision)
    } else {
        decision
    };
    let question = Question {
        operation,
        class: Some("net"),
        name: None,
        info: None,
    };
    settle(
        context,
        profile,
        &question,
        &decision,
        |requested, denied| {
            let mut tail = String::new();
            inet_addresses(&mut tail, subject);
            // Writing to a String cannot fail.
            let _ = write!(tail, " family=\"{}\"", family_name(subject.family));
            let _ = write!(
                tail,
                " sock_type=\"{}\" protocol={}",
                type_name(subject.kind),
                subject.protocol
            );
            let (first, second) = if newer {
                ("requested", "denied")
            } else {
                ("requested_mask", "denied_mask")
            };
            if requested != 0 {
                let _ = write!(tail, " {first}=\"{}\"", words(requested));
            }
            if denied != 0 {
                let _ = write!(tail, " {second}=\"{}\"", words(denied));
            }
            if fine {
                unix_addresses(&mut tail, subject, peer_label.as_deref());
            }
            tail
        },
    )
}

/// Addresses of inet sockets that are bound or connected
/// (`dump_common_audit_data`).
fn inet_addresses(tail: &mut String, subject: &Subject) {
    let mut side = |address: Option<&Address>, words: (&str, &str)| {
        // Writing to a String cannot fail.
        match address {
            Some(Address::Inet(octets, port)) => {
                if *octets != [0; 4] {
                    let _ = write!(tail, " {}={}", words.0, std::net::Ipv4Addr::from(*octets));
                }
                if *port != 0 {
                    let _ = write!(tail, " {}={port}", words.1);
                }
            }
            Some(Address::Inet6(octets, port)) => {
                if *octets != [0; 16] {
                    let _ = write!(tail, " {}={}", words.0, std::net::Ipv6Addr::from(*octets));
                }
                if *port != 0 {
                    let _ = write!(tail, " {}={port}", words.1);
                }
            }
            _ => {}
        }
    };
    side(subject.address.as_ref(), ("laddr", "lport"));
    side(
        subject
            .peer
            .as_ref()
            .and_then(|(address, _)| address.as_ref()),
        ("faddr", "fport"),
    );
}

fn unix_addresses(tail: &mut String, subject: &Subject, peer_label: Option<&str>) {
    tail.push_str(" addr=");
    unix_address(tail, subject.address.as_ref());
    if let Some((address, _)) = &subject.peer {
        tail.push_str(" peer_addr=");
        unix_address(tail, address.as_ref());
        if let Some(label) = peer_label {
            tail.push_str(" peer=");
            untrusted(tail, label.as_bytes());
        }
    }
}

fn unix_address(tail: &mut String, address: Option<&Address>) {
    match address {
        Some(Address::Path(path)) => untrusted(tail, path),
        Some(Address::Abstract(name)) => {
            let text = [b"@", name.as_ref()].concat();
            untrusted(tail, &text);
        }
        _ => tail.push_str("none"),
    }
}

fn address_bytes(address: &Address) -> Option<Vec<u8>> {
    match address {
        Address::Path(path) => Some(path.to_vec()),
        Address::Abstract(name) => Some([b"\0", name.as_ref()].concat()),
        _ => None,
    }
}

/// Use of a socket through its descriptor (`aa_sock_file_perm`): asked again
/// when more is wished than was granted.
pub(crate) fn used(
    context: &mut Context,
    id: FileId,
    socket: SocketId,
    request: u32,
) -> Result<(), Errno> {
    let label = context.credentials.label.clone();
    let file = context.world.files.get(&id).ok_or(Errno::EBADF)?;
    let denied = request & !file.granted;
    let known = file.label.clone();
    if context.world.is_unconfined(&label) || context.world.is_unconfined(&known) {
        absent(context);
        return Ok(());
    }
    let unix = context
        .world
        .sockets
        .get(&socket)
        .is_some_and(|socket| socket.family == UNIX);
    if unix && context.world.release.mediates_unix_sockets {
        return Ok(());
    }
    let covered = known
        .profiles()
        .iter()
        .all(|id| label.profiles().contains(id));
    if denied == 0 && covered {
        return Ok(());
    }
    let subject = with_peer(context, socket)?;
    let mut result = ask_label(context, &label, "file_perm", request, &subject);
    if denied != 0 {
        result = ask_label(context, &known, "file_perm", request, &subject).and(result);
    }
    if result.is_ok()
        && let Some(file) = context.world.files.get_mut(&id)
    {
        Arc::make_mut(file).granted |= request;
    }
    result
}

/// A socket with what it is connected to.
pub(crate) fn with_peer(context: &Context, id: SocketId) -> Result<Subject, Errno> {
    let socket = context.world.sockets.get(&id).ok_or(Errno::EBADF)?;
    let mut subject = Subject::of(socket);
    subject.peer = match &socket.peer {
        Some(Peer::Socket(peer)) => context
            .world
            .sockets
            .get(peer)
            .map(|peer| (peer.address.clone(), Some(peer.label.clone()))),
        Some(Peer::Address(address)) => Some((Some(address.clone()), None)),
        None => None,
    };
    Ok(subject)
}

/// A socket's name in the filesystem, on kernels that mediate it
/// (`unix_fs_perm`): `w` to send, `rw` to connect.
pub(crate) fn path(
    context: &mut Context,
    operation: &'static str,
    at: crate::vfs::Location,
    connect: bool,
) -> Result<(), Errno> {
    use apparmor::FilePermissions;
    if !context.world.release.mediates_unix_sockets {
        return Ok(());
    }
    let label = context.credentials.label.clone();
    let mediated = context.world.confining(&label).iter().all(|profile| {
        profile.compiled().is_some_and(|rules| {
            let request = UnixRequest {
                socket_type: 1,
                ..UnixRequest::default()
            };
            rules
                .unix(&request, NetworkPermission::Create.bit())
                .mediated
        })
    });
    if !mediated {
        return Ok(());
    }
    let condition = Condition::of(context.world.inode_at(at.dentry)?.1);
    let request = if connect {
        FilePermissions::WRITE | FilePermissions::READ
    } else {
        FilePermissions::WRITE
    };
    file::permission(
        context,
        operation,
        &Object {
            at,
            entry: None,
            condition,
        },
        request,
    )
}

/// `sock_type_names` by number.
const TYPES: [&str; 11] = [
    "unknown",
    "stream",
    "dgram",
    "raw",
    "rdm",
    "seqpacket",
    "dccp",
    "unknown",
    "unknown",
    "unknown",
    "packet",
];
fn family_name(family: u16) -> String {
    apparmor::vocabulary::family_name(family)
        .map_or_else(|| format!("unknown({family})"), str::to_owned)
}

fn type_name(kind: u16) -> String {
    TYPES
        .get(usize::from(kind))
        .map_or_else(|| format!("unknown({kind})"), |name| (*name).to_owned())
}

fn words(mask: u32) -> String {
    let set = NetworkPermission::ALL
        .iter()
        .filter(|(permission, _)| mask & permission.bit() != 0);
    let list: Vec<&str> = set.map(|(_, word)| *word).collect();
    list.join(" ")
}

/// A profile compiled without the unix class is asked by family and type.
fn unix_decision(
    rules: &apparmor::Profile,
    subject: &Subject,
    fine: Decision,
    request: u32,
) -> Decision {
    if fine.mediated {
        fine
    } else {
        rules.network(subject.family, subject.kind, subject.protocol, request)
    }
}

/// How far the match of a refused socket came, as newer kernels say it in
/// `info=`: no rule for the family, or none for the type.
fn with_reason(profile: &Arc<Loaded>, subject: &Subject, decision: Decision) -> Decision {
    let Some(rules) = profile.compiled() else {
        return decision;
    };
    if decision.error.is_none() || decision.info.is_some() || decision.permissions.allow != 0 {
        return decision;
    }
    let known = (1..TYPES.len())
        .filter_map(|kind| u16::try_from(kind).ok())
        .any(|kind| {
            let create = NetworkPermission::Create.bit();
            rules
                .network(subject.family, kind, subject.protocol, create)
                .permissions
                .allow
                != 0
        });
    let info = if known {
        "failed type match"
    } else {
        "failed af match"
    };
    Decision {
        info: Some(info),
        ..decision
    }
}
