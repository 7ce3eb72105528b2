//! Mounting, unmounting, `pivot_root`.

use super::file::until_nul;
use crate::{
    compile::{AUDIT_DATA, MAY_MOUNT, MAY_PIVOT_ROOT, MAY_UMOUNT, MOUNT_CLASS, mount_flags as ms},
    decision::{Class, Decision},
    profile::{MountRequest, Profile},
};

impl Decision {
    /// Whether a record of an allowed mount holds the options of the file system
    /// (`AA_AUDIT_DATA`), as audited rules of parser 3.0 ask for.
    pub fn records_mount_options(&self) -> bool {
        self.permissions.audit & AUDIT_DATA != 0
    }
}

impl Profile {
    /// Mounts, remounts, binds, moves or changes propagation, as `apparmor_sb_mount` and
    /// `match_mnt`: each kind of mount looks at some of the arguments only.
    pub fn mount(&self, request: &MountRequest<'_>) -> Decision {
        if self.is_unconfined() || !self.mediation.mount {
            return Decision::unmediated(Class::Mount, MAY_MOUNT);
        }
        let MountRequest {
            mountpoint,
            mut source,
            mut fstype,
            mut flags,
            mut data,
        } = *request;
        if flags & ms::REMOUNT != 0 {
            source = None;
            fstype = None;
        } else if flags & ms::BIND != 0 {
            flags &= ms::REC | ms::BIND;
            fstype = None;
            data = None;
        } else if flags & ms::PROPAGATION != 0 {
            flags &= ms::REC | ms::SILENT | ms::PROPAGATION;
            source = None;
            fstype = None;
            data = None;
        } else if flags & ms::MOVE != 0 {
            flags = ms::MOVE;
            fstype = None;
            data = None;
        }
        let mut walk = self.policy.walk();
        let mut fields = [
            (Some(mountpoint), "failed mntpnt match"),
            (source, "failed srcname match"),
            (fstype, "failed type match"),
        ]
        .into_iter();
        walk.byte(MOUNT_CLASS);
        let failed = loop {
            let Some((field, info)) = fields.next() else {
                break None;
            };
            walk.bytes(until_nul(field.unwrap_or_default())).byte(0);
            if walk.is_dead() {
                break Some(info);
            }
        };
        if let Some(info) = failed {
            return Decision {
                info: Some(info),
                ..Self::check(Class::Mount, MAY_MOUNT, &walk.answer())
            };
        }
        for bit in (0u8..32).filter(|bit| flags >> bit & 1 != 0) {
            walk.byte(bit + 1);
        }
        if walk.is_dead() {
            return Decision {
                info: Some("failed flags match"),
                ..Self::check(Class::Mount, MAY_MOUNT, &walk.answer())
            };
        }
        let mut answer = walk.answer();
        let mut info = "failed perms check";
        if let Some(data) = data.filter(|_| {
            answer.allow & MAY_MOUNT == 0 && answer.allow & crate::compile::MATCH_DATA != 0
        }) {
            walk.byte(0).bytes(until_nul(data));
            if walk.is_dead() {
                info = "failed data match";
            }
            answer = walk.answer();
        }
        let decision = Self::check(Class::Mount, MAY_MOUNT, &answer);
        Decision {
            info: (!decision.allowed()).then_some(info),
            ..decision
        }
    }

    /// Unmounts a mount point, as `profile_umount`.
    pub fn umount(&self, mountpoint: &[u8]) -> Decision {
        if self.is_unconfined() || !self.mediation.mount {
            return Decision::unmediated(Class::Mount, MAY_UMOUNT);
        }
        let mut walk = self.policy.walk();
        let answer = walk.byte(MOUNT_CLASS).bytes(until_nul(mountpoint)).answer();
        Self::check(Class::Mount, MAY_UMOUNT, &answer)
    }

    /// Makes `new_root` the root and puts the old one at `put_old`, as `build_pivotroot`.
    pub fn pivot_root(&self, new_root: &[u8], put_old: &[u8]) -> Decision {
        if self.is_unconfined() || !self.mediation.mount {
            return Decision::unmediated(Class::Mount, MAY_PIVOT_ROOT);
        }
        let mut walk = self.policy.walk();
        walk.byte(MOUNT_CLASS).bytes(until_nul(new_root)).byte(0);
        let answer = walk.bytes(until_nul(put_old)).answer();
        Self::check(Class::Mount, MAY_PIVOT_ROOT, &answer)
    }
}
