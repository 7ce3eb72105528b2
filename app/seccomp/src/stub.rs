//! runc's prologue that answers ENOSYS to calls newer than the profile.
//!
//! A libc tries a new syscall and falls back on ENOSYS, but not on the EPERM
//! that many profiles answer by default. So runc puts a test in front of
//! libseccomp's program (`libcontainer/seccomp/patchbpf/enosys_linux.go`, since
//! 1.0): a number above the largest one that the profile names is ENOSYS,
//! whatever the default is. Gaps below that number still get the default.

use crate::{
    action::Action,
    arch::{Arch, X32_SYSCALL_BIT},
    bpf::{Instruction, OFFSET_ARCH, OFFSET_NUMBER, Operation},
    effect::ENOSYS,
    filter::{Origin, Part},
    profile::ProfileName,
    syscalls::Libseccomp,
};

/// Whether a filter with this default gets the prologue.
pub(crate) const fn applies(default: Action) -> bool {
    !matches!(default, Action::Allow | Action::Log | Action::Trace(_))
}

/// The prologue for these ABIs, without repetitions; empty where no name of
/// the profile has a number on them.
pub(crate) fn prologue(
    names: &[ProfileName<'_>],
    arches: &[Arch],
    version: Libseccomp,
) -> (Vec<Instruction>, Vec<Origin>) {
    let mut program = Vec::new();
    let mut audits: Vec<u32> = Vec::new();
    for arch in arches {
        if !audits.contains(&arch.audit()) {
            audits.push(arch.audit());
        }
    }
    let largest = largest_numbers(names, arches, version);
    for audit in audits {
        let on_this: Vec<(Arch, u32)> = largest
            .iter()
            .copied()
            .filter(|(arch, _)| arch.audit() == audit)
            .collect();
        program.extend(section(audit, &on_this));
    }
    let origins = program
        .iter()
        .map(|instruction: &Instruction| Origin {
            part: match instruction.operation {
                Operation::Return => Part::Answer,
                _ => Part::Stub,
            },
            ..Origin::default()
        })
        .collect();
    (program, origins)
}

/// The largest number of the profile's names on each ABI, rules that do nothing
/// included; ABIs where that is 0 are left out, as in runc.
fn largest_numbers(
    names: &[ProfileName<'_>],
    arches: &[Arch],
    version: Libseccomp,
) -> Vec<(Arch, u32)> {
    let mut largest: Vec<(Arch, u32)> = arches.iter().map(|arch| (*arch, 0)).collect();
    for call in names.iter().filter_map(|name| name.call.as_ref()) {
        for (arch, number) in &mut largest {
            let resolved = call.resolve(*arch, version).unwrap_or(-1);
            *number = (*number).max(u32::try_from(resolved).unwrap_or(0));
        }
    }
    largest.retain(|(_, number)| *number > 0);
    largest
}

fn section(audit: u32, largest: &[(Arch, u32)]) -> Vec<Instruction> {
    if largest.is_empty() {
        return Vec::new();
    }
    let limit = |number: u32| {
        [
            jump(Operation::JumpGreater, number, 0, 1),
            Instruction::plain(Operation::Return, Action::Errno(ENOSYS).to_return()),
        ]
    };
    let mut body = vec![Instruction::plain(Operation::Load, OFFSET_NUMBER)];
    let x32 = largest.iter().find(|(arch, _)| *arch == Arch::X32);
    let others = largest.iter().find(|(arch, _)| *arch != Arch::X32);
    match (x32, others) {
        (None, Some((Arch::X86_64, number))) => {
            // Numbers with the x32 bit are left to libseccomp's own guard.
            body.push(jump(Operation::JumpSet, X32_SYSCALL_BIT, 2, 0));
            body.extend(limit(*number));
        }
        (None, Some((_, number))) => body.extend(limit(*number)),
        (Some((_, number)), None) => {
            body.push(jump(Operation::JumpSet, X32_SYSCALL_BIT, 0, 2));
            body.extend(limit(*number));
        }
        (Some((_, on_x32)), Some((_, on_x86_64))) => {
            body.push(jump(Operation::JumpSet, X32_SYSCALL_BIT, 0, 3));
            body.extend(limit(*on_x32));
            body.push(Instruction::plain(Operation::Jump, 2));
            body.extend(limit(*on_x86_64));
        }
        (None, None) => {}
    }
    let length = u8::try_from(body.len()).unwrap_or(u8::MAX);
    let mut section = vec![
        Instruction::plain(Operation::Load, OFFSET_ARCH),
        jump(Operation::JumpEqual, audit, 0, length),
    ];
    section.extend(body);
    section
}

const fn jump(operation: Operation, k: u32, jt: u8, jf: u8) -> Instruction {
    Instruction {
        operation,
        jt,
        jf,
        k,
    }
}
