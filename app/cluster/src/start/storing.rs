//! What the API server stores of a declared profile, and what it does not read.

use super::declared::{Declared, DeclaredIn};
use crate::{
    object::Pod,
    step::{Component, Control, Step, Verdict},
};

/// The API server's own steps about declared profiles: stored, or not read.
pub(super) fn storing(declared: &[Declared], pod: &Pod, version: &str) -> Vec<Step> {
    let step = |control,
                container: Option<String>,
                asked: String,
                verdict,
                message: &'static str| Step {
        component: Component::ApiServer,
        version: version.to_owned().into(),
        control,
        container,
        asked: asked.into(),
        verdict,
        message: message.into(),
        source: "pkg/apis/core/validation looks only at exact keys; pkg/registry/core/pod stores the rest as it is",
    };
    let mut steps = Vec::new();
    for control in [Control::AppArmor, Control::Seccomp] {
        let mine = || declared.iter().filter(move |item| item.control == control);
        for item in mine().filter(|item| {
            matches!(
                item.place,
                DeclaredIn::Lookalike | DeclaredIn::ControllerAnnotation
            )
        }) {
            let message = if item.place == DeclaredIn::Lookalike {
                "The key is stored like any other annotation; no component reads it."
            } else {
                "The annotation is on the controller, not on the pod template: no component reads it."
            };
            steps.push(step(
                control,
                None,
                item.words.clone(),
                Verdict::DoesNotLook,
                message,
            ));
        }
        let stored = mine().find(|item| item.container.is_some() && still_there(item, pod));
        match stored {
            Some(item) => {
                let message = "The profile is stored with the pod.";
                steps.push(step(
                    control,
                    None,
                    item.words.clone(),
                    Verdict::Honoured,
                    message,
                ));
            }
            None if mine().next().is_none() => {
                let message = "The manifest asks for no profile.";
                steps.push(step(
                    control,
                    None,
                    "nothing".to_owned(),
                    Verdict::NothingAsked,
                    message,
                ));
            }
            None => {}
        }
    }
    steps
}

/// Whether what was declared is in the stored pod.
fn still_there(item: &Declared, pod: &Pod) -> bool {
    let container = || {
        pod.spec
            .all_containers()
            .find(|(_, _, c)| Some(c.name.as_str()) == item.container.as_deref())
    };
    let seccomp = item.control == Control::Seccomp;
    match item.place {
        DeclaredIn::ContainerField => container().is_some_and(|(_, _, container)| {
            let field = if seccomp {
                &container.security.seccomp
            } else {
                &container.security.app_armor
            };
            *field == item.profile
        }),
        DeclaredIn::PodField => {
            let field = if seccomp {
                &pod.spec.security.seccomp
            } else {
                &pod.spec.security.app_armor
            };
            *field == item.profile
        }
        DeclaredIn::Annotation | DeclaredIn::PodAnnotation => item
            .words
            .split_once(": ")
            .is_some_and(|(key, _)| pod.annotations.contains_key(key)),
        DeclaredIn::ControllerAnnotation | DeclaredIn::Lookalike => false,
    }
}
