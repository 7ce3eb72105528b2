//! What programs print, and the pipes between them.
//!
//! The kernel checks every write; where the bytes go once it has agreed, and
//! the far end is a terminal or a pipe, is kept here.

use crate::message::{Line, Stream};
use kernel::id::FileId;
use sorted::SortedMap;

/// Most bytes that one command line may print.
pub const MAX_OUTPUT: usize = 256 * 1024;

/// The far ends of the descriptors that are no files.
#[derive(Debug, Clone, Default)]
pub struct Console {
    ends: SortedMap<FileId, End>,
    pipes: Vec<Vec<u8>>,
    output: Vec<(Stream, Vec<u8>)>,
    printed: usize,
}

/// What lies behind a descriptor.
#[derive(Debug, Clone, Copy)]
enum End {
    Terminal(Stream),
    Pipe(usize),
}

impl Console {
    /// What is written to the open file appears on the terminal.
    pub fn connect(&mut self, file: FileId, stream: Stream) {
        self.ends.insert(file, End::Terminal(stream));
    }

    /// What is written to one open file can be read from the other.
    pub fn pipe(&mut self, reader: FileId, writer: FileId) {
        let end = End::Pipe(self.pipes.len());
        self.pipes.push(Vec::new());
        self.ends.insert(reader, end);
        self.ends.insert(writer, end);
    }

    /// What is written to or read from one open file goes where another one
    /// leads; false when that one leads to a file of the machine.
    pub fn same(&mut self, file: FileId, other: FileId) -> bool {
        let Some(end) = self.ends.get(&other).copied() else {
            return false;
        };
        self.ends.insert(file, end);
        true
    }

    /// Forgets the open files that are gone: their numbers are given out again.
    pub fn forget(&mut self, is_open: impl Fn(FileId) -> bool) {
        self.ends.retain(|file, _| is_open(*file));
    }

    /// What is written to the open file is held, and can be taken by the number
    /// that comes back; what is given can be read from it.
    pub fn hold(&mut self, file: FileId, bytes: Vec<u8>) -> usize {
        let index = self.pipes.len();
        self.ends.insert(file, End::Pipe(index));
        self.pipes.push(bytes);
        index
    }

    /// Takes what was held.
    pub fn held(&mut self, index: usize) -> Vec<u8> {
        self.pipes
            .get_mut(index)
            .map(std::mem::take)
            .unwrap_or_default()
    }

    /// Takes bytes written to an open file, if it leads here.
    pub fn write(&mut self, file: FileId, bytes: &[u8]) {
        if self.printed.saturating_add(bytes.len()) > MAX_OUTPUT {
            if self.printed <= MAX_OUTPUT {
                self.printed = MAX_OUTPUT + 1;
                self.notice(&format!("the output was cut after {MAX_OUTPUT} bytes"));
            }
            return;
        }
        match self.ends.get(&file) {
            Some(&End::Terminal(stream)) => {
                self.printed += bytes.len();
                self.append(stream, bytes);
            }
            Some(&End::Pipe(index)) => {
                self.printed += bytes.len();
                if let Some(pipe) = self.pipes.get_mut(index) {
                    pipe.extend_from_slice(bytes);
                }
            }
            None => {}
        }
    }

    /// Everything that is in the pipe behind an open file; `None` when it is
    /// no pipe of this console.
    pub fn read(&mut self, file: FileId) -> Option<Vec<u8>> {
        match self.ends.get(&file) {
            Some(&End::Pipe(index)) => self.pipes.get_mut(index).map(std::mem::take),
            _ => None,
        }
    }

    /// Shows a line that the terminal itself writes.
    pub fn echo(&mut self, line: &str) {
        self.append(Stream::Error, format!("{line}\n").as_bytes());
    }

    /// Says something that no program said.
    pub fn notice(&mut self, text: &str) {
        self.append(Stream::Notice, format!("{text}\n").as_bytes());
    }

    /// Takes what was printed since the last time, as lines.
    pub fn take(&mut self) -> Vec<Line> {
        self.printed = 0;
        self.pipes.clear();
        self.ends.retain(|_, end| matches!(end, End::Terminal(_)));
        let mut lines = Vec::new();
        for (stream, bytes) in std::mem::take(&mut self.output) {
            let text = String::from_utf8_lossy(&bytes);
            lines.extend(
                text.strip_suffix('\n')
                    .unwrap_or(&text)
                    .split('\n')
                    .map(|line| Line {
                        stream,
                        text: line.to_owned(),
                    }),
            );
        }
        lines
    }

    fn append(&mut self, stream: Stream, bytes: &[u8]) {
        match self.output.last_mut() {
            Some((last, text)) if *last == stream => text.extend_from_slice(bytes),
            _ => self.output.push((stream, bytes.to_owned())),
        }
    }
}
