//! What the server fills in (`pkg/apis/core/v1/defaults.go`).

use crate::{
    object::{ImageName, Kind},
    yaml::{Data, Value},
};

/// An object with what the server fills in, as admission sees it.
pub(super) fn filled(object: &Value) -> Value {
    let mut object = object.clone();
    let keys = Kind::of(&object)
        .and_then(Kind::pod_place)
        .map(|place| place.keys);
    let template = keys.and_then(|keys| {
        let mut keys = keys.iter();
        keys.try_fold(&mut object, |value, key| value.get_mut(key))
    });
    if let Some(template) = template {
        spec_defaults(template.map_under("spec"));
    }
    object
}

/// Fills in what a pod's spec leaves out.
pub(crate) fn spec_defaults(spec: &mut Value) {
    for (key, text) in [
        ("dnsPolicy", "ClusterFirst"),
        ("restartPolicy", "Always"),
        ("schedulerName", "default-scheduler"),
        ("serviceAccount", "default"),
        ("serviceAccountName", "default"),
    ] {
        fill(spec, key, Value::text(text));
    }
    fill(spec, "enableServiceLinks", Value::added(Data::Bool(true)));
    fill(
        spec,
        "preemptionPolicy",
        Value::text("PreemptLowerPriority"),
    );
    fill(spec, "priority", Value::added(Data::Int(0)));
    fill(
        spec,
        "terminationGracePeriodSeconds",
        Value::added(Data::Int(30)),
    );
    fill(spec, "securityContext", Value::map());
    for key in ["initContainers", "containers", "ephemeralContainers"] {
        let Some(list) = spec.get_mut(key) else {
            continue;
        };
        for container in list.items_mut() {
            let image = container.get("image").and_then(Value::as_str);
            let latest = image.is_some_and(|image| ImageName::read(image).tag == "latest");
            fill(
                container,
                "imagePullPolicy",
                Value::text(if latest { "Always" } else { "IfNotPresent" }),
            );
            fill(container, "resources", Value::map());
            fill(
                container,
                "terminationMessagePath",
                Value::text("/dev/termination-log"),
            );
            fill(container, "terminationMessagePolicy", Value::text("File"));
        }
    }
}

fn fill(value: &mut Value, key: &str, default: Value) {
    if value.get(key).is_none_or(Value::is_null) {
        value.set(key, default);
    }
}
