//! What kubectl shows: `get`, `describe`, `-o yaml`.
//!
//! Nothing here knows the time; ages are passed in, as kubectl prints them.

mod describe;
mod describe_node;
mod nodes;
mod object;
mod table;

pub use describe::describe_pod;
pub use describe_node::{Condition, conditions, describe_node};
pub use nodes::{nodes, ready_message};
pub use object::stored_object;
pub use table::{Table, pods};
