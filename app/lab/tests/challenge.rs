//! Challenges, asked as the pages ask them.

mod page;

use lab::message::{Request, Response, Score};
use page::Page;

fn checked(page: &mut Page, seed: Option<u8>) -> (usize, Option<Score>) {
    match page.ask(Request::Check { seed }) {
        Response::Checked {
            variants, score, ..
        } => (variants.len(), score),
        other => panic!("not checked: {other:?}"),
    }
}

#[test]
fn each_draw_has_its_own_variants_and_those_that_are_not_shown_count() {
    let lab = page::challenge("attack-a-folder");
    let mut page = Page::open(lab.clone());
    let (shown, score) = checked(&mut page, Some(4));
    let score = score.expect("a challenge is scored");
    assert_eq!(shown, 0);
    assert!(score.open >= 2, "one is public and one hidden: {score:?}");
    for file in lab.solution() {
        let path = file.path.clone();
        page.ask(Request::Edit {
            path,
            text: file.text,
        });
    }
    for seed in 1..=5 {
        let (shown, score) = checked(&mut page, Some(seed));
        assert_eq!(shown, lab.drawn(seed).count());
        assert_eq!(score.map(|score| score.points), Some(100), "seed {seed}");
    }
    assert_eq!(checked(&mut page, None), (lab.variants.len(), None));
}

#[test]
fn a_link_of_two_players_carries_the_profile_and_the_script() {
    let mut page = Page::open(page::challenge("versus-your-vault"));
    page.edit("vault", "  file,\n", "  /bin/* rix,\n");
    page.edit("attack.sh", "mv /srv/vault /srv/work/v\n", "id\n");
    let Response::Shared { fragment, .. } = page.ask(Request::Share) else {
        panic!("no link");
    };
    let Response::Unpacked { lab, files, .. } = page.ask(Request::Unpack { fragment }) else {
        panic!("no files");
    };
    let paths: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
    let expected = ["vault", "attack.sh"];
    assert_eq!(
        (lab.as_str(), paths.as_slice()),
        ("versus-your-vault", &expected[..])
    );
}

#[test]
fn a_link_carries_the_fleet_that_a_lab_was_opened_with() {
    let lab = page::challenge("versus-your-vault");
    let mut fleet = lab.nodes.clone();
    fleet[0].id = "another".to_owned();
    let mut page = Page::open(lab.clone());
    page.ask(Request::Open {
        document: Box::new(lab),
        files: Vec::new(),
        nodes: Some(fleet.clone()),
        workload: None,
    });
    let Response::Shared { fragment, .. } = page.ask(Request::Share) else {
        panic!("no link");
    };
    let Response::Unpacked { nodes, .. } = page.ask(Request::Unpack { fragment }) else {
        panic!("no fleet");
    };
    assert_eq!(nodes, Some(fleet));
}

#[test]
fn the_script_of_the_other_player_takes_points_and_has_no_price() {
    let mut page = Page::open(page::challenge("versus-your-vault"));
    let (_, with) = checked(&mut page, Some(1));
    page.edit("attack.sh", "cat /srv/work/v/gold > /srv/work/loot\n", "");
    let (_, without) = checked(&mut page, Some(1));
    let (with, without) = with.zip(without).expect("both are scored");
    assert_eq!(without.points, with.points + 15);
    assert_eq!(without.rules, with.rules);
}
