//! Sockets (`net/socket.c`, `net/unix/af_unix.c`, `net/ipv4/af_inet.c`).

use std::{collections::VecDeque, sync::Arc};

use apparmor::NetworkPermission;

use super::{CWD, descriptor::anonymous};
use crate::{
    abi::{self, MAY_WRITE},
    arguments::{Arg, Arguments},
    capability::Capability,
    context::Context,
    errno::Errno,
    event::Answer,
    gate::{capability, dac},
    id::{FileId, SocketId},
    lsm::{self, network::Subject},
    net::{Address, Letter, Peer, Socket},
    vfs::{Content, FileKind, walk::Lookup},
};

const UNIX: u16 = 1;
const INET: u16 = 2;
const INET6: u16 = 10;
const NETLINK: u16 = 16;
const PACKET: u16 = 17;
const XDP: u16 = 44;
const STREAM: u16 = 1;
const DGRAM: u16 = 2;
const RAW: u16 = 3;
const SEQPACKET: u16 = 5;
/// `AF_MAX`
const FAMILY_MAX: i32 = 46;
/// `SOCK_MAX`
const TYPE_MAX: i32 = 11;
/// `SOCK_TYPE_MASK`
const TYPE_MASK: i32 = 0xf;
/// `SOCK_CLOEXEC | SOCK_NONBLOCK`
const TYPE_FLAGS: i32 = 0o2_004_000;
/// Ports below this need `CAP_NET_BIND_SERVICE`
/// (`net.ipv4.ip_unprivileged_port_start`).
const FIRST_FREE_PORT: u16 = 1024;
/// The first port that is given to a socket that asks for none.
const FIRST_EPHEMERAL: u16 = 32768;

/// `socket(family, type, protocol)`
pub(super) fn socket(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let (family, kind, flags) = kinds(args)?;
    let id = make(context, family, kind, args.int(2))?;
    install(context, id, flags)
}

fn kinds(args: &Arguments) -> Result<(u16, u16, u64), Errno> {
    let kind = args.int(1);
    if kind & !(TYPE_MASK | TYPE_FLAGS) != 0 {
        return Err(Errno::EINVAL);
    }
    let family = args.int(0);
    if !(0..FAMILY_MAX).contains(&family) {
        return Err(Errno::EAFNOSUPPORT);
    }
    if kind & TYPE_MASK >= TYPE_MAX {
        return Err(Errno::EINVAL);
    }
    let narrow = |number: i32| u16::try_from(number).map_err(|_| Errno::EINVAL);
    let flags = u64::from((kind & TYPE_FLAGS).unsigned_abs());
    Ok((narrow(family)?, narrow(kind & TYPE_MASK)?, flags))
}

/// `__sock_create`: AppArmor first, then whether the family exists, then its
/// own checks.
fn make(context: &mut Context, family: u16, kind: u16, protocol: i32) -> Result<SocketId, Errno> {
    let label = context.credentials.label.clone();
    let shown = u16::try_from(protocol).unwrap_or(0);
    let subject = Subject {
        family,
        kind,
        protocol: shown,
        address: None,
        bound: None,
        label: label.clone(),
        peer: None,
    };
    lsm::network::ask(context, "create", NetworkPermission::Create.bit(), &subject)?;
    family_checks(context, family, kind, protocol)?;
    let namespace = context.task()?.namespaces.network;
    context.world.counters.socket += 1;
    let id = SocketId(context.world.counters.socket);
    let socket = Socket {
        family,
        kind,
        protocol: shown,
        label,
        namespace,
        address: None,
        bound: None,
        peer: None,
        listening: false,
        waiting: VecDeque::new(),
        inbox: VecDeque::new(),
    };
    context.world.sockets.insert(id, Arc::new(socket));
    Ok(id)
}

fn family_checks(
    context: &mut Context,
    family: u16,
    kind: u16,
    protocol: i32,
) -> Result<(), Errno> {
    let network = context.task()?.namespaces.network;
    let owner = context.world.owner_of(network);
    match family {
        UNIX => {
            if protocol != 0 && protocol != i32::from(UNIX) {
                return context.fail(Errno::EPROTONOSUPPORT, "unix sockets have no protocols");
            }
            if !matches!(kind, STREAM | DGRAM | RAW | SEQPACKET) {
                return context.fail(Errno::ESOCKTNOSUPPORT, "no such type of unix socket");
            }
        }
        INET | INET6 => match (kind, protocol) {
            (STREAM, 0 | 6) | (DGRAM, 0 | 17) => {}
            (DGRAM, 1 | 58) => return context.fail(Errno::EACCES, "net.ipv4.ping_group_range"),
            (RAW, 0) => return context.fail(Errno::EPROTONOSUPPORT, "raw sockets need a protocol"),
            (RAW, _) => {
                if !capability::ns_capable(context, owner, Capability::NetRaw) {
                    return Err(Errno::EPERM);
                }
            }
            (STREAM | DGRAM, _) => {
                return context.fail(Errno::EPROTONOSUPPORT, "no such protocol for this type");
            }
            _ => return context.fail(Errno::ESOCKTNOSUPPORT, "no such type"),
        },
        NETLINK => {
            if !matches!(kind, RAW | DGRAM) {
                return context.fail(Errno::ESOCKTNOSUPPORT, "no such type");
            }
            if !(0..32).contains(&protocol) {
                return context.fail(Errno::EPROTONOSUPPORT, "no such protocol");
            }
        }
        PACKET => {
            if !capability::ns_capable(context, owner, Capability::NetRaw) {
                return Err(Errno::EPERM);
            }
            if !matches!(kind, RAW | DGRAM | 10) {
                return context.fail(Errno::ESOCKTNOSUPPORT, "no such type");
            }
        }
        XDP => {
            if !capability::ns_capable(context, owner, Capability::NetRaw) {
                return Err(Errno::EPERM);
            }
        }
        _ => return context.fail(Errno::EAFNOSUPPORT, "the kernel has no such family"),
    }
    Ok(())
}

fn install(context: &mut Context, id: SocketId, flags: u64) -> Result<i64, Errno> {
    let close_on_exec = flags & abi::O_CLOEXEC != 0;
    let open = abi::O_RDWR | flags & abi::O_NONBLOCK;
    let number = anonymous(
        context,
        "socket:",
        FileKind::Socket(id),
        open,
        close_on_exec,
    )?;
    Ok(number)
}

/// `socketpair(family, type, protocol, sv)`
pub(super) fn socketpair(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let (family, kind, flags) = kinds(args)?;
    args.room(3)?;
    let first = make(context, family, kind, args.int(2))?;
    let second = make(context, family, kind, args.int(2))?;
    if family != UNIX {
        context.world.sockets.remove(&first);
        context.world.sockets.remove(&second);
        return context.fail(Errno::EOPNOTSUPP, "only unix sockets come in pairs");
    }
    join(context, first, second);
    let pair = (
        install(context, first, flags)?,
        install(context, second, flags)?,
    );
    let narrow = |number: i64| i32::try_from(number).map_err(|_| Errno::EMFILE);
    context.answer = Answer::Pair(narrow(pair.0)?, narrow(pair.1)?);
    Ok(0)
}

fn join(context: &mut Context, first: SocketId, second: SocketId) {
    for (one, other) in [(first, second), (second, first)] {
        if let Some(socket) = context.world.sockets.get_mut(&one) {
            Arc::make_mut(socket).peer = Some(Peer::Socket(other));
        }
    }
}

/// The socket of a descriptor: `EBADF`, `ENOTSOCK`.
fn find(context: &Context, descriptor: i32) -> Result<(FileId, SocketId), Errno> {
    let (id, file) = context.file(descriptor)?;
    match file.kind {
        FileKind::Socket(socket) => Ok((id, socket)),
        _ => Err(Errno::ENOTSOCK),
    }
}

fn entry(context: &Context, id: SocketId) -> Result<Socket, Errno> {
    context
        .world
        .sockets
        .get(&id)
        .map(|socket| (**socket).clone())
        .ok_or(Errno::EBADF)
}

fn change(context: &mut Context, id: SocketId, change: impl FnOnce(&mut Socket)) {
    if let Some(socket) = context.world.sockets.get_mut(&id) {
        change(Arc::make_mut(socket));
    }
}

/// A socket address structure; `None` for an empty unix name.
fn address(args: &Arguments, index: usize) -> Result<(u16, Option<Address>), Errno> {
    let bytes = args.memory(index)?;
    let length = usize::try_from(args.uint(index + 1))
        .map_err(|_| Errno::EINVAL)?
        .min(bytes.len());
    let bytes = &bytes[..length];
    let [low, high, rest @ ..] = bytes else {
        return Err(Errno::EINVAL);
    };
    let family = u16::from_le_bytes([*low, *high]);
    let address = match family {
        UNIX => match rest {
            [] => None,
            [0, name @ ..] => Some(Address::Abstract(Arc::from(name))),
            path => {
                let end = path
                    .iter()
                    .position(|&byte| byte == 0)
                    .unwrap_or(path.len());
                Some(Address::Path(Arc::from(&path[..end])))
            }
        },
        INET => {
            let [p0, p1, a, b, c, d, ..] = rest else {
                return Err(Errno::EINVAL);
            };
            Some(Address::Inet(
                [*a, *b, *c, *d],
                u16::from_be_bytes([*p0, *p1]),
            ))
        }
        INET6 => {
            let port = rest.get(..2).ok_or(Errno::EINVAL)?;
            let octets = rest.get(6..22).ok_or(Errno::EINVAL)?;
            let octets: [u8; 16] = octets.try_into().map_err(|_| Errno::EINVAL)?;
            Some(Address::Inet6(
                octets,
                u16::from_be_bytes([port[0], port[1]]),
            ))
        }
        _ => Some(Address::Other),
    };
    Ok((family, address))
}

/// `bind(fd, address, length)`
pub(super) fn bind(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let (_, id) = find(context, args.int(0))?;
    let (family, address) = address(args, 1)?;
    let socket = entry(context, id)?;
    if socket.family == UNIX && context.world.release.mediates_unix_sockets {
        lsm::network::unix_bind(context, &socket, address.as_ref())?;
    } else {
        let subject = Subject::of(&socket);
        lsm::network::ask(context, "bind", NetworkPermission::Bind.bit(), &subject)?;
    }
    if socket.family != family && !(family == 0 && socket.family == INET) {
        let errno = if socket.family == UNIX {
            Errno::EINVAL
        } else {
            Errno::EAFNOSUPPORT
        };
        return context.fail(errno, "an address of another family");
    }
    match (socket.family, address) {
        (UNIX, Some(Address::Path(path))) => bind_path(context, id, &socket, &path),
        (UNIX, Some(Address::Abstract(name))) => {
            let address = Address::Abstract(name);
            if socket.address.is_some() {
                return context.fail(Errno::EINVAL, "already bound");
            }
            if is_taken(context, &socket, &address) {
                return context.fail(Errno::EADDRINUSE, "the name is taken");
            }
            change(context, id, |socket| socket.address = Some(address));
            Ok(0)
        }
        (INET | INET6, Some(address)) => bind_port(context, id, &socket, address),
        _ => Ok(0),
    }
}

fn bind_path(
    context: &mut Context,
    id: SocketId,
    socket: &Socket,
    path: &Arc<[u8]>,
) -> Result<i64, Errno> {
    let (directory, name) = match super::create::new_name(context, CWD, path, false) {
        Err(Errno::EEXIST) => return Err(Errno::EADDRINUSE),
        found => found?,
    };
    let umask = context.task()?.umask;
    lsm::file::create(context, "mknod", directory, &name, false)?;
    dac::may_create(context, directory)?;
    if socket.address.is_some() {
        return context.fail(Errno::EINVAL, "already bound");
    }
    super::create::add(
        context,
        directory,
        &name,
        Content::Socket(Some(id)),
        0o777 & !umask,
    )?;
    let bound = context.entry(directory, &name)?;
    let address = Address::Path(Arc::clone(path));
    change(context, id, |socket| {
        socket.address = Some(address);
        socket.bound = bound;
    });
    Ok(0)
}

fn bind_port(
    context: &mut Context,
    id: SocketId,
    socket: &Socket,
    address: Address,
) -> Result<i64, Errno> {
    let (local, port) = match &address {
        Address::Inet(octets, port) => (octets[0] == 127 || *octets == [0; 4], *port),
        Address::Inet6(octets, port) => (
            *octets == std::net::Ipv6Addr::LOCALHOST.octets() || *octets == [0; 16],
            *port,
        ),
        _ => (false, 0),
    };
    if !local {
        return context.fail(Errno::EADDRNOTAVAIL, "no interface has this address");
    }
    if port != 0 && port < FIRST_FREE_PORT {
        let network = context.task()?.namespaces.network;
        let owner = context.world.owner_of(network);
        if !capability::ns_capable(context, owner, Capability::NetBindService) {
            return Err(Errno::EACCES);
        }
    }
    if socket.address.is_some() {
        return context.fail(Errno::EINVAL, "already bound");
    }
    if port != 0 && is_taken(context, socket, &address) {
        return context.fail(Errno::EADDRINUSE, "the port is taken");
    }
    let address = with_port(context, address);
    change(context, id, |socket| socket.address = Some(address));
    Ok(0)
}

fn with_port(context: &Context, address: Address) -> Address {
    let used = context.world.counters.socket;
    let free = FIRST_EPHEMERAL.saturating_add(u16::try_from(used % 20_000).unwrap_or(0));
    match address {
        Address::Inet(octets, 0) => Address::Inet(octets, free),
        Address::Inet6(octets, 0) => Address::Inet6(octets, free),
        address => address,
    }
}

fn is_taken(context: &Context, own: &Socket, address: &Address) -> bool {
    let port = |address: &Address| match address {
        Address::Inet(_, port) | Address::Inet6(_, port) => Some(*port),
        _ => None,
    };
    context.world.sockets.values().any(|socket| {
        socket.namespace == own.namespace
            && socket.kind == own.kind
            && socket.address.as_ref().is_some_and(|taken| {
                taken == address || (port(taken).is_some() && port(taken) == port(address))
            })
    })
}

/// `listen(fd, backlog)`
pub(super) fn listen(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let (_, id) = find(context, args.int(0))?;
    let socket = entry(context, id)?;
    lsm::network::ask(
        context,
        "listen",
        NetworkPermission::Listen.bit(),
        &Subject::of(&socket),
    )?;
    if !matches!(socket.kind, STREAM | SEQPACKET) {
        return context.fail(Errno::EOPNOTSUPP, "the socket has no connections");
    }
    if socket.family == UNIX && socket.address.is_none() {
        return context.fail(Errno::EINVAL, "not bound");
    }
    change(context, id, |socket| socket.listening = true);
    Ok(0)
}

/// `accept4(fd, address, length, flags)` and `accept`
pub(super) fn accept4(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    if args.int(3) & !TYPE_FLAGS != 0 {
        return Err(Errno::EINVAL);
    }
    let (_, id) = find(context, args.int(0))?;
    let socket = entry(context, id)?;
    lsm::network::ask(
        context,
        "accept",
        NetworkPermission::Accept.bit(),
        &Subject::of(&socket),
    )?;
    if !socket.listening {
        return context.fail(Errno::EINVAL, "the socket does not listen");
    }
    let Some(&waiting) = socket.waiting.front() else {
        return context.fail(Errno::EAGAIN, "no connection waits");
    };
    change(context, id, |socket| {
        socket.waiting.pop_front();
    });
    install(context, waiting, u64::from(args.uint(3)))
}

/// `connect(fd, address, length)`
pub(super) fn connect(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let (_, id) = find(context, args.int(0))?;
    let (_, address) = address(args, 1)?;
    let socket = entry(context, id)?;
    if socket.family == UNIX {
        return connect_unix(context, id, &socket, address);
    }
    let mut subject = lsm::network::with_peer(context, id)?;
    if let Some(peer) = &mut subject.peer {
        peer.label = None;
    }
    lsm::network::ask(
        context,
        "connect",
        NetworkPermission::Connect.bit(),
        &subject,
    )?;
    let Some(address) = address else {
        return Err(Errno::EINVAL);
    };
    connect_inet(context, id, &socket, address)
}

fn connect_inet(
    context: &mut Context,
    id: SocketId,
    socket: &Socket,
    address: Address,
) -> Result<i64, Errno> {
    if socket.kind != STREAM {
        change(context, id, |socket| {
            socket.peer = Some(Peer::Address(address));
        });
        return Ok(0);
    }
    if socket.peer.is_some() {
        return context.fail(Errno::EISCONN, "already connected");
    }
    let target = context
        .world
        .sockets
        .iter()
        .find(|(_, other)| {
            other.listening
                && other.namespace == socket.namespace
                && other
                    .address
                    .as_ref()
                    .is_some_and(|bound| reaches(bound, &address))
        })
        .map(|(id, _)| *id);
    let Some(target) = target else {
        let local = matches!(&address, Address::Inet([127, ..], _))
            || matches!(&address, Address::Inet6(octets, _) if *octets == std::net::Ipv6Addr::LOCALHOST.octets());
        let errno = if local {
            Errno::ECONNREFUSED
        } else {
            Errno::ENETUNREACH
        };
        return context.fail(errno, "nobody listens there");
    };
    let own = with_port(
        context,
        match &address {
            Address::Inet(octets, _) => Address::Inet(*octets, 0),
            Address::Inet6(octets, _) => Address::Inet6(*octets, 0),
            other => other.clone(),
        },
    );
    change(context, id, |socket| {
        if socket.address.is_none() {
            socket.address = Some(own);
        }
    });
    meet(context, id, target)
}

fn reaches(bound: &Address, wanted: &Address) -> bool {
    match (bound, wanted) {
        (Address::Inet(at, port), Address::Inet(to, wanted)) => {
            port == wanted && (at == to || *at == [0; 4])
        }
        (Address::Inet6(at, port), Address::Inet6(to, wanted)) => {
            port == wanted && (at == to || *at == [0; 16])
        }
        _ => bound == wanted,
    }
}

/// Makes the listener's end of a connection and lets it wait.
fn meet(context: &mut Context, id: SocketId, listener: SocketId) -> Result<i64, Errno> {
    let mut end = entry(context, listener)?;
    end.listening = false;
    end.waiting = VecDeque::new();
    end.inbox = VecDeque::new();
    context.world.counters.socket += 1;
    let other = SocketId(context.world.counters.socket);
    context.world.sockets.insert(other, Arc::new(end));
    join(context, id, other);
    change(context, listener, |socket| socket.waiting.push_back(other));
    Ok(0)
}

/// `unix_stream_connect` and `unix_dgram_connect`
fn connect_unix(
    context: &mut Context,
    id: SocketId,
    socket: &Socket,
    address: Option<Address>,
) -> Result<i64, Errno> {
    let fine = context.world.release.mediates_unix_sockets;
    if !fine {
        let subject = Subject::of(socket);
        lsm::network::ask(
            context,
            "connect",
            NetworkPermission::Connect.bit(),
            &subject,
        )?;
    }
    let Some(address) = address else {
        return Err(Errno::EINVAL);
    };
    let target = find_unix(context, socket, &address)?;
    let other = entry(context, target)?;
    if other.kind != socket.kind {
        return context.fail(Errno::EPROTOTYPE, "a socket of another type");
    }
    if socket.kind == DGRAM {
        if fine {
            lsm::network::unix_send(context, socket, &other)?;
        }
        change(context, id, |socket| {
            socket.peer = Some(Peer::Socket(target));
        });
        return Ok(0);
    }
    if socket.peer.is_some() {
        return context.fail(Errno::EISCONN, "already connected");
    }
    if !other.listening {
        return context.fail(Errno::ECONNREFUSED, "nobody listens there");
    }
    if fine {
        lsm::network::unix_connect(context, socket, &other)?;
    }
    meet(context, id, target)
}

/// `unix_find_other`: by path (write permission on the socket file) or by
/// abstract name in the network namespace.
fn find_unix(context: &mut Context, socket: &Socket, address: &Address) -> Result<SocketId, Errno> {
    if let Address::Path(path) = address {
        let at = context.lookup(CWD, path, Lookup::FOLLOW)?;
        let (inode, entry) = context.world.inode_at(at.dentry)?;
        let found = match &entry.content {
            Content::Socket(id) => *id,
            _ => return context.fail(Errno::ECONNREFUSED, "not a socket"),
        };
        dac::inode_permission(context, inode, MAY_WRITE)?;
        match found.filter(|id| context.world.sockets.contains_key(id)) {
            Some(id) => Ok(id),
            None => context.fail(Errno::ECONNREFUSED, "nobody holds the socket"),
        }
    } else {
        let found = context
            .world
            .sockets
            .iter()
            .find(|(_, other)| {
                other.family == UNIX
                    && other.namespace == socket.namespace
                    && other.address.as_ref() == Some(address)
            })
            .map(|(id, _)| *id);
        match found {
            Some(id) => Ok(id),
            None => context.fail(Errno::ECONNREFUSED, "nobody has this name"),
        }
    }
}

/// `sendto(fd, data, size, flags, address, length)`
pub(super) fn sendto(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let (_, id) = find(context, args.int(0))?;
    let data = Arc::clone(args.memory(1)?);
    let size = usize::try_from(args.word(2))
        .map_err(|_| Errno::EINVAL)?
        .min(data.len());
    let to = if args.is_null(4) {
        None
    } else {
        address(args, 4)?.1
    };
    deliver(context, id, &data[..size], Vec::new(), to)
}

/// `sendmsg(fd, message, flags)`
pub(super) fn sendmsg(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let (_, id) = find(context, args.int(0))?;
    let Some(Arg::Message(data, numbers)) = args.0.get(1) else {
        return Err(Errno::EFAULT);
    };
    let mut files = Vec::new();
    for number in numbers.iter() {
        files.push(context.any_file(*number)?.0);
    }
    for file in &files {
        if let Some(file) = context.world.files.get_mut(file) {
            Arc::make_mut(file).references += 1;
        }
    }
    let sent = deliver(context, id, &Arc::clone(data), files.clone(), None);
    if sent.is_err() {
        for file in files {
            context.world.release_file(file);
        }
    }
    sent
}

/// Sends through a descriptor: as a use of the open file, then as a message.
pub(super) fn send(context: &mut Context, file: FileId, data: &[u8]) -> Result<i64, Errno> {
    let FileKind::Socket(id) = context.world.files.get(&file).ok_or(Errno::EBADF)?.kind else {
        return Err(Errno::ENOTSOCK);
    };
    lsm::network::used(context, file, id, NetworkPermission::Send.bit())?;
    deliver(context, id, data, Vec::new(), None)
}

fn deliver(
    context: &mut Context,
    id: SocketId,
    data: &[u8],
    files: Vec<FileId>,
    to: Option<Address>,
) -> Result<i64, Errno> {
    let socket = entry(context, id)?;
    let fine = socket.family == UNIX && context.world.release.mediates_unix_sockets;
    if !fine {
        let subject = lsm::network::with_peer(context, id)?;
        lsm::network::ask(context, "sendmsg", NetworkPermission::Send.bit(), &subject)?;
    }
    let length = i64::try_from(data.len()).map_err(|_| Errno::EMSGSIZE)?;
    if socket.family == NETLINK && socket.protocol == NETLINK_AUDIT {
        audit_message(context, data);
    }
    let target = match (&to, &socket.peer) {
        (Some(address), _) if socket.family == UNIX => {
            if socket.kind != DGRAM {
                let errno = if socket.peer.is_some() {
                    Errno::EISCONN
                } else {
                    Errno::EOPNOTSUPP
                };
                return context.fail(errno, "the socket sends to its peer only");
            }
            let target = find_unix(context, &socket, address)?;
            if fine {
                let other = entry(context, target)?;
                lsm::network::unix_send(context, &socket, &other)?;
            }
            Some(target)
        }
        (Some(_), _) => None,
        (None, None) if socket.family == NETLINK => None,
        (None, Some(Peer::Socket(peer))) => {
            let peer = *peer;
            if fine && socket.kind == DGRAM {
                let other = entry(context, peer)?;
                lsm::network::unix_send(context, &socket, &other)?;
            }
            Some(peer)
        }
        (None, Some(Peer::Address(_))) => None,
        (None, None) => {
            let errno = if socket.kind == DGRAM && socket.family != UNIX {
                Errno::EDESTADDRREQ
            } else if socket.kind == STREAM && socket.family != UNIX {
                Errno::EPIPE
            } else {
                Errno::ENOTCONN
            };
            return context.fail(errno, "not connected");
        }
    };
    if let Some(target) = target {
        let letter = Letter {
            data: Arc::from(data),
            files,
        };
        change(context, target, |socket| socket.inbox.push_back(letter));
    }
    Ok(length)
}

/// `NETLINK_AUDIT`
const NETLINK_AUDIT: u16 = 9;

/// A message of user space for the audit log needs `CAP_AUDIT_WRITE`; the
/// answer comes as a message of its own (`audit_netlink_ok`).
fn audit_message(context: &mut Context, data: &[u8]) {
    const USER_MESSAGES: std::ops::RangeInclusive<u16> = 1100..=1199;
    let kind = data
        .get(4..6)
        .map(|bytes| u16::from_le_bytes([bytes[0], bytes[1]]));
    if kind.is_some_and(|kind| USER_MESSAGES.contains(&kind)) {
        let mark = context.gates.len();
        let _ = capability::capable(context, Capability::AuditWrite);
        dac::excuse(context, mark);
    }
}

/// `recvfrom(fd, buffer, size, flags, address, length)`
pub(super) fn recvfrom(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let (_, id) = find(context, args.int(0))?;
    let size = usize::try_from(args.word(2)).map_err(|_| Errno::EINVAL)?;
    take(context, id, size)
}

/// Receives through a descriptor.
pub(super) fn receive(context: &mut Context, file: FileId, count: usize) -> Result<i64, Errno> {
    let FileKind::Socket(id) = context.world.files.get(&file).ok_or(Errno::EBADF)?.kind else {
        return Err(Errno::ENOTSOCK);
    };
    lsm::network::used(context, file, id, NetworkPermission::Receive.bit())?;
    take(context, id, count)
}

fn take(context: &mut Context, id: SocketId, size: usize) -> Result<i64, Errno> {
    let letter = next(context, id)?;
    let mut data = letter.data.to_vec();
    data.truncate(size);
    for file in letter.files {
        context.world.release_file(file);
    }
    let length = i64::try_from(data.len()).map_err(|_| Errno::EINVAL)?;
    context.answer = Answer::Data(data);
    Ok(length)
}

fn next(context: &mut Context, id: SocketId) -> Result<Letter, Errno> {
    let socket = entry(context, id)?;
    // The newer kernels ask about the two ends of a unix socket when they meet.
    if socket.family != UNIX || !context.world.release.mediates_unix_sockets {
        let subject = lsm::network::with_peer(context, id)?;
        lsm::network::ask(
            context,
            "recvmsg",
            NetworkPermission::Receive.bit(),
            &subject,
        )?;
    }
    if matches!(socket.kind, STREAM | SEQPACKET) && socket.peer.is_none() {
        let errno = if socket.family == UNIX {
            Errno::EINVAL
        } else {
            Errno::ENOTCONN
        };
        return context.fail(errno, "not connected");
    }
    let Some(letter) = socket.inbox.front().cloned() else {
        return context.fail(Errno::EAGAIN, "nothing waits");
    };
    change(context, id, |socket| {
        socket.inbox.pop_front();
    });
    Ok(letter)
}

/// `recvmsg(fd, message, flags)`: a file that the receiver's profile refuses
/// does not arrive.
pub(super) fn recvmsg(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    let (_, id) = find(context, args.int(0))?;
    args.room(1)?;
    let letter = next(context, id)?;
    let length = i64::try_from(letter.data.len()).map_err(|_| Errno::EINVAL)?;
    let mut received = None;
    let mut cut = false;
    for file in letter.files {
        let open = context.world.files.get(&file).ok_or(Errno::EBADF)?;
        let plain = matches!(open.kind, FileKind::Plain | FileKind::Path);
        let request = lsm::file::open_request(open.flags);
        if plain && lsm::file::used(context, "file_receive", file, request).is_err() {
            cut = true;
            context.world.release_file(file);
            continue;
        }
        let number = context.install_shared(file, false, 0)?;
        context.world.release_file(file);
        received = i32::try_from(number).ok();
    }
    context.answer = Answer::Received(received, cut);
    Ok(length)
}

/// `setsockopt(fd, level, option, value, length)`
pub(super) fn setsockopt(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    simple(context, args, "setsockopt", NetworkPermission::SetOpt)
}

/// `getsockopt(fd, level, option, value, length)`
pub(super) fn getsockopt(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    simple(context, args, "getsockopt", NetworkPermission::GetOpt)
}

/// `getsockname(fd, address, length)`
pub(super) fn getsockname(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    simple(context, args, "getsockname", NetworkPermission::GetAttr)
}

/// `getpeername(fd, address, length)`
pub(super) fn getpeername(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    simple(context, args, "getpeername", NetworkPermission::GetAttr)?;
    let (_, id) = find(context, args.int(0))?;
    if entry(context, id)?.peer.is_none() {
        return context.fail(Errno::ENOTCONN, "not connected");
    }
    Ok(0)
}

/// `shutdown(fd, how)`
pub(super) fn shutdown(context: &mut Context, args: &Arguments) -> Result<i64, Errno> {
    simple(
        context,
        args,
        "socket_shutdown",
        NetworkPermission::Shutdown,
    )?;
    let (_, id) = find(context, args.int(0))?;
    let socket = entry(context, id)?;
    if !(0..=2).contains(&args.int(1)) {
        return Err(Errno::EINVAL);
    }
    if socket.peer.is_none() && !socket.listening && socket.family != UNIX {
        return context.fail(Errno::ENOTCONN, "not connected");
    }
    Ok(0)
}

fn simple(
    context: &mut Context,
    args: &Arguments,
    operation: &'static str,
    request: NetworkPermission,
) -> Result<i64, Errno> {
    let (_, id) = find(context, args.int(0))?;
    let subject = lsm::network::with_peer(context, id)?;
    let subject = if subject.family == UNIX {
        Subject {
            peer: None,
            ..subject
        }
    } else {
        subject
    };
    lsm::network::ask(context, operation, request.bit(), &subject)?;
    Ok(0)
}
