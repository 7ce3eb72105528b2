//! The rest of the security contexts, and what a Windows pod may not have.

use crate::{
    api::{FieldError, eras},
    object::{Container, Pod},
    version::Version,
};

/// The largest user and group number.
const MAX_ID: i64 = 2_147_483_647;

/// Checks security contexts but for their profiles (`ValidateSecurityContext`,
/// `validateWindows`).
pub(super) fn check(pod: &Pod, version: Version, prefix: &str, errors: &mut Vec<FieldError>) {
    let context = format!("{prefix}spec.securityContext");
    let security = &pod.spec.security;
    for (key, id) in [
        ("runAsUser", security.run_as_user),
        ("runAsGroup", security.run_as_group),
        ("fsGroup", security.fs_group),
    ] {
        check_id(id, &format!("{context}.{key}"), errors);
    }
    if pod.is_windows() {
        for (key, set) in [
            ("appArmorProfile", security.app_armor.is_some()),
            ("seccompProfile", security.seccomp.is_some()),
            ("seLinuxOptions", security.se_linux.is_some()),
            ("fsGroup", security.fs_group.is_some()),
            ("runAsUser", security.run_as_user.is_some()),
            ("runAsGroup", security.run_as_group.is_some()),
            ("sysctls", !security.sysctls.is_empty()),
        ] {
            windows(set, &format!("{context}.{key}"), errors);
        }
    }
    for (role, index, container) in pod.spec.all_containers() {
        let context = format!("{prefix}spec.{}[{index}].securityContext", role.key());
        check_container(pod, container, version, &context, errors);
    }
}

fn check_container(
    pod: &Pod,
    container: &Container,
    version: Version,
    context: &str,
    errors: &mut Vec<FieldError>,
) {
    let security = &container.security;
    check_id(
        security.run_as_user,
        &format!("{context}.runAsUser"),
        errors,
    );
    check_id(
        security.run_as_group,
        &format!("{context}.runAsGroup"),
        errors,
    );
    if let Some(mount) = &security.proc_mount {
        let path = format!("{context}.procMount");
        match mount.as_str() {
            "Default" => {}
            "Unmasked" => {
                if eras::unmasked_needs_user_namespace(version).rule
                    && pod.spec.host_users != Some(false)
                {
                    errors.push(FieldError::invalid(
                        path,
                        mount,
                        "`hostUsers` must be false to use `Unmasked`",
                    ));
                }
            }
            _ => errors.push(FieldError::not_supported(
                path,
                mount,
                &["Default", "Unmasked"],
            )),
        }
    }
    if security.allow_privilege_escalation == Some(false) {
        if security.privileged == Some(true) {
            errors.push(FieldError::invalid_dump(
                context,
                dump(container),
                "cannot set `allowPrivilegeEscalation` to false and `privileged` to true",
            ));
        }
        // The comparison is literal: SYS_ADMIN without its prefix passes.
        let added = security
            .capabilities
            .iter()
            .flat_map(|capabilities| &capabilities.add);
        for _ in added.filter(|name| *name == "CAP_SYS_ADMIN") {
            errors.push(FieldError::invalid_dump(
                context,
                dump(container),
                "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN",
            ));
        }
    }
    if pod.is_windows() {
        for (key, set) in [
            ("appArmorProfile", security.app_armor.is_some()),
            ("seccompProfile", security.seccomp.is_some()),
            ("capabilities", security.capabilities.is_some()),
            (
                "readOnlyRootFilesystem",
                security.read_only_root_filesystem.is_some(),
            ),
            ("privileged", security.privileged.is_some()),
            (
                "allowPrivilegeEscalation",
                security.allow_privilege_escalation.is_some(),
            ),
            ("procMount", security.proc_mount.is_some()),
            ("seLinuxOptions", security.se_linux.is_some()),
            ("runAsUser", security.run_as_user.is_some()),
            ("runAsGroup", security.run_as_group.is_some()),
        ] {
            windows(set, &format!("{context}.{key}"), errors);
        }
    }
}

fn check_id(id: Option<i64>, path: &str, errors: &mut Vec<FieldError>) {
    if let Some(id) = id.filter(|id| !(0..=MAX_ID).contains(id)) {
        errors.push(FieldError::invalid_dump(
            path,
            id.to_string(),
            format!("must be between 0 and {MAX_ID}, inclusive"),
        ));
    }
}

fn windows(set: bool, path: &str, errors: &mut Vec<FieldError>) {
    if set {
        errors.push(FieldError::forbidden(
            path,
            "cannot be set for a windows pod",
        ));
    }
}

/// The security context as an error message prints it. Releases differ in the
/// form; this is the JSON of newer ones.
fn dump(container: &Container) -> String {
    let security = &container.security;
    let mut dump = serde_json::Map::new();
    if let Some(capabilities) = &security.capabilities {
        let mut lists = serde_json::Map::new();
        for (key, names) in [("add", &capabilities.add), ("drop", &capabilities.drop)] {
            if !names.is_empty() {
                lists.insert(key.to_owned(), names.clone().into());
            }
        }
        dump.insert("capabilities".to_owned(), lists.into());
    }
    if let Some(privileged) = security.privileged {
        dump.insert("privileged".to_owned(), privileged.into());
    }
    if let Some(allow) = security.allow_privilege_escalation {
        dump.insert("allowPrivilegeEscalation".to_owned(), allow.into());
    }
    serde_json::Value::Object(dump).to_string()
}
