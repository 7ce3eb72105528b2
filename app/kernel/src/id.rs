//! The numbers by which a world's objects refer to each other.

use crate::table::Number;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident($number:ty),)*) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub $number);

        impl Number for $name {
            #[inline]
            fn number(self) -> u64 {
                self.0.into()
            }
        })*
    };
}

ids! {
    /// A process id in the initial pid namespace.
    Pid(u32),
    /// An inode, whatever filesystem it is on.
    InodeId(u64),
    /// A name of an inode in a directory.
    DentryId(u64),
    /// A mounted filesystem instance (`struct super_block`).
    FilesystemId(u32),
    /// A mount.
    MountId(u32),
    /// A namespace of any kind.
    NamespaceId(u32),
    /// An open file description.
    FileId(u32),
    /// A socket.
    SocketId(u32),
    /// A place in the table of loaded profiles; 0 is `unconfined`.
    ProfileId(u32),
}
