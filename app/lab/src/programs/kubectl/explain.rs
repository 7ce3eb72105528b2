//! `kubectl explain`: the fields that the node's release knows.

use super::fail;
use crate::{process::Process, programs::options::Given};
use cluster::schema;

pub(super) fn run(process: &mut Process<'_>, given: &Given) -> u8 {
    let Some(wanted) = given.operands.first() else {
        return fail(
            process,
            "error: You must specify the type of resource to explain. Use \"kubectl api-resources\" for a complete list of supported resources.",
        );
    };
    let mut parts = wanted.split('.');
    let named = parts.next().unwrap_or_default();
    let Some(kind) = schema::kind_named(named) else {
        return fail(
            process,
            &format!("error: the server doesn't have a resource type \"{named}\""),
        );
    };
    let path: Vec<&str> = parts.collect();
    let minor = process.machine.node.stack.kubelet.version.minor;
    let Some(explained) = schema::explain(kind, &path, minor) else {
        let field = path.last().copied().unwrap_or_default();
        return fail(process, &format!("error: field \"{field}\" does not exist"));
    };
    process.print(&format!("KIND:       {}", kind.name()));
    process.print(&format!("VERSION:    {}", kind.api_version()));
    process.print("");
    if let Some(field) = path.last() {
        process.print(&format!("FIELD: {field} <{}>", explained.kind));
        process.print("");
    }
    if !explained.fields.is_empty() {
        process.print("FIELDS:");
    }
    for (name, kind) in &explained.fields {
        process.print(&format!("  {name}\t<{kind}>"));
    }
    process
        .machine
        .console
        .notice("the descriptions of the fields are left out here");
    0
}
