//! What a step came to.

use std::collections::BTreeMap;

use serde_json::Value;

/// What a step came to.
#[derive(Default)]
pub struct Outcome {
    /// Return value, if there is one.
    pub ret: Option<i64>,
    /// What kind of value it is, when the value itself says nothing.
    pub ok: Option<&'static str>,
    /// The errno's name.
    pub errno: Option<String>,
    /// Which part of a composite step failed.
    pub stage: Option<String>,
    /// Which call of `open_write` it was.
    pub at: Option<String>,
    /// What `recvfd` got.
    pub got: Option<String>,
    /// The signal that ended the executing task.
    pub killed: Option<String>,
    /// Exit status of the parser.
    pub exit: Option<i32>,
    /// The task was gone.
    pub gone: bool,
    /// Data that was read.
    pub data: Option<String>,
    /// `stat`'s numbers.
    pub stat: Option<String>,
    /// Normalised records.
    pub records: Vec<String>,
    /// States that changed.
    pub states: BTreeMap<String, Value>,
}

impl Outcome {
    /// In one line, for comparing.
    pub fn text(&self) -> String {
        if let Some(signal) = &self.killed {
            return format!("killed {signal}");
        }
        if let Some(exit) = self.exit {
            return format!("exit {exit}");
        }
        if self.gone {
            return "gone".to_owned();
        }
        let mut text = match (self.ok, self.ret) {
            (Some(kind), _) => kind.to_owned(),
            (None, Some(ret)) => ret.to_string(),
            (None, None) => "nothing".to_owned(),
        };
        for part in [&self.errno, &self.stage, &self.at, &self.got]
            .into_iter()
            .flatten()
        {
            text.push(' ');
            text.push_str(part);
        }
        if let Some(stat) = &self.stat {
            text.push_str(stat);
        }
        text
    }
}

pub(super) fn outcome(result: std::result::Result<i64, String>) -> Outcome {
    match result {
        Ok(value) => Outcome {
            ret: Some(value),
            ..Outcome::default()
        },
        Err(errno) => failed(&errno),
    }
}

pub(super) fn failed(errno: &str) -> Outcome {
    // The recorder's table of names ends before this one.
    let errno = if errno == "EHWPOISON" { "133" } else { errno };
    Outcome {
        ret: Some(-1),
        errno: Some(errno.to_owned()),
        ..Outcome::default()
    }
}
