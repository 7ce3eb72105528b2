//! The ABIs ("architectures" in a seccomp profile) that a filter tells apart.

/// Bit that marks a syscall number as an x32 one; `__X32_SYSCALL_BIT` of the kernel.
pub const X32_SYSCALL_BIT: u32 = 0x4000_0000;

/// An ABI with a syscall table of its own.
///
/// x86-64 and x32 report the same audit architecture to a filter; only
/// [`X32_SYSCALL_BIT`] tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Arch {
    /// 64-bit x86.
    X86_64,
    /// x86-64 registers with 32-bit pointers.
    X32,
    /// 32-bit x86, also reached from 64-bit code through `int 0x80`.
    I386,
    /// 64-bit Arm.
    Aarch64,
    /// 32-bit Arm (EABI).
    Arm,
}

impl Arch {
    /// Every ABI of the lab.
    pub const ALL: [Self; 5] = [
        Self::X86_64,
        Self::X32,
        Self::I386,
        Self::Aarch64,
        Self::Arm,
    ];

    /// The name used on the command line and in the lab: `x86_64`, `i386`, …
    pub const fn name(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::X32 => "x32",
            Self::I386 => "i386",
            Self::Aarch64 => "aarch64",
            Self::Arm => "arm",
        }
    }

    /// The ABI that [`Arch::name`] gives this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|arch| arch.name() == name)
    }

    /// The name in an OCI profile, such as `SCMP_ARCH_X86_64`.
    pub const fn oci_name(self) -> &'static str {
        match self {
            Self::X86_64 => "SCMP_ARCH_X86_64",
            Self::X32 => "SCMP_ARCH_X32",
            Self::I386 => "SCMP_ARCH_X86",
            Self::Aarch64 => "SCMP_ARCH_AARCH64",
            Self::Arm => "SCMP_ARCH_ARM",
        }
    }

    /// The name in the `arches` of a template profile; Go's `GOARCH` where it has one.
    pub const fn template_name(self) -> &'static str {
        match self {
            Self::X86_64 => "amd64",
            Self::X32 => "x32",
            Self::I386 => "x86",
            Self::Aarch64 => "arm64",
            Self::Arm => "arm",
        }
    }

    /// What the kernel puts in `seccomp_data.arch`: `AUDIT_ARCH_*` of `<linux/audit.h>`.
    pub const fn audit(self) -> u32 {
        match self {
            Self::X86_64 | Self::X32 => 0xc000_003e,
            Self::I386 => 0x4000_0003,
            Self::Aarch64 => 0xc000_00b7,
            Self::Arm => 0x4000_0028,
        }
    }

    /// The ABI of a call, from the architecture and number that a filter sees.
    pub const fn of_call(audit: u32, nr: i32) -> Option<Self> {
        match audit {
            0xc000_003e if nr != -1 && nr.cast_unsigned() & X32_SYSCALL_BIT != 0 => Some(Self::X32),
            0xc000_003e => Some(Self::X86_64),
            0x4000_0003 => Some(Self::I386),
            0xc000_00b7 => Some(Self::Aarch64),
            0x4000_0028 => Some(Self::Arm),
            _ => None,
        }
    }

    /// Whether libseccomp compares only the low 32 bits of each argument on this ABI.
    pub const fn is_32_bit(self) -> bool {
        matches!(self, Self::X32 | Self::I386 | Self::Arm)
    }

    /// The other ABIs that a kernel of this architecture also runs.
    pub const fn compatible(self) -> &'static [Self] {
        match self {
            Self::X86_64 => &[Self::I386, Self::X32],
            Self::Aarch64 => &[Self::Arm],
            Self::X32 | Self::I386 | Self::Arm => &[],
        }
    }
}

/// An architecture that runc accepts in a profile but that no node of the lab runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ForeignArch {
    /// The name in an OCI profile.
    pub oci_name: &'static str,
    /// `AUDIT_ARCH_*`, as a filter sees it.
    pub audit: u32,
    /// How libseccomp 2.5.4 takes it on a little-endian node.
    pub support: ForeignSupport,
}

/// Whether libseccomp adds a foreign architecture to a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ForeignSupport {
    /// Added: calls of that architecture get the filter's default.
    Added,
    /// Refused: its byte order is not the node's.
    OtherByteOrder,
    /// Refused by libseccomp 2.5, which does not know it yet.
    SinceLibseccomp26,
}

/// The architectures of runc's `archs` table (runc 1.1 to 1.5,
/// `libcontainer/seccomp/config.go`) beside the five of [`Arch`].
pub const FOREIGN: [ForeignArch; 13] = {
    use ForeignSupport::{Added, OtherByteOrder, SinceLibseccomp26};
    const fn row(oci_name: &'static str, audit: u32, support: ForeignSupport) -> ForeignArch {
        ForeignArch {
            oci_name,
            audit,
            support,
        }
    }
    [
        row("SCMP_ARCH_MIPS", 0x0000_0008, OtherByteOrder),
        row("SCMP_ARCH_MIPS64", 0x8000_0008, OtherByteOrder),
        row("SCMP_ARCH_MIPS64N32", 0xa000_0008, OtherByteOrder),
        row("SCMP_ARCH_MIPSEL", 0x4000_0008, Added),
        row("SCMP_ARCH_MIPSEL64", 0xc000_0008, Added),
        row("SCMP_ARCH_MIPSEL64N32", 0xe000_0008, Added),
        row("SCMP_ARCH_PPC", 0x0000_0014, OtherByteOrder),
        row("SCMP_ARCH_PPC64", 0x8000_0015, OtherByteOrder),
        row("SCMP_ARCH_PPC64LE", 0xc000_0015, Added),
        row("SCMP_ARCH_RISCV64", 0xc000_00f3, Added),
        row("SCMP_ARCH_S390", 0x0000_0016, OtherByteOrder),
        row("SCMP_ARCH_S390X", 0x8000_0016, OtherByteOrder),
        row("SCMP_ARCH_LOONGARCH64", 0xc000_0102, SinceLibseccomp26),
    ]
};
