//! The capstone: its start fails, its solution holds on every fleet, and each
//! single step left out makes the check fail that is about it.

use lab::{
    document,
    message::{CapstoneView, CellState, FileText},
    session::Session,
};
use std::{fs, path::PathBuf};

type Error = Box<dyn std::error::Error>;

fn decided(change: impl Fn(&mut Vec<FileText>)) -> Result<CapstoneView, Error> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../lessons/capstone");
    let lab = fs::read_to_string(folder.join("lab.yaml"))?;
    let document = document::read(&lab, |path| fs::read_to_string(folder.join(path)).ok())
        .map_err(|errors| format!("{errors:?}"))?;
    let mut files = document.solution();
    change(&mut files);
    let session = Session::open(document, &files, None)?;
    Ok(session.capstone().ok_or("there is no capstone")?)
}

/// The numbers of the checks that fail on the fleet that is shown.
fn failing(view: &CapstoneView) -> Vec<usize> {
    let checks = view.fleets.iter().take(1).flat_map(|fleet| &fleet.checks);
    (1..)
        .zip(checks)
        .filter(|(_, check)| !check.passed)
        .map(|(number, _)| number)
        .collect()
}

fn put(files: &mut [FileText], path: &str, find: &str, put: &str) {
    for file in files.iter_mut().filter(|file| file.path == path) {
        assert!(file.text.contains(find), "{path} has no {find}");
        file.text = file.text.replace(find, put);
    }
}

#[test]
fn the_boss_s_files_run_in_silence_and_fail_four_checks() -> Result<(), Error> {
    let view = decided(Vec::clear)?;
    assert_eq!(failing(&view), [1, 3, 5, 6], "{view:#?}");
    assert_eq!(view.fleets.len(), 1, "no fleet is drawn before its time");
    Ok(())
}

#[test]
fn the_solution_holds_on_the_fleet_and_on_the_three_that_are_drawn() -> Result<(), Error> {
    let view = decided(|_| ())?;
    assert!(view.passed, "{view:#?}");
    assert_eq!(view.fleets.len(), 4);
    for fleet in &view.fleets {
        let nodes: usize = fleet.pools.iter().map(|pool| pool.count).sum();
        assert_eq!(nodes, 40, "the fleet of seed {}", fleet.seed);
    }
    Ok(())
}

#[test]
fn a_node_that_no_loader_reaches_refuses_and_costs_availability() -> Result<(), Error> {
    let view = decided(|files| {
        put(
            files,
            "load-plan.yaml",
            "privileged: true",
            "privileged: false",
        );
    })?;
    assert_eq!(failing(&view), [2, 3, 6], "{view:#?}");
    Ok(())
}

#[test]
fn without_a_selector_the_old_kubelets_run_the_pod_in_silence() -> Result<(), Error> {
    let view = decided(|files| {
        put(
            files,
            "web.yaml",
            "      nodeSelector:\n        example.org/apparmor: \"yes\"\n",
            "",
        );
    })?;
    assert_eq!(failing(&view), [1, 2, 6], "{view:#?}");
    let fleet = &view.fleets[0];
    let old = fleet.pools.iter().position(|pool| pool.id == "old");
    let cell = old.and_then(|index| fleet.rows[0].cells.get(index));
    assert_eq!(cell.map(|cell| cell.state), Some(CellState::Silent));
    Ok(())
}

#[test]
fn a_profile_with_every_file_leaves_attacks_open() -> Result<(), Error> {
    let view = decided(|files| put(files, "k8s-web", "  /bin/* rix,", "  file,"))?;
    assert_eq!(failing(&view), [3], "{view:#?}");
    Ok(())
}

#[test]
fn a_profile_that_forgets_the_log_breaks_good_work() -> Result<(), Error> {
    let view = decided(|files| put(files, "k8s-web", "  /var/log/web.log w,\n", ""))?;
    assert_eq!(failing(&view), [4], "{view:#?}");
    Ok(())
}

#[test]
fn a_rule_that_takes_the_old_manifests_is_no_migration() -> Result<(), Error> {
    let view = decided(|files| files.retain(|file| file.path != "admission.yaml"))?;
    assert_eq!(failing(&view), [5], "{view:#?}");
    Ok(())
}

#[test]
fn an_answer_is_judged_by_the_learner_s_own_files() -> Result<(), Error> {
    let wrong = decided(|files| put(files, "answers.yaml", "web: placed", "web: refused"))?;
    assert_eq!(failing(&wrong), [6], "{wrong:#?}");
    // The same answer is right once web is placed where it is refused.
    let right = decided(|files| {
        put(files, "answers.yaml", ": placed", ": refused");
        put(
            files,
            "node-labels.yaml",
            "name: ubuntu-new",
            "name: boot-off",
        );
    })?;
    assert!(!failing(&right).contains(&6), "{right:#?}");
    Ok(())
}
