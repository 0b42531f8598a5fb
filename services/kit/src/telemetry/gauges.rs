//! What is measured now and then, and not with each event.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use tokio_util::sync::CancellationToken;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

use crate::database::{Pool, Session as _};
use crate::error::Result;

/// How often: slow things, and the size of a database is told file by file.
const EVERY: Duration = Duration::from_secs(60);

const SECONDS_A_DAY: f64 = 86_400.0;

/// The files of each connection of this database, counted by the server.
const SIZE: &str = "select pg_database_size(current_database())";

/// What a process measures about itself and what it stands on.
#[derive(Clone, Debug)]
pub struct Gauges {
    /// Its database.
    pub pool: Pool,
    /// A folder on its own volume.
    pub folder: PathBuf,
    /// Files of certificates, by the flag that names them.
    pub certificates: Vec<(&'static str, PathBuf)>,
}

impl Gauges {
    /// Measures until `shutdown`, for the first time at once.
    pub async fn run(self, shutdown: CancellationToken) {
        metrics::gauge!("process_start_time_seconds").set(now());
        while !shutdown.is_cancelled() {
            self.measure().await;
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    async fn measure(&self) {
        // A database that does not answer is the business of readiness.
        if let Ok(bytes) = size(&self.pool).await {
            metrics::gauge!("database_size_bytes").set(bytes as f64);
        }
        if let Ok(volume) = rustix::fs::statvfs(&self.folder) {
            let bytes = |blocks: u64| (blocks * volume.f_frsize) as f64;
            metrics::gauge!("volume_free_bytes").set(bytes(volume.f_bavail));
            metrics::gauge!("volume_size_bytes").set(bytes(volume.f_blocks));
        }
        for (flag, file) in &self.certificates {
            // Read each time: somebody may have renewed it.
            if let Some(left) = left(file) {
                metrics::gauge!("certificate_left_days", "flag" => *flag).set(left);
            }
        }
    }
}

async fn size(pool: &Pool) -> Result<i64> {
    Ok(pool.get().await?.query_one(SIZE, &[]).await?.get(0))
}

/// Days until the first of the certificates in a file ends; negative when one has.
fn left(file: &Path) -> Option<f64> {
    let pem = crate::file::read(file).ok()?;
    let ends = CertificateDer::pem_slice_iter(&pem).filter_map(|each| {
        let certificate = Certificate::from_der(&each.ok()?).ok()?;
        let end = certificate.tbs_certificate.validity.not_after;
        Some(end.to_unix_duration().as_secs_f64())
    });
    Some((ends.reduce(f64::min)? - now()) / SECONDS_A_DAY)
}

fn now() -> f64 {
    Timestamp::now().as_duration().as_secs_f64()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::telemetry::Metrics;

    fn certificate(name: &str) -> PathBuf {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/door/tls");
        Path::new(folder).join(name)
    }

    /// The days that are shown for the file of a flag.
    fn days(shown: &str, flag: &str) -> Option<f64> {
        let name = format!("certificate_left_days{{flag=\"{flag}\"}} ");
        let line = shown.lines().find_map(|line| line.strip_prefix(&name));
        line.map(|days| days.parse().unwrap())
    }

    #[tokio::test]
    async fn the_days_that_are_left_are_those_of_the_certificate_that_ends_first() {
        let metrics = Metrics::install(&[]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let chain = folder.path().join("chain.pem");
        let both =
            ["server.pem", "expired.pem"].map(|name| std::fs::read(certificate(name)).unwrap());
        std::fs::write(&chain, both.concat()).unwrap();
        let gauges = Gauges {
            pool: Pool::open("postgres://nobody@127.0.0.1:1/nowhere", 1, "test").unwrap(),
            folder: folder.path().to_owned(),
            certificates: vec![
                ("--tls-cert", certificate("server.pem")),
                ("--broker-ca", certificate("expired.pem")),
                ("--database-ca", chain),
                ("--tls-ca", folder.path().join("none.pem")),
            ],
        };
        gauges.measure().await;
        let shown = metrics.render();
        // Beyond the life of its writer.
        assert!(days(&shown, "--tls-cert").unwrap() > 1_000.0, "{shown}");
        let ended = days(&shown, "--broker-ca").unwrap();
        assert!(ended < -1.0, "{shown}");
        let first = days(&shown, "--database-ca").unwrap();
        assert!((first - ended).abs() < 0.1, "{shown}");
        assert_eq!(days(&shown, "--tls-ca"), None, "{shown}");
    }
}
