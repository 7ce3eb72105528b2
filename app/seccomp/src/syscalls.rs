//! The syscall tables: numbers, names, arguments, on every ABI of the lab.
//!
//! The table is text (`syscalls.tsv`, its header tells the sources); only the
//! start of each line is computed ahead, so it costs the page little more than
//! its own length.

use crate::arch::{Arch, X32_SYSCALL_BIT};

const TABLE: &str = include_str!("syscalls.tsv");
const COMMENT: u8 = b'#';
const COUNT: usize = count_rows(TABLE.as_bytes());
static STARTS: [u16; COUNT] = row_starts(TABLE.as_bytes());

/// One syscall: a line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Syscall {
    line: &'static str,
}

/// A version of libseccomp whose table of names the lab knows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Libseccomp {
    /// 2.5.4 as packaged in Debian 12, which names calls up to `futex_requeue`.
    #[default]
    V2_5_4,
    /// 2.6.1, with the calls of Linux 7.1.
    V2_6_1,
}

/// What kind of value an argument is, which decides whether a filter can use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArgumentKind {
    /// The address of a path; a filter sees the address only.
    Path,
    /// Any other address.
    Pointer,
    /// A file or directory descriptor.
    Descriptor,
    /// A bit mask or a selector, what filters usefully test.
    Flags,
    /// A plain number.
    Integer,
}

/// One argument of a syscall, in kernel-entry order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argument {
    /// The kernel's name for it.
    pub name: &'static str,
    /// What kind of value it is.
    pub kind: ArgumentKind,
}

/// The number of `name` on `arch`; `None` where the ABI has no such call.
///
/// x32 numbers contain [`X32_SYSCALL_BIT`].
pub fn number(arch: Arch, name: &str) -> Option<u32> {
    find(name)?.number(arch)
}

/// The name of the call `number` on `arch`.
pub fn name(arch: Arch, number: u32) -> Option<&'static str> {
    all()
        .find(|call| call.number(arch) == Some(number))
        .map(Syscall::name)
}

/// The syscall called `name`, whichever ABI has it.
pub fn find(name: &str) -> Option<Syscall> {
    let row = STARTS
        .binary_search_by(|start| name_at(*start).cmp(name))
        .ok()?;
    STARTS.get(row).map(|start| row_at(*start))
}

/// Every syscall, sorted by name.
pub fn all() -> impl Iterator<Item = Syscall> {
    STARTS.iter().map(|start| row_at(*start))
}

impl Syscall {
    /// The name, as in a profile.
    pub fn name(self) -> &'static str {
        self.column(Column::Name)
    }

    /// The number on `arch`; `None` where the ABI has no such call.
    pub fn number(self, arch: Arch) -> Option<u32> {
        read_number(arch, self.column(arch_column(arch)))
    }

    /// All numbers, read at once.
    pub(crate) fn numbers(self) -> Numbers {
        let mut columns = self.line.split('\t');
        let name = columns.next().unwrap_or_default();
        let mut number = |arch| read_number(arch, columns.next().unwrap_or_default());
        Numbers {
            name,
            x86_64: number(Arch::X86_64),
            x32: number(Arch::X32),
            i386: number(Arch::I386),
            aarch64: number(Arch::Aarch64),
            arm: number(Arch::Arm),
            pseudo: columns
                .next()
                .and_then(|text| text.parse().ok())
                .unwrap_or(-1),
            is_in_2_5_4: columns.nth(1) == Some("2.5.4"),
        }
    }

    /// The first kernel that has the call, where known.
    pub fn since(self) -> Option<&'static str> {
        Some(self.column(Column::Since)).filter(|since| *since != "?")
    }

    /// The arguments, where known.
    pub fn arguments(self) -> Option<impl Iterator<Item = Argument>> {
        let column = self.column(Column::Arguments);
        (column != "?").then(|| column.split_ascii_whitespace().filter_map(argument))
    }

    fn column(self, column: Column) -> &'static str {
        self.line.split('\t').nth(column as usize).unwrap_or("")
    }
}

/// A syscall's numbers on every ABI, and what libseccomp makes of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbers {
    pub(crate) name: &'static str,
    x86_64: Option<u32>,
    x32: Option<u32>,
    i386: Option<u32>,
    aarch64: Option<u32>,
    arm: Option<u32>,
    /// The negative number that stands for the name where an ABI lacks the call.
    pseudo: i32,
    is_in_2_5_4: bool,
}

impl Numbers {
    /// The number on `arch`; `None` where the ABI has no such call.
    pub(crate) const fn on(&self, arch: Arch) -> Option<u32> {
        match arch {
            Arch::X86_64 => self.x86_64,
            Arch::X32 => self.x32,
            Arch::I386 => self.i386,
            Arch::Aarch64 => self.aarch64,
            Arch::Arm => self.arm,
        }
    }

    /// Whether this version of libseccomp resolves the name.
    pub(crate) const fn known_to(&self, version: Libseccomp) -> bool {
        match version {
            Libseccomp::V2_5_4 => self.is_in_2_5_4,
            Libseccomp::V2_6_1 => true,
        }
    }

    /// What `seccomp_syscall_resolve_name_arch` answers, for a name that this
    /// version knows: the number, or a negative one where `arch` lacks the call.
    ///
    /// On i386 the calls that also go through `socketcall` or `ipc` have a
    /// negative number although they exist.
    pub(crate) fn resolve(&self, arch: Arch, version: Libseccomp) -> Option<i32> {
        if !self.known_to(version) {
            return None;
        }
        let number = self
            .on(arch)
            .filter(|_| !LATER.contains(&(version, arch, self.name)))
            .and_then(|number| i32::try_from(number).ok());
        match number {
            Some(_) if arch == Arch::I386 && self.multiplexer().is_some() => Some(self.pseudo),
            Some(number) => Some(number),
            None => Some(self.pseudo),
        }
    }

    /// The multiplexing call of i386 that this one also goes through, with the
    /// value of that call's first argument.
    pub(crate) fn multiplexer(&self) -> Option<(i32, u32)> {
        multiplexed(self.pseudo)
    }
}

const fn arch_column(arch: Arch) -> Column {
    match arch {
        Arch::X86_64 => Column::X86_64,
        Arch::X32 => Column::X32,
        Arch::I386 => Column::I386,
        Arch::Aarch64 => Column::Aarch64,
        Arch::Arm => Column::Arm,
    }
}

fn read_number(arch: Arch, text: &str) -> Option<u32> {
    let number: u32 = text.parse().ok()?;
    Some(if arch == Arch::X32 {
        number | X32_SYSCALL_BIT
    } else {
        number
    })
}

/// `socketcall` and `ipc` of i386.
const SOCKETCALL: i32 = 102;
const IPC: i32 = 117;

/// Names that a version resolves on some ABIs, but not yet on this one.
const LATER: [(Libseccomp, Arch, &str); 1] = [(Libseccomp::V2_5_4, Arch::X32, "map_shadow_stack")];

/// The multiplexer behind a pseudo number, and the code it selects the call by
/// (`SYS_SOCKET` … of `<linux/net.h>`, `SEMOP` … of `<linux/ipc.h>`).
fn multiplexed(pseudo: i32) -> Option<(i32, u32)> {
    match pseudo {
        -120..=-101 => Some((SOCKETCALL, (-100 - pseudo).cast_unsigned())),
        -224..=-201 => Some((IPC, (-200 - pseudo).cast_unsigned())),
        _ => None,
    }
}

#[derive(Clone, Copy)]
enum Column {
    Name,
    X86_64,
    X32,
    I386,
    Aarch64,
    Arm,
    Since = 7,
    Arguments = 9,
}

fn argument(text: &'static str) -> Option<Argument> {
    let (kind, name) = text.split_once(':')?;
    let kind = match kind {
        "path" => ArgumentKind::Path,
        "ptr" => ArgumentKind::Pointer,
        "fd" => ArgumentKind::Descriptor,
        "flags" => ArgumentKind::Flags,
        _ => ArgumentKind::Integer,
    };
    Some(Argument { name, kind })
}

/// The first column of a row, without looking for the row's end.
fn name_at(start: u16) -> &'static str {
    let rest = TABLE.get(usize::from(start)..).unwrap_or("");
    rest.split_once('\t').map_or(rest, |(name, _)| name)
}

fn row_at(start: u16) -> Syscall {
    let rest = TABLE.get(usize::from(start)..).unwrap_or("");
    Syscall {
        line: rest.lines().next().unwrap_or(""),
    }
}

const fn count_rows(table: &[u8]) -> usize {
    let mut rows = 0;
    let mut at = 0;
    while at < table.len() {
        if table[at] != COMMENT {
            rows += 1;
        }
        at = next_line(table, at);
    }
    rows
}

const fn row_starts(table: &[u8]) -> [u16; COUNT] {
    let mut starts = [0; COUNT];
    let mut row = 0;
    let mut at = 0;
    while at < table.len() {
        if table[at] != COMMENT {
            assert!(at <= u16::MAX as usize);
            #[expect(clippy::cast_possible_truncation, reason = "asserted just above")]
            let start = at as u16;
            starts[row] = start;
            row += 1;
        }
        at = next_line(table, at);
    }
    starts
}

const fn next_line(table: &[u8], mut at: usize) -> usize {
    while table[at] != b'\n' {
        at += 1;
    }
    at + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_by_name_so_that_it_can_be_searched() {
        let names: Vec<&str> = all().map(Syscall::name).collect();
        assert!(names.len() > 500);
        assert!(names.is_sorted_by(|one, other| one < other));
    }

    #[test]
    fn numbers_and_names_agree_on_every_abi() {
        for arch in Arch::ALL {
            for call in all() {
                assert_eq!(call.numbers().on(arch), call.number(arch));
                if let Some(number) = call.number(arch) {
                    assert_eq!(name(arch, number), Some(call.name()), "{arch:?}");
                }
            }
        }
    }

    #[test]
    fn an_x32_number_carries_the_x32_bit() {
        assert_eq!(number(Arch::X32, "read"), Some(0x4000_0000));
        assert_eq!(number(Arch::X32, "execve"), Some(0x4000_0208));
    }

    #[test]
    fn a_call_that_an_abi_lacks_has_no_number_there() {
        assert_eq!(number(Arch::Aarch64, "mkdir"), None);
        assert_eq!(number(Arch::Aarch64, "mkdirat"), Some(34));
    }

    #[test]
    fn an_i386_socket_call_resolves_to_its_multiplexed_number() {
        let socket = find("socket").expect("in the table").numbers();
        assert_eq!(socket.resolve(Arch::I386, Libseccomp::V2_5_4), Some(-101));
        assert_eq!(socket.multiplexer(), Some((102, 1)));
        assert_eq!(socket.on(Arch::I386), Some(359));
    }

    #[test]
    fn a_name_newer_than_libseccomp_2_5_4_is_unknown_to_it() {
        let mseal = find("mseal").expect("in the table").numbers();
        assert_eq!(mseal.resolve(Arch::X86_64, Libseccomp::V2_5_4), None);
        assert_eq!(mseal.resolve(Arch::X86_64, Libseccomp::V2_6_1), Some(462));
    }

    #[test]
    fn arguments_say_what_a_filter_can_see() {
        let openat = find("openat").expect("in the table");
        let kinds: Vec<ArgumentKind> = openat
            .arguments()
            .expect("known")
            .map(|argument| argument.kind)
            .collect();
        assert_eq!(kinds[1], ArgumentKind::Path);
        assert_eq!(kinds[2], ArgumentKind::Flags);
    }
}
