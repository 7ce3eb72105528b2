//! Template forms to the runtime-spec form, as Docker and podman/CRI-O expand
//! them for one container (moby/profiles `seccomp_linux.go`, containers/common
//! `pkg/seccomp/seccomp_linux.go`).

use super::{
    Format, ReadContext,
    document::{Conditions, Document, SyscallObject},
    errno,
};
use crate::{
    error::{ErrorClass, ProfileError},
    profile::{LeftOut, Spanned},
};

/// Carries out archMap, conditions and errno names; the document then reads as
/// one in the runtime-spec form.
pub(super) fn expand(
    document: &mut Document,
    format: Format,
    context: &ReadContext,
) -> Result<Vec<LeftOut>, ProfileError> {
    expand_architectures(document, format, context)?;
    if format == Format::Common {
        document.default_errno =
            errno::resolve(&document.default_errno_name, document.default_errno)?;
        if document.flags.as_ref().is_some_and(Vec::is_empty) {
            document.flags = None;
        }
    }
    let mut left_out = Vec::new();
    let mut kept = Vec::new();
    for rule in document.syscalls.take().unwrap_or_default() {
        let Some(mut rule) = rule else {
            return Err(null_error(document));
        };
        if format == Format::Docker {
            one_name(&mut rule, format)?;
        }
        if let Some(reason) = why_left_out(&rule, context) {
            let span = rule.span;
            left_out.push(LeftOut { span, reason });
            continue;
        }
        if format == Format::Common {
            one_name(&mut rule, format)?;
            rule.errno = errno::resolve(&rule.errno_name, rule.errno)?;
            if rule.names.as_ref().is_none_or(Vec::is_empty) {
                continue;
            }
        }
        kept.push(Some(rule));
    }
    document.syscalls = Some(kept);
    Ok(left_out)
}

/// A null where the loader follows a pointer.
pub(super) fn null_error(document: &Document) -> ProfileError {
    ProfileError {
        class: ErrorClass::NullSyscall,
        message: "panic: runtime error: invalid memory address or nil pointer dereference"
            .to_owned(),
        sentence: "This list must not contain null; the loader crashes on it.".to_owned(),
        span: document.null.clone().unwrap_or(0..0),
    }
}

fn expand_architectures(
    document: &mut Document,
    format: Format,
    context: &ReadContext,
) -> Result<(), ProfileError> {
    let map = document.arch_map.take().unwrap_or_default();
    let listed = document.architectures.get_or_insert_default();
    if !listed.is_empty() && !map.is_empty() {
        let message = if format == Format::Docker {
            "both 'architectures' and 'archMap' are specified in the seccomp profile, use either 'architectures' or 'archMap'"
        } else {
            "'architectures' and 'archMap' were specified in the seccomp profile, use either 'architectures' or 'archMap'"
        };
        return Err(ProfileError {
            class: ErrorClass::ArchAndArchMap,
            message: message.to_owned(),
            sentence: "Use architectures or archMap, not both: archMap already says which ABIs each node gets.".to_owned(),
            span: document.arch_map_span.clone(),
        });
    }
    let native = map
        .into_iter()
        .find(|map| map.architecture.value == context.native.oci_name());
    if let Some(native) = native {
        listed.push(native.architecture);
        listed.extend(native.sub_architectures.unwrap_or_default());
    }
    Ok(())
}

/// Lets the old `name` stand for `names`.
fn one_name(rule: &mut SyscallObject, format: Format) -> Result<(), ProfileError> {
    if rule.name.value.is_empty() {
        return Ok(());
    }
    if rule.names.as_ref().is_some_and(|names| !names.is_empty()) {
        let message = if format == Format::Docker {
            "both 'name' and 'names' are specified in the seccomp profile, use either 'name' or 'names'"
        } else {
            "'name' and 'names' were specified in the seccomp profile, use either 'name' or 'names'"
        };
        return Err(ProfileError {
            class: ErrorClass::NameAndNames,
            message: message.to_owned(),
            sentence: "A rule has name or names, not both; put every syscall into names."
                .to_owned(),
            span: rule.name.span.clone(),
        });
    }
    rule.names = Some(vec![rule.name.clone()]);
    Ok(())
}

/// The condition that takes a rule out, in words.
fn why_left_out(rule: &SyscallObject, context: &ReadContext) -> Option<String> {
    let has = |capability: &&Spanned<String>| context.capabilities.contains(&capability.value);
    let native = context.native.template_name();
    let Conditions {
        capabilities,
        architectures,
        min_kernel,
    } = &rule.excludes;
    let listed = |list: &Option<Vec<Spanned<String>>>| list.clone().unwrap_or_default();
    if listed(architectures)
        .iter()
        .any(|arch| arch.value == native)
    {
        return Some(format!("not on {native}"));
    }
    if let Some(capability) = listed(capabilities).iter().find(has) {
        return Some(format!("only without {}", capability.value));
    }
    if let Some((kernel, major)) = min_kernel.filter(|version| context.kernel >= *version) {
        return Some(format!("only before Linux {kernel}.{major}"));
    }
    let Conditions {
        capabilities,
        architectures,
        min_kernel,
    } = &rule.includes;
    let wanted = listed(architectures);
    if !wanted.is_empty() && wanted.iter().all(|arch| arch.value != native) {
        return Some(format!("not for {native}"));
    }
    if let Some(missing) = listed(capabilities).iter().find(|one| !has(one)) {
        return Some(format!("needs {}", missing.value));
    }
    if let Some((kernel, major)) = min_kernel.filter(|version| context.kernel < *version) {
        return Some(format!("needs Linux {kernel}.{major}"));
    }
    None
}
