//! One container on its way through kubelet, runtimes and kernel.

use super::{
    Confinement, SeccompInForce,
    chain::Chain,
    failure::{Content, Failure, content, oci_failure, runtime_failure},
};
use crate::{
    kubelet::{self, CriProfile},
    node::{LoadedProfile, OciKind, RuntimeKind},
    object::{Container, Pod, Profile, ProfileType},
    runtime::{
        Answer, containerd, crio, default_apparmor_name, docker, effective_capabilities, oci,
    },
    step::{Component, Control, Verdict},
};

/// A pod that a kubelet has let in.
#[derive(Clone, Copy)]
pub(super) struct Admitted<'p> {
    pub pod: &'p Pod,
    pub oci: OciKind,
}

/// Takes one container through the node; the steps are added to the chain.
pub(super) fn start(
    chain: &mut Chain<'_>,
    admitted: Admitted<'_>,
    container: &Container,
) -> Result<Confinement, Failure> {
    user(chain, admitted, container)?;
    let seccomp_request = seccomp_request(chain, admitted, container)?;
    let apparmor_request = apparmor_request(chain, admitted, container)?;
    let apparmor = apparmor(chain, admitted, container, apparmor_request.as_ref())?;
    let seccomp = seccomp(chain, admitted, container, &seccomp_request)?;
    let privileged = container.security.privileged == Some(true);
    let (apparmor, complain) = in_kernel(chain, admitted, container, apparmor);
    Ok(Confinement {
        container: container.name.clone(),
        apparmor,
        complain,
        seccomp,
        capabilities: effective_capabilities(&container.security, chain.node.stack.runtime.kind),
        privileged,
        no_new_privs: container.security.allow_privilege_escalation == Some(false),
    })
}

/// Whether the kubelet starts the container as the user that it would have.
fn user(
    chain: &mut Chain<'_>,
    admitted: Admitted<'_>,
    container: &Container,
) -> Result<(), Failure> {
    const SOURCE: &str = "pkg/kubelet/kuberuntime/security_context.go verifyRunAsNonRoot";
    if !kubelet::must_not_be_root(admitted.pod, container) {
        return Ok(());
    }
    let image = chain.node.image_user(&container.image);
    let version = chain.node.stack.kubelet.version;
    let problem = kubelet::root_problem(admitted.pod, container, &image, version);
    let answer = match &problem {
        Some(problem) => (Verdict::Refused, problem.clone()),
        None => {
            let own = container.security.run_as_user;
            let words = match own.or(admitted.pod.spec.security.run_as_user) {
                Some(uid) => format!("It runs as user {uid}, which is not root."),
                None if image.number().is_some() => {
                    format!("The image's user is {}, which is not root.", image.uid)
                }
                None => format!(
                    "The image's user is {}: this release looks no name up, and lets it pass.",
                    image.written
                ),
            };
            (Verdict::Honoured, words)
        }
    };
    let about = (Control::Pod, Some(container.name.as_str()));
    chain.add(Component::Kubelet, about, "runAsNonRoot", answer, SOURCE);
    match problem {
        None => Ok(()),
        Some(message) => Err(Failure {
            reason: "CreateContainerConfigError",
            message,
        }),
    }
}

/// The seccomp profile that the kubelet asks the runtime for.
fn seccomp_request(
    chain: &mut Chain<'_>,
    admitted: Admitted<'_>,
    container: &Container,
) -> Result<CriProfile, Failure> {
    const SOURCE: &str = "pkg/kubelet/kuberuntime/helpers.go getSeccompProfile";
    let kubelet = &chain.node.stack.kubelet;
    let version = kubelet.version;
    let asked = kubelet::seccomp_profile(admitted.pod, container, version);
    let default = kubelet.seccomp_default && kubelet::eras::seccomp_default(version).rule;
    let request =
        kubelet::seccomp_to_cri(asked.as_ref(), default, kubelet::seccomp_patched(version));
    let about = (Control::Seccomp, Some(container.name.as_str()));
    let words = asked
        .as_ref()
        .map_or_else(|| "nothing".to_owned(), ToString::to_string);
    match &request {
        Err(error) => {
            chain.add(
                Component::Kubelet,
                about,
                words,
                (Verdict::Refused, *error),
                SOURCE,
            );
            return Err(Failure {
                reason: "CreateContainerConfigError",
                message: (*error).to_owned(),
            });
        }
        Ok(request) => {
            let written = container.security.seccomp.is_some()
                || admitted.pod.spec.security.seccomp.is_some();
            let answer = match (&asked, request.kind) {
                (Some(profile), ProfileType::Unconfined) if profile.is(ProfileType::Localhost) => (
                    Verdict::Dropped,
                    "A Localhost profile without a file name becomes Unconfined (CVE-2023-2431); nothing is said."
                        .to_owned(),
                ),
                (Some(_), _) => (Verdict::Honoured, format!("{} is asked of the runtime.", describe(request))),
                (None, ProfileType::RuntimeDefault) => (
                    Verdict::NothingAsked,
                    "Nothing was asked; the setting `seccompDefault` makes it RuntimeDefault.".to_owned(),
                ),
                (None, _) if annotated(admitted.pod, container) && !written => {
                    (Verdict::DoesNotLook, "Kubelets from 1.27 on do not read seccomp annotations.".to_owned())
                }
                (None, _) => (Verdict::NothingAsked, "Nothing was asked: Unconfined.".to_owned()),
            };
            chain.add(Component::Kubelet, about, words, answer, SOURCE);
        }
    }
    request.map_err(|error| Failure {
        reason: "CreateContainerConfigError",
        message: error.to_owned(),
    })
}

fn annotated(pod: &Pod, container: &Container) -> bool {
    use crate::api::annotation::{SECCOMP_POD, SECCOMP_PREFIX};
    pod.annotations.contains_key(SECCOMP_POD)
        || pod
            .annotations
            .contains_key(&format!("{SECCOMP_PREFIX}{}", container.name))
}

/// The AppArmor profile that the kubelet asks the runtime for.
fn apparmor_request(
    chain: &mut Chain<'_>,
    admitted: Admitted<'_>,
    container: &Container,
) -> Result<Option<CriProfile>, Failure> {
    let version = chain.node.stack.kubelet.version;
    let era = kubelet::eras::kubelet(version);
    let about = (Control::AppArmor, Some(container.name.as_str()));
    if era.rule.host == kubelet::eras::HostCheck::None {
        let words = "This release knows nothing of AppArmor.";
        chain.add(
            Component::Kubelet,
            about,
            "",
            (Verdict::DoesNotLook, words),
            era.source,
        );
        return Ok(None);
    }
    let field = container.security.app_armor.as_ref().or(admitted
        .pod
        .spec
        .security
        .app_armor
        .as_ref());
    let profile = kubelet::apparmor_profile(admitted.pod, container, version);
    let asked = profile
        .as_ref()
        .or(field)
        .map_or_else(|| "nothing".to_owned(), ToString::to_string);
    match kubelet::apparmor_to_cri(profile.as_ref()) {
        Err(error) => {
            chain.add(
                Component::Kubelet,
                about,
                asked,
                (Verdict::Refused, error.clone()),
                era.source,
            );
            Err(Failure {
                reason: "CreateContainerConfigError",
                message: error,
            })
        }
        Ok((request, _)) => {
            let answer = match (&request, field) {
                (Some(request), _) => (
                    Verdict::Honoured,
                    format!("{} is asked of the runtime.", describe(request)),
                ),
                (None, Some(_)) => (
                    Verdict::Dropped,
                    "This release has no appArmorProfile field: it never sees what it says."
                        .to_owned(),
                ),
                (None, None) => (
                    Verdict::NothingAsked,
                    "No profile is asked of the runtime.".to_owned(),
                ),
            };
            chain.add(Component::Kubelet, about, asked, answer, era.source);
            Ok(request)
        }
    }
}

fn describe(request: &CriProfile) -> String {
    Profile {
        kind: request.kind.name().to_owned(),
        localhost: (!request.localhost_ref.is_empty()).then(|| request.localhost_ref.clone()),
    }
    .to_string()
}

/// The AppArmor profile through CRI and OCI runtime.
fn apparmor(
    chain: &mut Chain<'_>,
    admitted: Admitted<'_>,
    container: &Container,
    request: Option<&CriProfile>,
) -> Result<Option<String>, Failure> {
    let node = chain.node;
    let stack = &node.stack;
    let privileged = container.security.privileged == Some(true);
    let enabled = node.found.runtime;
    let answer = match stack.runtime.kind {
        RuntimeKind::Containerd => {
            containerd::apparmor(request, privileged, enabled, &|name| node.is_loaded(name))
        }
        RuntimeKind::CriO => crio::apparmor(request, privileged, enabled, stack),
        RuntimeKind::Docker => docker::apparmor(request, privileged, enabled),
    };
    let asked = request.map_or_else(|| "nothing".to_owned(), describe);
    let about = (Control::AppArmor, Some(container.name.as_str()));
    let component = stack.runtime.kind.component();
    let profile = take(chain, component, about, asked, answer)
        .map_err(|error| runtime_failure(stack.runtime.kind, "apparmor", &error))?;
    let asked = profile.as_ref().map_or_else(
        || "nothing".to_owned(),
        |name| format!("apparmorProfile: {name}"),
    );
    let generated = |name: &str| {
        name == default_apparmor_name(stack.runtime.kind)
            || (stack.runtime.kind == RuntimeKind::CriO
                && name == stack.runtime.settings.apparmor_profile)
    };
    let loaded = |name: &str| node.is_loaded(name) || generated(name);
    let answer = oci::apparmor(admitted.oci, profile.as_deref(), &stack.host, &loaded);
    take(chain, admitted.oci.component(), about, asked, answer)
        .map_err(|error| oci_failure(node, admitted.oci, &error))
}

/// The seccomp filter through CRI and OCI runtime.
fn seccomp(
    chain: &mut Chain<'_>,
    admitted: Admitted<'_>,
    container: &Container,
    request: &CriProfile,
) -> Result<SeccompInForce, Failure> {
    let node = chain.node;
    let kind = node.stack.runtime.kind;
    let privileged = container.security.privileged == Some(true);
    let enabled = node.stack.host.seccomp;
    let mut answer = match kind {
        RuntimeKind::Containerd => containerd::seccomp(Some(request), privileged, enabled),
        RuntimeKind::CriO => crio::seccomp(
            Some(request),
            privileged,
            enabled && node.stack.runtime.settings.seccomp_build,
        ),
        RuntimeKind::Docker => docker::seccomp(Some(request), privileged, enabled),
    };
    let local = request.kind == ProfileType::Localhost;
    let mut not_built = None;
    if let (true, Ok(Some(path))) = (local, &answer.profile) {
        match content(node, path, container) {
            Ok(()) => {}
            Err(Content::Unreadable(error)) => answer = Answer::refused(error, answer.source),
            Err(Content::NotBuilt(error)) => not_built = Some(error),
        }
    }
    let about = (Control::Seccomp, Some(container.name.as_str()));
    let profile = take(chain, kind.component(), about, describe(request), answer)
        .map_err(|error| runtime_failure(kind, "seccomp", &error))?;
    let asked = profile
        .as_ref()
        .map_or_else(|| "nothing".to_owned(), |name| format!("seccomp: {name}"));
    let mut answer = oci::seccomp(admitted.oci, profile.as_deref());
    if let (Some(error), Verdict::Honoured) = (not_built, answer.verdict) {
        answer = Answer::refused(error, answer.source);
    }
    let profile = take(chain, admitted.oci.component(), about, asked, answer)
        .map_err(|error| oci_failure(node, admitted.oci, &error))?;
    Ok(match profile {
        None => SeccompInForce::Unconfined,
        Some(path) if local => SeccompInForce::Localhost(path),
        Some(_) => SeccompInForce::RuntimeDefault,
    })
}

/// Adds the step that an answer makes, and hands on its profile.
fn take(
    chain: &mut Chain<'_>,
    component: Component,
    about: (Control, Option<&str>),
    asked: String,
    answer: Answer,
) -> Result<Option<String>, String> {
    chain.add(
        component,
        about,
        asked,
        (answer.verdict, answer.words),
        answer.source,
    );
    answer.profile
}

/// What the kernel makes of the profile: the name in force, and whether it only complains.
fn in_kernel(
    chain: &mut Chain<'_>,
    admitted: Admitted<'_>,
    container: &Container,
    profile: Option<String>,
) -> (Option<String>, bool) {
    const SOURCE: &str =
        "security/apparmor/domain.c: the profile is attached at execve, by its name";
    let about = (Control::AppArmor, Some(container.name.as_str()));
    let Some(name) = profile else {
        let words = if admitted.oci == OciKind::Runsc {
            "The processes run in gVisor's own kernel, which has no AppArmor."
        } else {
            "Nothing was written to attr/exec: the process runs unconfined."
        };
        chain.add(
            Component::Kernel,
            about,
            "nothing",
            (Verdict::NothingAsked, words),
            SOURCE,
        );
        return (None, false);
    };
    let mode = chain.node.profiles.get(&name).copied();
    let asked = format!("exec {name}");
    let (verdict, words) = match mode {
        Some(LoadedProfile::Complain) => (
            Verdict::Dropped,
            format!("{name} (complain): what it does not allow is logged, not denied."),
        ),
        Some(LoadedProfile::Unconfined) => (
            Verdict::Dropped,
            format!("{name} (unconfined): the profile confines nothing."),
        ),
        Some(LoadedProfile::Enforce)
            if name == default_apparmor_name(chain.node.stack.runtime.kind) =>
        {
            (
                Verdict::Honoured,
                format!(
                    "{name} (enforce): a profile of this name was loaded before, and is used as it is."
                ),
            )
        }
        Some(LoadedProfile::Enforce) | None => (Verdict::Honoured, format!("{name} (enforce)")),
    };
    chain.add(Component::Kernel, about, asked, (verdict, words), SOURCE);
    match mode {
        Some(LoadedProfile::Unconfined) => (None, false),
        Some(LoadedProfile::Complain) => (Some(name), true),
        _ => (Some(name), false),
    }
}
