//! Records in the kernel log (`kernel/audit.c`, `security/apparmor/audit.c`).

use std::fmt::{self, Write as _};

/// One line that the kernel wrote to its log.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AuditRecord {
    /// 1400 for AppArmor, 1326 for seccomp, 0 for a plain kernel message.
    pub kind: u16,
    /// World time in milliseconds.
    pub time: i64,
    /// The record's serial number.
    pub serial: u64,
    /// Everything after `audit(…): `.
    pub text: String,
}

/// `AUDIT_AVC`: what AppArmor's records are of.
pub const AVC: u16 = 1400;
/// `AUDIT_SECCOMP`.
pub const SECCOMP: u16 = 1326;

impl fmt::Display for AuditRecord {
    /// The line as `dmesg` shows it, without the time stamp in brackets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind == 0 {
            return formatter.write_str(&self.text);
        }
        write!(
            formatter,
            "audit: type={} audit({}.{:03}:{}): {}",
            self.kind,
            self.time / 1000,
            self.time % 1000,
            self.serial,
            self.text
        )
    }
}

/// Appends a value that user space controls (`audit_log_untrustedstring`):
/// quoted, or in upper-case hexadecimal when a byte could mislead a reader.
pub(crate) fn untrusted(text: &mut String, value: &[u8]) {
    let plain = value
        .iter()
        .all(|&byte| (0x21..0x7f).contains(&byte) && byte != b'"');
    if plain {
        text.push('"');
        text.push_str(&String::from_utf8_lossy(value));
        text.push('"');
    } else {
        for byte in value {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02X}");
        }
    }
}
