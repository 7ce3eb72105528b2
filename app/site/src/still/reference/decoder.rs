//! The audit-line decoder. Its first answer is worked out here; `web/decoder.js`
//! asks the engine for the others and fills copies of the same templates.

use lab::{
    desk::Desk,
    message::{
        Answer, AnswerOutcome, Ask, AuditField, AuditGroup, AuditVerdict, CandidateRule, PROTOCOL,
        Request, Response,
    },
};
use leptos::prelude::*;

use crate::component::{Icon, words};

/// A line to begin with: a link that would have got more rights than its file.
const EXAMPLE: &str = r#"type=1400 audit(1764000000.417:91): apparmor="DENIED" operation="link" class="file" profile="k8s-deny-data" name="/ok/hl" pid=57 comm="ln" requested_mask="wacd" denied_mask="wacd" fsuid=0 ouid=0 target="/data/target""#;

pub fn view() -> AnyView {
    let request = Request::ExplainRecord {
        line: EXAMPLE.to_owned(),
    };
    let Answer { outcome, .. } = Desk::default().answer(Ask {
        version: PROTOCOL,
        id: 0,
        request,
    });
    let AnswerOutcome::Response(Response::RecordExplained {
        group: Some(group),
        fields,
        rules,
    }) = outcome
    else {
        return ().into_any();
    };
    view! {
        <div class="decoder">
            <div class="stack">
                <div class="field">
                    <label for="audit-text">"One line, or a whole log"</label>
                    <textarea id="audit-text" rows="7" spellcheck="false" autocapitalize="off">
                        {EXAMPLE}
                    </textarea>
                </div>
                <p class="row">
                    <label class="btn sm" for="audit-file">
                        "Open a log file"
                    </label>
                    <input class="vh" type="file" id="audit-file" />
                    <button type="button" class="btn sm quiet" id="audit-clear">
                        "Empty the field"
                    </button>
                </p>
                <p class="why" id="audit-told" role="status">
                    "From dmesg, journalctl -k or /var/log/audit/audit.log. Up to 64 MB; nothing leaves this page."
                </p>
                <div class="row" id="audit-progress" hidden>
                    <progress id="audit-bar" max="100" aria-label="How much of the log is read"></progress>
                    <span class="label" id="audit-numbers"></span>
                    <button type="button" class="btn sm" id="audit-stop">
                        "Stop"
                    </button>
                </div>
            </div>
            <section class="stack" id="audit-answer" aria-label="What happened">
                <article class="sheet explained">{explained(Some((&group, &fields, &rules)))}</article>
            </section>
        </div>
        <section class="sec" id="audit-groups" hidden>
            <h2 tabindex="-1">"What the log tells"</h2>
            <p class="muted">
                "Records that tell the same stand together, the most frequent first. Names in a log come from the processes themselves: do not allow something only because it stands there."
            </p>
            <ol class="catalogue"></ol>
        </section>
        <template id="explained">{explained(None)}</template>
        <template id="audit-group">
            <li>
                <details class="sheet">
                    <summary>
                        <b class="count"></b>
                        <span data-slot="badge"></span>
                        <span data-slot="what"></span>
                    </summary>
                    <div class="explained"></div>
                </details>
            </li>
        </template>
        <template id="audit-verdicts">
            {[AuditVerdict::Blocked, AuditVerdict::Allowed, AuditVerdict::Policy].map(badge).into_iter().collect_view()}
        </template>
        <template id="audit-field">{field(&AuditField { name: String::new(), value: String::new(), meaning: String::new() })}</template>
        <template id="audit-rule">{rule(&CandidateRule { width: String::new(), rule: String::new(), caution: String::new() })}</template>
    }
    .into_any()
}

/// The parts of an explanation; `web/decoder.js` fills what has a `data-slot`.
fn explained(of: Option<(&AuditGroup, &[AuditField], &[CandidateRule])>) -> impl IntoView + use<> {
    let (what, why, verdict) = of.map_or_else(
        || (String::new(), String::new(), None),
        |(group, ..)| (group.what.clone(), group.why.clone(), Some(group.verdict)),
    );
    let fields = of.map(|(_, fields, _)| fields.iter().map(field).collect_view());
    let rules = of.map(|(.., rules)| rules.iter().map(rule).collect_view());
    view! {
        <header>
            <h2>"What happened"</h2>
            <span data-slot="badge">{verdict.map(badge)}</span>
        </header>
        <div class="pad stack">
            <p data-slot="what" inner_html=words(&what).0></p>
            <p data-slot="why" inner_html=words(&why).0></p>
            <div data-part="rules">
                <h3>"Rules that would allow it"</h3>
                <ul class="candidates" data-slot="rules">
                    {rules}
                </ul>
            </div>
            <details>
                <summary>"Field by field"</summary>
                <dl class="decode" data-slot="fields">
                    {fields}
                </dl>
            </details>
        </div>
    }
    .into_any()
}

fn badge(verdict: AuditVerdict) -> impl IntoView {
    let (class, icon, word) = match verdict {
        AuditVerdict::Blocked => ("out is-blocked", Icon::Blocked, "blocked"),
        AuditVerdict::Allowed => ("out is-allowed", Icon::Through, "allowed, and logged"),
        AuditVerdict::Policy => ("out is-plain", Icon::Info, "policy changed"),
    };
    let name = match verdict {
        AuditVerdict::Blocked => "blocked",
        AuditVerdict::Allowed => "allowed",
        AuditVerdict::Policy => "policy",
    };
    view! { <span class=class data-verdict=name>{icon.view()} {word}</span> }
}

fn field(field: &AuditField) -> impl IntoView + use<> {
    view! {
        <div>
            <dt data-slot="name">{field.name.clone()}</dt>
            <dd>
                <code data-slot="value">{field.value.clone()}</code>
                " "
                <span data-slot="meaning" inner_html=words(&field.meaning).0></span>
            </dd>
        </div>
    }
    .into_any()
}

fn rule(rule: &CandidateRule) -> impl IntoView + use<> {
    view! {
        <li>
            <p class="label" data-slot="width">{rule.width.clone()}</p>
            <pre class="example" data-slot="rule">{rule.rule.clone()}</pre>
            <p class="why" data-slot="caution" inner_html=words(&rule.caution).0></p>
        </li>
    }
    .into_any()
}
