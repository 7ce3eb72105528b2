//! The parts of the pages: each shows plain data from `lab::message` and
//! decides nothing.

mod badge;
mod board;
mod chain;
mod diagnostic;
mod editor;
mod files;
mod fleet;
mod frame;
mod gate;
mod icon;
mod lab_panel;
mod node_card;
mod now;
mod question;
mod run;
mod share;
mod strip;
mod task;
mod terminal;
mod trace;
mod trace_row;
mod words;

pub use badge::{Badge, Mark};
pub use board::{Board, Tile, TileState};
pub use chain::Chain;
pub use diagnostic::Diagnostics;
pub use editor::Editor;
pub use files::Files;
pub use fleet::Fleet;
pub use frame::{Frame, Plain};
pub use gate::Gates;
pub use icon::Icon;
pub use lab_panel::{LabPanel, Layout};
pub use node_card::NodeCard;
pub use now::Now;
pub use question::Question;
pub use run::Run;
pub use share::Share;
pub use strip::Strip;
pub use task::Task;
pub use terminal::Terminal;
pub use trace::Traces;
pub use trace_row::{Row, RowActions};
pub use words::words;
