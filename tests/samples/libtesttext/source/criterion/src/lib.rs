pub fn total(lines: &[u32]) -> u32 { lines.iter().sum() }
