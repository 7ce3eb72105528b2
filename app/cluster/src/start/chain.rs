//! Collecting steps.

use std::borrow::Cow;

use super::{Outcome, Start};
use crate::{
    node::Node,
    step::{Component, Control, Step, Verdict},
};

/// Steps about one node, as they are taken.
pub(super) struct Chain<'n> {
    pub node: &'n Node,
    pub steps: Vec<Step>,
}

impl Chain<'_> {
    /// Adds a step of a component of the node.
    pub fn add(
        &mut self,
        component: Component,
        (control, container): (Control, Option<&str>),
        asked: impl Into<Cow<'static, str>>,
        (verdict, message): (Verdict, impl Into<Cow<'static, str>>),
        source: &'static str,
    ) {
        self.steps.push(Step {
            component,
            version: self.node.version_of(component).into(),
            control,
            container: container.map(str::to_owned),
            asked: asked.into(),
            verdict,
            message: message.into(),
            source,
        });
    }

    /// Adds the components that the pod does not come to.
    pub fn not_reached(&mut self, components: &[Component]) {
        for component in components {
            self.add(
                *component,
                (Control::Pod, None),
                "",
                (Verdict::NotReached, ""),
                "",
            );
        }
    }

    /// The components of the node from the kubelet on.
    pub fn of_node(&self) -> [Component; 4] {
        [
            Component::Kubelet,
            self.node.stack.runtime.kind.component(),
            self.node.stack.oci.kind.component(),
            Component::Kernel,
        ]
    }
}

impl Start {
    /// The step that decided what became of a control: the first that
    /// refused, else the last that dropped it, else the last that honoured it. A
    /// refusal did not decide what became of a pod that runs unprotected.
    pub fn deciding(&self, control: Control, container: Option<&str>) -> Option<usize> {
        let last = |verdict: Verdict| {
            self.chain.iter().rposition(|step| {
                step.verdict == verdict
                    && step.control == control
                    && (container.is_none()
                        || step.container.is_none()
                        || step.container.as_deref() == container)
            })
        };
        let silent = self.outcome == Outcome::SilentlyUnprotected;
        let refused = || {
            let mut steps = self.chain.iter();
            steps.position(|step| step.verdict == Verdict::Refused)
        };
        refused()
            .filter(|_| !silent)
            .or_else(|| last(Verdict::Dropped))
            .or_else(|| last(Verdict::NothingAsked).filter(|_| silent))
            .or_else(|| last(Verdict::Honoured))
    }

    /// The steps of one component.
    pub fn steps_of(&self, component: Component) -> impl Iterator<Item = &Step> {
        self.chain
            .iter()
            .filter(move |step| step.component == component)
    }
}
