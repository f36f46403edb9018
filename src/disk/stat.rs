//! Whether a file is as it was, without reading it.
//!
//! As Git does it: a file whose size, times and number are the same is not read again, unless it
//! was young when it was looked at. Then it may have been written twice within one tick of the
//! file system's clock.

use std::fs::{self, Metadata};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::media::Stat;

/// How far apart two writes have to be, to have different times on every file system: FAT's clock
/// is the slowest.
const TICK: Duration = Duration::from_secs(2);

/// Returns the state of a file, if it will tell whether the file has changed.
#[must_use]
pub fn read(path: &Path) -> Option<Stat> {
    let stat = read_young(path)?;
    let age = now().checked_sub(last_change(&stat))?;
    (age > TICK).then_some(stat)
}

/// Returns whether a file is in this state.
#[must_use]
pub fn is_at(stat: &Stat, path: &Path) -> bool {
    read_young(path).as_ref() == Some(stat)
}

fn read_young(path: &Path) -> Option<Stat> {
    let metadata = fs::metadata(path).ok().filter(Metadata::is_file)?;
    let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let modified = (modified.as_secs(), modified.subsec_nanos());
    Some(Stat { size: metadata.len(), modified, changed: changed(&metadata) })
}

/// Returns the later one of the times, since 1970.
fn last_change(stat: &Stat) -> Duration {
    let modified = Duration::new(stat.modified.0, stat.modified.1);
    let changed = stat.changed.and_then(|(seconds, nanos, _)| {
        Some(Duration::new(u64::try_from(seconds).ok()?, u32::try_from(nanos).ok()?))
    });
    changed.map_or(modified, |changed| changed.max(modified))
}

/// Returns what identifies an installed version of a program: its path, size and time.
#[must_use]
pub fn program(path: &Path) -> Option<String> {
    let metadata = fs::metadata(path).ok()?;
    Some(format!("{} {} {:?}", path.display(), metadata.len(), metadata.modified().ok()?))
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems do not know it")]
fn changed(metadata: &Metadata) -> Option<(i64, i64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    Some((metadata.ctime(), metadata.ctime_nsec(), metadata.ino()))
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> Option<(i64, i64, u64)> {
    None
}

/// Returns the time since 1970: only to compare it with that of files.
fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::{Duration, SystemTime};

    use super::{is_at, read_young};

    #[test]
    fn what_is_young_is_not_trusted() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        fs::write(&path, "a").expect("a file");
        assert_eq!(super::read(&path), None);
        assert_eq!(super::read(folder.path()), None);
    }

    #[test]
    fn an_edit_that_hides_its_time_is_seen() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        let hour_ago = SystemTime::now() - Duration::from_secs(3600);
        let write = |text: &str| {
            fs::write(&path, text).expect("a file");
            let file = fs::File::options().write(true).open(&path).expect("a file");
            file.set_modified(hour_ago).expect("a time");
        };
        write("a");
        let before = read_young(&path).expect("a state");
        assert!(is_at(&before, &path));
        std::thread::sleep(Duration::from_millis(50));
        write("b");
        assert_eq!(is_at(&before, &path), cfg!(not(unix)));
        write("longer");
        assert!(!is_at(&before, &path));
    }
}
