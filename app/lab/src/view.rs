//! From what the kernel and the cluster answered to what the pages show.
//! Nothing here decides; it puts evidence into words.

mod evidence;
mod gate;
mod node;
mod sentence;
mod trace;
mod world;

pub use node::node;
pub use trace::{answer, rows};
pub use world::{world, world_now};
