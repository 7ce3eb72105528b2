//! What kubectl shows: `get`, `describe`, `-o yaml`.
//!
//! Nothing here knows the time; ages are passed in, as kubectl prints them.

mod cluster_object;
mod describe;
mod describe_node;
mod nodes;
mod object;
mod table;
mod workload;

pub use cluster_object::{event_object, namespace_object, node_object};
pub use describe::describe_pod;
pub use describe_node::{Condition, conditions, describe_node};
pub use nodes::{nodes, ready_message};
pub use object::{pod_object, stored_object};
pub use table::{Columns, Table, pods};
pub use workload::{workload, workloads};
