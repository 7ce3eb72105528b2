//! From a path to what it names (`fs/namei.c`, path_resolution(7)).

use std::sync::Arc;

use super::{
    inode::{Content, Name},
    mount::{FilesystemKind, Location},
    pseudo::Pseudo,
};
use crate::{
    abi,
    arguments::NAME_MAX,
    context::Context,
    errno::Errno,
    event::{Evidence, GateKind, Verdict, WalkEvidence},
    gate,
    id::{DentryId, InodeId},
    procfs,
};

/// `MAXSYMLINKS` (include/linux/namei.h).
const MAX_SYMLINKS: u32 = 40;

/// How the last component is treated.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lookup {
    /// Follow a symbolic link at the end (`LOOKUP_FOLLOW`).
    pub follow: bool,
    /// It must be a directory (`LOOKUP_DIRECTORY`).
    pub directory: bool,
    /// An empty path names the start itself (`LOOKUP_EMPTY`).
    pub empty: bool,
    /// `RESOLVE_*` of `openat2`.
    pub resolve: u64,
}

impl Lookup {
    /// Follow a link at the end.
    pub const FOLLOW: Self = Self {
        follow: true,
        directory: false,
        empty: false,
        resolve: 0,
    };
    /// Take a link at the end as such.
    pub const NOFOLLOW: Self = Self {
        follow: false,
        directory: false,
        empty: false,
        resolve: 0,
    };
}

/// The last component of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Last<N = Name> {
    /// A name to look up.
    Normal(N),
    /// `.`
    Dot,
    /// `..`
    DotDot,
    /// The path was `/` only.
    Root,
    /// The path was the target of a magic link: already there.
    Jumped,
}

impl Last<&[u8]> {
    /// The same, independent of the path it was read from.
    fn to_owned(&self) -> Last {
        match self {
            Self::Normal(name) => Last::Normal(Arc::from(*name)),
            Self::Dot => Last::Dot,
            Self::DotDot => Last::DotDot,
            Self::Root => Last::Root,
            Self::Jumped => Last::Jumped,
        }
    }
}

/// A directory, and the last component in it.
#[derive(Clone, Debug)]
pub(crate) struct Parent {
    /// The directory.
    pub directory: Location,
    /// What comes last.
    pub last: Last,
    /// Slashes follow it.
    pub slash: bool,
}

/// One walk under way (`struct nameidata`).
pub(crate) struct Walk<'c, 'w> {
    context: &'c mut Context<'w>,
    root: Location,
    at: Location,
    links: u32,
    resolve: u64,
}

impl Context<'_> {
    /// Resolves a whole path (`filename_lookup`).
    pub fn lookup(&mut self, start: i32, path: &[u8], how: Lookup) -> Result<Location, Errno> {
        let found = self.lookup_quiet(start, path, how);
        self.note_walk(&found, path);
        found
    }

    fn lookup_quiet(&mut self, start: i32, path: &[u8], how: Lookup) -> Result<Location, Errno> {
        if path.is_empty() {
            if !how.empty {
                return Err(Errno::ENOENT);
            }
            let at = self.start(start)?;
            let directory = self.world.inode_at(at.dentry)?.1.is_directory();
            if how.directory && !directory {
                return Err(Errno::ENOTDIR);
            }
            return Ok(at);
        }
        Walk::begin(self, start, path, how.resolve)?.whole(path, how)
    }

    /// Resolves all but the last component (`filename_parentat`).
    pub fn lookup_parent(&mut self, start: i32, path: &[u8]) -> Result<Parent, Errno> {
        let found = self.lookup_parent_quiet(start, path);
        if let Err(errno) = found {
            self.note_walk(&Err(errno), path);
        }
        found
    }

    fn lookup_parent_quiet(&mut self, start: i32, path: &[u8]) -> Result<Parent, Errno> {
        if path.is_empty() {
            return Err(Errno::ENOENT);
        }
        Walk::begin(self, start, path, 0)?.parent(path)
    }

    /// The entry of a directory, without permission checks; mounts on it are
    /// not crossed (`lookup_one_qstr_excl`).
    pub fn entry(&mut self, directory: Location, name: &[u8]) -> Result<Option<Location>, Errno> {
        let inode = self.world.dentry(directory.dentry)?.inode;
        let dentry = self.child(directory.dentry, inode, name)?;
        Ok(dentry.map(|dentry| Location {
            mount: directory.mount,
            dentry,
        }))
    }

    /// A name in a directory, which is given with its inode.
    fn child(
        &mut self,
        directory: DentryId,
        inode: InodeId,
        name: &[u8],
    ) -> Result<Option<DentryId>, Errno> {
        if name.len() > NAME_MAX {
            return Err(Errno::ENAMETOOLONG);
        }
        let inode = self.world.inode(inode)?;
        match &inode.content {
            Content::Directory(entries) => {
                if let Some(&dentry) = entries.get(name) {
                    return Ok(Some(dentry));
                }
                match self.world.filesystem(inode.filesystem)?.kind {
                    FilesystemKind::Proc => procfs::find(self.world, self.pid, directory, name),
                    FilesystemKind::Overlay => crate::overlay::find(self.world, directory, name),
                    _ => Ok(None),
                }
            }
            Content::Pseudo(_) => procfs::find(self.world, self.pid, directory, name),
            _ => Err(Errno::ENOTDIR),
        }
    }

    /// Notes where a walk ended, or why it did not.
    pub fn note_walk(&mut self, found: &Result<Location, Errno>, path: &[u8]) {
        match found {
            Ok(at) => self.note_found(*at),
            Err(Errno::EACCES) => {}
            Err(errno) => {
                let evidence = WalkEvidence {
                    path: Arc::from(path),
                    inode: None,
                };
                self.gate(
                    GateKind::PathWalk,
                    Verdict::Failed(*errno),
                    Evidence::Walk(evidence),
                );
            }
        }
    }

    /// Notes the object that a path or descriptor led to.
    pub fn note_found(&mut self, at: Location) {
        let inode = self
            .world
            .inode_at(at.dentry)
            .ok()
            .map(|(_, inode)| inode.number);
        let path = self.world.display_path(self.pid, at);
        let evidence = WalkEvidence { path, inode };
        self.gate(
            GateKind::PathWalk,
            Verdict::Allowed,
            Evidence::Walk(evidence),
        );
    }
}

impl<'c, 'w> Walk<'c, 'w> {
    /// Sets out from where the path starts (`path_init`).
    pub fn begin(
        context: &'c mut Context<'w>,
        descriptor: i32,
        path: &[u8],
        resolve: u64,
    ) -> Result<Self, Errno> {
        let scoped = resolve & (abi::RESOLVE_IN_ROOT | abi::RESOLVE_BENEATH) != 0;
        let task_root = context.task()?.root;
        let absolute = path.first() == Some(&b'/');
        if absolute && resolve & abi::RESOLVE_BENEATH != 0 {
            return Err(Errno::EXDEV);
        }
        let (root, at) = if absolute && !scoped {
            (task_root, task_root)
        } else {
            let at = context.start(descriptor)?;
            if !context.world.inode_at(at.dentry)?.1.is_directory() {
                return Err(Errno::ENOTDIR);
            }
            (if scoped { at } else { task_root }, at)
        };
        Ok(Self {
            context,
            root,
            at,
            links: 0,
            resolve,
        })
    }

    /// Walks all components but the last (`link_path_walk`).
    pub fn parent(&mut self, path: &[u8]) -> Result<Parent, Errno> {
        let (last, slash) = self.descend(path)?;
        Ok(Parent {
            directory: self.at,
            last: last.to_owned(),
            slash,
        })
    }

    /// Walks to the last component, and answers with it and with whether
    /// slashes follow it.
    fn descend<'p>(&mut self, path: &'p [u8]) -> Result<(Last<&'p [u8]>, bool), Errno> {
        let mut rest = path;
        while let [b'/', tail @ ..] = rest {
            rest = tail;
        }
        if rest.is_empty() {
            return Ok((Last::Root, true));
        }
        loop {
            let directory = self.directory()?;
            let end = rest
                .iter()
                .position(|&byte| byte == b'/')
                .unwrap_or(rest.len());
            let (name, mut tail) = rest.split_at(end);
            let slash = !tail.is_empty();
            while let [b'/', after @ ..] = tail {
                tail = after;
            }
            let last = match name {
                b"." => Last::Dot,
                b".." => Last::DotDot,
                _ => Last::Normal(name),
            };
            if tail.is_empty() {
                return Ok((last, slash));
            }
            self.step(directory, &last, true)?;
            rest = tail;
        }
    }

    /// The directory in which the next component is looked up, which the caller
    /// may search.
    fn directory(&mut self) -> Result<InodeId, Errno> {
        let (id, inode) = self.context.world.inode_at(self.at.dentry)?;
        if !inode.is_directory() {
            return Err(Errno::ENOTDIR);
        }
        if !gate::dac::is_searchable(&self.context.credentials, inode) {
            gate::dac::permission(self.context, id, abi::MAY_EXEC)?;
        }
        Ok(id)
    }

    /// Walks a path to its end (`lookup_last`, `complete_walk`).
    fn whole(&mut self, path: &[u8], how: Lookup) -> Result<Location, Errno> {
        let (last, slash) = self.descend(path)?;
        if last == Last::Root {
            return Ok(self.at);
        }
        let directory = self.context.world.dentry(self.at.dentry)?.inode;
        self.step(directory, &last, how.follow || slash)?;
        if (slash || how.directory)
            && !self
                .context
                .world
                .inode_at(self.at.dentry)?
                .1
                .is_directory()
        {
            return Err(Errno::ENOTDIR);
        }
        Ok(self.at)
    }

    /// Goes to one component, following it when asked (`walk_component`).
    fn step(
        &mut self,
        directory: InodeId,
        component: &Last<&[u8]>,
        follow: bool,
    ) -> Result<(), Errno> {
        let name = match component {
            Last::Dot | Last::Root | Last::Jumped => return Ok(()),
            Last::DotDot => return self.up(),
            Last::Normal(name) => name,
        };
        let Some(dentry) = self.context.child(self.at.dentry, directory, name)? else {
            return Err(Errno::ENOENT);
        };
        let found = Location {
            mount: self.at.mount,
            dentry,
        };
        let symlink = self.context.world.inode_at(dentry)?.1.is_symlink();
        if symlink {
            if follow {
                return self.follow(found);
            }
            self.at = found;
            return Ok(());
        }
        self.enter(found)
    }

    /// Crosses the mounts on a place (`handle_mounts`).
    fn enter(&mut self, mut found: Location) -> Result<(), Errno> {
        while let Some(&mount) = self.context.world.mounted.get(&found) {
            if self.resolve & abi::RESOLVE_NO_XDEV != 0 {
                return Err(Errno::EXDEV);
            }
            found = Location {
                mount,
                dentry: self.context.world.mount(mount)?.root,
            };
        }
        self.at = found;
        Ok(())
    }

    /// `..` (`follow_dotdot`).
    fn up(&mut self) -> Result<(), Errno> {
        loop {
            if self.at == self.root {
                if self.resolve & abi::RESOLVE_BENEATH != 0 {
                    return Err(Errno::EXDEV);
                }
                return Ok(());
            }
            let mount = self.context.world.mount(self.at.mount)?;
            if self.at.dentry == mount.root {
                let Some(on) = mount.on else {
                    return Ok(());
                };
                if self.resolve & abi::RESOLVE_NO_XDEV != 0 {
                    return Err(Errno::EXDEV);
                }
                self.at = on;
            } else {
                let parent = self.context.world.dentry(self.at.dentry)?.parent;
                let parent = Location {
                    mount: self.at.mount,
                    dentry: parent,
                };
                return self.enter(parent);
            }
        }
    }

    /// Goes where a link points (`pick_link`, `get_link`).
    fn follow(&mut self, link: Location) -> Result<(), Errno> {
        self.links += 1;
        if self.links > MAX_SYMLINKS || self.resolve & abi::RESOLVE_NO_SYMLINKS != 0 {
            return Err(Errno::ELOOP);
        }
        if self.context.world.mount(link.mount)?.flags.no_symlinks() {
            return Err(Errno::ELOOP);
        }
        let directory = self.at;
        let (_, inode) = self.context.world.inode_at(link.dentry)?;
        match &inode.content {
            Content::Symlink(target) => {
                let target = Arc::clone(target);
                gate::dac::may_follow_link(self.context, directory, link)?;
                self.redirect(&target)
            }
            Content::Pseudo(pseudo @ Pseudo::SelfLink { .. }) => {
                let target = procfs::self_target(self.context.world, self.context.pid, *pseudo)?;
                self.redirect(&target)
            }
            Content::Pseudo(pseudo) => {
                let pseudo = *pseudo;
                if self.resolve & abi::RESOLVE_NO_MAGICLINKS != 0 {
                    return Err(Errno::ELOOP);
                }
                if self.resolve & (abi::RESOLVE_BENEATH | abi::RESOLVE_IN_ROOT) != 0 {
                    return Err(Errno::EXDEV);
                }
                self.at = procfs::jump(self.context, pseudo)?;
                Ok(())
            }
            _ => Err(Errno::EINVAL),
        }
    }

    fn redirect(&mut self, target: &[u8]) -> Result<(), Errno> {
        if target.is_empty() {
            return Err(Errno::ENOENT);
        }
        if target.first() == Some(&b'/') {
            if self.resolve & abi::RESOLVE_BENEATH != 0 {
                return Err(Errno::EXDEV);
            }
            if self.resolve & abi::RESOLVE_NO_XDEV != 0 && self.at.mount != self.root.mount {
                return Err(Errno::EXDEV);
            }
            self.at = self.root;
        }
        self.whole(target, Lookup::FOLLOW)?;
        Ok(())
    }

    /// Puts the walk into a directory to go on from there.
    pub fn go(&mut self, at: Location) {
        self.at = at;
    }

    /// The call on whose behalf it walks.
    pub fn context(&mut self) -> &mut Context<'w> {
        self.context
    }

    /// One component without following or crossing: what `open` looks at
    /// before it decides.
    pub fn peek(&mut self, name: &[u8]) -> Result<Option<Location>, Errno> {
        let at = self.at;
        self.context.entry(at, name)
    }

    /// Follows a link found with [`Walk::peek`] to the parent of its target
    /// (`step_into` and a further turn of `open_last_lookups`).
    pub fn redirect_parent(&mut self, link: Location) -> Result<Parent, Errno> {
        self.links += 1;
        if self.links > MAX_SYMLINKS || self.resolve & abi::RESOLVE_NO_SYMLINKS != 0 {
            return Err(Errno::ELOOP);
        }
        let directory = self.at;
        let (_, inode) = self.context.world.inode_at(link.dentry)?;
        let target = match &inode.content {
            Content::Symlink(target) => {
                let target = Arc::clone(target);
                gate::dac::may_follow_link(self.context, directory, link)?;
                target
            }
            Content::Pseudo(pseudo @ Pseudo::SelfLink { .. }) => {
                procfs::self_target(self.context.world, self.context.pid, *pseudo)?
            }
            _ => {
                self.links -= 1;
                self.follow(link)?;
                return Ok(Parent {
                    directory: self.at,
                    last: Last::Jumped,
                    slash: false,
                });
            }
        };
        if target.first() == Some(&b'/') {
            if self.resolve & abi::RESOLVE_BENEATH != 0 {
                return Err(Errno::EXDEV);
            }
            self.at = self.root;
        }
        self.parent(&target)
    }

    /// Crosses the mounts on a place found with [`Walk::peek`].
    pub fn arrive(&mut self, found: Location) -> Result<Location, Errno> {
        self.enter(found)?;
        Ok(self.at)
    }
}
