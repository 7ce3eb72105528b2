//! Sockets (`security/apparmor/net.c`, `af_unix.c`).

use std::{fmt::Write as _, sync::Arc};

use apparmor::{Class, Decision, FilePermissions, NetworkPermission, UnixRequest};

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
    vfs::Location,
};

/// What a socket check is about.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub family: u16,
    pub kind: u16,
    pub protocol: u16,
    /// The socket's own address.
    pub address: Option<Address>,
    /// Where its name is, for a unix socket bound to a path.
    pub bound: Option<Location>,
    /// The label it was made under.
    pub label: Label,
    /// The other side.
    pub peer: Option<Other>,
}

/// The other side of a socket check.
#[derive(Clone, Debug, Default)]
pub(crate) struct Other {
    pub address: Option<Address>,
    /// Where its name is, for a unix socket bound to a path.
    pub bound: Option<Location>,
    /// Its label; none outside this machine.
    pub label: Option<Label>,
}

impl Subject {
    /// A socket as it stands, without its peer.
    pub fn of(socket: &Socket) -> Self {
        Self {
            family: socket.family,
            kind: socket.kind,
            protocol: socket.protocol,
            address: socket.address.clone(),
            bound: socket.bound,
            label: socket.label.clone(),
            peer: None,
        }
    }

    /// A socket that reaches for another.
    pub fn towards(socket: &Socket, peer: &Socket) -> Self {
        Self {
            peer: Some(Other::of(peer)),
            ..Self::of(socket)
        }
    }
}

impl Other {
    fn of(socket: &Socket) -> Self {
        Self {
            address: socket.address.clone(),
            bound: socket.bound,
            label: Some(socket.label.clone()),
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
    let is_unix = subject.family == UNIX;
    let fine = is_unix
        && profile
            .compiled()
            .is_some_and(|rules| rules.mediates_unix());
    if fine && request != NetworkPermission::Create.bit() {
        let other = subject.peer.as_ref().and_then(|peer| peer.bound);
        if let Some(at) = other.or(subject.bound) {
            return as_file(context, profile, operation, request, at);
        }
    }
    let own = subject.address.as_ref().and_then(address_bytes);
    let peer_label = subject
        .peer
        .as_ref()
        .and_then(|peer| peer.label.as_ref())
        .map(|label| context.world.policy.label_name(label));
    let decision = match &profile.rules {
        Rules::Compiled(rules) if fine => {
            let peer_address = subject
                .peer
                .as_ref()
                .and_then(|peer| peer.address.as_ref())
                .and_then(address_bytes);
            let socket = UnixRequest {
                socket_type: subject.kind,
                protocol: subject.protocol,
                address: own.as_deref(),
                label: &[],
                peer: subject.peer.is_some().then(|| {
                    let label = peer_label.as_deref().unwrap_or_default();
                    (peer_address.as_deref(), label.as_bytes())
                }),
            };
            rules.unix(&socket, request)
        }
        Rules::Compiled(rules) => {
            rules.network(subject.family, subject.kind, subject.protocol, request)
        }
        Rules::Learning | Rules::Unconfined => nothing(Class::Network, request),
    };
    let newer = context.world.release.network_records_name_requests;
    let decision = Decision {
        info: decision.info.filter(|_| newer),
        ..decision
    };
    let with_addresses = is_unix && context.world.release.mediates_unix_sockets;
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
            if with_addresses {
                unix_addresses(&mut tail, subject, peer_label.as_deref().filter(|_| fine));
            }
            tail
        },
    )
}

/// A unix socket with a path is asked about as that file (`unix_fs_perm`): `w` to send, `r` to
/// receive; what files have no permission for is not asked.
fn as_file(
    context: &mut Context,
    profile: &Arc<Loaded>,
    operation: &'static str,
    request: u32,
    at: Location,
) -> Result<(), Errno> {
    let both = NetworkPermission::Send.bit()
        | NetworkPermission::Receive.bit()
        | NetworkPermission::GetAttr.bit()
        | NetworkPermission::SetAttr.bit();
    let request = FilePermissions(request & both);
    let condition = Condition::of(context.world.inode_at(at.dentry)?.1);
    let object = Object {
        at,
        entry: None,
        condition,
    };
    file::ask(context, profile, operation, &object, request)
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
        subject.peer.as_ref().and_then(|peer| peer.address.as_ref()),
        ("faddr", "fport"),
    );
}

fn unix_addresses(tail: &mut String, subject: &Subject, peer_label: Option<&str>) {
    tail.push_str(" addr=");
    unix_address(tail, subject.address.as_ref());
    if let Some(peer) = &subject.peer {
        tail.push_str(" peer_addr=");
        unix_address(tail, peer.address.as_ref());
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
    let covered = known
        .profiles()
        .iter()
        .all(|id| label.profiles().contains(id));
    if denied == 0 && covered {
        return Ok(());
    }
    let mut result = used_by(context, &label, socket, request);
    if denied != 0 {
        result = used_by(context, &known, socket, request).and(result);
    }
    if result.is_ok()
        && let Some(file) = context.world.files.get_mut(&id)
    {
        Arc::make_mut(file).granted |= request;
    }
    result
}

fn used_by(context: &mut Context, label: &Label, id: SocketId, request: u32) -> Result<(), Errno> {
    let subject = with_peer(context, id)?;
    if subject.family != UNIX || !context.world.release.mediates_unix_sockets {
        return ask_label(context, label, "file_perm", request, &subject);
    }
    // `aa_unix_file_perm`: reading and writing concern the peer, and one that is not connected has
    // none.
    let Some(Other {
        label: Some(peer_label),
        ..
    }) = &subject.peer
    else {
        return Ok(());
    };
    if subject.bound.is_some()
        || subject
            .peer
            .as_ref()
            .is_some_and(|peer| peer.bound.is_some())
    {
        return ask_label(context, label, "file_perm", request, &subject);
    }
    let both = NetworkPermission::Send.bit() | NetworkPermission::Receive.bit();
    let peer_label = peer_label.clone();
    let back = turned_round(&subject);
    let result = ask_label(context, label, "file_perm", both, &subject);
    let peer = context.world.confining(&peer_label);
    let answer = if peer.is_empty() {
        Ok(())
    } else {
        ask_label(context, &peer_label, "file_perm", both, &back)
    };
    answer.and(result)
}

/// The same two sockets, seen from the other.
fn turned_round(subject: &Subject) -> Subject {
    let peer = subject.peer.clone().unwrap_or_default();
    Subject {
        address: peer.address,
        bound: peer.bound,
        label: peer.label.unwrap_or_else(Label::unconfined),
        peer: Some(Other {
            address: subject.address.clone(),
            bound: subject.bound,
            label: Some(subject.label.clone()),
        }),
        ..*subject
    }
}

/// A stream connects (`apparmor_unix_stream_connect`): the caller's profiles are asked, and those
/// of the peer unless it has a path.
pub(crate) fn unix_connect(
    context: &mut Context,
    socket: &Socket,
    peer: &Socket,
) -> Result<(), Errno> {
    let both = NetworkPermission::Send.bit() | NetworkPermission::Receive.bit();
    let subject = Subject::towards(socket, peer);
    let result = ask(
        context,
        "connect",
        NetworkPermission::Connect.bit() | both,
        &subject,
    );
    if peer.bound.is_some() || context.world.is_unconfined(&peer.label) {
        return result;
    }
    let back = Subject::towards(peer, socket);
    let accept = NetworkPermission::Accept.bit() | both;
    ask_label(context, &peer.label.clone(), "connect", accept, &back).and(result)
}

/// A datagram goes to another socket (`apparmor_unix_may_send`).
pub(crate) fn unix_send(
    context: &mut Context,
    socket: &Socket,
    peer: &Socket,
) -> Result<(), Errno> {
    let send = NetworkPermission::Send.bit();
    let result = ask(context, "sendmsg", send, &Subject::towards(socket, peer));
    if peer.bound.is_some() || context.world.is_unconfined(&peer.label) {
        return result;
    }
    let back = Subject::towards(peer, socket);
    let receive = NetworkPermission::Receive.bit();
    ask_label(context, &peer.label.clone(), "sendmsg", receive, &back).and(result)
}

/// Binding (`aa_unix_bind_perm`): a path is left to the hook on the file that is made.
pub(crate) fn unix_bind(
    context: &mut Context,
    socket: &Socket,
    address: Option<&Address>,
) -> Result<(), Errno> {
    let subject = Subject {
        address: address.cloned(),
        ..Subject::of(socket)
    };
    let label = context.credentials.label.clone();
    let profiles = context.world.confining(&label);
    if profiles.is_empty() {
        absent(context);
        return Ok(());
    }
    let mut result = Ok(());
    for profile in &profiles {
        let left_to_file = matches!(address, Some(Address::Path(_)))
            && profile
                .compiled()
                .is_some_and(|rules| rules.mediates_unix());
        if !left_to_file {
            let bind = NetworkPermission::Bind.bit();
            result = ask_one(context, profile, "bind", bind, &subject).and(result);
        }
    }
    result
}

/// A socket with what it is connected to.
pub(crate) fn with_peer(context: &Context, id: SocketId) -> Result<Subject, Errno> {
    let socket = context.world.sockets.get(&id).ok_or(Errno::EBADF)?;
    let mut subject = Subject::of(socket);
    subject.peer = match &socket.peer {
        Some(Peer::Socket(peer)) => context.world.sockets.get(peer).map(|peer| Other::of(peer)),
        Some(Peer::Address(address)) => Some(Other {
            address: Some(address.clone()),
            ..Other::default()
        }),
        None => None,
    };
    Ok(subject)
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
