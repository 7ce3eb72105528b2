//! Every path on which a declared control can silently fail to be in force,
//! as collected from the sources of Kubernetes, containerd, CRI-O, Docker,
//! runc, crun and gVisor: one test that shows the drop at the component that
//! makes it, and one that shows how the same wish fails closed.

mod admission;
mod annotations;
mod mixed;
mod nodes;
mod profiles;
mod runtimes;
mod scene;
mod seccomp;
