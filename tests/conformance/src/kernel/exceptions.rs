//! Steps whose recorded outcome is the recorder's own doing or kernel noise,
//! each with its reason.

/// Lines of scenario, step, kernel and reason.
const LIST: &str = include_str!("exceptions.txt");

/// The reason why a step does not count, if there is one.
pub fn find(scenario: &str, step: usize, kernel: &str) -> Option<&'static str> {
    LIST.lines()
        .filter(|line| !line.starts_with('#'))
        .find_map(|line| {
            let mut words = line.splitn(4, ' ');
            let matches = words.next()? == scenario
                && words.next()?.parse() == Ok(step)
                && matches!(words.next()?, tag if tag == kernel || tag == "*");
            if matches { words.next() } else { None }
        })
}
