//! Sessions: the only door through which the site uses the simulation.

#![forbid(unsafe_code)]
