//! 6 tests: 3 pass (one of them panics, as it should), 1 fails, 1 returns an error (broken), 1 is ignored. 3 of the
//! documentation: 1 passes, 1 fails, 1 is ignored.

/// What the lines cost, in pence.
///
/// ```
/// assert_eq!(shop::total(&[1, 2]), 3);
/// ```
///
/// ```ignore
/// shop::total("everything");
/// ```
pub fn total(lines: &[u32]) -> u32 {
    lines.iter().sum()
}

/// Half of it.
///
/// ```
/// assert_eq!(shop::half(3), 2);
/// ```
pub fn half(pence: u32) -> u32 {
    pence / 2
}

#[cfg(test)]
mod tests {
    mod discount {
        #[test]
        fn is_half_as_dear() {
            println!("a cart of one line");
            eprintln!("and a till");
            assert_eq!(crate::total(&[10]), 5, "the discount is missing");
        }

        #[test]
        fn is_a_result() -> Result<(), String> {
            Err("the till was asleep".into())
        }
    }

    #[test]
    fn adds_up() {
        assert_eq!(crate::total(&[1, 2, 3]), 6);
    }

    #[test]
    #[ignore = "no rocket today"]
    fn is_sent_to_the_moon() {}

    #[test]
    #[should_panic(expected = "no shelf")]
    fn has_no_shelf() {
        panic!("no shelf");
    }

    #[test]
    fn takes_a_moment() {
        std::thread::sleep(std::time::Duration::from_millis(30));
    }
}
