//! The seven deferred steps of the source post, typed on an Ubuntu node and on
//! a kind node in Docker Desktop side by side.

mod page;

use page::Page;
use std::fmt::Write as _;

/// Types a line on both nodes and writes down what came.
fn type_on_both(page: &mut Page, story: &mut String, line: &str) {
    for node in ["ubuntu", "kind"] {
        let (output, exit) = page.run(node, line);
        let _ = writeln!(story, "root@{node}:~# {line}");
        if !output.is_empty() {
            let _ = writeln!(story, "{output}");
        }
        if exit != 0 {
            let _ = writeln!(story, "[exit {exit}]");
        }
    }
    story.push('\n');
}

#[test]
fn the_seven_steps_of_the_post_come_out_as_on_real_nodes() {
    let mut lesson = page::lesson();
    lesson.workload.clear();
    let mut page = Page::open(lesson);
    let mut story = String::new();
    for line in [
        // 1. Is AppArmor there?
        "aa-status | head -n 3",
        "cat /sys/module/apparmor/parameters/enabled",
        // 2. Load the profile.
        "apparmor_parser -r /etc/apparmor.d/k8s-deny-data",
        "aa-status | grep k8s-deny-data",
        // 3. Deploy the pod (the lab has, so that this changes nothing).
        "kubectl apply -f pod.yaml",
        "kubectl get pods",
        // 4. The write is refused.
        "kubectl exec writer -- touch /data/x",
        "kubectl exec writer -- cat /data/readme",
        // 6. A plain deny leaves no line.
        "dmesg | grep DENIED",
        // 7. The profile is on the process.
        "kubectl exec writer -- cat /proc/1/attr/current",
    ] {
        type_on_both(&mut page, &mut story, line);
    }
    insta::assert_snapshot!("seven_steps", story);
}

#[test]
fn an_audited_deny_makes_the_denied_line_appear() {
    let mut page = Page::open(page::lesson());
    page.edit(
        "k8s-deny-data",
        "deny /data/** w,",
        "audit deny /data/** w,",
    );
    let (output, _) = page.run("ubuntu", "dmesg | grep -c DENIED");
    assert_eq!(output, "2", "touch and mkdir");
    let (output, _) = page.run(
        "ubuntu",
        "kubectl exec writer -- touch /data/x; dmesg | tail -n 1",
    );
    insta::assert_snapshot!("audit_deny", output);
}

#[test]
fn the_same_touch_passes_a_filter_that_forbids_mkdir() {
    let mut page = Page::open(page::lesson());
    page.only_seccomp();
    let mut story = String::new();
    for line in [
        "kubectl exec writer -- touch /data/y",
        "kubectl exec writer -- mkdir /data/e",
        "kubectl exec writer -- ls /data",
        "dmesg | grep -c audit",
    ] {
        type_on_both(&mut page, &mut story, line);
    }
    insta::assert_snapshot!("seccomp_steps", story);
}

#[test]
fn a_container_sees_masked_paths_as_empty_and_others_as_read_only() {
    let mut lesson = page::lesson();
    lesson.workload.clear();
    let mut page = Page::open(lesson);
    let mut story = String::new();
    for line in [
        "ls -l /proc/keys",
        "kubectl exec writer -- ls -l /proc/keys",
        "kubectl exec writer -- cat /proc/keys",
        "kubectl exec writer -- ls /sys/firmware",
        "kubectl exec writer -- sh -c 'echo b > /proc/sysrq-trigger'",
    ] {
        type_on_both(&mut page, &mut story, line);
    }
    insta::assert_snapshot!("masked_paths", story);
}
