//! From text to compiled profiles.

mod attachment;
mod capability;
mod class;
mod conflict;
mod file;
mod mediation;
mod mount;
mod network;
mod peer;
mod problem;
pub(crate) mod unix;

use sorted::SortedMap;
use std::sync::Arc;

pub(crate) use attachment::AttachmentAutomaton;
pub(crate) use capability::Capabilities;
use class::{ClassBuilder, PatternError, effect};
use file::{FileRules, Own};
pub(crate) use mediation::Mediation;
pub(crate) use mount::{
    AUDIT_DATA, MATCH_DATA, MAY_MOUNT, MAY_PIVOT_ROOT, MAY_UMOUNT, MOUNT_CLASS, mount_flags,
};
pub(crate) use network::CLASS as NETWORK_CLASS;
pub(crate) use peer::{IO_URING_CLASS, PTRACE_CLASS, SIGNAL_CLASS, USERNS_CLASS, signal_byte};
use problem::Problem;

use crate::{
    decision::{Effect, RuleId},
    diagnostic::{Diagnostic, Severity},
    effective::{EffectiveProfile, EffectiveRule, Expanded, Origin},
    expand::expand,
    level::Level,
    options::Options,
    precedence::Scheme,
    profile::{CompiledRule, Profile},
    source::{Files, SourceSet, Span},
    tree::{
        AddressConditions, IoUring, ModeFlag, Mount, MountKind, Network, PivotRoot, Prefix, Ptrace,
        RuleKind, Signal, Text, Unix,
    },
    verdict::Mode,
};

/// A compiled policy text.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// Every file that was opened; spans in the diagnostics and rules lie in them.
    pub files: Arc<Files>,
    /// The names of the outermost profiles as written, in the order of the text.
    pub names: Vec<Text>,
    /// The profiles in the order of the text, each parent before its children. Empty where a
    /// diagnostic is an error: the real parser loads nothing then.
    pub profiles: Vec<Arc<Profile>>,
    /// Findings in the order in which the real parser comes upon them.
    pub diagnostics: Vec<Diagnostic>,
}

/// Compiles a policy text. Never fails: what is wrong stands in the diagnostics.
pub fn compile(file_name: &str, text: &str, sources: &SourceSet, options: &Options) -> Compiled {
    let Expanded {
        files,
        names,
        profiles,
        features,
        mut diagnostics,
    } = expand(file_name, text, sources, options);
    let files = Arc::new(files);
    let mut compiled = Vec::new();
    if !diagnostics
        .iter()
        .any(|found| found.severity == Severity::Error)
    {
        let mediation = Mediation::of(&features);
        for profile in &profiles {
            match compile_profile(profile, &files, &mediation, options.level) {
                Ok(profile) => compiled.push(Arc::new(profile)),
                Err(problem) => {
                    diagnostics.push(problem.diagnostic(profile));
                    compiled.clear();
                    break;
                }
            }
        }
    }
    Compiled {
        files,
        names,
        profiles: compiled,
        diagnostics,
    }
}

/// A profile on the way: each class of rules collects its own.
struct Builder<'a> {
    mediation: &'a Mediation,
    level: Level,
    rules: Vec<CompiledRule>,
    file: FileRules,
    policy: ClassBuilder,
    capabilities: Capabilities,
    rlimits: SortedMap<String, (u64, RuleId)>,
}

fn compile_profile(
    profile: &EffectiveProfile,
    files: &Arc<Files>,
    mediation: &Mediation,
    level: Level,
) -> Result<Profile, Problem> {
    let mut builder = Builder {
        mediation,
        level,
        rules: Vec::with_capacity(profile.rules.len()),
        file: FileRules::new(),
        policy: ClassBuilder::new(Scheme::Plain),
        capabilities: Capabilities::default(),
        rlimits: SortedMap::new(),
    };
    for rule in &profile.rules {
        builder.add(rule, profile)?;
    }
    conflict::check(&builder.file, &builder.rules)?;
    let attachment = AttachmentAutomaton::of(profile, mediation)?;
    let (file, transitions) = (builder.file.class, builder.file.transitions);
    Ok(Profile {
        name: profile.name.clone(),
        mode: mode(profile.flags.mode),
        flags: profile.flags.clone(),
        hat: profile.keyword.is_hat(),
        files: files.clone(),
        rules: builder.rules,
        file: (!file.is_empty()).then(|| file.build()),
        transitions,
        policy: builder.policy.build(),
        mediation: mediation.clone(),
        capabilities: builder.capabilities,
        rlimits: builder.rlimits,
        attachment,
    })
}

impl Builder<'_> {
    fn next_rule(&mut self, origin: Origin, effect: Effect) -> RuleId {
        let id = RuleId(u32::try_from(self.rules.len()).unwrap_or(u32::MAX));
        self.rules.push(CompiledRule { origin, effect });
        id
    }

    fn add(&mut self, rule: &EffectiveRule, profile: &EffectiveProfile) -> Result<(), Problem> {
        let prefix = rule.prefix;
        let effect = effect(prefix);
        let id = self.next_rule(rule.origin.clone(), effect);
        let mediation = self.mediation;
        let policy = &mut self.policy;
        let added = match &rule.kind {
            RuleKind::File(file) => {
                let own = Own {
                    profile: &profile.name.full,
                    implied: rule.origin.implied,
                };
                self.file.file(id, prefix, file, own)
            }
            RuleKind::Link(link) => self.file.link(id, prefix, link),
            RuleKind::ChangeProfile(change) => self.file.change_profile(id, prefix, change),
            RuleKind::Capability(capability) => {
                self.capabilities.add(id, prefix, effect, capability);
                Ok(())
            }
            RuleKind::Network(network) => self.network(id, prefix, network),
            RuleKind::Unix(unix) => self.unix(id, prefix, unix),
            RuleKind::Mount(mount) if mediation.mount => {
                mount::add(policy, id, prefix, mount, self.level)
            }
            RuleKind::PivotRoot(pivot) if mediation.mount => {
                mount::add_pivot_root(policy, id, prefix, pivot)
            }
            RuleKind::Signal(signal) if mediation.signal => {
                peer::add_signal(policy, id, prefix, signal)
            }
            RuleKind::Ptrace(ptrace) if mediation.ptrace => {
                peer::add_ptrace(policy, id, prefix, ptrace)
            }
            RuleKind::Userns(_) if mediation.userns => peer::add_userns(policy, id, prefix),
            RuleKind::IoUring(io_uring) if mediation.io_uring => {
                peer::add_io_uring(policy, id, prefix, io_uring)
            }
            RuleKind::All => self.all(id, prefix),
            RuleKind::Rlimit(rlimit) => {
                let value = rlimit.value.unwrap_or(u64::MAX);
                self.rlimits
                    .insert(rlimit.resource.value.clone(), (value, id));
                Ok(())
            }
            _ => Ok(()),
        };
        added.map_err(|error| Problem::Pattern(rule.origin.span, error))
    }

    fn network(&mut self, id: RuleId, prefix: Prefix, rule: &Network) -> Result<(), PatternError> {
        if self.mediation.unix {
            unix::add_network(&mut self.policy, id, prefix, rule)?;
        }
        match &self.mediation.network {
            Some(families) => network::add(&mut self.policy, id, prefix, rule, families),
            None => Ok(()),
        }
    }

    /// Where unix sockets are not mediated by themselves, a rule for them is one for the network
    /// family (`unix_rule::downgrade_rule`): 3.0 forgets the permissions, every release the
    /// addresses and, since the rule would take too much without them, a deny as a whole.
    fn unix(&mut self, id: RuleId, prefix: Prefix, unix: &Unix) -> Result<(), PatternError> {
        if self.mediation.unix {
            return unix::add(&mut self.policy, id, prefix, unix);
        }
        if prefix.is_deny() {
            return Ok(());
        }
        let word = |text: &str| Text::new(text, Span::default());
        let permissions = if self.level >= KEEPS_UNIX_PERMISSIONS {
            unix.permissions.clone()
        } else {
            Vec::new()
        };
        self.network(
            id,
            prefix,
            &Network {
                permissions,
                family: Some(word("unix")),
                kind: unix.local.value("type").cloned(),
                local: AddressConditions::default(),
                peer: AddressConditions::default(),
            },
        )
    }

    /// `all,`: a rule of every class, exec below the others in rank.
    fn all(&mut self, id: RuleId, prefix: Prefix) -> Result<(), PatternError> {
        // `deny all,` does not keep quiet.
        let prefix = Prefix {
            audit: prefix.audit || prefix.is_deny(),
            ..prefix
        };
        self.file.all(id, prefix)?;
        self.capabilities.add_all(id, prefix, effect(prefix));
        let network = Network {
            permissions: Vec::new(),
            family: None,
            kind: None,
            local: AddressConditions::default(),
            peer: AddressConditions::default(),
        };
        self.network(id, prefix, &network)?;
        let mediation = self.mediation;
        let policy = &mut self.policy;
        if mediation.mount {
            for kind in [MountKind::Mount, MountKind::Remount, MountKind::Umount] {
                let mount = Mount {
                    kind,
                    conditions: Vec::new(),
                    source: None,
                    mountpoint: None,
                };
                mount::add(policy, id, prefix, &mount, self.level)?;
            }
            mount::add_pivot_root(policy, id, prefix, &PivotRoot::default())?;
        }
        if mediation.signal {
            peer::add_signal(policy, id, prefix, &Signal::default())?;
        }
        if mediation.ptrace {
            peer::add_ptrace(policy, id, prefix, &Ptrace::default())?;
        }
        if mediation.userns {
            peer::add_userns(policy, id, prefix)?;
        }
        if mediation.io_uring {
            peer::add_io_uring(policy, id, prefix, &IoUring::default())?;
        }
        Ok(())
    }
}

/// Since this release a unix rule that becomes a network rule keeps its permissions (recorded: the
/// group unix on 6.1 with 3.0.8, on 6.12 with 4.1.0).
const KEEPS_UNIX_PERMISSIONS: Level = Level::V4_1;

/// The mode a kernel loads: `default_allow` is packed as unconfined (5.0.2).
fn mode(flag: Option<ModeFlag>) -> Mode {
    match flag {
        None | Some(ModeFlag::Enforce) => Mode::Enforce,
        Some(ModeFlag::Complain) => Mode::Complain,
        Some(ModeFlag::Kill) => Mode::Kill,
        Some(ModeFlag::Unconfined | ModeFlag::DefaultAllow) => Mode::Unconfined,
        Some(ModeFlag::Prompt) => Mode::Prompt,
    }
}
