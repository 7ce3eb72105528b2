//! Executing a path.

use std::sync::Arc;

use super::attachment::best_among;
use crate::{
    decision::{
        Class, Decision, Errno, ExecDecision, ExecFallback, ExecKind, ExecLabel, ExecTransition,
    },
    permission::FilePermissions,
    profile::{Attachment, Profile},
    verdict::Mode,
};

/// What a transition comes to.
struct Found {
    label: Option<ExecLabel>,
    info: Option<&'static str>,
}

impl Profile {
    /// Executes a path whose file has these extended attributes; `loaded` are the loaded profiles in
    /// the order of the kernel's list, the newest first. As `profile_transition` of `domain.c`.
    pub fn exec(
        &self,
        path: &[u8],
        owner: bool,
        xattrs: &[(&str, &[u8])],
        loaded: &[Arc<Profile>],
    ) -> ExecDecision {
        const EXEC: FilePermissions = FilePermissions::EXEC;
        if self.is_unconfined() {
            let target = match best_among(self.siblings(loaded), path, xattrs) {
                Attachment::Profile(profile) => ExecLabel::Profile(profile),
                Attachment::None | Attachment::Conflict(_) => ExecLabel::Same,
            };
            return ExecDecision {
                decision: Decision::unmediated(Class::File, EXEC.0),
                transition: None,
                target: Some(target),
                secure: false,
            };
        }
        let (mut decision, transition) = self.with_path(path, owner, |found| match found {
            Some(found) => (
                found.decide(EXEC),
                self.transition(found.transition).cloned(),
            ),
            None => (Self::no_file_rules(EXEC), None),
        });
        if !decision.allowed() {
            let learning = || format!("{}//null-{}", self.label(), String::from_utf8_lossy(path));
            return ExecDecision {
                decision,
                transition: None,
                target: (self.mode == Mode::Complain).then(|| ExecLabel::Learning(learning())),
                secure: false,
            };
        }
        let found = match &transition {
            Some(transition) => self.follow(transition, path, xattrs, loaded),
            None => Found {
                label: None,
                info: None,
            },
        };
        let Some(label) = found.label else {
            decision.permissions.allow &= !EXEC.0;
            decision.error = Some(Errno::Eacces);
            decision.info = Some("profile transition not found");
            return ExecDecision {
                decision,
                transition,
                target: None,
                secure: false,
            };
        };
        decision.info = found.info;
        let stays = matches!(label, ExecLabel::Same) && found.info.is_some();
        let scrub = transition
            .as_ref()
            .is_some_and(|transition| transition.scrub);
        ExecDecision {
            decision,
            secure: scrub && !stays,
            transition,
            target: Some(label),
        }
    }

    /// The transition that the exec letters of a path ask for; none where it grants no `x`.
    pub fn exec_transition(&self, path: &[u8], owner: bool) -> Option<ExecTransition> {
        self.with_path(path, owner, |found| {
            self.transition(found?.transition).cloned()
        })
    }

    /// Finds the label that a transition leads to (`x_to_label`).
    fn follow(
        &self,
        transition: &ExecTransition,
        path: &[u8],
        xattrs: &[(&str, &[u8])],
        loaded: &[Arc<Profile>],
    ) -> Found {
        let mut info = None;
        let mut attach = |children: bool| {
            let found = if children {
                best_among(self.children(loaded), path, xattrs)
            } else {
                best_among(self.siblings(loaded), path, xattrs)
            };
            match found {
                Attachment::Profile(profile) => Some(profile),
                Attachment::None => None,
                Attachment::Conflict(_) => {
                    info = Some("conflicting profile attachments");
                    None
                }
            }
        };
        let mut label = match &transition.kind {
            ExecKind::None => None,
            ExecKind::Profile => attach(false).map(ExecLabel::Profile),
            ExecKind::Child => attach(true).map(ExecLabel::Profile),
            ExecKind::Named(name) => match name.strip_prefix('&') {
                None => self.named(name, loaded),
                Some(stacked) => {
                    let on_top = self.named(stacked, loaded).is_some();
                    let below = if on_top {
                        attach(false).map(|profile| profile.label())
                    } else {
                        None
                    };
                    let below = below.or_else(|| match transition.fallback {
                        ExecFallback::Inherit if on_top => Some(self.label()),
                        ExecFallback::Unconfined if on_top => Some("unconfined".to_owned()),
                        _ => None,
                    });
                    below.map(|below| ExecLabel::Named(format!("{below}//&{stacked}")))
                }
            },
        };
        if label.is_none() {
            match transition.fallback {
                ExecFallback::Inherit => {
                    label = Some(ExecLabel::Same);
                    info = Some("ix fallback");
                }
                ExecFallback::Unconfined => {
                    label = Some(ExecLabel::Unconfined);
                    info = Some("ux fallback");
                }
                ExecFallback::Refuse => {}
            }
        }
        Found { label, info }
    }

    /// A profile by the name a transition gives, if it is loaded.
    fn named(&self, name: &str, loaded: &[Arc<Profile>]) -> Option<ExecLabel> {
        if name == "unconfined" {
            return Some(ExecLabel::Unconfined);
        }
        if name.ends_with(":unconfined") {
            return Some(ExecLabel::Named(name.to_owned()));
        }
        let (namespace, rest) = split_namespace(name);
        let namespace = namespace.or(self.name.namespace.as_deref());
        let find = |name: &str| {
            loaded.iter().find(|profile| {
                profile.name.full == name && profile.name.namespace.as_deref() == namespace
            })
        };
        if let Some(profile) = find(rest) {
            return Some(ExecLabel::Profile(profile.clone()));
        }
        let mut parts = rest.split("//&").peekable();
        let stacked = rest.contains("//&") && parts.all(|part| find(part).is_some());
        stacked.then(|| ExecLabel::Named(name.to_owned()))
    }

    /// The top-level profiles of the same namespace.
    pub(super) fn siblings<'a>(
        &self,
        loaded: &'a [Arc<Profile>],
    ) -> impl Iterator<Item = &'a Arc<Profile>> {
        let namespace = self.name.namespace.clone();
        loaded
            .iter()
            .filter(move |profile| profile.is_top() && profile.name.namespace == namespace)
    }

    /// The direct children.
    pub(super) fn children<'a>(
        &self,
        loaded: &'a [Arc<Profile>],
    ) -> impl Iterator<Item = &'a Arc<Profile>> {
        let namespace = self.name.namespace.clone();
        let prefix = format!("{}//", self.name.full);
        loaded.iter().filter(move |profile| {
            let below = profile.name.full.strip_prefix(&prefix);
            profile.name.namespace == namespace && below.is_some_and(|name| !name.contains("//"))
        })
    }

    /// Whether it is no child.
    pub(crate) fn is_top(&self) -> bool {
        !self.name.full.contains("//")
    }
}

/// `:ns:name` or `:ns://name` in two.
fn split_namespace(name: &str) -> (Option<&str>, &str) {
    let Some((namespace, rest)) = name.strip_prefix(':').and_then(|rest| rest.split_once(':'))
    else {
        return (None, name);
    };
    (Some(namespace), rest.strip_prefix("//").unwrap_or(rest))
}
