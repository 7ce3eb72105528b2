//! A search for a way past the guards, over the nodes of a session.

use super::Session;
use crate::{
    desk::DeskError,
    machine::Machine,
    message::{AttackView, Attacker, Changed, NodeSearch, SearchOrder, SearchState, SearchView},
    node::Node,
    process::{Process, Userland},
    programs,
    search::{Impossible, Progress, Search},
    view,
};
use kernel::{Arg, Call, Pid};

/// The command line under which the calls of an attack stand in a trace.
pub const ATTACK: &str = "the attack that the search found";

/// A search that goes from node to node.
#[derive(Debug)]
pub struct FleetSearch {
    order: SearchOrder,
    /// The nodes whose turn comes, the next one last.
    waiting: Vec<String>,
    /// The node whose turn it is.
    current: Option<Turn>,
    done: Vec<NodeSearch>,
    /// The shortest attack so far.
    attack: Option<Attack>,
    stopped: Option<String>,
    /// Calls and states of nodes that are done.
    calls: u64,
    states: u64,
    /// Most calls that an attack may still have to be shorter than what is known.
    depth: u8,
    node: String,
}

#[derive(Debug)]
struct Turn {
    machine: Machine,
    pid: Pid,
    search: Search,
}

/// An attack that was found, with the computer on which it starts.
#[derive(Debug, Clone)]
pub struct Attack {
    node: String,
    machine: Machine,
    pid: Pid,
    script: Vec<Call>,
}

impl Session {
    /// Begins a search, in the place of one that is under way. It starts from
    /// the nodes as they are, with all that was done in their terminals.
    pub fn search(&mut self, order: SearchOrder) -> Result<SearchView, DeskError> {
        for id in &order.nodes {
            self.node(id)?;
        }
        let mut waiting: Vec<String> = self
            .nodes
            .iter()
            .map(|node| node.spec.id.clone())
            .filter(|id| order.nodes.is_empty() || order.nodes.contains(id))
            .collect();
        waiting.reverse();
        let search = FleetSearch {
            depth: order.depth,
            order,
            waiting,
            current: None,
            done: Vec::new(),
            attack: None,
            stopped: None,
            calls: 0,
            states: 0,
            node: String::new(),
        };
        let view = search.view(self);
        self.search = Some(search);
        Ok(view)
    }

    /// Goes on with the search: tries up to `calls` system calls. `None` when
    /// no search is under way.
    pub fn advance_search(&mut self, calls: u64) -> Option<SearchView> {
        let mut search = self.search.take()?;
        search.advance(self, calls);
        let view = search.view(self);
        if view.state == SearchState::Running {
            self.search = Some(search);
        } else {
            self.attack = search.attack;
        }
        Some(view)
    }

    /// Stops the search that is under way, for a reason.
    pub fn stop_search(&mut self, reason: &str) {
        if let Some(search) = &mut self.search {
            search.stopped = Some(reason.to_owned());
        }
    }

    /// Makes the attack that the last search found on its node, where its
    /// calls then stand in the trace.
    pub fn replay_attack(&mut self) -> Result<Changed, DeskError> {
        let attack = self.attack.clone().ok_or(DeskError::NoAttack)?;
        let node = self.node(&attack.node)?;
        node.machine = attack.machine;
        play(&mut node.machine, attack.pid, &attack.script);
        Ok(self.changes())
    }
}

impl FleetSearch {
    fn advance(&mut self, session: &Session, mut calls: u64) {
        while calls > 0 && self.stopped.is_none() {
            let Some(turn) = &mut self.current else {
                if !self.next_node(session) {
                    return;
                }
                continue;
            };
            let before = turn.search.calls();
            let progress = turn.search.advance(calls).clone();
            calls = calls.saturating_sub((turn.search.calls() - before).max(1));
            if progress != Progress::Running {
                self.finish(&progress);
            }
        }
    }

    /// Sets up the next node; false when there is none left.
    fn next_node(&mut self, session: &Session) -> bool {
        let Some(id) = self.waiting.pop() else {
            return false;
        };
        self.node.clone_from(&id);
        let node = session.nodes.iter().find(|node| node.spec.id == id);
        let begun = node
            .ok_or_else(|| "there is no such node".to_owned())
            .and_then(|node| begin(node, &self.order.attacker))
            .and_then(|(machine, pid)| {
                Search::new(&machine.world, pid, &self.order.goal, self.depth)
                    .map(|search| Turn {
                        machine,
                        pid,
                        search,
                    })
                    .map_err(|reason: Impossible| reason.to_string())
            });
        match begun {
            Ok(turn) => self.current = Some(turn),
            Err(sentence) => self.done.push(NodeSearch {
                node: id,
                state: SearchState::Impossible,
                sentence,
            }),
        }
        true
    }

    /// Takes the result of the node whose turn it was.
    fn finish(&mut self, progress: &Progress) {
        let Some(turn) = self.current.take() else {
            return;
        };
        let search = &turn.search;
        self.calls += search.calls();
        self.states += search.states() as u64;
        let states = search.states();
        let (state, sentence) = match progress {
            Progress::Running => return,
            Progress::Found(attack) => {
                let length = u8::try_from(attack.len()).unwrap_or(u8::MAX);
                self.depth = length.saturating_sub(1);
                self.attack = Some(Attack {
                    node: self.node.clone(),
                    script: search.script(attack),
                    machine: turn.machine,
                    pid: turn.pid,
                });
                (SearchState::Found, found(length))
            }
            Progress::None => {
                let mut sentence = format!(
                    "No attack of at most {} system calls: {states} states, {} calls tried.",
                    search.depth(),
                    search.calls()
                );
                if search.is_cut() {
                    sentence
                        .push_str(" The target has so many names that only the first were tried.");
                }
                (SearchState::NoneWithin, sentence)
            }
            Progress::Full(length) => (
                SearchState::GaveUp,
                format!(
                    "The search has no room for more than {states} states. Up to {length} system calls there is no attack; longer ones were not all tried."
                ),
            ),
        };
        self.done.push(NodeSearch {
            node: self.node.clone(),
            state,
            sentence,
        });
        if self.depth == 0 && self.attack.is_some() {
            self.waiting.clear();
        }
    }

    fn state(&self) -> SearchState {
        if self.stopped.is_some() {
            return SearchState::Stopped;
        }
        if self.current.is_some() || !self.waiting.is_empty() {
            return SearchState::Running;
        }
        let any = |state| self.done.iter().any(|node| node.state == state);
        if self.attack.is_some() {
            SearchState::Found
        } else if any(SearchState::GaveUp) {
            SearchState::GaveUp
        } else if any(SearchState::NoneWithin) {
            SearchState::NoneWithin
        } else {
            SearchState::Impossible
        }
    }

    fn view(&self, session: &Session) -> SearchView {
        let state = self.state();
        let running = self.current.as_ref().map(|turn| &turn.search);
        let calls = self.calls + running.map_or(0, Search::calls);
        let states = self.states + running.map_or(0, |search| search.states() as u64);
        let length = running.map_or(self.order.depth, Search::length);
        let sentence = match state {
            SearchState::Running => format!(
                "Trying attacks of {length} system calls on {}: {calls} calls, {states} states.",
                if self.node.is_empty() {
                    "the first node"
                } else {
                    &self.node
                }
            ),
            SearchState::Stopped => format!(
                "{} No attack was found in {calls} calls, {states} states.",
                self.stopped.as_deref().unwrap_or_default()
            ),
            SearchState::Found => match &self.attack {
                Some(attack) => {
                    let length = u8::try_from(attack.script.len()).unwrap_or(u8::MAX);
                    format!("On {}: {}", attack.node, found(length))
                }
                None => String::new(),
            },
            _ => match self.done.as_slice() {
                [only] => only.sentence.clone(),
                nodes => {
                    let lines = nodes.iter();
                    let lines: Vec<String> = lines
                        .map(|node| format!("{}: {}", node.node, node.sentence))
                        .collect();
                    lines.join(" ")
                }
            },
        };
        SearchView {
            state,
            sentence,
            node: self.node.clone(),
            length,
            depth: self.order.depth,
            calls,
            states,
            waiting: running.map_or(0, |search| search.waiting() as u64),
            memory: running.map_or(0, |search| search.memory() as u64),
            nodes: self.done.clone(),
            attack: (state == SearchState::Found)
                .then(|| self.attack.clone())
                .flatten()
                .map(|attack| show(attack, session)),
        }
    }
}

fn found(length: u8) -> String {
    match length {
        0 => "The goal is reached already: nothing stands in the way.".to_owned(),
        1 => "One system call is enough.".to_owned(),
        _ => format!("{length} system calls are enough, and there is no shorter attack."),
    }
}

/// The attack made again from the beginning, call by call.
fn show(attack: Attack, session: &Session) -> AttackView {
    let mut machine = attack.machine;
    machine.journal.clear();
    play(&mut machine, attack.pid, &attack.script);
    AttackView {
        node: attack.node,
        steps: view::rows(&machine, &session.workspace),
        script: machine
            .journal
            .iter()
            .map(|recorded| {
                let event = &recorded.event;
                format!("{} {}", event.call, view::answer(event))
            })
            .collect(),
    }
}

fn play(machine: &mut Machine, pid: Pid, script: &[Call]) {
    machine.begin(ATTACK);
    for call in script {
        machine.call(pid, call.clone());
    }
}

/// A copy of a node's computer with the attacker's shell on it, or why there
/// is none.
fn begin(node: &Node, attacker: &Attacker) -> Result<(Machine, Pid), String> {
    let mut machine = node.machine.clone();
    let pid = match attacker {
        Attacker::Container { pod, container } => {
            let pods = machine.pods.iter();
            let first = pods.map(|pod| pod.start.pod.clone()).next();
            let pod = if pod.is_empty() {
                first.ok_or("There is no pod on this node.")?
            } else {
                pod.clone()
            };
            let container = Some(container.as_str()).filter(|name| !name.is_empty());
            machine.enter((&pod, None), container)?
        }
        Attacker::User { .. } => machine.terminal(),
    };
    machine.quietly(|machine| {
        let mut process = Process {
            machine,
            pid,
            name: "runc".to_owned(),
            userland: Userland::Busybox,
            depth: 0,
        };
        match attacker {
            Attacker::Container { .. } => {
                programs::become_program(&mut process, &["sh".to_owned()])
            }
            Attacker::User { uid } => process
                .call("setgid", [Arg::from(*uid)])
                .and_then(|_| process.call("setuid", [Arg::from(*uid)]))
                .map(drop),
        }
        .map_err(|errno| format!("The attacker's shell does not start: {}.", errno.words()))
    })?;
    Ok((machine, pid))
}
