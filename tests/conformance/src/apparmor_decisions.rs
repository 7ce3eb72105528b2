//! The `apparmor-decisions` group: what compiled profiles answer.

use std::{fs, path::Path, sync::Arc};

use apparmor::{
    Attachment, ChangeHat, ChangeProfileKind, Decision, ExecFallback, ExecKind, ExecLabel,
    ExecTransition, FilePermissions, IoUringPermission, MountRequest, NetworkPermission, Options,
    Profile, PtracePermission, SignalPermission, SourceSet, best_attachment, compile,
};
use serde_json::{Map, Value, json};

use crate::report::Report;

/// Answers every query of `decisions.jsonl` and refuses every text of `rejects.jsonl`.
pub fn run(folder: &Path, report: &mut Report) -> Result<(), String> {
    let open = folder.join("open");
    let folder = if open.is_dir() {
        open
    } else {
        folder.to_owned()
    };
    let mut policies = Map::new();
    for profile in lines(&folder.join("profiles.jsonl"))? {
        policies.insert(word(&profile, "id").to_owned(), profile["text"].clone());
    }
    let mut compiled: Option<(String, Vec<Arc<Profile>>)> = None;
    for (number, line) in lines(&folder.join("decisions.jsonl"))?.iter().enumerate() {
        let id = word(line, "profile");
        if compiled.as_ref().is_none_or(|(known, _)| known != id) {
            let text = policies.get(id).and_then(Value::as_str).unwrap_or_default();
            compiled = Some((id.to_owned(), loaded(text)));
        }
        let profiles = compiled.as_ref().map_or(&[][..], |(_, profiles)| profiles);
        let answer = answer(profiles, &line["query"]);
        if answer == line["answer"] {
            report.pass();
        } else {
            let query = &line["query"];
            let difference = format!("{query}: {answer}, recorded {}", line["answer"]);
            report.fail(&format!("{}:{id}", number + 1), &difference);
        }
    }
    for line in lines(&folder.join("rejects.jsonl"))? {
        let text = word(&line, "text");
        let policy = compile("policy", text, &SourceSet::new(), &Options::default());
        let refused = policy
            .diagnostics
            .iter()
            .any(|found| found.severity == apparmor::diagnostic::Severity::Error);
        if refused {
            report.pass();
        } else {
            report.fail(
                word(&line, "id"),
                &format!("accepted, recorded {}", line["messages"]),
            );
        }
    }
    Ok(())
}

fn lines(path: &Path) -> Result<Vec<Value>, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    text.lines()
        .map(|line| serde_json::from_str(line).map_err(|error| error.to_string()))
        .collect()
}

fn word<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

/// The profiles as a kernel holds them: the parser hands them over sorted by name, and each is put
/// in front of the list.
fn loaded(text: &str) -> Vec<Arc<Profile>> {
    let mut profiles = compile("policy", text, &SourceSet::new(), &Options::default()).profiles;
    profiles.sort_by(|one, other| other.name().cmp(one.name()));
    profiles
}

fn answer(loaded: &[Arc<Profile>], query: &Value) -> Value {
    if word(query, "class") == "attach" {
        return attach(loaded, word(query, "path"));
    }
    let name = word(query, "profile");
    let Some(profile) = loaded
        .iter()
        .find(|profile| profile.name() == name || profile.label() == name)
    else {
        return json!({"error": "no such profile"});
    };
    let owner = query["owner"].as_bool().unwrap_or(false);
    let path = word(query, "path").as_bytes();
    let peer = word(query, "peer").as_bytes();
    match word(query, "class") {
        "file" => file_answer(
            profile,
            &profile.file(path, file_request(&query["request"]), owner),
        ),
        "perms" => json!({
            "owner": permissions(profile, path, true),
            "other": permissions(profile, path, false),
        }),
        "exec" => exec(profile, loaded, path, owner),
        "link" => {
            let link = word(query, "link").as_bytes();
            let decision = profile.link(link, word(query, "target").as_bytes(), owner);
            with_info(file_answer(profile, &decision), &decision)
        }
        "change_profile" => change_profile(profile, query, owner),
        "change_hat" => change_hat(profile, loaded, word(query, "hat")),
        "capability" => {
            let number = apparmor::vocabulary::CAPABILITIES
                .iter()
                .position(|known| *known == word(query, "cap"));
            let number = u8::try_from(number.unwrap_or(usize::MAX)).unwrap_or(u8::MAX);
            plain_answer(profile, &profile.capability(number))
        }
        "network" => network(profile, query),
        "mount" => mount(profile, query),
        "umount" => mount_answer(profile, &profile.umount(path)),
        "pivot_root" => {
            let new_root = word(query, "new_root").as_bytes();
            let decision = profile.pivot_root(new_root, word(query, "put_old").as_bytes());
            mount_answer(profile, &decision)
        }
        "signal" => {
            let request = match word(query, "request") {
                "send" => SignalPermission::Send,
                _ => SignalPermission::Receive,
            };
            plain_answer(
                profile,
                &profile.signal(request, word(query, "signal"), peer),
            )
        }
        "ptrace" => {
            let request = match word(query, "request") {
                "trace" => PtracePermission::Trace,
                "read" => PtracePermission::Read,
                "tracedby" => PtracePermission::TracedBy,
                _ => PtracePermission::ReadBy,
            };
            plain_answer(profile, &profile.ptrace(request, peer))
        }
        "userns" => plain_answer(profile, &profile.userns()),
        "io_uring" => {
            let request = match word(query, "request") {
                "sqpoll" => IoUringPermission::SqPoll,
                _ => IoUringPermission::OverrideCreds,
            };
            plain_answer(profile, &profile.io_uring(request, peer))
        }
        "rlimit" => {
            let limit = profile
                .rlimit(word(query, "resource"))
                .map(|(limit, _)| limit);
            let value = query["value"].as_u64().unwrap_or(u64::MAX);
            let allowed = limit.is_none_or(|limit| value <= limit);
            json!({"allow": allowed, "errno": (!allowed).then_some("EACCES"), "limit": limit})
        }
        class => json!({"error": format!("unknown class {class}")}),
    }
}

fn attach(loaded: &[Arc<Profile>], path: &str) -> Value {
    match best_attachment(loaded, path.as_bytes(), &[]) {
        Attachment::None => json!({"profile": null, "conflict": false}),
        Attachment::Profile(profile) => json!({"profile": profile.name(), "conflict": false}),
        Attachment::Conflict(_) => json!({"profile": null, "conflict": true}),
    }
}

/// What every class answers.
fn common(profile: &Profile, decision: &Decision) -> Map<String, Value> {
    let verdict = decision.verdict(profile.enforcement());
    let log = verdict.log.map(apparmor::LogType::name);
    let fields = [
        ("allow", json!(decision.allowed())),
        ("audit", json!(log == Some("AUDIT"))),
        ("quiet", json!(verdict.quiet)),
        ("errno", json!(verdict.errno.map(apparmor::Errno::name))),
        ("log", json!(log)),
    ];
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn plain_answer(profile: &Profile, decision: &Decision) -> Value {
    let mut fields = common(profile, decision);
    if !decision.mediated {
        if decision.class == apparmor::Class::IoUring {
            fields.insert("mediated".to_owned(), json!(false));
        } else {
            fields.insert("unconfined".to_owned(), json!(true));
        }
    }
    Value::Object(fields)
}

fn mount_answer(profile: &Profile, decision: &Decision) -> Value {
    let mut fields = common(profile, decision);
    if decision.mediated {
        fields.insert("info".to_owned(), json!(decision.info));
    } else {
        fields.insert("unconfined".to_owned(), json!(true));
    }
    Value::Object(fields)
}

fn file_answer(profile: &Profile, decision: &Decision) -> Value {
    let mut fields = common(profile, decision);
    if !decision.mediated {
        fields.insert("unconfined".to_owned(), json!(true));
        return Value::Object(fields);
    }
    let verdict = decision.verdict(profile.enforcement());
    if verdict.log.is_some() {
        fields.insert(
            "requested_mask".to_owned(),
            json!(verdict.requested_letters()),
        );
        if verdict.denied != 0 {
            fields.insert("denied_mask".to_owned(), json!(verdict.denied_letters()));
        }
    }
    Value::Object(fields)
}

fn with_info(mut answer: Value, decision: &Decision) -> Value {
    if decision.mediated {
        answer["info"] = json!(decision.info);
    }
    answer
}

fn file_request(request: &Value) -> FilePermissions {
    let letters = request.as_str().unwrap_or_default();
    let named = request.as_array().map_or(&[][..], Vec::as_slice);
    let mut mask = FilePermissions::from_letters(letters).unwrap_or_default();
    for name in named.iter().filter_map(Value::as_str) {
        mask |= match name {
            "open" => FilePermissions::OPEN,
            "setattr" => FilePermissions::SETATTR,
            "getattr" => FilePermissions::GETATTR,
            "chmod" => FilePermissions::CHMOD,
            "chown" => FilePermissions::CHOWN,
            "create" => FilePermissions::CREATE,
            "delete" => FilePermissions::DELETE,
            letters => FilePermissions::from_letters(letters).unwrap_or_default(),
        };
    }
    mask
}

fn permissions(profile: &Profile, path: &[u8], owner: bool) -> Value {
    let found = profile.file_permissions(path, owner);
    let letters = |mask| FilePermissions(mask).letters();
    let mut fields = json!({
        "allow": letters(found.allow),
        "audit": letters(found.audit),
        "quiet": letters(found.quiet),
    });
    if FilePermissions(found.allow).contains(FilePermissions::EXEC)
        && let Some(transition) = profile.exec_transition(path, owner)
    {
        fields["x"] = describe(&transition);
    }
    fields
}

fn describe(transition: &ExecTransition) -> Value {
    let fallback = match transition.fallback {
        ExecFallback::Inherit => Some("inherit"),
        ExecFallback::Unconfined => Some("unconfined"),
        ExecFallback::Refuse => None,
    };
    let mut fields = json!({"scrub": transition.scrub});
    let kind = match &transition.kind {
        ExecKind::None => {
            fields["type"] = json!(fallback.unwrap_or("none"));
            return fields;
        }
        ExecKind::Profile => "profile",
        ExecKind::Child => "child",
        ExecKind::Named(target) => {
            fields["target"] = json!(target);
            "named"
        }
    };
    fields["type"] = json!(kind);
    if let Some(fallback) = fallback {
        fields["fallback"] = json!(fallback);
    }
    fields
}

fn exec(profile: &Profile, loaded: &[Arc<Profile>], path: &[u8], owner: bool) -> Value {
    let answer = profile.exec(path, owner, &[], loaded);
    let target = answer.target.as_ref().map(|target| match target {
        ExecLabel::Same => profile.label(),
        ExecLabel::Profile(target) => target.label(),
        ExecLabel::Unconfined => "unconfined".to_owned(),
        ExecLabel::Named(name) | ExecLabel::Learning(name) => name.clone(),
    });
    if !answer.decision.mediated {
        let mut fields = common(profile, &answer.decision);
        fields.insert("target".to_owned(), json!(target));
        fields.insert("secureexec".to_owned(), json!(answer.secure));
        return Value::Object(fields);
    }
    let mut fields = with_info(file_answer(profile, &answer.decision), &answer.decision);
    fields["target"] = json!(target);
    fields["secureexec"] = json!(answer.secure);
    if let Some(transition) = &answer.transition {
        fields["x"] = describe(transition);
    }
    fields
}

fn change_profile(profile: &Profile, query: &Value, owner: bool) -> Value {
    let target = word(query, "target").as_bytes();
    if let Some(exec) = query["exec"].as_str() {
        let answer = profile.change_onexec(target, exec.as_bytes(), owner);
        let mut fields = file_answer(profile, &answer.decision);
        if answer.decision.mediated && answer.decision.allowed() {
            fields["scrub"] = json!(answer.secure);
        }
        if answer.decision.info.is_some() {
            fields["info"] = json!(answer.decision.info);
        }
        return fields;
    }
    let kind = if query["stack"].as_bool() == Some(true) {
        ChangeProfileKind::Stack
    } else if query["onexec"].as_bool() == Some(true) {
        ChangeProfileKind::OnExec
    } else {
        ChangeProfileKind::Now
    };
    file_answer(profile, &profile.change_profile(target, kind))
}

fn change_hat(profile: &Profile, loaded: &[Arc<Profile>], hat: &str) -> Value {
    let refused = |errno, info| json!({"allow": false, "errno": errno, "info": info});
    match profile.change_hat(hat, loaded) {
        ChangeHat::Hat(hat) => json!({"allow": true, "errno": null, "target": hat.label()}),
        ChangeHat::NotFound => refused("ENOENT", "hat not found"),
        ChangeHat::NoHats => refused("ECHILD", "no hats defined"),
        ChangeHat::NotHat => refused("EPERM", "target not hat"),
        ChangeHat::Unconfined => refused("EPERM", "unconfined can not change_hat"),
        ChangeHat::Learning(target) => json!({"allow": false, "errno": null, "target": target}),
    }
}

fn network(profile: &Profile, query: &Value) -> Value {
    // The recorder numbered the families without DECnet (12): each later name in a recording
    // stands for the family before it.
    let family = apparmor::vocabulary::FAMILIES
        .iter()
        .position(|(known, _)| *known == word(query, "family"));
    let family = u16::try_from(family.unwrap_or(usize::MAX)).unwrap_or(u16::MAX);
    let kind = query["type"]
        .as_u64()
        .and_then(|kind| u16::try_from(kind).ok());
    let kind = kind.unwrap_or_else(|| {
        apparmor::vocabulary::SOCKET_TYPES
            .iter()
            .find(|(name, _)| *name == word(query, "type"))
            .map_or(u16::MAX, |(_, number)| u16::from(*number))
    });
    let request = match &query["request"] {
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        Value::String(name) => vec![name.as_str()],
        _ => vec!["create"],
    };
    let request = request
        .into_iter()
        .filter_map(NetworkPermission::from_name)
        .fold(0, |mask, permission| mask | permission.bit());
    plain_answer(profile, &profile.network(family, kind, 0, request))
}

fn mount(profile: &Profile, query: &Value) -> Value {
    let field = |name: &str| query[name].as_str().map(str::as_bytes);
    let flags = query["flags"].as_array().map_or(&[][..], Vec::as_slice);
    let flags = flags
        .iter()
        .filter_map(Value::as_str)
        .filter_map(apparmor::vocabulary::mount_option)
        .fold(0, |flags, option| flags | option.set);
    let request = MountRequest {
        mountpoint: field("mntpnt").unwrap_or_default(),
        source: field("src"),
        fstype: field("fstype"),
        flags,
        data: field("data"),
    };
    mount_answer(profile, &profile.mount(&request))
}
