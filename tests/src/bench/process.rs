//! What a process has used, as the kernel counts it.

use anyhow::Context;

/// Processor time and memory of one process.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    /// User and system time since the process began, in milliseconds.
    pub cpu_ms: f64,
    /// Resident memory now, in megabytes (10^6 bytes).
    pub rss_mb: f64,
    /// The largest resident memory so far, in megabytes.
    pub peak_mb: f64,
}

/// Reads what a process has used so far.
///
/// # Errors
/// When there is no such process, or the kernel does not tell.
pub fn usage(pid: u32) -> anyhow::Result<Usage> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))
        .with_context(|| format!("process {pid} cannot be looked at"))?;
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    // The name, which may hold anything, ends with the last parenthesis.
    let (_, after) = stat.rsplit_once(") ").context("an unknown form of stat")?;
    let ticks: f64 = after
        .split(' ')
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok())
        .sum();
    let per_second = rustix::param::clock_ticks_per_second() as f64;
    Ok(Usage {
        cpu_ms: ticks / per_second * 1_000.0,
        rss_mb: megabytes(&status, "VmRSS:")?,
        peak_mb: megabytes(&status, "VmHWM:")?,
    })
}

fn megabytes(status: &str, name: &str) -> anyhow::Result<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kibibytes = line.and_then(|line| line.split_whitespace().next());
    let kibibytes: f64 = kibibytes.context("a process without memory")?.parse()?;
    Ok(kibibytes * 1_024.0 / 1e6)
}

/// Load average over one minute; 0 where the kernel does not tell.
#[must_use]
pub fn load1() -> f64 {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let first = text.split(' ').next();
    first.and_then(|first| first.parse().ok()).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn this_process_uses_memory() {
        let usage = usage(std::process::id()).unwrap();
        assert!(usage.rss_mb > 1.0 && usage.peak_mb >= usage.rss_mb / 2.0);
    }

    #[test]
    fn nobody_has_the_number_zero() {
        assert!(usage(0).is_err());
    }
}
