//! The Go structs that the three forms of a profile are read into.

use super::{
    Format,
    decode::{Decoder, GoStruct},
    kernel_version,
};
use crate::profile::{Span, Spanned};

/// A profile's document: the fields of all forms; a form reads those it has.
#[derive(Debug, Clone, Default)]
pub(super) struct Document {
    pub(super) default_action: Spanned<String>,
    pub(super) default_errno: Option<u64>,
    /// Only in containers/common: a name or a number, which wins.
    pub(super) default_errno_name: Spanned<String>,
    pub(super) architectures: Option<Vec<Spanned<String>>>,
    pub(super) arch_map: Option<Vec<ArchMap>>,
    pub(super) arch_map_span: Span,
    pub(super) flags: Option<Vec<Spanned<String>>>,
    pub(super) listener_path: Spanned<String>,
    pub(super) syscalls: Option<Vec<Option<SyscallObject>>>,
    /// Where a null stands in a list of pointers, on which the loader panics.
    pub(super) null: Option<Span>,
}

/// An object of `archMap`.
#[derive(Debug, Clone, Default)]
pub(super) struct ArchMap {
    pub(super) architecture: Spanned<String>,
    pub(super) sub_architectures: Option<Vec<Spanned<String>>>,
}

/// An object of `syscalls`.
#[derive(Debug, Clone, Default)]
pub(super) struct SyscallObject {
    pub(super) span: Span,
    pub(super) names: Option<Vec<Spanned<String>>>,
    pub(super) name: Spanned<String>,
    pub(super) action: Spanned<String>,
    pub(super) errno: Option<u64>,
    pub(super) errno_name: Spanned<String>,
    pub(super) args: Option<Vec<ArgumentObject>>,
    pub(super) includes: Conditions,
    pub(super) excludes: Conditions,
}

/// An object of `args`.
#[derive(Debug, Clone, Default)]
pub(super) struct ArgumentObject {
    pub(super) span: Span,
    pub(super) index: u64,
    pub(super) value: u64,
    pub(super) value_two: u64,
    pub(super) operator: Spanned<String>,
}

/// `includes` or `excludes`.
#[derive(Debug, Clone, Default)]
pub(super) struct Conditions {
    pub(super) capabilities: Option<Vec<Spanned<String>>>,
    pub(super) architectures: Option<Vec<Spanned<String>>>,
    pub(super) min_kernel: Option<(u32, u32)>,
}

const RUNTIME_SPEC: GoStruct = GoStruct {
    type_name: "specs.LinuxSeccomp",
    name: "LinuxSeccomp",
    keys: &[
        "defaultAction",
        "defaultErrnoRet",
        "architectures",
        "flags",
        "listenerPath",
        "listenerMetadata",
        "syscalls",
    ],
};

const DOCKER: GoStruct = GoStruct {
    type_name: "seccomp.Seccomp",
    name: "Seccomp",
    keys: &[
        "defaultAction",
        "defaultErrnoRet",
        "architectures",
        "flags",
        "listenerPath",
        "listenerMetadata",
        "archMap",
        "syscalls",
    ],
};

const COMMON: GoStruct = GoStruct {
    type_name: "seccomp.Seccomp",
    name: "Seccomp",
    keys: &[
        "defaultAction",
        "defaultErrno",
        "defaultErrnoRet",
        "architectures",
        "flags",
        "listenerPath",
        "listenerMetadata",
        "archMap",
        "syscalls",
    ],
};

const RUNTIME_SPEC_RULE: GoStruct = GoStruct {
    type_name: "specs.LinuxSyscall",
    name: "LinuxSyscall",
    keys: &["names", "action", "errnoRet", "args"],
};

const DOCKER_RULE: GoStruct = GoStruct {
    type_name: "seccomp.Syscall",
    name: "Syscall",
    keys: &[
        "names", "action", "errnoRet", "args", "name", "comment", "includes", "excludes",
    ],
};

const COMMON_RULE: GoStruct = GoStruct {
    type_name: "seccomp.Syscall",
    name: "Syscall",
    keys: &[
        "names", "action", "errnoRet", "args", "name", "comment", "includes", "excludes", "errno",
    ],
};

const ARGUMENT: GoStruct = GoStruct {
    type_name: "specs.LinuxSeccompArg",
    name: "LinuxSeccompArg",
    keys: &["index", "value", "valueTwo", "op"],
};

const ARCH_MAP: GoStruct = GoStruct {
    type_name: "seccomp.Architecture",
    name: "Architecture",
    keys: &["architecture", "subArchitectures"],
};

const DOCKER_CONDITIONS: GoStruct = GoStruct {
    type_name: "seccomp.Filter",
    name: "Filter",
    keys: &["caps", "arches", "minKernel"],
};

const COMMON_CONDITIONS: GoStruct = GoStruct {
    type_name: "seccomp.Filter",
    name: "Filter",
    keys: &["caps", "arches"],
};

/// The keys of a runtime-spec profile, of its rules and of their arguments.
pub(crate) const KEYS: [&[&str]; 3] = [RUNTIME_SPEC.keys, RUNTIME_SPEC_RULE.keys, ARGUMENT.keys];

/// Reads a document of a form.
pub(super) fn read(decoder: &mut Decoder<'_>, format: Format) -> Document {
    let go = match format {
        Format::Oci => &RUNTIME_SPEC,
        Format::Docker => &DOCKER,
        Format::Common => &COMMON,
    };
    let mut document = Document::default();
    decoder.object(go, |decoder, key| match key {
        "defaultAction" => {
            decoder.string("specs.LinuxSeccompAction", &mut document.default_action);
        }
        "defaultErrno" => decoder.string("string", &mut document.default_errno_name),
        "defaultErrnoRet" => decoder.optional_unsigned(&mut document.default_errno),
        "architectures" => decoder.strings("specs.Arch", &mut document.architectures),
        "flags" => decoder.strings("specs.LinuxSeccompFlag", &mut document.flags),
        "listenerPath" => decoder.string("string", &mut document.listener_path),
        "archMap" => {
            let start = decoder.start();
            decoder.list("[]seccomp.Architecture", &mut document.arch_map, arch_map);
            document.arch_map_span = start..decoder.position();
        }
        "syscalls" => {
            let null = &mut document.null;
            match format {
                Format::Oci => {
                    decoder.list("[]specs.LinuxSyscall", &mut document.syscalls, |decoder| {
                        Some(rule(decoder, &RUNTIME_SPEC_RULE, null))
                    });
                }
                Format::Docker => {
                    pointers(decoder, &DOCKER_RULE, &mut document.syscalls, null);
                }
                Format::Common => {
                    pointers(decoder, &COMMON_RULE, &mut document.syscalls, null);
                }
            }
        }
        // A string that the filter does not depend on; only its type matters.
        _ => decoder.string("string", &mut Spanned::default()),
    });
    document
}

/// A list of pointers to rules, where null is nil.
fn pointers(
    decoder: &mut Decoder<'_>,
    go: &'static GoStruct,
    into: &mut Option<Vec<Option<SyscallObject>>>,
    null: &mut Option<Span>,
) {
    decoder.list("[]*seccomp.Syscall", into, |decoder| {
        let start = decoder.start();
        if decoder.null() {
            null.get_or_insert(start..decoder.position());
            return None;
        }
        Some(rule(decoder, go, null))
    });
}

fn rule(
    decoder: &mut Decoder<'_>,
    go: &'static GoStruct,
    null: &mut Option<Span>,
) -> SyscallObject {
    let is_common = go.keys.contains(&"errno");
    let mut object = SyscallObject::default();
    let span = decoder.object(go, |decoder, key| match key {
        "names" => decoder.strings("string", &mut object.names),
        "action" => decoder.string("specs.LinuxSeccompAction", &mut object.action),
        "errnoRet" => decoder.optional_unsigned(&mut object.errno),
        "errno" => decoder.string("string", &mut object.errno_name),
        "args" => {
            let go_type = if is_common {
                "[]*specs.LinuxSeccompArg"
            } else {
                "[]specs.LinuxSeccompArg"
            };
            decoder.list(go_type, &mut object.args, |decoder| {
                let start = decoder.start();
                if is_common && decoder.null() {
                    null.get_or_insert(start..decoder.position());
                    return ArgumentObject::default();
                }
                argument(decoder)
            });
        }
        "name" => decoder.string("string", &mut object.name),
        "includes" => conditions(decoder, is_common, &mut object.includes),
        "excludes" => conditions(decoder, is_common, &mut object.excludes),
        // `comment`: only its type matters.
        _ => decoder.string("string", &mut Spanned::default()),
    });
    object.span = span;
    object
}

fn argument(decoder: &mut Decoder<'_>) -> ArgumentObject {
    let mut object = ArgumentObject::default();
    let span = decoder.object(&ARGUMENT, |decoder, key| match key {
        "index" => decoder.unsigned("uint", &mut object.index),
        "value" => decoder.unsigned("uint64", &mut object.value),
        "valueTwo" => decoder.unsigned("uint64", &mut object.value_two),
        _ => decoder.string("specs.LinuxSeccompOperator", &mut object.operator),
    });
    object.span = span;
    object
}

fn arch_map(decoder: &mut Decoder<'_>) -> ArchMap {
    let mut map = ArchMap::default();
    decoder.object(&ARCH_MAP, |decoder, key| {
        if key == "architecture" {
            decoder.string("specs.Arch", &mut map.architecture);
        } else {
            decoder.strings("specs.Arch", &mut map.sub_architectures);
        }
    });
    map
}

fn conditions(decoder: &mut Decoder<'_>, is_common: bool, into: &mut Conditions) {
    let go = if is_common {
        &COMMON_CONDITIONS
    } else {
        // A pointer in Docker's form: null takes back what an earlier key said.
        if decoder.null() {
            *into = Conditions::default();
            return;
        }
        &DOCKER_CONDITIONS
    };
    decoder.object(go, |decoder, key| match key {
        "caps" => decoder.strings("string", &mut into.capabilities),
        "arches" => decoder.strings("string", &mut into.architectures),
        _ => kernel_version::read(decoder, &mut into.min_kernel),
    });
}
