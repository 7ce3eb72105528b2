//! The pages with a lab, which the program in the browser makes live.

mod brief;
mod capstone;
mod challenge;
mod demonstration;
mod embed;
mod home;
mod lesson;
mod playground;

pub use capstone::Capstone;
pub use challenge::{Challenge, side_title};
pub use embed::Embed;
pub use home::Home;
pub use lesson::Lesson;
pub use playground::Playground;
