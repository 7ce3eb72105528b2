//! Rules made from any bytes: the filter passes the kernel's check, and every
//! run ends with the answer that the fast way gives too. The program reads as
//! text, and what it leaves open of every goal and what is odd about the rules
//! can be told.

#![no_main]

use libfuzzer_sys::fuzz_target;
use seccomp::{
    Arch, BuildOptions, Condition, Entry, Profile, SeccompData, Spanned, bpf, build, combine,
    disassemble, goals, lint, syscalls,
};

const ACTIONS: [&str; 8] = [
    "SCMP_ACT_ALLOW",
    "SCMP_ACT_ERRNO",
    "SCMP_ACT_KILL_PROCESS",
    "SCMP_ACT_KILL",
    "SCMP_ACT_TRAP",
    "SCMP_ACT_LOG",
    "SCMP_ACT_TRACE",
    "SCMP_ACT_NOTIFY",
];

const OPERATORS: [&str; 7] = [
    "SCMP_CMP_NE",
    "SCMP_CMP_LT",
    "SCMP_CMP_LE",
    "SCMP_CMP_EQ",
    "SCMP_CMP_GE",
    "SCMP_CMP_GT",
    "SCMP_CMP_MASKED_EQ",
];

const ARCHES: [&str; 6] = [
    "SCMP_ARCH_X86_64",
    "SCMP_ARCH_X86",
    "SCMP_ARCH_X32",
    "SCMP_ARCH_AARCH64",
    "SCMP_ARCH_ARM",
    "SCMP_ARCH_RISCV64",
];

const NAMES: [&str; 6] = ["mkdir", "mkdirat", "socket", "ioctl", "mmap2", "semop"];

/// Takes the input apart, byte by byte; zeros after its end.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn next(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *first
    }

    fn pick<'b>(&mut self, from: &[&'b str]) -> Spanned<String> {
        Spanned {
            value: from[usize::from(self.next()) % from.len()].to_owned(),
            span: 0..0,
        }
    }

    /// Small values, large ones and those around a word's edge.
    fn value(&mut self) -> u64 {
        let (shape, byte) = (self.next(), u64::from(self.next()));
        match shape % 5 {
            0 => byte,
            1 => byte << 28,
            2 => (byte << 32) | 5,
            3 => u64::MAX - byte,
            _ => byte << 56,
        }
    }
}

fuzz_target!(|input: &[u8]| {
    let mut bytes = Bytes(input);
    let native = if bytes.next() & 1 == 0 {
        Arch::X86_64
    } else {
        Arch::Aarch64
    };
    let mut profile = Profile {
        default_action: bytes.pick(&ACTIONS),
        architectures: (0..bytes.next() % 4).map(|_| bytes.pick(&ARCHES)).collect(),
        ..Profile::default()
    };
    let all: Vec<&str> = syscalls::all().map(syscalls::Syscall::name).collect();
    for _ in 0..bytes.next() % 12 {
        let pool = if bytes.next() % 4 == 0 { &all[..] } else { &NAMES[..] };
        profile.entries.push(Entry {
            span: 0..0,
            names: (0..1 + bytes.next() % 40).map(|_| bytes.pick(pool)).collect(),
            action: bytes.pick(&ACTIONS),
            errno: Some(u64::from(bytes.next())),
            conditions: (0..bytes.next() % 7)
                .map(|_| Condition {
                    span: 0..0,
                    index: u64::from(bytes.next() % 6),
                    operator: bytes.pick(&OPERATORS),
                    value: bytes.value(),
                    value_two: bytes.value(),
                })
                .collect(),
        });
    }
    let options = BuildOptions::new(native);
    let Ok(filter) = build(&profile, options) else {
        return;
    };
    assert_eq!(bpf::check(&filter.program), Ok(()));
    assert_eq!(filter.program.len(), filter.origins.len());
    assert_eq!(disassemble(&filter).len(), filter.program.len());
    let _ = lint(&profile, &filter, options);
    for goal in goals::all() {
        assert!(goal.under(&[&filter], native).len() <= goal.ways.len());
    }
    for arch in Arch::ALL {
        for name in NAMES {
            let mut data = SeccompData {
                nr: syscalls::number(arch, name).unwrap_or(9999).cast_signed(),
                arch: arch.audit(),
                ..SeccompData::default()
            };
            data.args = std::array::from_fn(|_| bytes.value());
            let verdict = filter.run(&data);
            assert_eq!(combine([&filter, &filter], &data).action, verdict.action);
            assert_eq!(verdict.action, seccomp::Action::from_return(filter.decide(&data)));
            assert!(verdict.path.is_sorted() && verdict.path.len() <= filter.program.len());
        }
    }
});
