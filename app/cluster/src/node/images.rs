//! The users that images run as: the `USER` of their Dockerfiles.

use super::Node;
use crate::object::ImageName;

/// The user that an image's configuration names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ImageUser {
    /// As the Dockerfile has it: a number or a name, perhaps with a group after
    /// a colon; empty where it has none.
    pub written: String,
    /// The number that it means in the image.
    pub uid: u32,
}

impl ImageUser {
    /// An image without `USER`: its processes are root's.
    pub const ROOT: Self = Self {
        written: String::new(),
        uid: 0,
    };

    /// The user of a `USER` line, and the number that a name has in the image.
    pub fn new(written: &str, uid: u32) -> Self {
        Self {
            written: written.to_owned(),
            uid,
        }
    }

    /// The user without the group.
    pub fn user(&self) -> &str {
        self.written.split(':').next().unwrap_or_default()
    }

    /// The number that can be read without the image: none of a name.
    pub fn number(&self) -> Option<u32> {
        let user = self.user();
        if user.is_empty() {
            return Some(Self::ROOT.uid);
        }
        user.parse().ok()
    }
}

/// Images that do not run as root: repository, the beginning of the tag, `USER`
/// as its publisher's Dockerfile has it, and the number that it means.
const KNOWN: &[(&str, &str, &str, u32)] = &[
    ("curlimages/curl", "", "curl_user", 100),
    ("gcr.io/distroless/base", "nonroot", "65532", 65532),
    ("gcr.io/distroless/base-debian12", "nonroot", "65532", 65532),
    ("gcr.io/distroless/static", "nonroot", "65532", 65532),
    (
        "gcr.io/distroless/static-debian12",
        "nonroot",
        "65532",
        65532,
    ),
    ("grafana/grafana", "", "472", 472),
    ("jenkins/jenkins", "", "jenkins", 1000),
    ("nginxinc/nginx-unprivileged", "", "101", 101),
    ("prom/prometheus", "", "nobody", 65534),
    ("quay.io/prometheus/prometheus", "", "nobody", 65534),
    ("registry.k8s.io/pause", "", "65535:65535", 65535),
];

impl Node {
    /// The user of an image: as was said of the node's images, else as well-known
    /// images have it, else root.
    pub fn image_user(&self, image: &str) -> ImageUser {
        if let Some(user) = self.images.get(image) {
            return user.clone();
        }
        let ImageName { name, tag } = ImageName::read(image);
        let name = name.strip_prefix("docker.io/").unwrap_or(name);
        KNOWN
            .iter()
            .find(|(known, tags, ..)| *known == name && tag.starts_with(tags))
            .map_or(ImageUser::ROOT, |(_, _, written, uid)| {
                ImageUser::new(written, *uid)
            })
    }
}
