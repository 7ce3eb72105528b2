//! The words of the language, each in a sentence or two.

/// Keywords, flags, conditions and permission words, sorted.
pub(super) const WORDS: &[(&str, &str)] = &[
    (
        "abi",
        "Names the feature set that this policy was written for; classes it does not have are not mediated.",
    ),
    (
        "accept",
        "Taking a connection that another socket asks for.",
    ),
    ("acquire", "Owning a name on the bus; the same as `bind`."),
    (
        "addr",
        "The address of a unix socket: a name after `@`, or `none` for a socket without one.",
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
    ("and", "Both conditions hold."),
    (
        "attach_disconnected",
        "Paths that cannot be traced back to the root are taken to start there, instead of being refused.",
    ),
    (
        "attach_disconnected.ipc",
        "Message queues and sockets that cannot be traced back to the root are taken to start there.",
    ),
    (
        "attach_disconnected.path",
        "The folder under which paths are put that cannot be traced back to the root.",
    ),
    (
        "audit",
        "What this rule allows is logged; with `deny`, the refusal is logged too.",
    ),
    (
        "bind",
        "Giving a socket its address; on D-Bus, owning a name.",
    ),
    ("bus", "Which bus: `system`, `session` or another."),
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
        "chroot_attach",
        "Paths below a chroot are told with the chroot in front.",
    ),
    (
        "chroot_no_attach",
        "Paths outside of a chroot stay without their root.",
    ),
    (
        "chroot_relative",
        "Paths are told from the root of the task, chroot or not.",
    ),
    (
        "complain",
        "What the rules do not allow is let through and logged; `deny` rules still refuse.",
    ),
    ("connect", "Reaching for another socket."),
    ("create", "Making a socket, a queue or a user namespace."),
    (
        "dbus",
        "Messages and names on D-Bus; the bus daemon asks for them, not the kernel.",
    ),
    ("debug", "Has no effect."),
    ("default_allow", "What no rule speaks of is allowed."),
    ("defined", "The variable has been given a value."),
    (
        "delegate_deleted",
        "Deleted files that were handed over may be used.",
    ),
    ("delete", "Removing a message queue."),
    (
        "deny",
        "Takes permissions away, whatever other rules of the same priority allow, and is not logged unless `audit` stands before it.",
    ),
    ("eavesdrop", "Reading messages for others on the bus."),
    (
        "else",
        "The block counts where the condition before it does not hold.",
    ),
    (
        "enforce",
        "What the rules do not allow is refused and logged; the mode of a profile without another.",
    ),
    (
        "error",
        "The error that a refusal gives, in place of EACCES.",
    ),
    (
        "file",
        "Starts a file rule; alone it allows every file permission, with `ix` for programs.",
    ),
    ("flags", "How the profile as a whole is applied."),
    ("fstype", "The type of the file system to be mounted."),
    ("getattr", "Asking for the properties of a socket or queue."),
    ("getopt", "Asking for the options of a socket."),
    (
        "hat",
        "A part of a profile that a program enters and leaves itself by change_hat.",
    ),
    ("identities", "The users that the profile is for."),
    (
        "if",
        "The block counts only where the condition holds when the policy is loaded.",
    ),
    (
        "in",
        "One of the values in the list; for `options in`, any of them and no others.",
    ),
    (
        "include",
        "Puts the rules of another file here; `<…>` is looked up below the policy folder.",
    ),
    (
        "interface",
        "The interface of a D-Bus message, or the network interface.",
    ),
    (
        "interruptible",
        "Waiting for an answer to a prompt may be interrupted by a signal.",
    ),
    (
        "io_uring",
        "Allows polling threads and other credentials on io_uring.",
    ),
    ("ip", "The address of an inet socket."),
    ("kill", "What the rules do not allow ends the program."),
    (
        "kill.signal",
        "The signal that ends the program in kill mode.",
    ),
    (
        "label",
        "The label of a task or object: mostly the name of a profile.",
    ),
    (
        "link",
        "Allows a hard link of the first name to the file of the second.",
    ),
    ("listen", "Waiting for connections."),
    (
        "mediate_deleted",
        "Deleted files are still decided by their last name.",
    ),
    ("member", "The method or signal of a D-Bus message."),
    (
        "mount",
        "Allows mounting: options, source and mount point; a mount point that is a folder ends in `/`.",
    ),
    (
        "mqueue",
        "Message queues; mainline kernels do not mediate them.",
    ),
    ("name", "A name on the bus."),
    (
        "namespace_relative",
        "Paths are told from the root of the mount namespace.",
    ),
    (
        "network",
        "Allows sockets by family and type. Nothing named means all.",
    ),
    (
        "no_attach_disconnected",
        "Paths that cannot be traced back to the root are refused, as without any flag.",
    ),
    ("not", "The condition does not hold."),
    ("open", "Opening a message queue."),
    (
        "options",
        "The options of a mount: after `=` exactly these, after `in` any of these.",
    ),
    ("or", "One of the conditions holds."),
    (
        "other",
        "The rule counts where the file does not belong to the task.",
    ),
    (
        "override_creds",
        "Using the credentials of another task on io_uring.",
    ),
    (
        "owner",
        "The rule counts where the file belongs to the task: fsuid and owner are the same.",
    ),
    ("path", "The object of a D-Bus message."),
    (
        "peer",
        "The other side: its label, its name or its address.",
    ),
    (
        "pivot_root",
        "Allows exchanging the root of the mount namespace.",
    ),
    ("port", "The port of an inet socket."),
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
    ("protocol", "The protocol of a socket by its number."),
    (
        "ptrace",
        "Tracing other processes and being traced; both sides need a rule.",
    ),
    (
        "read",
        "Reading: memory and state of another process, or messages of a queue.",
    ),
    ("readby", "Being read by another process."),
    (
        "receive",
        "Taking what another side sends: a signal, a message, data.",
    ),
    ("remount", "Allows changing the options of a mount."),
    ("rewrite", "An old word for `alias`."),
    (
        "rlimit",
        "Limits a resource; a task that asks for more is refused.",
    ),
    (
        "safe",
        "The environment is scrubbed at exec, as by upper-case letters.",
    ),
    (
        "send",
        "Sending to another side: a signal, a message, data.",
    ),
    ("set", "Starts `set rlimit`."),
    ("setattr", "Changing the properties of a socket or queue."),
    ("setopt", "Changing the options of a socket."),
    ("shutdown", "Closing one direction of a connection."),
    (
        "signal",
        "Sending and receiving signals; both sides need a rule.",
    ),
    ("sqpoll", "Letting a kernel thread poll an io_uring queue."),
    (
        "subset",
        "The link must not have permissions that its target lacks.",
    ),
    ("trace", "Tracing another process, which also controls it."),
    ("tracedby", "Being traced by another process."),
    (
        "type",
        "The type of a socket (`stream`, `dgram`, …) or of a queue (`posix`, `sysv`).",
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
    ("unmount", "An old word for `umount`."),
    (
        "unsafe",
        "The environment is kept at exec, as by lower-case letters.",
    ),
    ("user", "An old word for `owner`."),
    ("userns", "Allows creating user namespaces."),
    ("vfstype", "An old word for `fstype`."),
    ("write", "Sending messages to a queue."),
    (
        "xattrs",
        "The program must have these extended attributes for the profile to attach.",
    ),
];
