//! References to images (`github.com/distribution/reference`).

/// An image as a manifest names it: `registry:5000/team/tool:1.2@sha256:…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageName<'i> {
    /// Registry and repository, as written.
    pub name: &'i str,
    /// What stands after the colon; `latest` where neither tag nor digest is given,
    /// empty where there is a digest only.
    pub tag: &'i str,
}

impl<'i> ImageName<'i> {
    /// Reads a reference.
    pub fn read(image: &'i str) -> Self {
        let (image, has_digest) = match image.split_once('@') {
            Some((image, _)) => (image, true),
            None => (image, false),
        };
        // A colon before the last slash belongs to the registry's port.
        match image.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => Self { name, tag },
            _ if has_digest => Self {
                name: image,
                tag: "",
            },
            _ => Self {
                name: image,
                tag: "latest",
            },
        }
    }

    /// The name with the registry and folder that Docker Hub's images are in
    /// when none is named.
    pub fn full_name(&self) -> String {
        match self.name.split_once('/') {
            None => format!("docker.io/library/{}", self.name),
            // A registry has a dot, a port, or is this machine.
            Some((first, _)) if first.contains(['.', ':']) || first == "localhost" => {
                self.name.to_owned()
            }
            Some(_) => format!("docker.io/{}", self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ImageName;

    #[test]
    fn name_and_tag_are_told_apart() {
        for (image, name, tag, full) in [
            ("busybox", "busybox", "latest", "docker.io/library/busybox"),
            (
                "busybox:1.36",
                "busybox",
                "1.36",
                "docker.io/library/busybox",
            ),
            (
                "team/tool:latest",
                "team/tool",
                "latest",
                "docker.io/team/tool",
            ),
            (
                "host:5000/tool",
                "host:5000/tool",
                "latest",
                "host:5000/tool",
            ),
            ("host:5000/tool:2", "host:5000/tool", "2", "host:5000/tool"),
            (
                "localhost/tool",
                "localhost/tool",
                "latest",
                "localhost/tool",
            ),
            ("ghcr.io/a/b@sha256:0", "ghcr.io/a/b", "", "ghcr.io/a/b"),
            ("a/b:latest@sha256:0", "a/b", "latest", "docker.io/a/b"),
        ] {
            let read = ImageName::read(image);
            assert_eq!((read.name, read.tag), (name, tag), "{image}");
            assert_eq!(read.full_name(), full, "{image}");
        }
    }
}
