//! Numbers that look random and are the same for the same seed, and how long a drill runs.

/// xorshift64*.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % end
    }

    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len() as u64) as usize]
    }
}

/// How many rounds a test runs: `usual`, or what `make drill` asks for in `DRILL_ROUNDS`.
pub fn rounds(usual: u64) -> u64 {
    number("DRILL_ROUNDS").unwrap_or(usual)
}

/// The seed of a walk: `usual`, or the one of a run that is to be walked again, from `DRILL_SEED`.
pub fn seed(usual: u64) -> u64 {
    number("DRILL_SEED").unwrap_or(usual)
}

fn number(name: &str) -> Option<u64> {
    std::env::var_os(name)?.to_str()?.parse().ok()
}
