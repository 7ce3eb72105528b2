//! Sockets (`net/socket.c`).

use crate::{context::Context, errno::Errno, id::FileId};

/// Takes what waits in a socket.
pub(super) fn receive(context: &mut Context, id: FileId, count: usize) -> Result<i64, Errno> {
    let _ = (context, id, count);
    Err(Errno::EAGAIN)
}

/// Sends bytes to a connected socket.
pub(super) fn send(context: &mut Context, id: FileId, data: &[u8]) -> Result<i64, Errno> {
    let _ = (context, id, data);
    Err(Errno::ENOTCONN)
}
