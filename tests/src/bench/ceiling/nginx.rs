//! nginx: an HTTP/2 server that answers without thinking.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Context;
use lienminh_local::guard::Guard;
use lienminh_local::process::Process;
use lienminh_local::{port, wait};

use super::daemon;

const START_LIMIT: Duration = Duration::from_secs(10);

/// A running nginx; dropping it ends it.
#[derive(Debug)]
pub struct Nginx {
    url: String,
    _process: Process,
}

impl Nginx {
    /// Starts one that answers every request with so many bytes. Everything of it is in
    /// `folder`; the machine's own configuration is not read.
    ///
    /// # Errors
    /// When it is not on this machine or does not come up.
    pub async fn answering(bytes: usize, folder: &Path, guard: &Guard) -> anyhow::Result<Self> {
        let port = port::free()?;
        let prefix = folder.join("nginx");
        std::fs::create_dir_all(&prefix)
            .with_context(|| format!("cannot make {}", prefix.display()))?;
        let configuration = prefix.join("nginx.conf");
        std::fs::write(&configuration, self::configuration(port, bytes))
            .context("cannot write the configuration of nginx")?;
        let mut command = Command::new(daemon("nginx"));
        command
            .arg("-p")
            .arg(&prefix)
            .arg("-c")
            .arg(&configuration)
            .args(["-e", "stderr"]);
        let mut process = Process::start("nginx", command, &prefix.join("nginx.log"), guard)?;
        wait::until("nginx listens", START_LIMIT, || {
            let listens = std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
            std::future::ready(process.must_run().map(|()| listens))
        })
        .await?;
        Ok(Self {
            url: format!("http://127.0.0.1:{port}"),
            _process: process,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

fn configuration(port: u16, bytes: usize) -> String {
    let body = "x".repeat(bytes);
    format!(
        "daemon off;\nworker_processes auto;\npid nginx.pid;\n\
         events {{ worker_connections 64; }}\n\
         http {{\n\
         access_log off;\nserver_tokens off;\ndefault_type application/grpc;\n\
         client_body_temp_path body;\nproxy_temp_path proxy;\nfastcgi_temp_path fastcgi;\n\
         uwsgi_temp_path uwsgi;\nscgi_temp_path scgi;\n\
         server {{\nlisten 127.0.0.1:{port} http2;\nkeepalive_requests 1000000000;\n\
         location / {{ return 200 \"{body}\"; }}\n}}\n}}\n"
    )
}
