//! What is mounted where.

use std::sync::Arc;

use super::mount::Location;
use crate::{
    id::{DentryId, MountId},
    table::Table,
};

/// The topmost mount of each place. A walk asks it about every name it comes
/// by, so it goes by the name first: on nearly all nothing is mounted.
#[derive(Clone, Debug, Default)]
pub struct Mounted(Table<DentryId, Arc<Vec<(Location, MountId)>>>);

impl Mounted {
    /// The mount on a place.
    pub fn get(&self, place: &Location) -> Option<&MountId> {
        self.0
            .get(&place.dentry)?
            .iter()
            .find(|(on, _)| on == place)
            .map(|(_, mount)| mount)
    }

    /// Puts a mount on a place.
    pub fn insert(&mut self, place: Location, mount: MountId) {
        if let Some(list) = self.0.get_mut(&place.dentry) {
            let list = Arc::make_mut(list);
            list.retain(|(on, _)| *on != place);
            list.push((place, mount));
        } else {
            self.0.insert(place.dentry, Arc::new(vec![(place, mount)]));
        }
    }

    /// Takes the mount off a place.
    pub fn remove(&mut self, place: &Location) {
        let Some(list) = self.0.get_mut(&place.dentry) else {
            return;
        };
        let list = Arc::make_mut(list);
        list.retain(|(on, _)| on != place);
        if list.is_empty() {
            self.0.remove(&place.dentry);
        }
    }

    /// All places and mounts.
    pub fn iter(&self) -> impl Iterator<Item = (&Location, &MountId)> {
        self.0
            .values()
            .flat_map(|list| list.iter())
            .map(|(on, mount)| (on, mount))
    }
}
