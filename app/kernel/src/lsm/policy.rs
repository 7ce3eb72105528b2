//! The loaded profiles (`security/apparmor/policy.c`).

use std::sync::Arc;

use apparmor::{AuditMode, Enforcement, Mode, Profile};
use sorted::SharedMap;

use crate::{
    audit::{self, AuditRecord},
    capability::Capability,
    context::Context,
    errno::Errno,
    fingerprint::Fingerprint,
    gate::capability::capable,
    id::{Pid, ProfileId},
    lsm::{
        label::{Label, UNCONFINED},
        record::{Record, Subject},
    },
    table::Table,
    world::World,
};

/// A profile in the kernel.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Its place in the table.
    pub id: ProfileId,
    /// Its full name, `parent//child`, without a namespace.
    pub name: Arc<str>,
    /// What it is made of.
    pub rules: Rules,
}

/// What a loaded profile is made of.
#[derive(Clone, Debug)]
pub enum Rules {
    /// The `unconfined` profile.
    Unconfined,
    /// A compiled profile.
    Compiled(Arc<Profile>),
    /// A learning profile: made when a complaining profile executed something
    /// that its rules do not provide for; allows and records all.
    Learning,
}

impl Rules {
    /// Whether a rule speaks of files.
    pub fn speak_of_files(&self) -> bool {
        matches!(self, Self::Compiled(profile) if profile.has_file_rules())
    }
}

impl Loaded {
    /// The compiled profile, if that is what it is.
    pub fn compiled(&self) -> Option<&Arc<Profile>> {
        match &self.rules {
            Rules::Compiled(profile) => Some(profile),
            Rules::Unconfined | Rules::Learning => None,
        }
    }

    /// Its mode.
    pub fn mode(&self) -> Mode {
        match &self.rules {
            Rules::Unconfined => Mode::Unconfined,
            Rules::Compiled(profile) => profile.mode(),
            Rules::Learning => Mode::Complain,
        }
    }

    /// `profile_unconfined`.
    pub fn is_unconfined(&self) -> bool {
        self.mode() == Mode::Unconfined
    }

    /// The policy namespace, when it is not the root one.
    pub fn namespace(&self) -> Option<&str> {
        self.compiled()
            .and_then(|profile| profile.profile_name().namespace.as_deref())
    }

    /// What it is called and what it says.
    fn meaning(&self) -> Fingerprint {
        match &self.rules {
            Rules::Compiled(profile) => Fingerprint::of(&(&self.name, &**profile)),
            Rules::Learning => Fingerprint::of(&(&self.name, true)),
            Rules::Unconfined => Fingerprint::of(&(&self.name, false)),
        }
    }

    /// Its own mode and audit mode.
    pub fn enforcement(&self) -> Enforcement {
        match &self.rules {
            Rules::Compiled(profile) => profile.enforcement(),
            Rules::Unconfined | Rules::Learning => Enforcement {
                mode: self.mode(),
                audit: AuditMode::Normal,
            },
        }
    }
}

/// The table of profiles.
#[derive(Clone, Debug)]
pub struct Policy {
    slots: Table<ProfileId, Arc<Loaded>>,
    names: SharedMap<Arc<str>, ProfileId>,
    compiled: Arc<Vec<Arc<Profile>>>,
    next: u32,
    /// The sum of the loaded profiles' fingerprints.
    meaning: Fingerprint,
}

impl Default for Policy {
    fn default() -> Self {
        let unconfined = Loaded {
            id: UNCONFINED,
            name: Arc::from("unconfined"),
            rules: Rules::Unconfined,
        };
        let mut slots = Table::new();
        slots.insert(UNCONFINED, Arc::new(unconfined));
        Self {
            slots,
            names: SharedMap::new(),
            compiled: Arc::default(),
            next: 1,
            meaning: Fingerprint::NONE,
        }
    }
}

impl Policy {
    /// The profile in a place of the table.
    pub fn get(&self, id: ProfileId) -> Option<&Arc<Loaded>> {
        self.slots.get(&id)
    }

    /// The loaded profile of this full name.
    pub fn find(&self, name: &str) -> Option<&Arc<Loaded>> {
        if name == "unconfined" {
            return self.slots.get(&UNCONFINED);
        }
        self.slots.get(self.names.get(name)?)
    }

    /// All loaded profiles, by name; learning profiles included.
    pub fn profiles(&self) -> impl Iterator<Item = &Arc<Loaded>> {
        self.names.values().filter_map(|id| self.slots.get(id))
    }

    /// The compiled profiles, for the search for an attachment.
    pub fn compiled(&self) -> &[Arc<Profile>] {
        &self.compiled
    }

    /// True when both are clones of one table that neither has changed.
    pub(crate) fn shares_slots(&self, other: &Self) -> bool {
        self.slots.ptr_eq(&other.slots) && self.names.ptr_eq(&other.names)
    }

    /// What the loaded profiles come to.
    pub(crate) fn meaning(&self) -> Fingerprint {
        self.meaning
    }

    pub(crate) fn compiled_shared(&self) -> Arc<Vec<Arc<Profile>>> {
        Arc::clone(&self.compiled)
    }

    /// Puts a profile into the table; true when one of that name was there,
    /// whose place, and so whose tasks, it takes over.
    fn insert(&mut self, name: &str, rules: Rules) -> (ProfileId, bool) {
        let present = self.names.get(name).copied();
        let id = present.unwrap_or(ProfileId(self.next));
        if present.is_none() {
            self.next += 1;
            self.names.insert(Arc::from(name), id);
        }
        let loaded = Loaded {
            id,
            name: Arc::from(name),
            rules,
        };
        self.meaning += loaded.meaning();
        if let Some(before) = self.slots.insert(id, Arc::new(loaded)) {
            self.meaning -= before.meaning();
        }
        (id, present.is_some())
    }

    /// The learning profile of this name, made when it is not there.
    pub(crate) fn learning(&mut self, name: &str) -> ProfileId {
        match self.names.get(name) {
            Some(id) => *id,
            None => self.insert(name, Rules::Learning).0,
        }
    }

    /// The learning profile `PARENT//null-BASE`, or the child of the parent that bears the last
    /// part of that name already (`aa_new_learning_profile`).
    pub(crate) fn learning_below(&mut self, parent: &str, base: &str) -> ProfileId {
        let name = format!("{parent}//null-{base}");
        let last = name.rsplit("//").next().unwrap_or(&name);
        let child = format!("{parent}//{last}");
        match self.names.get(child.as_str()) {
            Some(id) => *id,
            None => self.learning(&name),
        }
    }

    /// Whether a profile has children.
    pub(crate) fn has_children(&self, name: &str) -> bool {
        let prefix = format!("{name}//");
        self.names.keys().any(|known| known.starts_with(&prefix))
    }

    /// Takes a profile and its children out; their tasks become unconfined.
    fn remove(&mut self, name: &str) -> bool {
        let children = format!("{name}//");
        let gone: Vec<Arc<str>> = self
            .names
            .keys()
            .filter(|known| &***known == name || known.starts_with(&children))
            .cloned()
            .collect();
        let found = self.names.contains_key(name);
        for name in &gone {
            if let Some(id) = self.names.remove(name)
                && let Some(unconfined) = self.slots.get(&UNCONFINED)
            {
                let unconfined = Arc::clone(unconfined);
                if let Some(before) = self.slots.insert(id, unconfined) {
                    self.meaning -= before.meaning();
                }
            }
        }
        self.refresh();
        found
    }

    fn refresh(&mut self) {
        let compiled = self
            .profiles()
            .filter_map(|profile| profile.compiled().cloned())
            .collect();
        self.compiled = Arc::new(compiled);
    }

    /// A label's name: its profiles' names, sorted, joined by `//&`.
    pub fn label_name(&self, label: &Label) -> String {
        let mut names: Vec<String> = label
            .profiles()
            .iter()
            .filter_map(|id| self.slots.get(id))
            .map(|profile| match profile.namespace() {
                Some(namespace) => format!(":{namespace}:{}", profile.name),
                None => profile.name.to_string(),
            })
            .collect();
        names.dedup();
        names.join("//&")
    }

    /// A label of these profiles in the kernel's order: by name.
    pub(crate) fn stack(&self, ids: &[ProfileId]) -> Label {
        let mut ids = ids.to_vec();
        sorted::sort_by(&mut ids, |a, b| {
            let name = |id: &ProfileId| self.slots.get(id).map(|profile| Arc::clone(&profile.name));
            name(a).cmp(&name(b)).then(a.cmp(b))
        });
        ids.dedup();
        Label::stack(ids)
    }
}

/// A task removes a profile through securityfs (`aa_remove_profiles`): the record is its own.
pub(crate) fn remove(context: &mut Context, name: &str) -> Result<(), Errno> {
    // `aa_may_manage_policy`
    if !capable(context, Capability::MacAdmin) {
        return Err(Errno::EACCES);
    }
    let found = context.world.policy.remove(name);
    let label = context.credentials.label.clone();
    let record = Record {
        kind: "STATUS",
        operation: "profile_remove",
        class: None,
        info: (!found).then_some(("profile does not exist", Some(Errno::ENOENT))),
        subject: Subject::Label(
            context.world.policy.label_name(&label),
            label.profiles().len() == 1,
        ),
        name: Some(name.as_bytes()),
        tail: String::new(),
    };
    let text = record.text(context);
    context.record(audit::AVC, text);
    if found { Ok(()) } else { Err(Errno::ENOENT) }
}

impl World {
    /// Loads profiles, or replaces those that are there, as a write to
    /// `/sys/kernel/security/apparmor/.replace` does. Running tasks of a
    /// replaced profile are under the new one at once.
    pub fn load_profiles(&mut self, profiles: &[Arc<Profile>]) -> Vec<AuditRecord> {
        let mut sorted: Vec<&Arc<Profile>> = profiles.iter().collect();
        sorted::sort_by(&mut sorted, |a, b| a.name().cmp(b.name()));
        let mut records = Vec::new();
        for profile in sorted {
            let (_, replaced) = self
                .policy
                .insert(profile.name(), Rules::Compiled(Arc::clone(profile)));
            let operation = if replaced {
                "profile_replace"
            } else {
                "profile_load"
            };
            records.push(self.policy_record(operation, profile.name(), None));
        }
        self.policy.refresh();
        records
    }

    /// Removes a profile with its children. `None` when it is not there, which
    /// is recorded too.
    pub fn remove_profile(&mut self, name: &str) -> Option<Vec<AuditRecord>> {
        if !self.policy.remove(name) {
            let info = ("profile does not exist", Some(Errno::ENOENT));
            self.policy_record("profile_remove", name, Some(info));
            return None;
        }
        Some(vec![self.policy_record("profile_remove", name, None)])
    }

    fn policy_record(
        &mut self,
        operation: &'static str,
        name: &str,
        info: Option<(&'static str, Option<Errno>)>,
    ) -> AuditRecord {
        let record = Record {
            kind: "STATUS",
            operation,
            class: None,
            info,
            subject: Subject::Label("unconfined".to_owned(), true),
            name: Some(name.as_bytes()),
            tail: String::new(),
        };
        let text = record.text_for(self.release.audit_class, 1, b"apparmor_parser");
        self.append(audit::AVC, text)
    }

    /// The label of a task as `/proc/PID/attr/current` shows it, without the
    /// line end: `NAME (MODE)`, or `unconfined`.
    pub fn label_text(&self, pid: Pid) -> Option<String> {
        let label = &self.task(pid)?.credentials.label;
        Some(self.label_with_mode(label))
    }

    pub(crate) fn label_with_mode(&self, label: &Label) -> String {
        let name = self.policy.label_name(label);
        if label.profiles() == [UNCONFINED] || name == "unconfined" {
            return name;
        }
        let mut modes: Vec<&'static str> = label
            .profiles()
            .iter()
            .filter(|id| label.profiles().len() == 1 || **id != UNCONFINED)
            .filter_map(|id| self.policy.get(*id))
            .map(|profile| profile.mode().name())
            .collect();
        modes.dedup();
        match modes.as_slice() {
            [mode] => format!("{name} ({mode})"),
            _ => format!("{name} (mixed)"),
        }
    }

    /// `/sys/kernel/security/apparmor/profiles`.
    pub fn profiles_text(&self) -> String {
        let mut text = String::new();
        for profile in self.policy.profiles() {
            text.push_str(&format!("{} ({})\n", profile.name, profile.mode().name()));
        }
        text
    }
}
