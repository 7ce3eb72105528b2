//! Folders of policy files, read into memory.

use std::{fs, path::Path};

use apparmor::SourceSet;

/// Every file below a folder, by its path below it.
pub fn read_folder(folder: &Path) -> Result<SourceSet, String> {
    let mut sources = SourceSet::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        let entries =
            fs::read_dir(&next).map_err(|error| format!("{}: {error}", next.display()))?;
        for entry in entries {
            let path = entry.map_err(|error| error.to_string())?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path
                    .strip_prefix(folder)
                    .unwrap_or(&path)
                    .display()
                    .to_string();
                let bytes = fs::read(&path).map_err(|error| error.to_string())?;
                sources.insert(name, String::from_utf8_lossy(&bytes).into_owned());
            }
        }
    }
    Ok(sources)
}
