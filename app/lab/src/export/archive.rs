//! A folder as a zip file, its files stored as they are (APPNOTE.TXT 6.3.10,
//! method 0). Equal files make an equal archive: every time stamp is the first
//! that the format knows.

use super::ExportFile;

/// 1 January 1980, as MS-DOS counts days.
const DATE: u16 = 1 << 5 | 1;
/// Version 2.0, made on Unix, so that permissions are kept.
const VERSION: u16 = 20;
const UNIX: u16 = 3 << 8;
/// Names are UTF-8.
const UTF_8: u16 = 1 << 11;

/// The archive of a folder of this name.
pub fn zip(folder: &str, files: &[ExportFile]) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut directory = Vec::new();
    let mut count: u16 = 0;
    for file in files {
        let name = format!("{folder}/{}", file.path);
        let (Ok(offset), Ok(size), Ok(name_length)) = (
            u32::try_from(archive.len()),
            u32::try_from(file.text.len()),
            u16::try_from(name.len()),
        ) else {
            // Beyond what the format can say; MAX_EXPORT keeps it from here.
            continue;
        };
        let mut common = Vec::new();
        for field in [VERSION, UTF_8, 0, 0, DATE] {
            common.extend(field.to_le_bytes());
        }
        for field in [crc(file.text.as_bytes()), size, size] {
            common.extend(field.to_le_bytes());
        }
        common.extend(name_length.to_le_bytes());
        common.extend(0_u16.to_le_bytes());
        archive.extend(b"PK\x03\x04");
        archive.extend(&common);
        archive.extend(name.as_bytes());
        archive.extend(file.text.as_bytes());
        let mode: u32 = if file.executable {
            0o100_755
        } else {
            0o100_644
        };
        directory.extend(b"PK\x01\x02");
        directory.extend((UNIX | VERSION).to_le_bytes());
        directory.extend(&common);
        // Comment length, disk, internal attributes.
        directory.extend([0; 6]);
        directory.extend((mode << 16).to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
        count = count.saturating_add(1);
    }
    let start = u32::try_from(archive.len()).unwrap_or(u32::MAX);
    let length = u32::try_from(directory.len()).unwrap_or(u32::MAX);
    archive.extend(directory);
    archive.extend(b"PK\x05\x06");
    archive.extend([0; 4]);
    archive.extend(count.to_le_bytes());
    archive.extend(count.to_le_bytes());
    archive.extend(length.to_le_bytes());
    archive.extend(start.to_le_bytes());
    archive.extend([0; 2]);
    archive
}

/// CRC-32 as zip wants it (ISO 3309), bit by bit: folders are small.
fn crc(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            let odd = sum & 1 == 1;
            sum >>= 1;
            if odd {
                sum ^= 0xedb8_8320;
            }
        }
    }
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_is_that_of_the_standard() {
        assert_eq!(crc(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn an_archive_tells_each_file_twice_and_ends_with_their_number() {
        let files = [
            ExportFile::new("a", "one"),
            ExportFile {
                executable: true,
                ..ExportFile::new("b/c", "two")
            },
        ];
        let archive = zip("lab", &files);
        let times = |name: &[u8]| archive.windows(name.len()).filter(|at| *at == name).count();
        assert_eq!(times(b"lab/a"), 2);
        assert_eq!(times(b"lab/b/c"), 2);
        assert_eq!(times(b"one"), 1);
        let end = archive.len() - 22;
        assert_eq!(archive[end..end + 4], *b"PK\x05\x06");
        assert_eq!(archive[end + 10], 2);
        assert_eq!(archive, zip("lab", &files));
    }
}
