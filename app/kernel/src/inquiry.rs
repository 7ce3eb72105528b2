//! What the gates behind a refusal would have said.
//!
//! The kernel stops at the first refusal, and so does [`World::syscall`]. The
//! question is put to the later gates for real: the call is made on a clone
//! whose refusing gate lets it pass, and again, until nothing but the object
//! itself stands in the way. The world that is asked about does not change.

use crate::{
    call::Call,
    context::Context,
    event::{Gate, GateKind, Verdict},
    id::Pid,
    task::State,
    world::World,
};

/// Kinds of gate whose refusals are noted and then passed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Waived(u8);

impl Waived {
    /// Whether refusals of this kind are passed over.
    pub fn has(self, kind: GateKind) -> bool {
        self.0 & 1 << kind as u8 != 0
    }

    fn with(self, kind: GateKind) -> Self {
        Self(self.0 | 1 << kind as u8)
    }
}

impl World {
    /// Every gate's own answer to a call in this world, in the kernel's order:
    /// a refusal does not end the questions. The list ends where the call
    /// cannot go on whoever asks, as when there is no such file.
    ///
    /// Empty when the task does not exist or has ended.
    pub fn every_gate(&self, pid: Pid, call: &Call) -> Vec<Gate> {
        let mut waived = Waived::default();
        loop {
            let (gates, ended) = self.gates_with(pid, call, waived);
            let refusing = gates.iter().rev().find(|gate| refuses(gate.verdict));
            match refusing.map(|gate| gate.kind) {
                Some(kind) if ended && !waived.has(kind) && kind != GateKind::PathWalk => {
                    waived = waived.with(kind);
                }
                _ => return gates,
            }
        }
    }

    /// The gates of a call on a clone, and whether it came to nothing.
    fn gates_with(&self, pid: Pid, call: &Call, waived: Waived) -> (Vec<Gate>, bool) {
        let mut world = self.clone();
        let Some(task) = world
            .tasks
            .get(&pid)
            .filter(|task| task.state == State::Running)
        else {
            return (Vec::new(), false);
        };
        let credentials = std::sync::Arc::clone(&task.credentials);
        let mut context = Context::new(&mut world, pid, credentials);
        context.waived = waived;
        let failed = context.enter(call).is_err();
        let (gates, _, _) = context.finish();
        let skipped = gates
            .iter()
            .any(|gate| gate.verdict == Verdict::Skipped && !waived.has(gate.kind));
        let died = world
            .task(pid)
            .is_none_or(|task| task.state != State::Running);
        (gates, failed || skipped || died)
    }
}

fn refuses(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Denied(_) | Verdict::Killed(_) | Verdict::Skipped
    )
}
