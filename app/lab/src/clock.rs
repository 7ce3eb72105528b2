//! World time in the forms that programs print.

/// Nanoseconds since 1970 as `ls -l` prints them: `Nov 24 16:00`.
pub fn short(nanoseconds: i64) -> String {
    let (_, month, day, hour, minute, _) = civil(nanoseconds);
    format!("{} {day:>2} {hour:02}:{minute:02}", month_name(month))
}

/// The same as `stat` prints them, in UTC.
pub fn long(nanoseconds: i64) -> String {
    let (year, month, day, hour, minute, second) = civil(nanoseconds);
    let fraction = nanoseconds.rem_euclid(1_000_000_000);
    format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{fraction:09} +0000")
}

/// The wall clock at the world's beginning, in milliseconds since 1970.
pub const BOOT: i64 = 1_767_225_600_000;

/// Seconds since boot as `dmesg -T` prints them: `Thu Jan  1 00:00:01 2026`.
pub fn after_boot(seconds: i64) -> String {
    // The first day of 1970 was a Thursday.
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    let at = BOOT / 1000 + seconds;
    let (year, month, day, hour, minute, second) = civil(at * 1_000_000_000);
    let weekday = usize::try_from(at.div_euclid(86_400).rem_euclid(7)).unwrap_or(0);
    format!(
        "{} {} {day:>2} {hour:02}:{minute:02}:{second:02} {year}",
        DAYS.get(weekday).unwrap_or(&"Thu"),
        month_name(month)
    )
}

/// Seconds since boot as `journalctl` prints them: `Jan 01 00:00:01`.
pub fn journal(seconds: i64) -> String {
    let at = BOOT / 1000 + seconds;
    let (_, month, day, hour, minute, second) = civil(at * 1_000_000_000);
    format!(
        "{} {day:02} {hour:02}:{minute:02}:{second:02}",
        month_name(month)
    )
}

fn month_name(month: i64) -> &'static str {
    const NAMES: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    usize::try_from(month - 1)
        .ok()
        .and_then(|index| NAMES.get(index))
        .unwrap_or(&"Jan")
}

/// Year, month, day, hour, minute, second in the Gregorian calendar.
fn civil(nanoseconds: i64) -> (i64, i64, i64, i64, i64, i64) {
    let seconds = nanoseconds.div_euclid(1_000_000_000);
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Years begin in March here, so that the leap day is a year's last.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day, rest / 3600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_printed_as_the_date_that_it_is() {
        assert_eq!(short(1_764_000_000_000_000_000), "Nov 24 16:00");
        assert_eq!(short(1_709_164_800_000_000_000), "Feb 29 00:00");
        assert_eq!(after_boot(1), "Thu Jan  1 00:00:01 2026");
        assert_eq!(journal(61), "Jan 01 00:01:01");
        assert_eq!(long(1_000), "1970-01-01 00:00:00.000001000 +0000");
    }
}
