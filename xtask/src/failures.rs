//! What tests failed of, picked from what they print: that is long, and its end names the tests alone.

/// Characters of a line, and lines of one failure, that are told again.
const WIDTH: usize = 400;
const LINES: usize = 12;

/// The failures so far.
#[derive(Debug, Default)]
pub struct Failures {
    found: Vec<Vec<String>>,
    inside: bool,
}

impl Failures {
    /// Takes the next line that the tests print.
    pub fn read(&mut self, line: &str) {
        let begins = line.starts_with("thread '") && line.contains(" panicked at ");
        if begins {
            self.found.push(Vec::new());
        }
        let ends =
            line.is_empty() || line.starts_with("stack backtrace:") || line.starts_with("note: ");
        self.inside = begins || (self.inside && !ends);
        if let Some(failure) = self.found.last_mut()
            && self.inside
            && failure.len() < LINES
        {
            failure.push(line.chars().take(WIDTH).collect());
        }
    }

    /// All of them, or nothing.
    pub fn told(&self) -> Option<String> {
        let told = self.found.iter().map(|lines| lines.join("\n"));
        let told = told.collect::<Vec<_>>().join("\n\n");
        (!told.is_empty()).then(|| {
            format!("what tests said as they failed (some that passed may have, too):\n{told}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Failures;

    #[test]
    fn what_a_test_says_as_it_fails_is_kept_without_the_way_there() {
        let mut failures = Failures::default();
        assert_eq!(failures.told(), None);
        let said = "test a ... ok\n\nthread 'b' (7) panicked at tests/b.rs:3:5:\nassertion failed\n  left: 1\n\
                    stack backtrace:\n   0: core\n\nfailures:\n    b\n";
        said.lines().for_each(|line| failures.read(line));
        let told = failures.told().expect("a failure");
        assert!(
            told.ends_with(
                "thread 'b' (7) panicked at tests/b.rs:3:5:\nassertion failed\n  left: 1"
            ),
            "{told}"
        );
    }
}
