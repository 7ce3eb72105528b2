//! Classic BPF as seccomp uses it: instructions, the kernel's acceptance check, execution.

/// Most instructions of one filter (`BPF_MAXINSNS`).
pub const MAX_INSTRUCTIONS: usize = 4096;

/// Words of `struct seccomp_data`.
const DATA_WORDS: usize = 16;

/// Offset of the syscall number in `struct seccomp_data`.
pub const OFFSET_NUMBER: u32 = 0;
/// Offset of the audit architecture.
pub const OFFSET_ARCH: u32 = 4;
/// Offset of the low word of the first argument; each argument takes eight bytes.
pub const OFFSET_ARGUMENTS: u32 = 16;

/// What an instruction does, of those that libseccomp and runc emit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// `ld [k]`: accumulator = word at byte `k` of `seccomp_data`.
    Load,
    /// `and #k`: accumulator &= `k`.
    And,
    /// `jeq #k`: jump by whether the accumulator equals `k`.
    JumpEqual,
    /// `jgt #k`: by whether it is greater, unsigned.
    JumpGreater,
    /// `jge #k`: by whether it is greater or equal.
    JumpGreaterOrEqual,
    /// `jset #k`: by whether it has a bit of `k`.
    JumpSet,
    /// `ja k`: jump by `k`.
    Jump,
    /// `ret #k`: answer `k`.
    Return,
}

/// One instruction, with the kernel's field names (`struct sock_filter`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Instruction {
    /// What it does.
    pub operation: Operation,
    /// How many instructions to skip when the test holds.
    pub jt: u8,
    /// How many to skip when it does not.
    pub jf: u8,
    /// The constant.
    pub k: u32,
}

/// The input of a filter: `struct seccomp_data`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct SeccompData {
    /// Syscall number.
    pub nr: i32,
    /// `AUDIT_ARCH_*`.
    pub arch: u32,
    /// Address of the calling instruction.
    pub instruction_pointer: u64,
    /// The six argument registers, all 64 bits.
    pub args: [u64; 6],
}

/// Why the kernel refuses a program (`bpf_check_classic`, `seccomp_check_filter`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No instruction, or more than [`MAX_INSTRUCTIONS`].
    #[error("a filter has 1 to {MAX_INSTRUCTIONS} instructions, this one has {0}")]
    Length(usize),
    /// A load outside the input or not on a word.
    #[error("instruction {0} loads outside of seccomp_data")]
    Load(usize),
    /// A jump past the end.
    #[error("instruction {0} jumps past the end")]
    Jump(usize),
    /// The program can run off its end.
    #[error("the last instruction is not a return")]
    NoReturn,
}

impl SeccompData {
    /// The words in little-endian order, as every architecture of the lab has them.
    pub fn words(&self) -> [u32; DATA_WORDS] {
        let mut words = [0; DATA_WORDS];
        words[0] = self.nr.cast_unsigned();
        words[1] = self.arch;
        (words[2], words[3]) = halves(self.instruction_pointer);
        for (pair, argument) in words[4..].chunks_exact_mut(2).zip(self.args) {
            (pair[0], pair[1]) = halves(argument);
        }
        words
    }
}

#[expect(clippy::cast_possible_truncation, reason = "takes the value apart")]
const fn halves(value: u64) -> (u32, u32) {
    (value as u32, (value >> 32) as u32)
}

/// Whether the kernel would take the program.
pub fn check(program: &[Instruction]) -> Result<(), Refused> {
    if program.is_empty() || program.len() > MAX_INSTRUCTIONS {
        return Err(Refused::Length(program.len()));
    }
    for (at, instruction) in program.iter().enumerate() {
        let left = program.len() - at - 1;
        match instruction.operation {
            Operation::Load => {
                let word = instruction.k as usize / 4;
                if !instruction.k.is_multiple_of(4) || word >= DATA_WORDS {
                    return Err(Refused::Load(at));
                }
            }
            Operation::Jump => {
                if instruction.k as usize >= left {
                    return Err(Refused::Jump(at));
                }
            }
            Operation::And | Operation::Return => {}
            _ => {
                if usize::from(instruction.jt.max(instruction.jf)) >= left {
                    return Err(Refused::Jump(at));
                }
            }
        }
    }
    match program.last() {
        Some(last) if last.operation == Operation::Return => Ok(()),
        _ => Err(Refused::NoReturn),
    }
}

/// Runs a checked program and calls `step` with the index of each instruction
/// before it is executed. Returns the filter's 32-bit answer.
///
/// A program that [`check`] refuses may run off its end; the answer is then 0,
/// which kills the thread.
pub fn run(program: &[Instruction], data: &SeccompData, mut step: impl FnMut(usize)) -> u32 {
    let words = data.words();
    let mut accumulator = 0;
    let mut at = 0;
    while let Some(instruction) = program.get(at) {
        step(at);
        let k = instruction.k;
        at += 1;
        let holds = match instruction.operation {
            Operation::Load => {
                accumulator = words.get(k as usize / 4).copied().unwrap_or(0);
                continue;
            }
            Operation::And => {
                accumulator &= k;
                continue;
            }
            Operation::Jump => {
                at += k as usize;
                continue;
            }
            Operation::Return => return k,
            Operation::JumpEqual => accumulator == k,
            Operation::JumpGreater => accumulator > k,
            Operation::JumpGreaterOrEqual => accumulator >= k,
            Operation::JumpSet => accumulator & k != 0,
        };
        at += usize::from(if holds {
            instruction.jt
        } else {
            instruction.jf
        });
    }
    0
}

impl Operation {
    /// The opcode: `sock_filter.code`.
    pub const fn code(self) -> u16 {
        match self {
            Self::Load => 0x20,
            Self::And => 0x54,
            Self::JumpEqual => 0x15,
            Self::JumpGreater => 0x25,
            Self::JumpGreaterOrEqual => 0x35,
            Self::JumpSet => 0x45,
            Self::Jump => 0x05,
            Self::Return => 0x06,
        }
    }
}

impl Instruction {
    /// An instruction without a jump.
    pub const fn plain(operation: Operation, k: u32) -> Self {
        Self {
            operation,
            jt: 0,
            jf: 0,
            k,
        }
    }

    /// The eight bytes that the kernel is given, little-endian.
    pub const fn to_bytes(self) -> [u8; 8] {
        let code = self.operation.code().to_le_bytes();
        let k = self.k.to_le_bytes();
        [code[0], code[1], self.jt, self.jf, k[0], k[1], k[2], k[3]]
    }
}
