//! The pages.

mod demonstration;
mod home;
mod lesson;
mod lessons;
mod not_found;
mod playground;
mod settings;

pub use home::Home;
pub use lesson::Lesson;
pub use lessons::Lessons;
pub use not_found::NotFound;
pub use playground::Playground;
pub use settings::Settings;
