//! The capstone: what the learner's files come to on a whole fleet, and
//! whether that is what was asked for.
//!
//! Nodes of a pool are equal, so one node stands for all of them, and its
//! answers weigh as many times as the pool has nodes.

mod checks;
mod loading;
mod stand;

use crate::{
    document::{Capstone, Document},
    message::{
        CapstoneCell, CapstoneChoice, CapstoneFleet, CapstonePool, CapstoneRow, CapstoneView,
        RESULT_SCHEMA,
    },
    workspace::Workspace,
};
use sorted::SortedMap;
use stand::Stand;
use std::sync::Arc;

/// The seeds of the fleets that are not shown at first.
pub const SEEDS: [u32; 3] = [1, 2, 3];

/// A pool in a fleet: which one, of what kind, how many nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Drawn<'c> {
    pool: &'c crate::document::Pool,
    kind: &'c str,
    count: usize,
}

/// A fleet with a node that stands for each pool.
struct Fleet<'c> {
    capstone: &'c Capstone,
    pools: Vec<(Drawn<'c>, Arc<Stand>)>,
}

/// Decides the capstone for the files as they are; nothing for a lab without
/// one. The drawn fleets are looked at once the fleet that is shown passes.
pub fn decide(document: &Document, workspace: &Workspace) -> Option<CapstoneView> {
    let capstone = document.capstone.as_ref()?;
    let mut stands: SortedMap<(&str, &str), Arc<Stand>> = SortedMap::new();
    let mut fleets: Vec<CapstoneFleet> = Vec::new();
    for seed in std::iter::once(0).chain(SEEDS) {
        let pools = draw(capstone, seed)
            .into_iter()
            .map(|drawn| {
                let stand = stands
                    .entry((&drawn.pool.id, drawn.kind))
                    .or_insert_with(|| Arc::new(stand::of(drawn, document, capstone, workspace)));
                (drawn, Arc::clone(stand))
            })
            .collect();
        let fleet = Fleet { capstone, pools };
        let view = CapstoneFleet {
            seed,
            checks: checks::all(&fleet, document, workspace),
            pools: fleet.pools.iter().map(pool).collect(),
            rows: rows(&fleet),
        };
        let goes_on = view.checks.iter().all(|check| check.passed);
        fleets.push(view);
        if seed == 0 && !goes_on {
            break;
        }
    }
    let passed = fleets.len() > SEEDS.len()
        && fleets
            .iter()
            .flat_map(|fleet| &fleet.checks)
            .all(|check| check.passed);
    Some(CapstoneView {
        schema: RESULT_SCHEMA,
        passed,
        fleets,
        choices: choices(capstone, workspace),
    })
}

fn pool((drawn, stand): &(Drawn<'_>, Arc<Stand>)) -> CapstonePool {
    CapstonePool {
        id: drawn.pool.id.clone(),
        title: drawn.pool.title.clone(),
        kind: cluster::node::kind(drawn.kind)
            .map_or(drawn.kind, |kind| kind.title)
            .to_owned(),
        count: drawn.count,
        loaded: stand.loaded.clone(),
    }
}

fn rows(fleet: &Fleet<'_>) -> Vec<CapstoneRow> {
    let workloads = fleet.capstone.workloads.iter().enumerate();
    workloads
        .map(|(index, workload)| CapstoneRow {
            workload: workload.id.clone(),
            title: workload.title.clone(),
            cells: fleet
                .pools
                .iter()
                .map(|(_, stand)| CapstoneCell {
                    state: stand.cells[index].state,
                    sentence: stand.cells[index].sentence.clone(),
                })
                .collect(),
        })
        .collect()
}

fn choices(capstone: &Capstone, workspace: &Workspace) -> Vec<CapstoneChoice> {
    let answers = checks::answers(capstone, workspace);
    let options: Vec<(String, String)> = checks::OPTIONS
        .iter()
        .map(|(option, text)| (option.word().to_owned(), (*text).to_owned()))
        .collect();
    capstone
        .workloads
        .iter()
        .map(|workload| CapstoneChoice {
            workload: workload.id.clone(),
            title: workload.title.clone(),
            options: options.clone(),
            chosen: answers.get(&workload.id).cloned().unwrap_or_default(),
        })
        .collect()
}

/// The fleet of a seed: as many nodes as the one that is shown, which is that
/// of seed 0. What the other pools leave is the first one's.
fn draw(capstone: &Capstone, seed: u32) -> Vec<Drawn<'_>> {
    let total: usize = capstone.pools.iter().map(|pool| pool.count).sum();
    let mut state = u64::from(seed);
    let mut next = |below: usize| {
        // SplitMix64 (Steele, Lea and Flood 2014).
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = state;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((word ^ (word >> 31)) % (below.max(1) as u64)).unwrap_or(0)
    };
    let mut fleet: Vec<Drawn<'_>> = Vec::new();
    for pool in &capstone.pools {
        let [fewest, most] = pool.drawn;
        let (count, kind) = if seed == 0 {
            (pool.count, 0)
        } else {
            let count = fewest + next(most.saturating_sub(fewest) + 1);
            (count, next(pool.kinds.len()))
        };
        fleet.push(Drawn {
            pool,
            kind: pool.kinds.get(kind).map_or("", String::as_str),
            count,
        });
    }
    let others: usize = fleet.iter().skip(1).map(|drawn| drawn.count).sum();
    if let Some(first) = fleet.first_mut() {
        first.count = total.saturating_sub(others);
    }
    fleet
}
