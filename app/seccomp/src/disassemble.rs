//! A filter's program as text that a person can follow.

use std::collections::HashMap;

use crate::{
    action::Action,
    arch::{Arch, X32_SYSCALL_BIT},
    bpf::{Instruction, OFFSET_ARCH, OFFSET_ARGUMENTS, OFFSET_NUMBER, Operation},
    filter::{Filter, Part},
    profile::RuleRef,
    syscalls,
};

/// One instruction as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The instruction's number, from 0.
    pub number: usize,
    /// The instruction: `jeq #83 true:21 false:13`.
    pub text: String,
    /// What it means: `mkdir (x86_64)?`.
    pub meaning: String,
    /// The part of the filter.
    pub part: Part,
    /// The rules that it carries out, where it decides one.
    pub rules: Vec<RuleRef>,
}

/// The lines of a filter's program.
pub fn disassemble(filter: &Filter) -> Vec<Line> {
    let mut names = Names::default();
    let mut audit = 0;
    let mut lines = Vec::with_capacity(filter.program.len());
    for (number, (instruction, origin)) in filter.program.iter().zip(&filter.origins).enumerate() {
        let tests_arch = matches!(origin.part, Part::Architecture | Part::Stub)
            && instruction.operation == Operation::JumpEqual;
        if tests_arch {
            audit = instruction.k;
        }
        let mut rules: Vec<RuleRef> = origin
            .on_true
            .iter()
            .chain(&origin.on_false)
            .map(|one| one.rule)
            .collect();
        sorted::sort(&mut rules);
        rules.dedup();
        lines.push(Line {
            number,
            text: text(number, *instruction),
            meaning: meaning(*instruction, origin.part, audit, &mut names),
            part: origin.part,
            rules,
        });
    }
    lines
}

fn text(number: usize, instruction: Instruction) -> String {
    let Instruction {
        operation,
        jt,
        jf,
        k,
    } = instruction;
    let to = |distance: usize| number + 1 + distance;
    let test = |mnemonic: &str| {
        format!(
            "{mnemonic} #{k:#x} true:{} false:{}",
            to(usize::from(jt)),
            to(usize::from(jf))
        )
    };
    match operation {
        Operation::Load => format!("ld [{k}]"),
        Operation::And => format!("and #{k:#x}"),
        Operation::JumpEqual => test("jeq"),
        Operation::JumpGreater => test("jgt"),
        Operation::JumpGreaterOrEqual => test("jge"),
        Operation::JumpSet => test("jset"),
        Operation::Jump => format!("ja {}", to(k as usize)),
        Operation::Return => format!("ret #{k:#x}"),
    }
}

fn meaning(instruction: Instruction, part: Part, audit: u32, names: &mut Names) -> String {
    let k = instruction.k;
    match (instruction.operation, part) {
        (Operation::Return, _) => Action::from_return(k).to_string(),
        (Operation::Load, _) => loaded(k),
        (Operation::JumpEqual, Part::Architecture | Part::Stub) => architecture(k),
        (Operation::JumpEqual, Part::Syscall) => names.of(audit, k),
        (Operation::JumpGreater, Part::Search | Part::Stub) => {
            format!("after {}", names.of(audit, k))
        }
        (_, Part::X32Guard) => "an x32 number".to_owned(),
        (Operation::JumpSet, _) if k == X32_SYSCALL_BIT => "an x32 number".to_owned(),
        _ => String::new(),
    }
}

fn loaded(offset: u32) -> String {
    match offset {
        OFFSET_NUMBER => "the syscall's number".to_owned(),
        OFFSET_ARCH => "the architecture".to_owned(),
        OFFSET_ARGUMENTS.. => {
            let place = offset - OFFSET_ARGUMENTS;
            let half = if place.is_multiple_of(8) {
                "low"
            } else {
                "high"
            };
            format!("argument {}, {half} word", place / 8)
        }
        _ => "the instruction pointer".to_owned(),
    }
}

fn architecture(audit: u32) -> String {
    let known: Vec<&str> = Arch::ALL
        .into_iter()
        .filter(|arch| arch.audit() == audit)
        .map(Arch::name)
        .collect();
    if known.is_empty() {
        "a foreign architecture".to_owned()
    } else {
        known.join(" or ")
    }
}

/// Names by ABI and number, collected as they are needed.
#[derive(Default)]
struct Names(HashMap<Arch, HashMap<u32, &'static str>>);

impl Names {
    fn of(&mut self, audit: u32, number: u32) -> String {
        let Some(arch) = Arch::of_call(audit, number.cast_signed()) else {
            return format!("call {number}");
        };
        let names = self.0.entry(arch).or_insert_with(|| {
            syscalls::all()
                .filter_map(|call| Some((call.number(arch)?, call.name())))
                .collect()
        });
        names.get(&number).map_or_else(
            || format!("call {number}"),
            |name| format!("{name} ({})", arch.name()),
        )
    }
}
