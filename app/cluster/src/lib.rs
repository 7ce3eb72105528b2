//! From a manifest to a confined process, with every place that can drop a control.

#![forbid(unsafe_code)]
